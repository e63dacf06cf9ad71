// SPDX-License-Identifier: Apache-2.0
#include "synth_metadata.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

// Keys and their types after the GGUF format's specification and the architectures' reference implementation.
namespace plimsoll::engine {

namespace {

constexpr uint32_t quantizationVersion = 2;

/// Writes the keys of one architecture: "llama." before each.
class Keys
{
public:
    Keys(gguf::Writer &writer, const ModelShape &shape) : m_writer(writer), m_shape(shape), m_prefix(shape.architecture + ".") {}

    void set(const std::string &key, gguf::OutValue value) { m_writer.set(m_prefix + key, std::move(value)); }

    /// One number where all layers have the same, otherwise one per layer.
    template <typename Get>
    void perLayer(const std::string &key, Get get)
    {
        std::vector<uint32_t> values;
        for (const BlockSpec &block : m_shape.blocks)
            values.push_back(get(block));
        if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end())
            set(key, values.front());
        else
            set(key, values);
    }

private:
    gguf::Writer &m_writer;
    const ModelShape &m_shape;
    std::string m_prefix;
};

void setRope(Keys &keys, const AttentionSpec &attention, uint32_t dims)
{
    const RopeSpec &rope = attention.rope;
    keys.set("rope.dimension_count", dims);
    keys.set("rope.freq_base", rope.base);
    if (rope.scaling == RopeScaling::None)
        return;
    keys.set("rope.scaling.type", std::string(rope.scaling == RopeScaling::Yarn ? "yarn" : "linear"));
    keys.set("rope.scaling.factor", rope.factor);
    keys.set("rope.scaling.original_context_length", rope.originalContext);
    const double plainScale = 1.0 / std::sqrt(static_cast<double>(attention.headDimK));
    if (rope.scaling == RopeScaling::Yarn && attention.scale > 1.0001 * plainScale && rope.factor > 1.0f) {
        // The correction for the stretched context went into the scores: scale = (1 + m·ln s)² / sqrt(d).
        const double magnitude = std::sqrt(attention.scale / plainScale);
        keys.set("rope.scaling.yarn_log_multiplier", static_cast<float>((magnitude - 1.0) / std::log(static_cast<double>(rope.factor))));
    }
}

void setAttention(Keys &keys, const ModelShape &shape)
{
    const AttentionSpec &first = shape.blocks.front().attention;
    keys.perLayer("attention.head_count", [](const BlockSpec &block) { return block.attention.heads; });
    keys.perLayer("attention.head_count_kv", [](const BlockSpec &block) { return block.attention.kvHeads; });
    keys.set("attention.key_length", first.headDimK);
    keys.set("attention.value_length", first.headDimV);
    setRope(keys, first, first.rope.dims);
}

void setLatentAttention(Keys &keys, const ModelShape &shape)
{
    const AttentionSpec &first = shape.blocks.front().attention;
    const bool split = shape.find(TensorRole::AttnKB, 0) != nullptr;
    keys.perLayer("attention.head_count", [](const BlockSpec &block) { return block.attention.heads; });
    if (split) {
        keys.set("attention.head_count_kv", uint32_t{1});
        keys.set("attention.key_length", first.kvLoraRank + first.ropeDim);
        keys.set("attention.value_length", first.kvLoraRank);
        keys.set("attention.key_length_mla", first.headDimK);
        keys.set("attention.value_length_mla", first.headDimV);
    } else {
        keys.set("attention.head_count_kv", first.heads);
        keys.set("attention.key_length", first.headDimK);
        keys.set("attention.value_length", first.headDimV);
    }
    if (first.qLoraRank > 0)
        keys.set("attention.q_lora_rank", first.qLoraRank);
    keys.set("attention.kv_lora_rank", first.kvLoraRank);
    setRope(keys, first, first.ropeDim);
}

uint32_t gatingNumber(RouterGate gate)
{
    return gate == RouterGate::Sigmoid ? 2 : gate == RouterGate::SoftmaxOfSelected ? 3 : 1;
}

void setFfn(Keys &keys, const ModelShape &shape)
{
    const auto isExperts = [](const BlockSpec &block) { return block.ffn.kind == FfnKind::Experts; };
    const auto firstExperts = std::find_if(shape.blocks.begin(), shape.blocks.end(), isExperts);
    if (firstExperts == shape.blocks.end()) {
        keys.perLayer("feed_forward_length", [](const BlockSpec &block) { return block.ffn.width; });
        return;
    }
    const FfnSpec &experts = firstExperts->ffn;
    const bool allExperts = firstExperts == shape.blocks.begin();
    keys.set("feed_forward_length", allExperts ? experts.expertWidth : shape.blocks.front().ffn.width);
    keys.set("expert_feed_forward_length", experts.expertWidth);
    keys.set("expert_count", experts.experts);
    keys.set("expert_used_count", experts.expertsUsed);
    if (shape.architecture != "deepseek2")
        return;
    keys.set("leading_dense_block_count", static_cast<uint32_t>(firstExperts - shape.blocks.begin()));
    keys.set("expert_shared_count", experts.expertWidth > 0 ? experts.sharedWidth / experts.expertWidth : 0);
    keys.set("expert_weights_scale", experts.weightScale);
    keys.set("expert_weights_norm", experts.normalizeWeights);
    keys.set("expert_gating_func", gatingNumber(experts.gate));
    if (experts.groups > 1) {
        keys.set("expert_group_count", experts.groups);
        keys.set("expert_group_used_count", experts.groupsUsed);
    }
}

} // namespace

Status setMetadata(gguf::Writer &writer, const ModelShape &shape, FileType fileType)
{
    static const std::set<std::string> known{"deepseek2", "llama", "qwen2", "qwen3", "qwen3moe"};
    if (!known.contains(shape.architecture) || shape.blocks.empty())
        return Error{ErrorCode::UnsupportedByEngine, {shape.architecture, "deepseek2, llama, qwen2, qwen3, qwen3moe"}};
    writer.set("general.architecture", shape.architecture);
    writer.set("general.type", std::string("model"));
    writer.set("general.name", shape.name + " (random weights)");
    writer.set("general.file_type", static_cast<uint32_t>(fileType));
    writer.set("general.quantization_version", quantizationVersion);

    Keys keys(writer, shape);
    keys.set("vocab_size", shape.vocabulary);
    keys.set("context_length", shape.contextTrained);
    keys.set("embedding_length", shape.embedding);
    keys.set("block_count", shape.layers());
    keys.set("attention.layer_norm_rms_epsilon", shape.outputNormEpsilon);
    if (shape.blocks.front().mixer == MixerKind::LatentAttention)
        setLatentAttention(keys, shape);
    else
        setAttention(keys, shape);
    setFfn(keys, shape);
    return {};
}

} // namespace plimsoll::engine
