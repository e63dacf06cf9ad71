// SPDX-License-Identifier: Apache-2.0
#include "architecture.h"

#include "families.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace plimsoll {

namespace {

struct Family
{
    std::string_view architecture;
    void (*build)(ShapeBuilder &builder);
};

// Sorted by name.
constexpr Family families[] = {
    {"bailingmoe2", buildBailingMoe2},
    {"cohere2", buildCohere2},
    {"command-r", buildCommandR},
    {"deepseek2", buildDeepseek2},
    {"dots1", buildBailingMoe2},
    {"ernie4_5", buildLlama},
    {"ernie4_5-moe", buildErnie45Moe},
    {"exaone4", buildExaone4},
    {"gemma2", buildGemma2},
    {"gemma3", buildGemma3},
    {"gemma4", buildGemma4},
    {"glm4", buildGlm4},
    {"glm4moe", buildGlm4Moe},
    {"gpt-oss", buildGptOss},
    {"granite", buildGranite},
    {"granitehybrid", buildGraniteHybrid},
    {"granitemoe", buildGranite},
    {"hunyuan-dense", buildHunyuanDense},
    {"hunyuan-moe", buildHunyuanMoe},
    {"internlm2", buildLlama},
    {"lfm2", buildLfm2},
    {"lfm2moe", buildLfm2},
    {"llama", buildLlama},
    {"llama4", buildLlama4},
    {"minimax-m2", buildMinimaxM2},
    {"mistral3", buildMistral3},
    {"nemotron_h", buildNemotronH},
    {"nemotron_h_moe", buildNemotronH},
    {"olmo2", buildOlmo2},
    {"phi2", buildPhi2},
    {"phi3", buildPhi3},
    {"qwen2", buildQwen2},
    {"qwen2moe", buildQwen2Moe},
    {"qwen3", buildQwen3},
    {"qwen35", buildQwen35},
    {"qwen35moe", buildQwen35},
    {"qwen3moe", buildQwen3Moe},
    {"qwen3next", buildQwen3Next},
    {"seed_oss", buildSeedOss},
    {"smollm3", buildSmollm3},
    {"stablelm", buildStablelm},
    {"starcoder2", buildStarcoder2},
};

const Family *findFamily(std::string_view architecture)
{
    for (const Family &family : families) {
        if (family.architecture == architecture)
            return &family;
    }
    return nullptr;
}

Result<ModelShape> finished(ShapeBuilder &builder)
{
    if (!builder.ok())
        return builder.keys.status().error();
    builder.shape.architecture = builder.keys.architecture();
    builder.shape.name = builder.keys.name();
    builder.shape.hyperparameters = builder.keys.values();
    return std::move(builder.shape);
}

/// N of "blk.N.", -1 for other names.
int32_t layerOfName(std::string_view name)
{
    if (!name.starts_with("blk."))
        return -1;
    name.remove_prefix(4);
    uint32_t layer = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), layer);
    if (error != std::errc() || end == name.data() + name.size() || *end != '.' || layer >= Limits::blocks)
        return -1;
    return static_cast<int32_t>(layer);
}

/// Exact weights from the tensor table, and nothing else: blocks without content hold the layers' places.
Result<ModelShape> unlistedShape(Hyperparameters keys, const gguf::Header &header)
{
    ModelShape shape;
    shape.architecture = keys.architecture();
    shape.name = keys.name();
    shape.kvKnown = false;
    shape.embedding = keys.countOr("embedding_length", 0, Limits::embedding);
    shape.vocabulary = keys.countOr("vocab_size", 0, Limits::vocabulary);
    shape.contextTrained = keys.countOr("context_length", 0, Limits::context);
    if (!keys.status().ok())
        return keys.status().error();
    int32_t lastLayer = -1;
    for (const gguf::TensorInfo &info : header.tensors) {
        TensorSpec spec;
        spec.layer = layerOfName(info.name);
        spec.dims = info.dims;
        spec.dimensions = info.dimensions;
        spec.type = info.type;
        spec.otherName = info.name;
        lastLayer = std::max(lastLayer, spec.layer);
        shape.tensors.push_back(std::move(spec));
    }
    BlockSpec empty;
    empty.mixer = MixerKind::None;
    empty.ffn.kind = FfnKind::None;
    // What quantization mixes ask about a model.
    empty.attention.heads = keys.countAtOr("attention.head_count", 0, 0, Limits::heads);
    empty.attention.kvHeads = keys.countAtOr("attention.head_count_kv", 0, empty.attention.heads, Limits::heads);
    empty.ffn.experts = keys.countOr("expert_count", 0, Limits::experts);
    if (!keys.status().ok())
        return keys.status().error();
    shape.blocks.assign(static_cast<size_t>(lastLayer + 1), empty);
    return shape;
}

} // namespace

Result<ModelShape> shapeFromGguf(const gguf::Header &header)
{
    auto keys = Hyperparameters::fromGguf(header);
    if (!keys.ok())
        return keys.error();
    const Family *family = findFamily(keys->architecture());
    if (!family)
        return unlistedShape(std::move(*keys), header);
    ShapeBuilder builder(std::move(*keys), header);
    family->build(builder);
    return finished(builder);
}

Result<ModelShape> shapeFromCatalog(const nlohmann::json &entry)
{
    const auto id = entry.is_object() ? entry.find("id") : entry.end();
    const std::string where = entry.is_object() && id != entry.end() && id->is_string() ? id->get<std::string>() : "catalogue";
    auto keys = Hyperparameters::fromCatalog(entry, where);
    if (!keys.ok())
        return keys.error();
    const Family *family = findFamily(keys->architecture());
    if (!family)
        return Error{ErrorCode::UnknownArchitecture, {keys->architecture(), joinedArchitectures()}};
    std::set<std::string, std::less<>> optional;
    if (const auto names = entry.find("optional_tensors"); names != entry.end()) {
        if (!names->is_array())
            return Error{ErrorCode::JsonField, {where, "optional_tensors", "type"}};
        for (const auto &name : *names) {
            if (!name.is_string())
                return Error{ErrorCode::JsonField, {where, "optional_tensors", "type"}};
            optional.insert(name.get<std::string>());
        }
    }
    ShapeBuilder builder(std::move(*keys), std::move(optional));
    family->build(builder);
    return finished(builder);
}

std::vector<std::string> knownArchitectures()
{
    std::vector<std::string> names;
    for (const Family &family : families)
        names.emplace_back(family.architecture);
    return names;
}

std::string joinedArchitectures()
{
    std::string joined;
    for (const Family &family : families)
        joined += (joined.empty() ? "" : ", ") + std::string(family.architecture);
    return joined;
}

} // namespace plimsoll
