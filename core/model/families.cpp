// SPDX-License-Identifier: Apache-2.0
#include "families.h"

#include <algorithm>
#include <cmath>

namespace plimsoll {

uint32_t readTrunk(ShapeBuilder &b, NormKind norm)
{
    const uint32_t total = b.keys.count("block_count", Limits::blocks);
    const uint32_t prediction = b.keys.countOr("nextn_predict_layers", 0, Limits::blocks);
    b.shape.embedding = b.keys.count("embedding_length", Limits::embedding);
    b.shape.contextTrained = b.keys.count("context_length", Limits::context);
    b.shape.vocabulary = b.keys.count("vocab_size", Limits::vocabulary);
    b.shape.outputNorm = norm;
    b.shape.outputNormEpsilon = b.keys.real(norm == NormKind::Rms ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon");
    if (prediction >= total && b.ok())
        b.keys.invalid("nextn_predict_layers", prediction);
    if (!b.ok())
        return 0;
    b.shape.predictionBlocks = prediction;
    return total - prediction;
}

void addEmbeddingAndOutput(ShapeBuilder &b)
{
    const uint64_t embedding = b.shape.embedding;
    b.require(TensorRole::TokenEmbedding, -1, {embedding, b.shape.vocabulary});
    b.require(TensorRole::OutputNorm, -1, {embedding});
    b.accept(TensorRole::Output, -1, {embedding, b.shape.vocabulary});
    b.shape.tiedOutput = !b.offers(TensorRole::Output);
}

void addEmbeddingAndTiedOutput(ShapeBuilder &b)
{
    b.require(TensorRole::TokenEmbedding, -1, {b.shape.embedding, b.shape.vocabulary});
    b.require(TensorRole::OutputNorm, -1, {b.shape.embedding});
    b.shape.tiedOutput = true;
}

namespace {

/// 1 + 0.1·m·ln(s), 1 where nothing is stretched: how YaRN corrects attention for a stretched context (arXiv 2309.00071).
float yarnMagnitude(float factor, float multiplier)
{
    return factor <= 1.0f ? 1.0f : 1.0f + 0.1f * multiplier * std::log(factor);
}

} // namespace

RopeSpec readRope(ShapeBuilder &b, RopeLayout layout, uint32_t dims)
{
    RopeSpec rope;
    rope.layout = layout;
    rope.dims = dims;
    rope.base = b.keys.realOr("rope.freq_base", 10000.0f);
    rope.originalContext = b.keys.countOr("rope.scaling.original_context_length", b.shape.contextTrained, Limits::context);
    rope.factor = b.keys.realOr("rope.scaling.factor", b.keys.realOr("rope.scale_linear", 1.0f));
    if (rope.factor == 0.0f)
        rope.factor = 1.0f;
    const std::string scaling = b.keys.textOr("rope.scaling.type", "linear");
    if (scaling == "none")
        rope.factor = 1.0f;
    else if (scaling == "linear")
        rope.scaling = rope.factor == 1.0f ? RopeScaling::None : RopeScaling::Linear;
    else if (scaling == "yarn")
        rope.scaling = RopeScaling::Yarn;
    else if (scaling == "longrope")
        rope.scaling = RopeScaling::LongRope;
    else
        b.keys.fail({ErrorCode::ModelInvalid, {"rope.scaling.type", scaling}});
    if (b.offers(TensorRole::RopeFactorsLong))
        rope.scaling = RopeScaling::LongRope;
    if (rope.scaling == RopeScaling::Yarn) {
        rope.yarnExtFactor = b.keys.realOr("rope.scaling.yarn_ext_factor", 1.0f);
        rope.yarnBetaFast = b.keys.realOr("rope.scaling.yarn_beta_fast", rope.yarnBetaFast);
        rope.yarnBetaSlow = b.keys.realOr("rope.scaling.yarn_beta_slow", rope.yarnBetaSlow);
        const float both = b.keys.realOr("rope.scaling.yarn_log_multiplier", 0.0f);
        rope.attentionFactor = yarnMagnitude(rope.factor, 1.0f) / yarnMagnitude(rope.factor, both);
    }
    rope.attentionFactor *= b.keys.realOr("rope.scaling.attn_factor", 1.0f);
    if (b.ok() && (rope.base <= 0.0f || rope.factor < 0.0f))
        b.keys.invalid("rope", 0);
    if (b.ok() && dims % 2 != 0)
        b.keys.invalid("rope.dimension_count", dims);
    return rope;
}

AttentionSpec readAttention(ShapeBuilder &b, uint32_t layer, RopeLayout layout)
{
    AttentionSpec attention;
    attention.heads = b.keys.countAt("attention.head_count", layer, Limits::heads);
    attention.kvHeads = b.keys.countAtOr("attention.head_count_kv", layer, attention.heads, Limits::heads);
    if (!b.ok())
        return attention;
    if (attention.heads == 0 || attention.kvHeads == 0 || attention.heads % attention.kvHeads != 0) {
        b.keys.invalid("attention.head_count_kv", attention.kvHeads);
        return attention;
    }
    const bool lengthKnown = b.keys.has("attention.key_length");
    if (!lengthKnown && b.shape.embedding % attention.heads != 0) {
        b.keys.invalid("attention.head_count", attention.heads);
        return attention;
    }
    const uint32_t share = b.shape.embedding / attention.heads;
    attention.headDimK = lengthKnown ? b.keys.count("attention.key_length", Limits::headDim) : share;
    attention.headDimV = b.keys.countOr("attention.value_length", share, Limits::headDim);
    if (b.ok() && (attention.headDimK == 0 || attention.headDimV == 0))
        b.keys.invalid("attention.key_length", attention.headDimK);
    const uint32_t rotated = b.keys.countOr("rope.dimension_count", attention.headDimK, Limits::headDim);
    if (b.ok() && rotated > attention.headDimK)
        b.keys.invalid("rope.dimension_count", rotated);
    attention.rope = readRope(b, layout, rotated);
    attention.scale = 1.0f / std::sqrt(static_cast<float>(attention.headDimK));
    return attention;
}

void readSections(ShapeBuilder &b, RopeSpec &rope)
{
    constexpr const char *key = "rope.dimension_sections";
    if (!b.keys.perLayer(key))
        return;
    for (uint32_t i = 0; i < 4; ++i)
        rope.sections[i] = b.keys.countAt(key, i, Limits::headDim);
    if (rope.sections[0] > 0 && rope.sections[1] > 0)
        rope.layout = RopeLayout::MultiSection;
}

uint32_t readWindow(ShapeBuilder &b, uint32_t layer, uint32_t fallbackWindow, uint32_t fallbackPeriod)
{
    constexpr const char *pattern = "attention.sliding_window_pattern";
    const uint32_t window = b.keys.countOr("attention.sliding_window", fallbackWindow, Limits::context);
    if (b.keys.perLayer(pattern))
        return b.keys.countAt(pattern, layer, 1) != 0 ? window : 0;
    const uint32_t period = b.keys.countOr(pattern, fallbackPeriod, Limits::blocks);
    return period == 0 || layer % period + 1 < period ? window : 0;
}

void addAttention(ShapeBuilder &b, int32_t layer, const AttentionSpec &a)
{
    b.require(TensorRole::AttnNorm, layer, {b.shape.embedding});
    addAttentionMatrices(b, layer, a);
}

void addAttentionMatrices(ShapeBuilder &b, int32_t layer, const AttentionSpec &a)
{
    const uint64_t embedding = b.shape.embedding;
    const uint64_t q = uint64_t{a.heads} * a.headDimK;
    const uint64_t k = uint64_t{a.kvHeads} * a.headDimK;
    const uint64_t v = uint64_t{a.kvHeads} * a.headDimV;
    if (b.offers(TensorRole::AttnQkv, layer)) {
        b.require(TensorRole::AttnQkv, layer, {embedding, q + k + v});
        b.accept(TensorRole::AttnQkv, layer, {q + k + v}, true);
    } else {
        b.require(TensorRole::AttnQ, layer, {embedding, q});
        b.accept(TensorRole::AttnQ, layer, {q}, true);
        b.require(TensorRole::AttnK, layer, {embedding, k});
        b.accept(TensorRole::AttnK, layer, {k}, true);
        b.require(TensorRole::AttnV, layer, {embedding, v});
        b.accept(TensorRole::AttnV, layer, {v}, true);
    }
    b.require(TensorRole::AttnOutput, layer, {uint64_t{a.heads} * a.headDimV, embedding});
}

void addHeadNorms(ShapeBuilder &b, int32_t layer, const AttentionSpec &a)
{
    b.require(TensorRole::AttnQNorm, layer, {a.headDimK});
    b.require(TensorRole::AttnKNorm, layer, {a.headDimK});
}

void addDenseFfn(ShapeBuilder &b, int32_t layer, FfnSpec &ffn, TensorRole norm)
{
    b.require(norm, layer, {b.shape.embedding});
    addFfnMatrices(b, layer, ffn);
}

void addFfnMatrices(ShapeBuilder &b, int32_t layer, FfnSpec &ffn)
{
    ffn.kind = FfnKind::Dense;
    ffn.width = b.keys.countAt("feed_forward_length", static_cast<uint32_t>(layer), Limits::width);
    if (b.ok() && ffn.width == 0)
        b.keys.invalid("feed_forward_length", 0);
    const uint64_t embedding = b.shape.embedding;
    if (ffn.gated)
        b.require(TensorRole::FfnGate, layer, {embedding, ffn.width});
    b.require(TensorRole::FfnUp, layer, {embedding, ffn.width});
    b.require(TensorRole::FfnDown, layer, {ffn.width, embedding});
}

float gemmaScale(ShapeBuilder &b, const AttentionSpec &attention, uint32_t blocks, uint32_t sharedBlocks)
{
    if (!b.ok())
        return 0.0f;
    const uint32_t divisor = blocks == sharedBlocks ? b.shape.embedding / attention.heads : attention.headDimK;
    return 1.0f / std::sqrt(static_cast<float>(divisor));
}

void addGemmaBlock(ShapeBuilder &b, int32_t layer, BlockSpec &block)
{
    addAttention(b, layer, block.attention);
    b.require(TensorRole::AttnPostNorm, layer, {b.shape.embedding});
    block.ffn.activation = Activation::Gelu;
    addDenseFfn(b, layer, block.ffn);
    b.require(TensorRole::FfnPostNorm, layer, {b.shape.embedding});
}

void readExperts(ShapeBuilder &b, FfnSpec &ffn)
{
    ffn.kind = FfnKind::Experts;
    ffn.experts = b.keys.count("expert_count", Limits::experts);
    ffn.expertsUsed = b.keys.count("expert_used_count", Limits::experts);
    if (b.ok() && ffn.expertsUsed > ffn.experts)
        b.keys.invalid("expert_used_count", ffn.expertsUsed);
}

void addExperts(ShapeBuilder &b, int32_t layer, const FfnSpec &ffn)
{
    const uint64_t embedding = b.shape.embedding;
    const uint64_t width = ffn.expertWidth;
    b.require(TensorRole::Router, layer, {embedding, ffn.experts});
    b.accept(TensorRole::Router, layer, {ffn.experts}, true);
    if (b.offers(TensorRole::ExpertGateUp, layer)) {
        b.require(TensorRole::ExpertGateUp, layer, {embedding, 2 * width, ffn.experts});
    } else {
        b.require(TensorRole::ExpertGate, layer, {embedding, width, ffn.experts});
        b.accept(TensorRole::ExpertGate, layer, {width, ffn.experts}, true);
        b.require(TensorRole::ExpertUp, layer, {embedding, width, ffn.experts});
        b.accept(TensorRole::ExpertUp, layer, {width, ffn.experts}, true);
    }
    b.require(TensorRole::ExpertDown, layer, {width, embedding, ffn.experts});
    b.accept(TensorRole::ExpertDown, layer, {embedding, ffn.experts}, true);
}

void addShared(ShapeBuilder &b, int32_t layer, const FfnSpec &ffn)
{
    if (ffn.sharedWidth == 0)
        return;
    b.require(TensorRole::SharedGate, layer, {b.shape.embedding, ffn.sharedWidth});
    b.require(TensorRole::SharedUp, layer, {b.shape.embedding, ffn.sharedWidth});
    b.require(TensorRole::SharedDown, layer, {ffn.sharedWidth, b.shape.embedding});
}

RouterGate readGate(ShapeBuilder &b, RouterGate fallback)
{
    const uint32_t number = b.keys.countOr("expert_gating_func", 0, 100);
    if (number == 0)
        return fallback;
    if (number > 3)
        b.keys.invalid("expert_gating_func", number);
    return number == 2 ? RouterGate::Sigmoid : number == 3 ? RouterGate::SoftmaxOfSelected : RouterGate::Softmax;
}

void addSharedAndRouted(ShapeBuilder &b, int32_t layer, FfnSpec &ffn, RouterGate fallback, TensorRole norm)
{
    readExperts(b, ffn);
    ffn.expertWidth = b.keys.count("expert_feed_forward_length", Limits::width);
    const uint64_t sharedEach = b.keys.countOr("expert_shared_feed_forward_length", ffn.expertWidth, Limits::width);
    const uint64_t shared = b.keys.countOr("expert_shared_count", 0, Limits::experts) * sharedEach;
    if (shared > Limits::width)
        b.keys.invalid("expert_shared_count", shared);
    ffn.sharedWidth = static_cast<uint32_t>(shared);
    ffn.gate = readGate(b, fallback);
    ffn.normalizeWeights = b.keys.flagOr("expert_weights_norm", false);
    const float scale = b.keys.realOr("expert_weights_scale", 1.0f);
    ffn.weightScale = scale == 0.0f ? 1.0f : scale;
    ffn.groups = std::max(b.keys.countOr("expert_group_count", 1, Limits::experts), 1u);
    ffn.groupsUsed = std::max(b.keys.countOr("expert_group_used_count", 1, Limits::experts), 1u);
    if (b.ok() && (ffn.experts % ffn.groups != 0 || ffn.groupsUsed > ffn.groups))
        b.keys.invalid("expert_group_count", ffn.groups);

    const uint64_t embedding = b.shape.embedding;
    b.require(norm, layer, {embedding});
    addExperts(b, layer, ffn);
    b.accept(TensorRole::RouterBias, layer, {ffn.experts});
    addShared(b, layer, ffn);
}

} // namespace plimsoll
