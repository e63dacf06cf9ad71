// SPDX-License-Identifier: Apache-2.0
#include "families.h"
#include "recurrent_parts.h"

namespace plimsoll {

namespace {

float scaleOr1(ShapeBuilder &b, const char *key)
{
    const float scale = b.keys.realOr(key, 0.0f);
    return scale == 0.0f ? 1.0f : scale;
}

/// Routed experts of "feed_forward_length", and a shared one where its width is given.
void addGraniteExperts(ShapeBuilder &b, int32_t layer, FfnSpec &ffn)
{
    readExperts(b, ffn);
    ffn.expertWidth = b.keys.countAt("feed_forward_length", static_cast<uint32_t>(layer), Limits::width);
    ffn.sharedWidth = b.keys.countOr("expert_shared_feed_forward_length", 0, Limits::width);
    ffn.normalizeWeights = true;
    const uint64_t embedding = b.shape.embedding;
    b.require(TensorRole::FfnNorm, layer, {embedding});
    addExperts(b, layer, ffn);
    if (ffn.sharedWidth == 0)
        return;
    b.require(TensorRole::SharedGate, layer, {embedding, ffn.sharedWidth});
    b.require(TensorRole::SharedUp, layer, {embedding, ffn.sharedWidth});
    b.require(TensorRole::SharedDown, layer, {ffn.sharedWidth, embedding});
}

} // namespace

/// Granite 4 hybrid: Mamba2 layers where there are no KV heads, attention otherwise; embedding, residuals, scores and logits have scales
/// of their own. Positions are rotated only where "rope.scaling.finetuned" is not false.
void buildGraniteHybrid(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const bool hasExperts = b.keys.countOr("expert_count", 0, Limits::experts) > 0;
    const bool rotated = b.keys.flagOr("rope.scaling.finetuned", true);
    const float scoreScale = b.keys.realOr("attention.scale", 0.0f);
    b.shape.embeddingScale = scaleOr1(b, "embedding_scale");
    b.shape.logitScale = 1.0f / scaleOr1(b, "logit_scale");
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.residualScale = scaleOr1(b, "residual_scale");
        if (b.keys.countAt("attention.head_count_kv", i, Limits::heads) == 0) {
            block.mixer = MixerKind::Mamba2;
            block.recurrent = readStateSpace(b);
            addMamba2(b, layer, block.recurrent);
        } else {
            block.attention = readAttention(b, i, rotated ? RopeLayout::Norm : RopeLayout::None);
            block.attention.scale = scoreScale != 0.0f ? scoreScale : block.attention.scale;
            addAttention(b, layer, block.attention);
            b.accept(TensorRole::AttnOutput, layer, {b.shape.embedding}, true);
        }
        if (hasExperts)
            addGraniteExperts(b, layer, block.ffn);
        else
            addDenseFfn(b, layer, block.ffn);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
