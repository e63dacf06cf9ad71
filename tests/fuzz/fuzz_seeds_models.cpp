// SPDX-License-Identifier: Apache-2.0
#include "made_models.h"

#include <plimsoll/engine/bench/synth.h>

#include <cstdio>
#include <filesystem>

namespace fs = std::filesystem;
using namespace plimsoll;

namespace {

/// Whole models, as small as they run.
Status writeModels(const fs::path &folder)
{
    for (const char *architecture : {"llama", "qwen2", "qwen3"}) {
        nlohmann::json entry = tinyModel(architecture, true);
        nlohmann::json &figures = entry["hyperparameters"];
        figures["block_count"] = 1;
        figures["embedding_length"] = figures["feed_forward_length"] = 32;
        figures["attention.head_count"] = 2;
        figures["attention.head_count_kv"] = 1;
        figures["attention.key_length"] = figures["attention.value_length"] = figures["rope.dimension_count"] = 16;
        const auto shape = shapeFromCatalog(entry);
        if (!shape)
            return shape.error();
        if (auto written = engine::synthesize(*shape, FileType::Q8_0, (folder / architecture).string()); !written)
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
        return 1;
    }
    return 0;
}
