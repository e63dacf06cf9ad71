// SPDX-License-Identifier: Apache-2.0
#include "families.h"

#include <cmath>

namespace plimsoll {

namespace {

/// Each head of Q and K is normed after it was rotated; "rope.scaling.alpha" raises the base (NTK-aware).
BlockSpec readHunyuanBlock(ShapeBuilder &b, uint32_t layer)
{
    BlockSpec block;
    block.normEpsilon = b.shape.outputNormEpsilon;
    AttentionSpec &attention = block.attention;
    attention = readAttention(b, layer, RopeLayout::Neox);
    attention.normAfterRope = true;
    const float alpha = b.keys.realOr("rope.scaling.alpha", 0.0f);
    if (b.ok() && alpha > 0.0f && attention.headDimK > 2) {
        const auto dims = static_cast<float>(attention.headDimK);
        attention.rope.base *= std::pow(alpha, dims / (dims - 2.0f));
    }
    addAttention(b, static_cast<int32_t>(layer), attention);
    addHeadNorms(b, static_cast<int32_t>(layer), attention);
    return block;
}

} // namespace

void buildHunyuanDense(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        BlockSpec block = readHunyuanBlock(b, i);
        addDenseFfn(b, static_cast<int32_t>(i), block.ffn);
        b.shape.blocks.push_back(block);
    }
}

/// Hunyuan A13B: routed experts and one that all tokens share.
void buildHunyuanMoe(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block = readHunyuanBlock(b, i);
        FfnSpec &ffn = block.ffn;
        readExperts(b, ffn);
        ffn.expertWidth = b.keys.countAt("feed_forward_length", i, Limits::width);
        ffn.sharedWidth = b.keys.countOr("expert_shared_feed_forward_length", 0, Limits::width);
        if (ffn.sharedWidth == 0)
            ffn.sharedWidth = ffn.expertWidth;
        ffn.normalizeWeights = true;
        b.require(TensorRole::FfnNorm, layer, {b.shape.embedding});
        addExperts(b, layer, ffn);
        addShared(b, layer, ffn);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
