// SPDX-License-Identifier: Apache-2.0
#include "families.h"

#include <cmath>

namespace plimsoll {

/// Gemma 2: every other layer sees a window, norms before and behind attention and FFN, capped scores and logits, GeGLU.
void buildGemma2(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndTiedOutput(b);
    b.shape.embeddingScale = std::sqrt(static_cast<float>(b.shape.embedding));
    b.shape.logitSoftcap = b.keys.realOr("final_logit_softcapping", 30.0f);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        AttentionSpec &attention = block.attention;
        attention = readAttention(b, i, RopeLayout::Neox);
        attention.window = readWindow(b, i, 4096, 2);
        attention.softcap = b.keys.realOr("attn_logit_softcapping", 50.0f);
        attention.scale = gemmaScale(b, attention, blocks, 46);
        if (attention.window > 0)
            attention.rope.base = b.keys.realOr("rope.freq_base_swa", attention.rope.base);
        addGemmaBlock(b, static_cast<int32_t>(i), block);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
