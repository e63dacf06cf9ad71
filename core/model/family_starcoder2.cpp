// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

namespace {

BlockSpec layerNormedBlock(ShapeBuilder &b, uint32_t layer)
{
    BlockSpec block;
    block.norm = NormKind::Layer;
    block.normEpsilon = b.shape.outputNormEpsilon;
    block.attention = readAttention(b, layer, RopeLayout::Neox);
    return block;
}

/// FFN of two matrices with biases and GELU between them.
void addPlainFfn(ShapeBuilder &b, int32_t layer, FfnSpec &ffn)
{
    ffn.gated = false;
    ffn.activation = Activation::Gelu;
    addFfnMatrices(b, layer, ffn);
    b.require(TensorRole::FfnUp, layer, {ffn.width}, true);
    b.require(TensorRole::FfnDown, layer, {b.shape.embedding}, true);
}

} // namespace

/// StarCoder2: layer norms and biases everywhere.
void buildStarcoder2(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b, NormKind::Layer);
    const uint64_t embedding = b.shape.embedding;
    addEmbeddingAndOutput(b);
    b.require(TensorRole::OutputNorm, -1, {embedding}, true);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block = layerNormedBlock(b, i);
        addAttention(b, layer, block.attention);
        b.require(TensorRole::AttnNorm, layer, {embedding}, true);
        b.require(TensorRole::AttnOutput, layer, {embedding}, true);
        b.require(TensorRole::FfnNorm, layer, {embedding});
        b.require(TensorRole::FfnNorm, layer, {embedding}, true);
        addPlainFfn(b, layer, block.ffn);
        b.shape.blocks.push_back(block);
    }
}

/// Phi-1.5 and Phi-2: part of each head is rotated, attention and FFN side by side, biases everywhere.
void buildPhi2(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b, NormKind::Layer);
    const uint64_t embedding = b.shape.embedding;
    addEmbeddingAndOutput(b);
    b.require(TensorRole::OutputNorm, -1, {embedding}, true);
    b.require(TensorRole::Output, -1, {b.shape.vocabulary}, true);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block = layerNormedBlock(b, i);
        block.parallel = true;
        addAttention(b, layer, block.attention);
        b.require(TensorRole::AttnNorm, layer, {embedding}, true);
        b.require(TensorRole::AttnOutput, layer, {embedding}, true);
        addPlainFfn(b, layer, block.ffn);
        b.shape.blocks.push_back(block);
    }
}

/// StableLM: part of each head is rotated, layer norms with biases. The 12B norms each head with weights of its own and has attention
/// and FFN side by side.
void buildStablelm(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b, NormKind::Layer);
    const uint64_t embedding = b.shape.embedding;
    addEmbeddingAndOutput(b);
    b.require(TensorRole::OutputNorm, -1, {embedding}, true);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block = layerNormedBlock(b, i);
        addAttention(b, layer, block.attention);
        b.require(TensorRole::AttnNorm, layer, {embedding}, true);
        b.accept(TensorRole::AttnQNorm, layer, {block.attention.headDimK, block.attention.heads});
        b.accept(TensorRole::AttnKNorm, layer, {block.attention.headDimK, block.attention.kvHeads});
        block.parallel = !b.offers(TensorRole::FfnNorm, layer);
        b.accept(TensorRole::FfnNorm, layer, {embedding});
        b.accept(TensorRole::FfnNorm, layer, {embedding}, true);
        addFfnMatrices(b, layer, block.ffn);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
