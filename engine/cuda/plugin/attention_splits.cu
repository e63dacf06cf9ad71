// SPDX-License-Identifier: Apache-2.0
#include "attention_parts.cuh"
#include "launch.h"

#include <algorithm>

namespace plimsoll::engine::cuda {

namespace {

constexpr uint32_t combineThreads = 128;
constexpr uint32_t mostSplits = 64;
constexpr uint32_t smallestSplit = 128;

/// Grid: (tokens, heads).
__global__ void __launch_bounds__(combineThreads) combineKernel(AttentionWork work, Splits splits)
{
    waitForPrevious();
    const uint32_t token = blockIdx.x;
    const uint32_t head = blockIdx.y;
    const float *const partial = partialOf(work, splits, token, head, 0);
    float top = -INFINITY;
    for (uint32_t s = 0; s < splits.count; ++s)
        top = fmaxf(top, partial[s * (work.dimV + 2) + work.dimV]);
    for (uint32_t d = threadIdx.x; d < work.dimV; d += blockDim.x) {
        float sum = 0;
        float weight = 0;
        for (uint32_t s = 0; s < splits.count; ++s) {
            const float *const part = partial + s * (work.dimV + 2);
            const float share = part[work.dimV] == -INFINITY ? 0.0f : expf(part[work.dimV] - top);
            sum += share * part[d];
            weight += share * part[work.dimV + 1];
        }
        resultOf(work, token, head)[d] = gated(work, token, head, d, sum / weight);
    }
}

} // namespace

Splits splitsOf(const AttentionWork &work, const AttentionRoom &room, uint64_t blocks, uint32_t span, uint32_t tileCells)
{
    const uint64_t perSplit = uint64_t{work.count} * work.heads * (work.dimV + 2) * sizeof(float);
    const uint64_t wanted = std::min<uint64_t>({ceilDivide(2ull * room.multiprocessors, blocks), ceilDivide(span, smallestSplit),
        mostSplits, room.partialBytes / perSplit});
    Splits splits;
    splits.cells = ceilDivide(ceilDivide(span, std::max<uint64_t>(wanted, 1)), tileCells) * tileCells;
    splits.count = std::max(ceilDivide(span, splits.cells), 1u);
    splits.partial = room.partial;
    return splits;
}

void combineSplits(cudaStream_t stream, const AttentionWork &work, const Splits &splits)
{
    if (splits.count > 1)
        launch(stream, {{work.count, work.heads}, {combineThreads}}, combineKernel, work, splits);
}

} // namespace plimsoll::engine::cuda
