// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Ministral 3 and what follows it: Llama's form, whose queries grow with the position beyond the original context.
void buildMistral3(ShapeBuilder &b)
{
    buildLlama(b);
    const float scale = b.keys.realOr("attention.temperature_scale", 0.0f);
    if (!b.ok() || scale == 0.0f)
        return;
    for (BlockSpec &block : b.shape.blocks) {
        if (block.attention.rope.originalContext == 0)
            b.keys.invalid("rope.scaling.original_context_length", 0);
        block.attention.temperatureScale = scale;
        block.attention.temperatureLength = block.attention.rope.originalContext;
    }
}

} // namespace plimsoll
