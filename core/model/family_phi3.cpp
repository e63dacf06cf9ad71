// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Phi-3, Phi-3.5 and Phi-4 dense: Q, K and V in one matrix, gate and up in another, and factors of the frequencies for contexts as
/// trained and for longer ones.
void buildPhi3(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const uint64_t embedding = b.shape.embedding;
    addEmbeddingAndOutput(b);
    b.accept(TensorRole::Output, -1, {b.shape.vocabulary}, true);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Neox);
        if (i == 0) {
            b.accept(TensorRole::RopeFactorsLong, -1, {block.attention.rope.dims / 2});
            b.accept(TensorRole::RopeFactorsShort, -1, {block.attention.rope.dims / 2});
        }
        addAttention(b, layer, block.attention);
        block.ffn.width = b.keys.countAt("feed_forward_length", i, Limits::width);
        b.require(TensorRole::FfnNorm, layer, {embedding});
        b.require(TensorRole::FfnUp, layer, {embedding, 2 * uint64_t{block.ffn.width}});
        b.require(TensorRole::FfnDown, layer, {block.ffn.width, embedding});
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
