// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

namespace {

constexpr uint32_t chunk = 8192;
constexpr uint32_t expertsWithoutHeadNorms = 128;   // Maverick

/// Three layers with positions that see their chunk only, to one that sees all, without positions, but with a temperature that grows
/// with the position. A window of 0 in the file: all layers have positions and see all.
AttentionSpec readLlama4Attention(ShapeBuilder &b, uint32_t layer)
{
    AttentionSpec attention = readAttention(b, layer, RopeLayout::Norm);
    const bool chunks = b.keys.countOr("attention.sliding_window", chunk, Limits::context) != 0;
    const bool local = !chunks || (layer + 1) % 4 != 0;
    attention.plainHeadNorm = local && b.keys.countOr("expert_count", 0, Limits::experts) != expertsWithoutHeadNorms;
    attention.normAfterRope = true;
    if (chunks && readWindow(b, layer, chunk, 4) > 0) {
        attention.window = chunk;
        attention.chunked = true;
    }
    if (!local) {
        attention.rope.layout = RopeLayout::None;
        attention.temperatureScale = 0.1f;
        attention.temperatureLength = chunk;
        attention.temperatureOffset = 1;
    }
    return attention;
}

} // namespace

/// Llama 4 Scout and Maverick: every so many blocks have routed experts, whose input is multiplied by the sigmoid of their logits, and
/// one that all tokens share.
void buildLlama4(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const uint32_t step = b.keys.countOr("interleave_moe_layer_step", 0, Limits::blocks);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readLlama4Attention(b, i);
        if (i == 0)
            b.accept(TensorRole::RopeFactors, -1, {block.attention.rope.dims / 2});
        addAttention(b, layer, block.attention);
        FfnSpec &ffn = block.ffn;
        if (step == 0 || (i + 1) % step != 0) {
            addDenseFfn(b, layer, ffn);
        } else {
            readExperts(b, ffn);
            ffn.expertWidth = b.keys.count("expert_feed_forward_length", Limits::width);
            ffn.sharedWidth = ffn.expertWidth;
            ffn.gate = RouterGate::Sigmoid;
            ffn.weightedInput = true;
            b.require(TensorRole::FfnNorm, layer, {b.shape.embedding});
            addExperts(b, layer, ffn);
            addShared(b, layer, ffn);
        }
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
