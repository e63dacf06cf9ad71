// SPDX-License-Identifier: Apache-2.0
#include "families.h"
#include "recurrent_parts.h"

namespace plimsoll {

namespace {

/// What tells Qwen3.5 from Qwen3-Next.
struct Form
{
    bool sections = false;        // RoPE in interleaved sections
    bool keysTakeTurns = false;   // how value heads share key heads
    bool ratesTogether = false;   // both rates of the recurrence come from one matrix
};

/// Three of four layers are recurrent unless the keys say otherwise.
bool isLinear(ShapeBuilder &b, uint32_t layer)
{
    if (b.keys.has("attention.recurrent_layers"))
        return b.keys.countAt("attention.recurrent_layers", layer, 1) != 0;
    const uint32_t interval = b.keys.countOr("full_attention_interval", 4, Limits::blocks);
    return interval == 0 || (layer + 1) % interval != 0;
}

/// Queries come with a gate of the same size; each head of queries and keys is normed.
void addGatedAttention(ShapeBuilder &b, int32_t layer, BlockSpec &block, const Form &form)
{
    AttentionSpec &a = block.attention;
    a = readAttention(b, static_cast<uint32_t>(layer), RopeLayout::Neox);
    a.gated = true;
    if (form.sections) {
        readSections(b, a.rope);
        a.rope.interleaved = true;
    }
    if (b.ok() && a.headDimV != a.headDimK)
        b.keys.invalid("attention.value_length", a.headDimV);
    const uint64_t embedding = b.shape.embedding;
    const uint64_t query = uint64_t{a.heads} * a.headDimK;
    const uint64_t key = uint64_t{a.kvHeads} * a.headDimK;
    b.require(TensorRole::AttnNorm, layer, {embedding});
    b.require(TensorRole::AttnQ, layer, {embedding, 2 * query});
    b.require(TensorRole::AttnK, layer, {embedding, key});
    b.require(TensorRole::AttnV, layer, {embedding, key});
    b.require(TensorRole::AttnOutput, layer, {query, embedding});
    b.require(TensorRole::AttnQNorm, layer, {a.headDimK});
    b.require(TensorRole::AttnKNorm, layer, {a.headDimK});
}

void addDeltaNet(ShapeBuilder &b, int32_t layer, BlockSpec &block, const Form &form)
{
    block.mixer = MixerKind::GatedDelta;
    RecurrentSpec &r = block.recurrent;
    r = readStateSpace(b);
    r.keysTakeTurns = form.keysTakeTurns;
    if (b.ok() && r.headDimV != r.headDimK)
        b.keys.invalid("ssm.inner_size", r.valueWidth());
    if (!b.ok())
        return;
    const uint64_t embedding = b.shape.embedding;
    const uint64_t inner = r.valueWidth();
    b.require(TensorRole::AttnNorm, layer, {embedding});
    if (form.ratesTogether && b.offers(TensorRole::SsmIn, layer)) {
        b.require(TensorRole::SsmIn, layer, {embedding, r.convChannels + inner});
    } else {
        b.require(TensorRole::AttnQkv, layer, {embedding, r.convChannels});
        b.require(TensorRole::AttnGate, layer, {embedding, inner});
    }
    b.require(TensorRole::SsmConv, layer, {r.convKernel, r.convChannels});
    b.require(TensorRole::SsmDt, layer, {r.stateHeads});
    b.require(TensorRole::SsmA, layer, {r.stateHeads});
    if (form.ratesTogether) {
        b.require(TensorRole::SsmBetaAlpha, layer, {embedding, 2 * uint64_t{r.stateHeads}});
    } else {
        b.require(TensorRole::SsmBeta, layer, {embedding, r.stateHeads});
        b.require(TensorRole::SsmAlpha, layer, {embedding, r.stateHeads});
    }
    b.require(TensorRole::SsmNorm, layer, {r.headDimV});
    b.require(TensorRole::SsmOut, layer, {inner, embedding});
}

/// Routed experts, and one shared expert behind a sigmoid gate of its own.
void addGatedExperts(ShapeBuilder &b, int32_t layer, FfnSpec &ffn)
{
    readExperts(b, ffn);
    const auto index = static_cast<uint32_t>(layer);
    const uint32_t width = b.keys.countAtOr("feed_forward_length", index, 0, Limits::width);
    ffn.expertWidth = b.keys.countOr("expert_feed_forward_length", 0, Limits::width);
    if (b.ok() && ffn.expertWidth == 0)
        ffn.expertWidth = width / ffn.expertsUsed;
    ffn.sharedWidth = b.keys.countOr("expert_shared_feed_forward_length", 0, Limits::width);
    if (ffn.sharedWidth == 0)
        ffn.sharedWidth = width;
    if (b.ok() && (ffn.expertWidth == 0 || ffn.sharedWidth == 0))
        b.keys.invalid("expert_feed_forward_length", 0);
    ffn.normalizeWeights = true;
    const float scale = b.keys.realOr("expert_weights_scale", 1.0f);
    ffn.weightScale = scale == 0.0f ? 1.0f : scale;
    const uint64_t embedding = b.shape.embedding;
    b.require(TensorRole::FfnNormNamedPost, layer, {embedding});
    addExperts(b, layer, ffn);
    b.require(TensorRole::SharedRouter, layer, {embedding});
    b.require(TensorRole::SharedGate, layer, {embedding, ffn.sharedWidth});
    b.require(TensorRole::SharedUp, layer, {embedding, ffn.sharedWidth});
    b.require(TensorRole::SharedDown, layer, {ffn.sharedWidth, embedding});
}

void build(ShapeBuilder &b, const Form &form)
{
    const uint32_t blocks = readTrunk(b);
    const bool hasExperts = b.keys.countOr("expert_count", 0, Limits::experts) > 0;
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        if (isLinear(b, i))
            addDeltaNet(b, layer, block, form);
        else
            addGatedAttention(b, layer, block, form);
        if (hasExperts)
            addGatedExperts(b, layer, block.ffn);
        else
            addDenseFfn(b, layer, block.ffn, TensorRole::FfnNormNamedPost);
        b.shape.blocks.push_back(block);
    }
}

} // namespace

/// Qwen3-Next: gated delta-net layers (Yang et al., "Gated Delta Networks", 2024) and gated attention, experts everywhere. Older files
/// have the projections of a recurrent layer in one matrix.
void buildQwen3Next(ShapeBuilder &b)
{
    build(b, {.ratesTogether = true});
}

/// Qwen3.5 and 3.6, dense and with experts.
void buildQwen35(ShapeBuilder &b)
{
    build(b, {.sections = true, .keysTakeTurns = true});
}

} // namespace plimsoll
