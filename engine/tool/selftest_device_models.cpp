// SPDX-License-Identifier: Apache-2.0
#include "messages.h"
#include "selftest.h"
#include "temporary_folder.h"

#include <plimsoll/engine/bench/synth.h>
#include <plimsoll/engine/run/session.h>
#include <plimsoll/model/architecture.h>

#include <nlohmann/json.hpp>

namespace plimsoll::engine {
namespace {

constexpr uint32_t prompt = 24;
constexpr uint32_t single = 4;   // tokens fed one by one behind it

/// float32 sums in another order, through a few layers.
constexpr double plainBound = 1e-8;
/// Activations on the border of two steps of 8 bits, which every layer after them feels.
constexpr double quantizedBound = 1e-3;

struct ModelCase
{
    const char *architecture;
    nlohmann::json keys;         // besides those of tinyShape()
    FileType type = FileType::F32;
};

/// Together every kind of block and of activation that there is.
std::vector<ModelCase> modelCases()
{
    const nlohmann::json experts = {{"expert_count", 6}, {"expert_used_count", 2}, {"expert_feed_forward_length", 64}};
    const auto with = [](nlohmann::json keys, const nlohmann::json &more) {
        keys.update(more);
        return keys;
    };
    return {
        {"llama", {}},
        {"llama", {}, FileType::Q4_K_M},
        {"qwen3", {}, FileType::Q8_0},
        {"gemma2", {{"attention.sliding_window", 9}, {"attn_logit_softcapping", 2.0}, {"final_logit_softcapping", 3.0}}},
        {"gpt-oss", with(experts, {{"attention.sliding_window", 9}, {"rope.scaling.type", "yarn"}, {"rope.scaling.factor", 4.0},
            {"rope.scaling.original_context_length", 32}})},
        {"command-r", {{"attention.layer_norm_epsilon", 1e-5}, {"logit_scale", 0.5}}},
        {"deepseek2", with(experts, {{"leading_dense_block_count", 1}, {"expert_shared_count", 2}, {"expert_weights_norm", true},
            {"expert_gating_func", 2}, {"attention.head_count_kv", 1}, {"attention.key_length_mla", 64},
            {"attention.value_length_mla", 32}, {"attention.key_length", 96}, {"attention.value_length", 64}, {"attention.q_lora_rank", 64},
            {"attention.kv_lora_rank", 64}, {"rope.dimension_count", 32}})},
        {"qwen35", {{"attention.recurrent_layers", {1, 0}}, {"ssm.conv_kernel", 4}, {"ssm.inner_size", 256}, {"ssm.state_size", 32},
            {"ssm.time_step_rank", 8}, {"ssm.group_count", 4}, {"rope.dimension_sections", {12, 12, 8, 0}}}},
        {"granitehybrid", with(experts, {{"attention.head_count_kv", {0, 2}}, {"embedding_scale", 12.0}, {"residual_scale", 0.22},
            {"logit_scale", 6.0}, {"attention.scale", 0.0625}, {"expert_shared_feed_forward_length", 64}, {"ssm.conv_kernel", 4},
            {"ssm.inner_size", 256}, {"ssm.state_size", 32}, {"ssm.time_step_rank", 8}, {"ssm.group_count", 4}})},
        {"lfm2", {{"attention.head_count_kv", {0, 2}}, {"shortconv.l_cache", 3}}},
    };
}

Result<ModelShape> tinyShape(const ModelCase &each)
{
    nlohmann::json entry = {{"architecture", each.architecture}, {"name", std::string("tiny ") + each.architecture},
        {"optional_tensors", {"output.weight"}},
        {"hyperparameters",
            {{"block_count", 2}, {"context_length", 256}, {"embedding_length", 256}, {"feed_forward_length", 512}, {"vocab_size", 512},
                {"attention.head_count", 4}, {"attention.head_count_kv", 2}, {"attention.key_length", 64}, {"attention.value_length", 64},
                {"attention.layer_norm_rms_epsilon", 1e-5}, {"rope.dimension_count", 64}, {"rope.freq_base", 10000.0}}}};
    entry["hyperparameters"].update(each.keys.is_null() ? nlohmann::json::object() : each.keys);
    return shapeFromCatalog(entry);
}

/// All on the device, or its FFNs and experts in RAM and streamed for the prompt.
Placement placementOf(const ModelShape &shape, bool streamed)
{
    Placement placement;
    for (const Piece &piece : piecesOf(shape))
        placement.devices.push_back(streamed && canBeStreamed(piece.kind) ? hostDevice : 1);
    if (streamed)
        placement.streaming = {1, prompt};
    return placement;
}

/// Logits behind the prompt and behind each token after it. `make` null: on the processor.
Result<std::vector<float>> logitsOn(const BackendMaker &make, const std::string &path, bool streamed = false)
{
    LoadOptions options;
    options.run.context = prompt + single;
    options.run.batch = prompt;
    options.run.threads = 2;
    options.run.kvTypeK = options.run.kvTypeV = GgmlType::F32;
    if (make)
        options.place = [&make, streamed](const ModelShape &shape, const RunOptions &) -> Result<Placing> {
            return Placing{placementOf(shape, streamed), {{"device", make}}};
        };
    auto session = Session::load(path, std::move(options));
    if (!session)
        return session.error();
    std::vector<float> all;
    for (uint32_t begin = 0; begin < prompt + single;) {
        const uint32_t count = begin < prompt ? prompt : 1;
        std::vector<BatchToken> batch;
        for (uint32_t i = begin; i < begin + count; ++i)
            batch.push_back({static_cast<TokenId>(3 + i * 7), i, 0, i + 1 == begin + count});
        const auto logits = (*session)->forward(batch);
        if (!logits)
            return logits.error();
        all.insert(all.end(), logits->begin(), logits->end());
        begin += count;
    }
    return all;
}

SelftestResult checkModel(const ModelCase &each, const BackendMaker &make, const TemporaryFolder &folder, bool streamed)
{
    const std::string title
        = (streamed ? "streamed × " : "model × ") + std::string(each.architecture) + " " + std::string(name(each.type));
    const auto shape = tinyShape(each);
    if (!shape)
        return {title, false, sentence(shape.error())};
    const std::string path = folder.file(each.architecture + std::string("-device.gguf"));
    if (const auto written = synthesize(*shape, each.type, path); !written)
        return {title, false, sentence(written.error())};
    const auto wanted = logitsOn(nullptr, path);
    const auto first = logitsOn(make, path, streamed);
    const auto second = logitsOn(make, path, streamed);
    for (const auto *logits : {&wanted, &first, &second})
        if (!*logits)
            return {title, false, sentence(logits->error())};
    if (*first != *second)
        return {title, false, "the same work twice gave different numbers"};
    const double error = normalizedError(std::vector<double>(wanted->begin(), wanted->end()), first->data());
    const double bound = each.type == FileType::F32 ? plainBound : quantizedBound;
    return {title, error <= bound, figure(error, bound)};
}

/// Free bytes of the device, with one backend there that holds nothing.
Result<uint64_t> freeBytes(const BackendMaker &make)
{
    const auto backend = make();
    if (!backend)
        return backend.error();
    return (*backend)->memory().free.value;
}

/// Loads a model once more, when all kernels it needs have been there before.
SelftestResult checkMemory(const BackendMaker &make, const TemporaryFolder &folder)
{
    constexpr uint64_t granularity = uint64_t{2} << 20;   // what drivers hand out at once
    const std::string title = "memory comes back";
    const std::string path = folder.file("llama-device.gguf");
    const auto before = freeBytes(make);
    const auto logits = logitsOn(make, path);
    const auto after = freeBytes(make);
    if (!before || !logits || !after)
        return {title, false, sentence((!before ? before.error() : !after ? after.error() : logits.error()))};
    const uint64_t missing = *before > *after ? *before - *after : 0;
    return {title, missing <= granularity, std::to_string(missing) + " bytes missing, at most " + std::to_string(granularity)};
}

} // namespace

void checkDeviceModels(const BackendMaker &make, SelftestResults &results)
{
    const TemporaryFolder folder;
    if (folder.path().empty()) {
        results.push_back({"temporary folder", false, "it could not be made"});
        return;
    }
    for (const bool streamed : {false, true}) {
        for (const ModelCase &each : modelCases())
            results.push_back(checkModel(each, make, folder, streamed));
    }
    results.push_back(checkMemory(make, folder));
}

} // namespace plimsoll::engine
