// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

namespace {

/// What both have in common: layer norms without biases, attention and FFN side by side, logits scaled.
uint32_t readCohere(ShapeBuilder &b, float logitScale)
{
    const uint32_t blocks = readTrunk(b, NormKind::Layer);
    addEmbeddingAndTiedOutput(b);
    b.shape.logitScale = logitScale == 0.0f ? 1.0f : logitScale;
    return blocks;
}

BlockSpec readCohereBlock(ShapeBuilder &b, uint32_t layer)
{
    BlockSpec block;
    block.norm = NormKind::Layer;
    block.normEpsilon = b.shape.outputNormEpsilon;
    block.parallel = true;
    block.attention = readAttention(b, layer, RopeLayout::Norm);
    return block;
}

} // namespace

/// Command R and R+, Aya: the large ones norm queries and keys, each head with weights of its own.
void buildCommandR(ShapeBuilder &b)
{
    constexpr uint32_t blocksWithHeadNorms = 64;
    const uint32_t blocks = readCohere(b, b.keys.realOr("logit_scale", 0.0f));
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block = readCohereBlock(b, i);
        addAttention(b, layer, block.attention);
        if (blocks >= blocksWithHeadNorms) {
            b.require(TensorRole::AttnQNorm, layer, {block.attention.headDimK, block.attention.heads});
            b.require(TensorRole::AttnKNorm, layer, {block.attention.headDimK, block.attention.kvHeads});
        }
        addFfnMatrices(b, layer, block.ffn);
        b.shape.blocks.push_back(block);
    }
}

/// Command R7B and Command A: three layers with a window and positions to one that sees all without positions.
void buildCohere2(ShapeBuilder &b)
{
    const uint32_t blocks = readCohere(b, b.keys.real("logit_scale"));
    b.keys.count("attention.sliding_window", Limits::context);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block = readCohereBlock(b, i);
        block.attention.window = readWindow(b, i, 0, 4);
        if (block.attention.window == 0)
            block.attention.rope.layout = RopeLayout::None;
        addAttention(b, layer, block.attention);
        addFfnMatrices(b, layer, block.ffn);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
