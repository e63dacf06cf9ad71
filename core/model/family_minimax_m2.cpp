// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// MiniMax M2: queries and keys are normed over all heads together, part of each head is rotated; experts behind a sigmoid.
void buildMinimaxM2(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        const AttentionSpec &attention = block.attention = readAttention(b, i, RopeLayout::Neox);
        addAttention(b, layer, attention);
        b.require(TensorRole::AttnQNorm, layer, {uint64_t{attention.heads} * attention.headDimK});
        b.require(TensorRole::AttnKNorm, layer, {uint64_t{attention.kvHeads} * attention.headDimK});
        FfnSpec &ffn = block.ffn;
        readExperts(b, ffn);
        ffn.gate = readGate(b, RouterGate::Sigmoid);
        ffn.expertWidth = b.keys.countAt("feed_forward_length", i, Limits::width);
        ffn.normalizeWeights = true;
        b.require(TensorRole::FfnNorm, layer, {b.shape.embedding});
        addExperts(b, layer, ffn);
        b.require(TensorRole::RouterBias, layer, {ffn.experts});
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
