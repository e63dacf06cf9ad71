// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

namespace {

/// A gated short convolution over the whole embedding.
void addShortConv(ShapeBuilder &b, int32_t layer, BlockSpec &block)
{
    const uint64_t embedding = b.shape.embedding;
    block.mixer = MixerKind::ShortConv;
    RecurrentSpec &r = block.recurrent;
    r.convKernel = b.keys.count("shortconv.l_cache", Limits::headDim);
    r.convChannels = b.shape.embedding;
    if (b.ok() && r.convKernel < 2)
        b.keys.invalid("shortconv.l_cache", r.convKernel);
    if (!b.ok())
        return;
    r.stateElements = uint64_t{r.convKernel - 1} * embedding;
    b.require(TensorRole::AttnNorm, layer, {embedding});
    b.require(TensorRole::ShortConv, layer, {r.convKernel, embedding});
    b.require(TensorRole::ShortConvIn, layer, {embedding, 3 * embedding});
    b.require(TensorRole::ShortConvOut, layer, {embedding, embedding});
}

} // namespace

/// LFM2, dense and with experts behind leading dense layers: layers without KV heads are short convolutions, the others attention with
/// normed heads.
void buildLfm2(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const bool hasExperts = b.keys.countOr("expert_count", 0, Limits::experts) > 0;
    const uint32_t dense = hasExperts ? b.keys.countOr("leading_dense_block_count", 0, Limits::blocks) : blocks;
    b.require(TensorRole::TokenEmbedding, -1, {b.shape.embedding, b.shape.vocabulary});
    b.require(TensorRole::OutputNormNamedEmbedding, -1, {b.shape.embedding});
    b.accept(TensorRole::Output, -1, {b.shape.embedding, b.shape.vocabulary});
    b.shape.tiedOutput = !b.offers(TensorRole::Output);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        if (b.keys.countAt("attention.head_count_kv", i, Limits::heads) == 0) {
            addShortConv(b, layer, block);
        } else {
            block.attention = readAttention(b, i, RopeLayout::Neox);
            block.attention.window = b.keys.countOr("attention.sliding_window", 0, Limits::context);
            addAttention(b, layer, block.attention);
            b.require(TensorRole::AttnQNorm, layer, {block.attention.headDimK});
            b.require(TensorRole::AttnKNorm, layer, {block.attention.headDimK});
        }
        if (i < dense) {
            addDenseFfn(b, layer, block.ffn);
        } else {
            addSharedAndRouted(b, layer, block.ffn, RouterGate::Sigmoid);
            block.ffn.normalizeWeights = true;
        }
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
