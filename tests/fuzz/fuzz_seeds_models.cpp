// SPDX-License-Identifier: Apache-2.0
#include "made_families.h"
#include "made_hybrids.h"

#include <plimsoll/engine/bench/synth.h>

#include <cstdio>
#include <filesystem>

namespace fs = std::filesystem;
using namespace plimsoll;

namespace {

/// A kind of model, and what it needs to be small besides the sizes that all kinds have.
struct Small
{
    nlohmann::json entry;
    nlohmann::json more = nlohmann::json::object();
};

/// One for each kind of layer.
std::vector<Small> smallModels()
{
    const nlohmann::json ssm = {{"ssm.inner_size", 32}, {"ssm.state_size", 16}, {"ssm.time_step_rank", 2}, {"ssm.group_count", 1}};
    Small delta{tinyHybrid("qwen35"), ssm};
    delta.more.update({{"attention.recurrent_layers", {1, 0}}, {"rope.dimension_count", 8}, {"rope.dimension_sections", {2, 1, 1, 0}}});
    Small scan{tinyHybrid("nemotron_h"), ssm};
    scan.more.update({{"block_count", 3}, {"feed_forward_length", {0, 32, 0}}, {"attention.head_count_kv", {0, 0, 1}}});
    return {{familyModel("llama"), {{"block_count", 1}}}, {familyModel("qwen2"), {{"block_count", 1}}}, {familyModel("qwen3moe")},
        {familyModel("gemma3")}, {familyModel("gpt-oss")},
        {familyModel("deepseek2"), {{"attention.key_length", 52}, {"attention.value_length", 36}}}, delta, scan,
        {tinyHybrid("lfm2"), {{"attention.head_count_kv", {0, 1}}}}};
}

/// Whole models, as small as they run.
Status writeModels(const fs::path &folder)
{
    for (Small &each : smallModels()) {
        nlohmann::json &keys = each.entry["hyperparameters"];
        keys.update({{"block_count", 2}, {"embedding_length", 32}, {"feed_forward_length", 32}, {"attention.head_count", 2},
            {"attention.head_count_kv", 1}, {"attention.key_length", 16}, {"attention.value_length", 16}, {"rope.dimension_count", 16}});
        if (keys.contains("expert_feed_forward_length"))
            keys["expert_feed_forward_length"] = 32;
        keys.update(each.more);
        const auto shape = shapeFromCatalog(each.entry);
        if (!shape)
            return shape.error();
        const std::string name = each.entry["architecture"];
        if (auto written = engine::synthesize(*shape, FileType::Q8_0, (folder / name).string()); !written)
            return written.error();
    }
    return {};
}

} // namespace

/// fuzz_seeds_models FOLDER: small good models for the loader to start from.
int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    const fs::path folder = fs::path(argv[1]) / "loader";
    fs::create_directories(folder);
    if (const Status status = writeModels(folder); !status) {
        std::fprintf(stderr, "%s\n", std::string(codeName(status.error().code)).c_str());
        for (const std::string &argument : status.error().arguments)
            std::fprintf(stderr, "  %s\n", argument.c_str());
        return 1;
    }
    return 0;
}
