// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "activation.cuh"
#include "attention.h"

/// What the kernels of attention share: what a token sees, where a result goes, and results of parts of the cells that are put together
/// ("Flash-Decoding", 2023).
namespace plimsoll::engine::cuda {

/// First position that the token sees.
__host__ __device__ inline int32_t firstSeen(const AttentionWork &work, int32_t position)
{
    if (work.window == 0)
        return 0;
    const int64_t window = work.window;
    const int64_t first = work.chunked ? position - position % window : position - window + 1;
    return first > 0 ? static_cast<int32_t>(first) : 0;
}

/// How the cells of a row are shared out: split s of them begins at the first seen plus s × cells.
struct Splits
{
    uint32_t count = 1;
    uint32_t cells = 0;        // a multiple of a tile's
    float *partial = nullptr;  // [tokens, heads, count, dimV + 2]: sums, highest score, weight
};

/// Until every multiprocessor has two of `blocks`, as far as the cells of the longest `span` and the room go.
Splits splitsOf(const AttentionWork &work, const AttentionRoom &room, uint64_t blocks, uint32_t span, uint32_t tileCells);

/// Puts them together; nothing where there is one.
void combineSplits(cudaStream_t stream, const AttentionWork &work, const Splits &splits);

__device__ inline float *partialOf(const AttentionWork &work, const Splits &splits, uint32_t token, uint32_t head, uint32_t split)
{
    return splits.partial + ((uint64_t{token} * work.heads + head) * splits.count + split) * (work.dimV + 2);
}

/// The result is multiplied by the sigmoid of its gate, where there is one.
__device__ inline float gated(const AttentionWork &work, uint32_t token, uint32_t head, uint32_t d, float value)
{
    return work.gates ? value * sigmoid(work.gates[token * work.queryStride + uint64_t{head} * work.dimV + d]) : value;
}

__device__ inline float *resultOf(const AttentionWork &work, uint32_t token, uint32_t head)
{
    return work.out + (uint64_t{token} * work.heads + head) * work.dimV;
}

} // namespace plimsoll::engine::cuda
