// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Ling and Ring 2 (bailingmoe2) and dots.llm1: each head of Q and K is normed, leading dense blocks, then DeepSeek's experts with a
/// sigmoid gate.
void buildBailingMoe2(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const uint32_t dense = b.keys.countOr("leading_dense_block_count", 0, Limits::blocks);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Neox);
        addAttention(b, layer, block.attention);
        addHeadNorms(b, layer, block.attention);
        if (i < dense)
            addDenseFfn(b, layer, block.ffn);
        else
            addSharedAndRouted(b, layer, block.ffn, RouterGate::Sigmoid);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
