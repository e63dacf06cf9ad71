// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Qwen3 dense: each head of Q and K is normed before it is rotated.
void buildQwen3(ShapeBuilder &b)
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
        addDenseFfn(b, layer, block.ffn);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
