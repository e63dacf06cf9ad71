// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/block_spec.h>

/// Elements of one token's rows in the buffers of attention.
namespace plimsoll::engine {

inline uint32_t queryWidth(const AttentionSpec &spec)
{
    return spec.heads * spec.headDimK;
}

inline uint32_t keyWidth(const AttentionSpec &spec)
{
    return spec.kvHeads * spec.headDimK;
}

inline uint32_t valueWidth(const AttentionSpec &spec)
{
    return spec.kvHeads * spec.headDimV;
}

/// Distance of two tokens' queries: behind them lie their gates, where there are any.
inline uint32_t queryStride(const AttentionSpec &spec)
{
    return spec.gated ? 2 * queryWidth(spec) : queryWidth(spec);
}

/// Latent attention: what the cache holds, the latent and the rotated key.
inline uint32_t latentWidth(const AttentionSpec &spec)
{
    return spec.kvLoraRank + spec.ropeDim;
}

/// Queries and keys as absorbed latent attention sees them: one key head, whose first elements are the values.
inline AttentionSpec absorbed(const AttentionSpec &spec)
{
    AttentionSpec seen = spec;
    seen.kvHeads = 1;
    seen.headDimK = latentWidth(spec);
    seen.headDimV = spec.kvLoraRank;
    return seen;
}

} // namespace plimsoll::engine
