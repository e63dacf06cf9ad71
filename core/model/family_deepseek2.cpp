// SPDX-License-Identifier: Apache-2.0
#include "families.h"

#include <algorithm>
#include <cmath>

namespace plimsoll {

namespace {

/// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): head dims before compression from the *_mla keys, or, in files made
/// before the split of attn_kv_b, from the plain ones.
AttentionSpec readLatentAttention(ShapeBuilder &b, uint32_t layer)
{
    AttentionSpec a;
    const bool split = b.keys.has("attention.key_length_mla");
    a.heads = b.keys.countAt("attention.head_count", layer, Limits::heads);
    a.kvHeads = 1;   // one latent serves all heads
    a.headDimK = b.keys.count(split ? "attention.key_length_mla" : "attention.key_length", Limits::headDim);
    a.headDimV = b.keys.count(split ? "attention.value_length_mla" : "attention.value_length", Limits::headDim);
    a.qLoraRank = b.keys.countOr("attention.q_lora_rank", 0, Limits::width);
    a.kvLoraRank = b.keys.count("attention.kv_lora_rank", Limits::width);
    a.ropeDim = b.keys.count("rope.dimension_count", Limits::headDim);
    if (!b.ok())
        return a;
    if (a.heads == 0)
        b.keys.invalid("attention.head_count", 0);
    if (a.ropeDim >= a.headDimK)
        b.keys.invalid("rope.dimension_count", a.ropeDim);
    a.nopeDim = a.headDimK - a.ropeDim;
    a.rope = readRope(b, RopeLayout::Norm, a.ropeDim);
    a.scale = 1.0f / std::sqrt(static_cast<float>(a.headDimK));
    // Where the file holds YaRN's multiplier (0.1·m), the correction for a stretched context, (1 + 0.1·m·ln s)², goes into the scores
    // instead of sine and cosine.
    if (a.rope.scaling == RopeScaling::Yarn && b.keys.has("rope.scaling.yarn_log_multiplier")) {
        const float multiplier = b.keys.real("rope.scaling.yarn_log_multiplier");
        const float magnitude = 1.0f + multiplier * std::log(std::max(a.rope.factor, 1.0f));
        a.rope.attentionFactor = b.keys.realOr("rope.scaling.attn_factor", 1.0f);
        a.scale *= magnitude * magnitude;
    }
    a.scale *= a.rope.attentionFactor * a.rope.attentionFactor;
    return a;
}

void addLatentAttention(ShapeBuilder &b, int32_t layer, const AttentionSpec &a)
{
    const uint64_t embedding = b.shape.embedding;
    const uint64_t heads = a.heads;
    b.require(TensorRole::AttnNorm, layer, {embedding});
    if (a.qLoraRank > 0) {
        b.require(TensorRole::AttnQA, layer, {embedding, a.qLoraRank});
        b.require(TensorRole::AttnQANorm, layer, {a.qLoraRank});
        b.require(TensorRole::AttnQB, layer, {a.qLoraRank, heads * a.headDimK});
    } else {
        b.require(TensorRole::AttnQ, layer, {embedding, heads * a.headDimK});
    }
    b.require(TensorRole::AttnKvA, layer, {embedding, uint64_t{a.kvLoraRank} + a.ropeDim});
    b.require(TensorRole::AttnKvANorm, layer, {a.kvLoraRank});
    if (!b.offers(TensorRole::AttnKB, layer) && b.offers(TensorRole::AttnKvB, layer)) {
        b.require(TensorRole::AttnKvB, layer, {a.kvLoraRank, heads * (uint64_t{a.nopeDim} + a.headDimV)});
    } else {
        b.require(TensorRole::AttnKB, layer, {a.nopeDim, a.kvLoraRank, heads});
        b.require(TensorRole::AttnVB, layer, {a.kvLoraRank, a.headDimV, heads});
    }
    b.require(TensorRole::AttnOutput, layer, {heads * a.headDimV, embedding});
}

} // namespace

/// DeepSeek V2, V2-Lite, V3, V3.1, R1 and what follows their form (Kimi K2): latent attention, leading dense blocks, then routed and
/// shared experts.
void buildDeepseek2(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const uint32_t dense = b.keys.countOr("leading_dense_block_count", 0, Limits::blocks);
    // Files of GLM-4.7-Flash may leave its gate out, as those of V2 and V2.5 do.
    const bool sigmoid = (blocks == 47 || blocks == 48) && b.shape.vocabulary == 154880;
    const RouterGate gate = sigmoid ? RouterGate::Sigmoid : RouterGate::Softmax;
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.mixer = MixerKind::LatentAttention;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readLatentAttention(b, i);
        addLatentAttention(b, layer, block.attention);
        if (i < dense)
            addDenseFfn(b, layer, block.ffn);
        else
            addSharedAndRouted(b, layer, block.ffn, gate);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
