// SPDX-License-Identifier: Apache-2.0
#include "tensor_parallel.h"

#include <algorithm>

namespace plimsoll {

TensorCut cutOf(const TensorSpec &tensor)
{
    switch (tensor.role) {
    case TensorRole::AttnK:
    case TensorRole::AttnV: return TensorCut::KeyValueHeads;
    case TensorRole::AttnQA:
    case TensorRole::AttnKvA: return TensorCut::LatentProjection;
    case TensorRole::Router:
    case TensorRole::SharedRouter: return TensorCut::Whole;
    default: return tensor.dimensions < 2 && !tensor.bias ? TensorCut::Whole : TensorCut::Cut;
    }
}

uint32_t keyValueParts(const BlockSpec &block, uint32_t cards)
{
    return block.mixer == MixerKind::LatentAttention ? 1 : std::min(cards, std::max(block.attention.kvHeads, 1u));
}

bool headsDivide(const BlockSpec &block, uint32_t cards)
{
    const AttentionSpec &a = block.attention;
    const bool keys = a.kvHeads == 0 || block.mixer == MixerKind::LatentAttention || a.kvHeads % cards == 0 || cards % a.kvHeads == 0;
    return a.heads == 0 || (a.heads % cards == 0 && keys);
}

bool headsDivide(const ModelShape &shape, uint32_t cards)
{
    return std::all_of(shape.blocks.begin(), shape.blocks.end(), [&](const BlockSpec &block) { return headsDivide(block, cards); });
}

} // namespace plimsoll
