// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// SmolLM3: Llama's form, every fourth layer without positions.
void buildSmollm3(ShapeBuilder &b)
{
    buildLlama(b);
    for (size_t i = 3; i < b.shape.blocks.size(); i += 4)
        b.shape.blocks[i].attention.rope.layout = RopeLayout::None;
}

} // namespace plimsoll
