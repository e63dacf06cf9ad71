// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// GLM-4 (0414) and GLM-Z1: half of each head is rotated, norms before and behind both parts, gate and up in one matrix. The vision
/// models deal the rotated pairs to sections.
void buildGlm4(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const uint64_t embedding = b.shape.embedding;
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Norm);
        readSections(b, block.attention.rope);
        addAttention(b, layer, block.attention);
        b.require(TensorRole::AttnPostNorm, layer, {embedding});
        block.ffn.width = b.keys.countAt("feed_forward_length", i, Limits::width);
        b.require(TensorRole::FfnNorm, layer, {embedding});
        b.require(TensorRole::FfnUp, layer, {embedding, 2 * uint64_t{block.ffn.width}});
        b.require(TensorRole::FfnDown, layer, {block.ffn.width, embedding});
        b.require(TensorRole::FfnPostNorm, layer, {embedding});
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
