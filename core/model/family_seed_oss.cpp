// SPDX-License-Identifier: Apache-2.0
#include "families.h"

namespace plimsoll {

/// Seed-OSS: Llama's form over halves; the norm of the FFN's input goes by the name of attention's post norm.
void buildSeedOss(ShapeBuilder &b)
{
    const uint32_t blocks = readTrunk(b);
    addEmbeddingAndOutput(b);
    for (uint32_t i = 0; i < blocks && b.ok(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        BlockSpec block;
        block.normEpsilon = b.shape.outputNormEpsilon;
        block.attention = readAttention(b, i, RopeLayout::Neox);
        addAttention(b, layer, block.attention);
        addDenseFfn(b, layer, block.ffn, TensorRole::FfnNormNamedPost);
        b.shape.blocks.push_back(block);
    }
}

} // namespace plimsoll
