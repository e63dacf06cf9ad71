// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

namespace {

/// Norms only behind attention and FFN.
void addPostNormedBlock(ShapeBuilder &b, int32_t layer, BlockSpec &block)
{
    addAttentionMatrices(b, layer, block.attention);
    b.require(TensorRole::AttnPostNorm, layer, {b.shape.embedding});
    addFfnMatrices(b, layer, block.ffn);
    b.require(TensorRole::FfnPostNorm, layer, {b.shape.embedding});
}

} // namespace

/// OLMo 2, and OLMo 3 with its windows, whose layers are never stretched: queries and keys are normed over all heads together.
void buildOlmo2(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        AttentionSpec &attention = block.attention;
        attention = readAttention(b, i, RopeLayout::Neox);
        attention.window = readWindow(b, i, 0, 4);
        if (attention.window > 0) {
            RopeSpec local;
            local.layout = attention.rope.layout;
            local.dims = attention.rope.dims;
            local.base = attention.rope.base;
            attention.rope = local;
        }
        addPostNormedBlock(b, layer, block);
        b.require(TensorRole::AttnQNorm, layer, {uint64_t{attention.heads} * attention.headDimK});
        b.require(TensorRole::AttnKNorm, layer, {uint64_t{attention.kvHeads} * attention.headDimK});
        b.shape.blocks.push_back(block);
    }
}

/// EXAONE 4: each head of Q and K is normed; the large one has windows, and no positions in the layers that see all.
void buildExaone4(ShapeBuilder &b)
{
    constexpr uint32_t blocksWithWindows = 64;
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Neox);
        if (i == 0)
            b.accept(TensorRole::RopeFactors, -1, {block.attention.rope.dims / 2});
        if (blocks == blocksWithWindows) {
            block.attention.window = readWindow(b, i, 4096, 4);
            if (block.attention.window == 0)
                block.attention.rope.layout = RopeLayout::None;
        }
        addPostNormedBlock(b, layer, block);
        addHeadNorms(b, layer, block.attention);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
