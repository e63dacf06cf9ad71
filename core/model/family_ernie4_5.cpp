// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// ERNIE 4.5 with experts (the dense ones are of Llama's form): from the leading dense blocks on, every so many blocks have routed and
/// shared experts.
void buildErnie45Moe(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    const uint32_t dense = b.keys.countOr("leading_dense_block_count", 0, Limits::blocks);
    const uint32_t step = b.keys.count("interleave_moe_layer_step", Limits::blocks);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Norm);
        addAttention(b, layer, block.attention);
        b.accept(TensorRole::AttnOutput, layer, {b.shape.embedding}, true);
        FfnSpec &ffn = block.ffn;
        if (i < dense || (i + 1) % step != 0) {
            addDenseFfn(b, layer, ffn);
        } else {
            readExperts(b, ffn);
            ffn.expertWidth = b.keys.count("expert_feed_forward_length", Limits::width);
            ffn.sharedWidth = b.keys.countOr("expert_shared_feed_forward_length", 0, Limits::width);
            ffn.normalizeWeights = true;
            b.require(TensorRole::FfnNorm, layer, {b.shape.embedding});
            addExperts(b, layer, ffn);
            b.accept(TensorRole::RouterBias, layer, {ffn.experts});
            addShared(b, layer, ffn);
        }
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
