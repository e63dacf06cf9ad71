// SPDX-License-Identifier: Apache-2.0
#include "expert_groups.h"

#include "device.cuh"
#include "launch.h"

#include <algorithm>

namespace plimsoll::engine::cuda {

namespace {

constexpr uint32_t groupWarps = 8;
constexpr uint32_t groupThreads = groupWarps * warpLanes;
constexpr uint32_t fewestTileTokens = 32;   // of any kernel

/// A part of the choices, for each warp of a block; every lane gets the same.
struct WarpPart
{
    uint32_t begin;
    uint32_t end;

    __device__ explicit WarpPart(uint32_t count)
    {
        const uint32_t warp = threadIdx.x / warpLanes;
        const uint32_t each = (count + groupThreads - 1) / groupThreads * warpLanes;
        begin = min(warp * each, count);
        end = min(begin + each, count);
    }
};

/// Which of the 32 choices from `first` on are of this block's expert, as bits.
__device__ uint32_t chosen(const ExpertChoice *choices, uint32_t first, uint32_t end)
{
    const uint32_t i = first + threadIdx.x % warpLanes;
    return __ballot_sync(allLanes, i < end && choices[i].expert == static_cast<int32_t>(blockIdx.x));
}

/// counts[expert][warp]: choices of each expert in each part. Grid: (experts).
__global__ void __launch_bounds__(groupThreads) countKernel(const ExpertChoice *choices, uint32_t count, uint32_t *counts)
{
    waitForPrevious();
    const WarpPart part(count);
    uint32_t found = 0;
    for (uint32_t first = part.begin; first < part.end; first += warpLanes)
        found += static_cast<uint32_t>(__popc(chosen(choices, first, part.end)));
    if (threadIdx.x % warpLanes == 0)
        counts[blockIdx.x * groupWarps + threadIdx.x / warpLanes] = found;
}

/// Lists the choices of an expert and cuts them into tiles; the last expert makes the tiles that nobody needs empty. Grid: (experts).
__global__ void __launch_bounds__(groupThreads) groupKernel(const ExpertChoice *choices, uint32_t count, const uint32_t *counts,
    uint32_t tileTokens, uint32_t tileCount, ExpertTile *tiles, uint32_t *order)
{
    waitForPrevious();
    __shared__ uint32_t choicesOf[groupWarps];   // sums of what each warp looked at
    __shared__ uint32_t tilesOf[groupWarps];
    const uint32_t expert = blockIdx.x;
    const auto of = [&](uint32_t which, uint32_t warps) {
        uint32_t sum = 0;
        for (uint32_t warp = 0; warp < warps; ++warp)
            sum += counts[which * groupWarps + warp];
        return sum;
    };
    uint32_t choicesBefore = 0;   // of other experts
    uint32_t tilesBefore = 0;
    for (uint32_t other = threadIdx.x; other < expert; other += groupThreads) {
        const uint32_t size = of(other, groupWarps);
        choicesBefore += size;
        tilesBefore += (size + tileTokens - 1) / tileTokens;
    }
    const uint32_t lane = threadIdx.x % warpLanes;
    choicesBefore = warpSum(choicesBefore);
    tilesBefore = warpSum(tilesBefore);
    if (lane == 0) {
        choicesOf[threadIdx.x / warpLanes] = choicesBefore;
        tilesOf[threadIdx.x / warpLanes] = tilesBefore;
    }
    __syncthreads();
    choicesBefore = tilesBefore = 0;
    for (uint32_t warp = 0; warp < groupWarps; ++warp) {
        choicesBefore += choicesOf[warp];
        tilesBefore += tilesOf[warp];
    }
    const WarpPart part(count);
    uint32_t at = choicesBefore + of(expert, threadIdx.x / warpLanes);
    for (uint32_t first = part.begin; first < part.end; first += warpLanes) {
        const uint32_t bits = chosen(choices, first, part.end);
        if (bits >> lane & 1)
            order[at + static_cast<uint32_t>(__popc(bits & ((1u << lane) - 1)))] = first + lane;
        at += static_cast<uint32_t>(__popc(bits));
    }
    const uint32_t size = of(expert, groupWarps);
    const uint32_t own = (size + tileTokens - 1) / tileTokens;
    for (uint32_t tile = threadIdx.x; tile < own; tile += groupThreads) {
        const uint32_t first = tile * tileTokens;
        tiles[tilesBefore + tile] = {static_cast<int32_t>(expert), choicesBefore + first, min(tileTokens, size - first)};
    }
    if (expert + 1 == gridDim.x)
        for (uint32_t tile = tilesBefore + own + threadIdx.x; tile < tileCount; tile += groupThreads)
            tiles[tile] = {0, 0, 0};
}

/// Tiles that `choices` choices may make: every expert may leave one part full.
uint32_t mostTiles(uint32_t choices, uint32_t experts, uint32_t tileTokens)
{
    return choices / tileTokens + std::min(choices, experts);
}

} // namespace

uint64_t groupBytes(uint32_t choices, uint32_t experts)
{
    return uint64_t{mostTiles(choices, experts, fewestTileTokens)} * sizeof(ExpertTile) + uint64_t{choices} * sizeof(uint32_t)
        + uint64_t{experts} * groupWarps * sizeof(uint32_t);
}

ExpertGroups groupByExpert(
    cudaStream_t stream, const ExpertChoice *choices, uint32_t count, uint32_t experts, uint32_t tileTokens, std::byte *scratch)
{
    auto *const tiles = reinterpret_cast<ExpertTile *>(scratch);
    const uint32_t tileCount = mostTiles(count, experts, tileTokens);
    auto *const order = reinterpret_cast<uint32_t *>(tiles + tileCount);
    auto *const counts = order + count;
    launch(stream, {{experts}, {groupThreads}}, countKernel, choices, count, counts);
    launch(stream, {{experts}, {groupThreads}}, groupKernel, choices, count, counts, tileTokens, tileCount, tiles, order);
    return {tiles, order, tileCount, tileTokens};
}

} // namespace plimsoll::engine::cuda
