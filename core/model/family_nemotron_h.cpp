// SPDX-License-Identifier: Apache-2.0
#include "families.h"
#include "recurrent_parts.h"

#include <algorithm>

namespace plimsoll {

namespace {

/// Without a gate: down(relu(up(x))²).
void addSquaredFfn(ShapeBuilder &b, int32_t layer, FfnSpec &ffn, uint32_t width)
{
    const uint64_t embedding = b.shape.embedding;
    ffn.width = width;
    b.require(TensorRole::FfnUp, layer, {embedding, width});
    b.require(TensorRole::FfnDown, layer, {width, embedding});
    b.accept(TensorRole::FfnUp, layer, {width}, true);
    b.accept(TensorRole::FfnDown, layer, {embedding}, true);
}

/// The same with a shared expert and routed ones, chosen by sigmoid gates with a bias.
void addSquaredExperts(ShapeBuilder &b, int32_t layer, FfnSpec &ffn, uint32_t width)
{
    readExperts(b, ffn);
    if (b.keys.countOr("moe_latent_size", 0, Limits::embedding) > 0)
        b.keys.invalid("moe_latent_size", b.keys.countOr("moe_latent_size", 0, Limits::embedding));
    ffn.expertWidth = b.keys.countOr("expert_feed_forward_length", 0, Limits::width);
    if (b.ok() && ffn.expertWidth == 0)
        ffn.expertWidth = width / ffn.expertsUsed;
    ffn.sharedWidth = b.keys.count("expert_shared_feed_forward_length", Limits::width);
    ffn.gate = RouterGate::Sigmoid;
    ffn.normalizeWeights = b.keys.flagOr("expert_weights_norm", false);
    const float scale = b.keys.realOr("expert_weights_scale", 1.0f);
    ffn.weightScale = scale == 0.0f ? 1.0f : scale;
    ffn.groups = std::max(b.keys.countOr("expert_group_count", 1, Limits::experts), 1u);
    ffn.groupsUsed = std::max(b.keys.countOr("expert_group_used_count", 1, Limits::experts), 1u);
    if (b.ok() && (ffn.experts % ffn.groups != 0 || ffn.groupsUsed > ffn.groups))
        b.keys.invalid("expert_group_count", ffn.groups);
    const uint64_t embedding = b.shape.embedding;
    b.require(TensorRole::Router, layer, {embedding, ffn.experts});
    b.require(TensorRole::RouterBias, layer, {ffn.experts});
    b.require(TensorRole::ExpertUp, layer, {embedding, ffn.expertWidth, ffn.experts});
    b.require(TensorRole::ExpertDown, layer, {ffn.expertWidth, embedding, ffn.experts});
    b.require(TensorRole::SharedUp, layer, {embedding, ffn.sharedWidth});
    b.require(TensorRole::SharedDown, layer, {ffn.sharedWidth, embedding});
}

} // namespace

/// Nemotron-H: every layer is one thing, a Mamba2 mixer, attention without positions, or a feed-forward network; its norm is the one
/// before attention elsewhere.
void buildNemotronH(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const bool hasExperts = b.keys.countOr("expert_count", 0, Limits::experts) > 0;
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.mixer = MixerKind::None;
        block.ffn.kind = FfnKind::None;
        const uint32_t width = b.keys.countAt("feed_forward_length", i, Limits::width);
        if (width > 0) {
            block.ffn.kind = FfnKind::Dense;
            block.ffn.activation = Activation::SquaredRelu;
            block.ffn.gated = false;
            b.require(TensorRole::FfnNormNamedAttn, layer, {b.shape.embedding});
            if (hasExperts)
                addSquaredExperts(b, layer, block.ffn, width);
            else
                addSquaredFfn(b, layer, block.ffn, width);
        } else if (b.keys.countAt("attention.head_count_kv", i, Limits::heads) == 0) {
            block.mixer = MixerKind::Mamba2;
            block.recurrent = readStateSpace(b);
            addMamba2(b, layer, block.recurrent);
        } else {
            block.mixer = MixerKind::Attention;
            block.attention = readAttention(b, i, RopeLayout::None);
            addAttention(b, layer, block.attention);
            b.accept(TensorRole::AttnOutput, layer, {b.shape.embedding}, true);
        }
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
