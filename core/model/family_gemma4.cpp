// SPDX-License-Identifier: Apache-2.0
#include "families.h"

#include <cmath>

namespace plimsoll {

namespace {

/// Layers that see a window have heads of their own size, a base of their own and no divisors; the others rotate a part of the head,
/// which the divisors say. Scores are not scaled, values are normed.
AttentionSpec readGemma4Attention(ShapeBuilder &b, uint32_t layer)
{
    AttentionSpec attention = readAttention(b, layer, RopeLayout::Neox);
    attention.scale = 1.0f;
    attention.valueNorm = true;
    if (b.keys.countAt("attention.sliding_window_pattern", layer, 1) == 0)
        return attention;
    attention.window = b.keys.count("attention.sliding_window", Limits::context);
    attention.headDimK = b.keys.countOr("attention.key_length_swa", attention.headDimK, Limits::headDim);
    attention.headDimV = b.keys.countOr("attention.value_length_swa", attention.headDimV, Limits::headDim);
    RopeSpec local;
    local.layout = RopeLayout::Neox;
    local.dims = b.keys.countOr("rope.dimension_count_swa", attention.rope.dims, Limits::headDim);
    local.base = b.keys.realOr("rope.freq_base_swa", local.base);
    local.factored = false;
    if (b.ok() && (attention.headDimK == 0 || attention.headDimV == 0))
        b.keys.invalid("attention.key_length_swa", attention.headDimK);
    if (b.ok() && (local.dims > attention.headDimK || local.dims % 2 != 0 || local.base <= 0.0f))
        b.keys.invalid("rope.dimension_count_swa", local.dims);
    attention.rope = local;
    return attention;
}

/// The last layers read the cache of the last one before them that sees as they do: the last but one sees a window, the last all.
int32_t ownerOfCache(ShapeBuilder &b, uint32_t layer, uint32_t blocks, const AttentionSpec &attention)
{
    const uint32_t shared = b.keys.countOr("attention.shared_kv_layers", 0, Limits::blocks);
    if (shared == 0 || !b.ok())
        return -1;
    if (shared + 2 > blocks) {
        b.keys.invalid("attention.shared_kv_layers", shared);
        return -1;
    }
    const uint32_t first = blocks - shared;
    if (layer < first)
        return -1;
    const uint32_t owner = first - (attention.window > 0 ? 2 : 1);
    const AttentionSpec &of = b.shape.blocks[owner].attention;
    if (of.window != attention.window || of.kvHeads != attention.kvHeads || of.headDimK != attention.headDimK
        || of.headDimV != attention.headDimV)
        b.keys.invalid("attention.shared_kv_layers", shared);
    return static_cast<int32_t>(owner);
}

/// Where there is no matrix for values they are the keys as projected: a catalogue entry says by "attention.values_are_keys" that this is
/// so in the layers that see all. Layers that read another's cache may still list both.
void addGemma4Attention(ShapeBuilder &b, int32_t layer, const AttentionSpec &a)
{
    const uint64_t embedding = b.shape.embedding;
    const uint64_t keys = uint64_t{a.kvHeads} * a.headDimK;
    b.require(TensorRole::AttnNorm, layer, {embedding});
    b.require(TensorRole::AttnQ, layer, {embedding, uint64_t{a.heads} * a.headDimK});
    b.require(TensorRole::AttnQNorm, layer, {a.headDimK});
    if (a.kvFromLayer < 0) {
        b.require(TensorRole::AttnK, layer, {embedding, keys});
        b.require(TensorRole::AttnKNorm, layer, {a.headDimK});
    } else {
        b.accept(TensorRole::AttnK, layer, {embedding, keys});
        b.accept(TensorRole::AttnKNorm, layer, {a.headDimK});
    }
    const bool values = b.offers(TensorRole::AttnV, layer) && !(a.window == 0 && b.keys.flagOr("attention.values_are_keys", false));
    if (values)
        b.require(TensorRole::AttnV, layer, {embedding, uint64_t{a.kvHeads} * a.headDimV});
    else if (a.kvFromLayer < 0 && a.headDimK != a.headDimV && b.ok())
        b.keys.invalid("attention.value_length", a.headDimV);
    b.require(TensorRole::AttnOutput, layer, {uint64_t{a.heads} * a.headDimV, embedding});
    b.require(TensorRole::AttnPostNorm, layer, {embedding});
}

/// A dense network; in models with experts beside them, each normed before and behind, and their sum once more.
void addGemma4Ffn(ShapeBuilder &b, int32_t layer, FfnSpec &ffn)
{
    const uint64_t embedding = b.shape.embedding;
    ffn.activation = Activation::Gelu;
    addDenseFfn(b, layer, ffn);
    b.require(TensorRole::FfnPostNorm, layer, {embedding});
    if (b.keys.countOr("expert_count", 0, Limits::experts) == 0)
        return;
    readExperts(b, ffn);
    ffn.expertWidth = b.keys.count("expert_feed_forward_length", Limits::width);
    ffn.normalizeWeights = true;
    ffn.routerScale = 1.0f / std::sqrt(static_cast<float>(embedding));
    addExperts(b, layer, ffn);
    b.require(TensorRole::RouterScale, layer, {embedding});
    b.require(TensorRole::ExpertNorm, layer, {embedding});
    b.require(TensorRole::DensePostNorm, layer, {embedding});
    b.require(TensorRole::ExpertPostNorm, layer, {embedding});
    b.accept(TensorRole::ExpertDownScale, layer, {ffn.experts});
}

/// Embeddings for each layer: looked up by the token, and projected from the embedding of all.
void addLayerEmbeddings(ShapeBuilder &b, uint32_t blocks)
{
    b.shape.layerInput = b.keys.countOr("embedding_length_per_layer_input", 0, b.shape.embedding);
    const uint64_t all = uint64_t{b.shape.layerInput} * blocks;
    if (all == 0)
        return;
    b.require(TensorRole::LayerEmbedding, -1, {all, b.shape.vocabulary});
    b.require(TensorRole::LayerEmbeddingProj, -1, {b.shape.embedding, all});
    b.require(TensorRole::LayerEmbeddingNorm, -1, {b.shape.layerInput});
}

void addLayerInput(ShapeBuilder &b, int32_t layer)
{
    b.accept(TensorRole::LayerScale, layer, {1});
    if (b.shape.layerInput == 0)
        return;
    b.require(TensorRole::LayerInputGate, layer, {b.shape.embedding, b.shape.layerInput});
    b.require(TensorRole::LayerInputProj, layer, {b.shape.layerInput, b.shape.embedding});
    b.require(TensorRole::LayerInputNorm, layer, {b.shape.embedding});
}

} // namespace

/// Gemma 4: windows as in Gemma 3, heads of two sizes, caches that the last layers share, experts beside a dense network, and embeddings
/// for each layer.
void buildGemma4(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    addLayerEmbeddings(b, blocks);
    b.shape.embeddingScale = std::sqrt(static_cast<float>(b.shape.embedding));
    b.shape.logitSoftcap = b.keys.realOr("final_logit_softcapping", 30.0f);
    bool factors = false;
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readGemma4Attention(b, i);
        block.attention.kvFromLayer = ownerOfCache(b, i, blocks, block.attention);
        if (block.attention.window == 0 && !factors) {
            b.require(TensorRole::RopeFactors, -1, {block.attention.headDimK / 2});
            factors = true;
        }
        addGemma4Attention(b, layer, block.attention);
        addGemma4Ffn(b, layer, block.ffn);
        addLayerInput(b, layer);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
