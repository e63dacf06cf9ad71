// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Qwen1.5-MoE and Qwen2-57B-A14B: Qwen2's attention, routed experts, and a shared one behind a sigmoid gate of its own.
void buildQwen2Moe(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Neox);
        addAttention(b, layer, block.attention);
        FfnSpec &ffn = block.ffn;
        readExperts(b, ffn);
        const uint32_t width = b.keys.countAtOr("feed_forward_length", i, 0, Limits::width);
        ffn.expertWidth = b.keys.countOr("expert_feed_forward_length", 0, Limits::width);
        if (b.ok() && ffn.expertWidth == 0)
            ffn.expertWidth = width / ffn.expertsUsed;
        ffn.sharedWidth = b.keys.countOr("expert_shared_feed_forward_length", 0, Limits::width);
        if (ffn.sharedWidth == 0)
            ffn.sharedWidth = width;
        if (b.ok() && (ffn.expertWidth == 0 || ffn.sharedWidth == 0))
            b.keys.invalid("feed_forward_length", width);
        b.require(TensorRole::FfnNorm, layer, {b.shape.embedding});
        addExperts(b, layer, ffn);
        b.require(TensorRole::SharedRouter, layer, {b.shape.embedding});
        addShared(b, layer, ffn);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
