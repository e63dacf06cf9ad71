// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// GLM-4.5 and 4.6: part of each head is rotated, leading dense blocks, then DeepSeek's experts with a sigmoid gate. The vision models
/// deal the rotated pairs to sections.
void buildGlm4Moe(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const uint32_t dense = b.keys.countOr("leading_dense_block_count", 0, Limits::blocks);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        AttentionSpec &attention = block.attention;
        attention = readAttention(b, i, RopeLayout::Neox);
        readSections(b, attention.rope);
        addAttention(b, layer, attention);
        b.accept(TensorRole::AttnQNorm, layer, {attention.headDimK});
        b.accept(TensorRole::AttnKNorm, layer, {attention.headDimK});
        if (i < dense)
            addDenseFfn(b, layer, block.ffn, TensorRole::FfnNormNamedPost);
        else
            addSharedAndRouted(b, layer, block.ffn, RouterGate::Sigmoid, TensorRole::FfnNormNamedPost);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
