// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Granite 3 and 4 without recurrent layers, dense and with experts: Llama's form with four scales, and shared experts where a width
/// is given.
void buildGranite(ShapeBuilder &b)
{
    buildLlama(b);
    const float logitDivisor = b.keys.real("logit_scale");
    const float residual = b.keys.realOr("residual_scale", 0.0f);
    const float embedding = b.keys.realOr("embedding_scale", 0.0f);
    const float attention = b.keys.realOr("attention.scale", 0.0f);
    const bool rotated = b.keys.flagOr("rope.scaling.finetuned", true);
    const uint32_t sharedWidth = b.keys.countOr("expert_shared_feed_forward_length", 0, Limits::width);
    if (b.ok() && logitDivisor == 0.0f)
        b.keys.invalid("logit_scale", 0);
    if (!b.ok())
        return;
    b.shape.logitScale = 1.0f / logitDivisor;
    b.shape.embeddingScale = embedding == 0.0f ? 1.0f : embedding;
    for (uint32_t i = 0; i < b.shape.layers() && b.ok(); ++i) {
        BlockSpec &block = b.shape.blocks[i];
        block.residualScale = residual == 0.0f ? 1.0f : residual;
        if (attention != 0.0f)
            block.attention.scale = attention;
        if (!rotated)
            block.attention.rope.layout = RopeLayout::None;
        if (block.ffn.kind == FfnKind::Experts) {
            block.ffn.sharedWidth = sharedWidth;
            addShared(b, static_cast<int32_t>(i), block.ffn);
        }
    }
}

} // namespace plimsoll
