// SPDX-License-Identifier: Apache-2.0
#include "block_spec.h"

namespace plimsoll {

KvRow kvRow(const BlockSpec &block)
{
    const AttentionSpec &attention = block.attention;
    if (attention.kvFromLayer >= 0)
        return {};
    switch (block.mixer) {
    case MixerKind::Attention:
        return {uint64_t{attention.kvHeads} * attention.headDimK, uint64_t{attention.kvHeads} * attention.headDimV};
    case MixerKind::LatentAttention:
        return {uint64_t{attention.kvLoraRank} + attention.ropeDim, 0};
    case MixerKind::GatedDelta:
    case MixerKind::Mamba2:
    case MixerKind::ShortConv:
    case MixerKind::None:
        break;
    }
    return {};
}

} // namespace plimsoll
