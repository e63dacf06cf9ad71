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

/// Qwen's hybrids list their recurrent layers; others give those layers no KV heads.
bool tellsLayersOtherwise(const ModelShape &shape)
{
    return shape.architecture.starts_with("qwen");
}

void setRecurrence(Keys &keys, const ModelShape &shape)
{
    const auto found = std::find_if(shape.blocks.begin(), shape.blocks.end(), isRecurrent);
    if (found == shape.blocks.end())
        return;
    const RecurrentSpec &spec = found->recurrent;
    if (found->mixer == MixerKind::ShortConv) {
        keys.set("shortconv.l_cache", spec.convKernel);
        return;
    }
    keys.set("ssm.conv_kernel", spec.convKernel);
    keys.set("ssm.inner_size", spec.valueWidth());
    keys.set("ssm.state_size", spec.headDimK);
    keys.set("ssm.time_step_rank", spec.stateHeads);
    keys.set("ssm.group_count", spec.keyHeads);
    if (!tellsLayersOtherwise(shape))
        return;
    std::vector<uint32_t> recurrent;
    for (const BlockSpec &block : shape.blocks)
        recurrent.push_back(isRecurrent(block) ? 1 : 0);
    keys.set("attention.recurrent_layers", recurrent);
}

void setAttention(Keys &keys, const ModelShape &shape)
{
    const auto attends = [](const BlockSpec &block) { return block.mixer == MixerKind::Attention; };
    const auto found = std::find_if(shape.blocks.begin(), shape.blocks.end(), attends);
    const AttentionSpec first = found == shape.blocks.end() ? AttentionSpec{} : found->attention;
    // Where some layers are recurrent for another reason than that they have no KV heads, the counts are those of the others.
    const bool everywhere = tellsLayersOtherwise(shape);
    keys.perLayer("attention.head_count", [&](const BlockSpec &block) { return everywhere ? first.heads : block.attention.heads; });
    keys.perLayer("attention.head_count_kv", [&](const BlockSpec &block) { return everywhere ? first.kvHeads : block.attention.kvHeads; });
    if (first.heads == 0)
        return;
    keys.set("attention.key_length", first.headDimK);
    keys.set("attention.value_length", first.headDimV);
    setRope(keys, first, first.rope.dims);
    const uint32_t *const sections = first.rope.sections;
    if (first.rope.layout == RopeLayout::MultiSection)
        keys.set("rope.dimension_sections", std::vector<uint32_t>(sections, sections + 4));
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

/// Width of the feed-forward network as its family counts it: Nemotron-H tells by it which layers are one.
uint32_t widthOf(const ModelShape &shape, const BlockSpec &block)
{
    const FfnSpec &ffn = block.ffn;
    if (ffn.kind == FfnKind::None)
        return 0;
    if (ffn.kind == FfnKind::Dense)
        return ffn.width;
    return shape.architecture == "deepseek2" || shape.architecture == "lfm2moe" ? shape.blocks.front().ffn.width : ffn.expertWidth;
}

/// Gate, scale and groups, for families that read them.
void setRouting(Keys &keys, const ModelShape &shape, uint32_t dense, const FfnSpec &experts)
{
    if (shape.architecture == "deepseek2" || shape.architecture == "lfm2moe")
        keys.set("leading_dense_block_count", dense);
    if (shape.architecture == "deepseek2")
        keys.set("expert_shared_count", experts.expertWidth > 0 ? experts.sharedWidth / experts.expertWidth : 0);
    else if (experts.sharedWidth > 0)
        keys.set("expert_shared_feed_forward_length", experts.sharedWidth);
    keys.set("expert_weights_scale", experts.weightScale);
    keys.set("expert_weights_norm", experts.normalizeWeights);
    keys.set("expert_gating_func", gatingNumber(experts.gate));
    if (experts.groups > 1) {
        keys.set("expert_group_count", experts.groups);
        keys.set("expert_group_used_count", experts.groupsUsed);
    }
}

void setFfn(Keys &keys, const ModelShape &shape)
{
    keys.perLayer("feed_forward_length", [&](const BlockSpec &block) { return widthOf(shape, block); });
    const auto isExperts = [](const BlockSpec &block) { return block.ffn.kind == FfnKind::Experts; };
    const auto firstExperts = std::find_if(shape.blocks.begin(), shape.blocks.end(), isExperts);
    if (firstExperts == shape.blocks.end())
        return;
    const FfnSpec &experts = firstExperts->ffn;
    keys.set("expert_feed_forward_length", experts.expertWidth);
    keys.set("expert_count", experts.experts);
    keys.set("expert_used_count", experts.expertsUsed);
    if (shape.architecture != "llama" && shape.architecture != "qwen3moe")
        setRouting(keys, shape, static_cast<uint32_t>(firstExperts - shape.blocks.begin()), experts);
}

/// What Granite multiplies by.
void setScales(Keys &keys, const ModelShape &shape)
{
    if (shape.architecture != "granitehybrid")
        return;
    keys.set("embedding_scale", shape.embeddingScale);
    keys.set("logit_scale", 1.0f / shape.logitScale);
    keys.set("residual_scale", shape.blocks.front().residualScale);
    for (const BlockSpec &block : shape.blocks) {
        if (block.mixer != MixerKind::Attention)
            continue;
        keys.set("attention.scale", block.attention.scale);
        keys.set("rope.scaling.finetuned", block.attention.rope.layout != RopeLayout::None);
        break;
    }
}

} // namespace

Status setMetadata(gguf::Writer &writer, const ModelShape &shape, FileType fileType)
{
    static const std::set<std::string> known{"deepseek2", "granitehybrid", "lfm2", "lfm2moe", "llama", "nemotron_h", "nemotron_h_moe",
        "qwen2", "qwen3", "qwen35", "qwen35moe", "qwen3moe", "qwen3next"};
    if (!known.contains(shape.architecture) || shape.blocks.empty()) {
        std::string names;
        for (const std::string &name : known)
            names += (names.empty() ? "" : ", ") + name;
        return Error{ErrorCode::UnsupportedByEngine, {shape.architecture, names}};
    }
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
    setRecurrence(keys, shape);
    setFfn(keys, shape);
    setScales(keys, shape);
    return {};
}

} // namespace plimsoll::engine
