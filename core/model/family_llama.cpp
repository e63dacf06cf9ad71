// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Llama 1 to 3, Mistral 7B, and Mixtral, whose FFN is a mixture of experts. Biases of attention and FFN and the RoPE divisors of
/// Llama 3 are optional.
void buildLlama(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const bool hasExperts = b.keys.countOr("expert_count", 0, Limits::experts) > 0;
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Norm);
        const AttentionSpec &attention = block.attention;
        if (b.ok() && attention.rope.dims != attention.headDimK)
            b.keys.invalid("rope.dimension_count", attention.rope.dims);
        if (i == 0 && attention.rope.scaling == RopeScaling::LongRope) {
            b.accept(TensorRole::RopeFactorsLong, -1, {attention.rope.dims / 2});
            b.accept(TensorRole::RopeFactorsShort, -1, {attention.rope.dims / 2});
        } else if (i == 0) {
            b.accept(TensorRole::RopeFactors, -1, {attention.rope.dims / 2});
        }
        addAttention(b, layer, attention);
        b.accept(TensorRole::AttnOutput, layer, {b.shape.embedding}, true);
        if (hasExperts) {
            readExperts(b, block.ffn);
            block.ffn.expertWidth = b.keys.countAt("feed_forward_length", i, Limits::width);
            block.ffn.normalizeWeights = true;
            b.require(TensorRole::FfnNorm, layer, {b.shape.embedding});
            addExperts(b, layer, block.ffn);
        } else {
            addDenseFfn(b, layer, block.ffn);
            b.accept(TensorRole::FfnGate, layer, {block.ffn.width}, true);
            b.accept(TensorRole::FfnUp, layer, {block.ffn.width}, true);
            b.accept(TensorRole::FfnDown, layer, {b.shape.embedding}, true);
        }
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
