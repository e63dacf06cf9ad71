// SPDX-License-Identifier: Apache-2.0
#include "families.h"

#include <cmath>

namespace plimsoll {

/// Gemma 3: five layers that see a window, turned by a base of their own and never stretched, to one that sees all; norms of queries
/// and keys, and Gemma's norms around attention and FFN.
void buildGemma3(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    b.shape.embeddingScale = std::sqrt(static_cast<float>(b.shape.embedding));
    b.shape.logitSoftcap = b.keys.realOr("final_logit_softcapping", 0.0f);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        AttentionSpec &attention = block.attention;
        attention = readAttention(b, i, RopeLayout::Neox);
        attention.window = readWindow(b, i, 0, 6);
        attention.scale = gemmaScale(b, attention, blocks, 62);
        if (attention.window > 0) {
            RopeSpec local;
            local.layout = attention.rope.layout;
            local.dims = attention.rope.dims;
            local.base = b.keys.realOr("rope.freq_base_swa", 10000.0f);
            attention.rope = local;
        }
        addGemmaBlock(b, layer, block);
        b.require(TensorRole::AttnQNorm, layer, {attention.headDimK});
        b.require(TensorRole::AttnKNorm, layer, {attention.headDimK});
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
