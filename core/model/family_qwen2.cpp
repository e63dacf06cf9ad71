// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Qwen 1.5, 2 and 2.5: biases on Q, K and V, and optionally on the output matrix.
void buildQwen2(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    b.accept(TensorRole::Output, -1, {b.shape.vocabulary}, true);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Neox);
        addAttention(b, layer, block.attention);
        addDenseFfn(b, layer, block.ffn);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
