// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// gpt-oss: sinks beside every head's scores, every other layer behind a window, biases everywhere, clamped SwiGLU experts weighed by
/// a softmax over those selected.
void buildGptOss(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const uint64_t embedding = b.shape.embedding;
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        AttentionSpec &attention = block.attention;
        attention = readAttention(b, i, RopeLayout::Neox);
        attention.window = readWindow(b, i, 0, 2);
        if (attention.window > 0)
            attention.rope.base = b.keys.realOr("rope.freq_base_swa", attention.rope.base);
        addAttention(b, layer, attention);
        b.require(TensorRole::AttnOutput, layer, {embedding}, true);
        b.require(TensorRole::AttnSinks, layer, {attention.heads});
        FfnSpec &ffn = block.ffn;
        readExperts(b, ffn);
        ffn.expertWidth = b.keys.count("expert_feed_forward_length", Limits::width);
        ffn.activation = Activation::ClampedSwiglu;
        ffn.gate = RouterGate::SoftmaxOfSelected;
        b.require(TensorRole::FfnNormNamedPost, layer, {embedding});
        addExperts(b, layer, ffn);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
