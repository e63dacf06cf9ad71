// SPDX-License-Identifier: Apache-2.0
#include "attention_parts.cuh"
#include "cells.cuh"
#include "launch.h"

#include <algorithm>

/// Attention of a few query rows over the cells they see, in one pass with a running maximum (Milakov and Gimelshein, 2018; Dao et al.,
/// "FlashAttention", 2022). A block takes some tokens and some heads that share a KV head, so that each cell is read once for all of them;
/// where few rows see many cells, several blocks take a part of the cells each. Everything is float32.
namespace plimsoll::engine::cuda {

namespace {

constexpr uint32_t attentionThreads = 128;
constexpr uint32_t attentionBlocks = 8;   // that a multiprocessor has registers for: with more the compiler spills
constexpr uint32_t mostRows = 16;
constexpr uint32_t mostCells = 32;   // of a tile: a lane each

/// How the work is cut. A row is a head of a token; a block has tokensPerTile × headsPerTile of them.
struct Cut
{
    uint32_t tokensPerTile;
    uint32_t headsPerTile;
    uint32_t headTiles;    // of a group
    uint32_t tileCells;
    uint32_t pitch;        // of a cell in shared memory: no two cells begin in one bank
    Splits splits;
};

/// Shared memory of a block.
struct Scratch
{
    float *query;     // [rows, dimK]
    float *sums;      // [rows, dimV]: Σ weight · value
    float *tile;      // [tileCells, pitch]: keys, then values
    float *scores;    // [rows, mostCells]
    float *highest;   // [rows]
    float *weight;    // [rows]: Σ weight
    float *shrink;    // [rows]: what the sums so far are multiplied by
};

__host__ __device__ inline uint32_t scratchFloats(uint32_t rows, uint32_t cells, uint32_t dimK, uint32_t dimV, uint32_t pitch)
{
    return rows * (dimK + dimV + mostCells + 3) + cells * pitch;
}

__device__ Scratch scratchOf(const AttentionWork &work, const Cut &cut, uint32_t rows)
{
    Scratch scratch;
    scratch.query = dynamicShared();
    scratch.sums = scratch.query + rows * work.dimK;
    scratch.tile = scratch.sums + rows * work.dimV;
    scratch.scores = scratch.tile + cut.tileCells * cut.pitch;
    scratch.highest = scratch.scores + rows * mostCells;
    scratch.weight = scratch.highest + rows;
    scratch.shrink = scratch.weight + rows;
    return scratch;
}

/// Cells of `count` positions from `base` on to shared memory as float32.
__device__ void loadTile(const AttentionWork &work, const Cut &cut, bool values, int32_t sequence, int64_t base, uint32_t count,
    uint32_t kvHead, float *tile)
{
    const KvCache &cache = work.cache;
    const GgmlType type = values ? cache.typeV : cache.typeK;
    const uint64_t rowBytes = values ? cache.rowBytesV : cache.rowBytesK;
    const uint32_t dim = values ? work.dimV : work.dimK;
    const std::byte *const rows = (values ? cache.v : cache.k) + static_cast<uint64_t>(sequence) * cache.cells * rowBytes
        + cellBytes(type, uint64_t{kvHead} * dim);
    const auto cell = [&](uint32_t j) { return rows + static_cast<uint64_t>(base + j) % cache.cells * rowBytes; };
    if (dim % 4 == 0) {
        const uint32_t fours = dim / 4;
        for (uint32_t i = threadIdx.x; i < count * fours; i += blockDim.x) {
            const float4 four = loadCellFour(cell(i / fours), type, i % fours);
            float *const to = tile + i / fours * cut.pitch + i % fours * 4;
            to[0] = four.x;
            to[1] = four.y;
            to[2] = four.z;
            to[3] = four.w;
        }
        return;
    }
    for (uint32_t i = threadIdx.x; i < count * dim; i += blockDim.x) {
        const std::byte *const from = cell(i / dim);
        tile[i / dim * cut.pitch + i % dim] = type == GgmlType::F32 ? reinterpret_cast<const float *>(from)[i % dim]
                                                                  : fromHalf(reinterpret_cast<const uint16_t *>(from)[i % dim]);
    }
}

/// Tokens [first, end) of one sequence, heads from `head` on, cells [low, high) by position.
struct Share
{
    uint32_t first;
    uint32_t end;
    uint32_t head;
    uint32_t heads;
    uint32_t kvHead;
    int64_t low;
    int64_t high;
};

__device__ void beginRows(const AttentionWork &work, const Share &share, bool takesSinks, const Scratch &scratch)
{
    const uint32_t rows = (share.end - share.first) * share.heads;
    for (uint32_t i = threadIdx.x; i < rows * work.dimK; i += blockDim.x) {
        const uint32_t row = i / work.dimK;
        const uint32_t token = share.first + row / share.heads;
        const uint32_t head = share.head + row % share.heads;
        scratch.query[i] = work.query[token * work.queryStride + uint64_t{head} * work.dimK + i % work.dimK];
    }
    for (uint32_t i = threadIdx.x; i < rows * work.dimV; i += blockDim.x)
        scratch.sums[i] = 0;
    for (uint32_t row = threadIdx.x; row < rows; row += blockDim.x) {
        const bool sink = takesSinks && work.sinks;
        scratch.highest[row] = sink ? work.sinks[share.head + row % share.heads] : -INFINITY;
        scratch.weight[row] = sink ? 1.0f : 0.0f;
    }
}

/// Scores of `count` cells from position `base` on; −∞ for what a row does not see.
__device__ void scoreTile(
    const AttentionWork &work, const Cut &cut, const Share &share, int64_t base, uint32_t count, const Scratch &scratch)
{
    const uint32_t rows = (share.end - share.first) * share.heads;
    for (uint32_t i = threadIdx.x; i < rows * mostCells; i += blockDim.x) {
        const uint32_t row = i / mostCells;
        const uint32_t j = i % mostCells;
        const int32_t position = work.tokens[share.first + row / share.heads].position;
        float score = -INFINITY;
        if (j < count && base + j <= position && base + j >= firstSeen(work, position)) {
            const float *const query = scratch.query + row * work.dimK;
            const float *const key = scratch.tile + j * cut.pitch;
            float sum = 0;
#pragma unroll 4
            for (uint32_t d = 0; d < work.dimK; ++d)
                sum += query[d] * key[d];
            score = work.scale * sum;
            if (work.softcap > 0)
                score = capped(score, work.softcap);
        }
        scratch.scores[i] = score;
    }
}

/// Scores become weights e^(score − highest); a warp for each row.
__device__ void weighTile(const Share &share, const Scratch &scratch)
{
    const uint32_t rows = (share.end - share.first) * share.heads;
    const uint32_t lane = threadIdx.x % warpLanes;
    for (uint32_t row = threadIdx.x / warpLanes; row < rows; row += blockDim.x / warpLanes) {
        const float score = scratch.scores[row * mostCells + lane];
        const float before = scratch.highest[row];
        const float top = fmaxf(before, warpMax(score));
        const float weight = score == -INFINITY ? 0.0f : expf(score - top);
        const float sum = warpSum(weight);
        scratch.scores[row * mostCells + lane] = weight;
        __syncwarp();   // all lanes have read what was highest before
        if (lane == 0) {
            const float shrink = before == -INFINITY ? 0.0f : expf(before - top);
            scratch.shrink[row] = shrink;
            scratch.weight[row] = scratch.weight[row] * shrink + sum;
            scratch.highest[row] = top;
        }
    }
}

__device__ void addTile(const AttentionWork &work, const Cut &cut, const Share &share, uint32_t count, const Scratch &scratch)
{
    const uint32_t rows = (share.end - share.first) * share.heads;
    for (uint32_t i = threadIdx.x; i < rows * work.dimV; i += blockDim.x) {
        const uint32_t row = i / work.dimV;
        const uint32_t d = i % work.dimV;
        float sum = scratch.sums[i] * scratch.shrink[row];
        for (uint32_t j = 0; j < count; ++j)
            sum += scratch.scores[row * mostCells + j] * scratch.tile[j * cut.pitch + d];
        scratch.sums[i] = sum;
    }
}

__device__ void endRows(const AttentionWork &work, const Cut &cut, const Share &share, uint32_t split, const Scratch &scratch)
{
    const uint32_t rows = (share.end - share.first) * share.heads;
    for (uint32_t i = threadIdx.x; i < rows * work.dimV; i += blockDim.x) {
        const uint32_t row = i / work.dimV;
        const uint32_t token = share.first + row / share.heads;
        const uint32_t head = share.head + row % share.heads;
        const uint32_t d = i % work.dimV;
        if (cut.splits.count == 1) {
            resultOf(work, token, head)[d] = gated(work, token, head, d, scratch.sums[i] / scratch.weight[row]);
            continue;
        }
        float *const partial = partialOf(work, cut.splits, token, head, split);
        partial[d] = scratch.sums[i];
        if (d == 0) {
            partial[work.dimV] = scratch.highest[row];
            partial[work.dimV + 1] = scratch.weight[row];
        }
    }
}

__device__ void attendShare(const AttentionWork &work, const Cut &cut, Share share, uint32_t split, const Scratch &scratch)
{
    const int32_t sequence = work.tokens[share.first].sequence;
    __syncthreads();
    beginRows(work, share, split == 0, scratch);
    for (int64_t base = share.low; base < share.high; base += cut.tileCells) {
        const auto count = static_cast<uint32_t>(min(static_cast<int64_t>(cut.tileCells), share.high - base));
        loadTile(work, cut, false, sequence, base, count, share.kvHead, scratch.tile);
        __syncthreads();
        scoreTile(work, cut, share, base, count, scratch);
        __syncthreads();
        weighTile(share, scratch);
        if (work.cache.v != work.cache.k)
            loadTile(work, cut, true, sequence, base, count, share.kvHead, scratch.tile);
        __syncthreads();
        addTile(work, cut, share, count, scratch);
        __syncthreads();
    }
    if (share.low >= share.high)
        __syncthreads();
    endRows(work, cut, share, split, scratch);
}

/// Grid: (token tiles, KV heads × head tiles, splits).
__global__ void __launch_bounds__(attentionThreads, attentionBlocks) attendKernel(AttentionWork work, Cut cut)
{
    waitForPrevious();
    const uint32_t rows = cut.tokensPerTile * cut.headsPerTile;
    const Scratch scratch = scratchOf(work, cut, rows);
    const uint32_t group = work.heads / work.kvHeads;
    const uint32_t inGroup = blockIdx.y % cut.headTiles * cut.headsPerTile;
    Share share;
    share.kvHead = blockIdx.y / cut.headTiles;
    share.head = share.kvHead * group + inGroup;
    share.heads = min(cut.headsPerTile, group - inGroup);
    // The last tile of a prompt sees the most cells: it is taken first.
    const uint32_t tile = gridDim.x - 1 - blockIdx.x;
    const uint32_t end = min((tile + 1) * cut.tokensPerTile, work.count);
    for (share.first = tile * cut.tokensPerTile; share.first < end; share.first = share.end) {
        for (share.end = share.first + 1; share.end < end; ++share.end)
            if (work.tokens[share.end].sequence != work.tokens[share.first].sequence)
                break;
        const int64_t past = static_cast<int64_t>(work.tokens[share.end - 1].position) + 1;
        share.low = firstSeen(work, work.tokens[share.first].position) + static_cast<int64_t>(blockIdx.z) * cut.splits.cells;
        share.high = min(past, share.low + static_cast<int64_t>(cut.splits.cells));
        attendShare(work, cut, share, blockIdx.z, scratch);
    }
}

Cut cutOf(const AttentionWork &work, const AttentionRoom &room)
{
    Cut cut{};
    const uint32_t group = work.heads / work.kvHeads;
    const uint32_t wide = std::max(work.dimK, work.dimV);
    cut.pitch = wide + 1;
    cut.tileCells = mostCells;
    uint32_t rows = mostRows;
    const auto bytes = [&] { return scratchFloats(rows, cut.tileCells, work.dimK, work.dimV, cut.pitch) * sizeof(float); };
    while (bytes() > room.sharedBytes && (rows > 1 || cut.tileCells > 1)) {
        if (cut.tileCells > 8 && (cut.tileCells >= rows || rows == 1))
            cut.tileCells /= 2;
        else if (rows > 1)
            rows /= 2;
        else
            cut.tileCells /= 2;
    }
    cut.headsPerTile = std::min(group, rows);
    cut.headTiles = ceilDivide(group, cut.headsPerTile);
    cut.tokensPerTile = std::min(std::max(1u, rows / cut.headsPerTile), work.count);
    const uint64_t blocks = uint64_t{ceilDivide(work.count, cut.tokensPerTile)} * work.kvHeads * cut.headTiles;
    cut.splits = splitsOf(work, room, blocks, work.longestSpan + cut.tokensPerTile - 1, cut.tileCells);
    return cut;
}

} // namespace

void prepareFewRows(size_t sharedBytes)
{
    check(cudaFuncSetAttribute(attendKernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(sharedBytes)));
}

void attendFewRows(cudaStream_t stream, const AttentionWork &work, const AttentionRoom &room)
{
    const Cut cut = cutOf(work, room);
    const uint32_t rows = cut.tokensPerTile * cut.headsPerTile;
    const size_t bytes = scratchFloats(rows, cut.tileCells, work.dimK, work.dimV, cut.pitch) * sizeof(float);
    launch(stream, {{ceilDivide(work.count, cut.tokensPerTile), work.kvHeads * cut.headTiles, cut.splits.count}, {attentionThreads}, bytes},
        attendKernel, work, cut);
    combineSplits(stream, work, cut.splits);
}

} // namespace plimsoll::engine::cuda
