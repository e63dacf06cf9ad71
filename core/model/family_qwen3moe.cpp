// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Qwen3 mixture of experts: Qwen3's attention, every FFN routed, no shared expert.
void buildQwen3Moe(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Neox);
        addAttention(b, layer, block.attention);
        b.require(TensorRole::AttnQNorm, layer, {block.attention.headDimK});
        b.require(TensorRole::AttnKNorm, layer, {block.attention.headDimK});
        FfnSpec &ffn = block.ffn;
        readExperts(b, ffn);
        ffn.expertWidth = b.keys.countOr("expert_feed_forward_length", 0, Limits::width);
        if (b.ok() && ffn.expertWidth == 0)
            ffn.expertWidth = b.keys.countAt("feed_forward_length", i, Limits::width) / ffn.expertsUsed;
        ffn.normalizeWeights = true;
        b.require(TensorRole::FfnNorm, layer, {b.shape.embedding});
        addExperts(b, layer, ffn);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
