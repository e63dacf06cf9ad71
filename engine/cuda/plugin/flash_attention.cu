// SPDX-License-Identifier: Apache-2.0
#include "attention_parts.cuh"
#include "cells.cuh"
#include "flash_tile.cuh"
#include "launch.h"

#include <algorithm>

/// Attention of a prompt on tensor cores, in one pass over the cells with a running maximum (Dao, "FlashAttention-2", 2023).
///
/// A row is a head of a token; rows of one group of heads follow each other token by token, and a block takes as many as its tile has:
/// all of them read the same cells. A warp has 16 rows and keeps its queries, its scores and its sums in registers. Where a head is too
/// wide for that, several warps share the rows: each has a slice of the width, the parts of a score meet in shared memory, and each weighs
/// its own slice of the values.
///
/// Queries, weights and cells are half floats, products exact, everything else float32: scores, maxima, the sums of weights and of values.
/// A query enters by its largest magnitude (see loadQueries), so that none is too large or too small for a half. Scores are kept times
/// log2 e: weights are powers of two.
namespace plimsoll::engine::cuda {

namespace {

constexpr float log2e = 1.44269504f;
constexpr float ln2 = 0.693147181f;

/// One sequence's prompt, and how it is cut.
struct PromptCut
{
    int32_t sequence;
    int32_t position;   // of the first token
    Splits splits;
};

/// The two rows of which a lane has elements: 8 apart.
struct Rows
{
    uint32_t token[2];
    uint32_t head[2];    // of all heads
    int32_t first[2];    // positions that it sees, of the block's part
    int32_t last[2];     // −1: no such row
};

/// Positions [low, high) for a block, and those that all of its rows see.
struct Range
{
    int32_t low;
    int32_t high;
    int32_t firstForAll;
    int32_t lastForAll;
};

__device__ inline float quadMax(float value)
{
    value = fmaxf(value, __shfl_xor_sync(allLanes, value, 1));
    return fmaxf(value, __shfl_xor_sync(allLanes, value, 2));
}

__device__ inline float quadSum(float value)
{
    value += __shfl_xor_sync(allLanes, value, 1);
    return value + __shfl_xor_sync(allLanes, value, 2);
}

template <typename Tile>
__device__ Range rangeOf(const AttentionWork &work, const PromptCut &cut, uint32_t tile)
{
    const uint32_t group = work.heads / work.kvHeads;
    const int32_t first = cut.position + static_cast<int32_t>(tile * Tile::rows / group);
    const int32_t last = cut.position + static_cast<int32_t>((min((tile + 1) * Tile::rows, work.count * group) - 1) / group);
    Range range;
    range.low = firstSeen(work, first) + static_cast<int32_t>(blockIdx.z * cut.splits.cells);
    range.high = min(last + 1, range.low + static_cast<int32_t>(cut.splits.cells));
    range.firstForAll = firstSeen(work, last);
    range.lastForAll = min(first, range.high - 1);
    return range;
}

template <typename Tile>
__device__ Rows rowsOf(const AttentionWork &work, const PromptCut &cut, uint32_t tile, const Range &range)
{
    const uint32_t group = work.heads / work.kvHeads;
    const uint32_t begin = tile * Tile::rows + threadIdx.x / (warpLanes * Tile::columns) * 16 + threadIdx.x % warpLanes / 4;
    Rows rows;
#pragma unroll
    for (uint32_t h = 0; h < 2; ++h) {
        const uint32_t row = begin + 8 * h;
        rows.token[h] = row / group;
        rows.head[h] = blockIdx.y * group + row % group;
        const int32_t position = cut.position + static_cast<int32_t>(rows.token[h]);
        const bool there = rows.token[h] < work.count;
        rows.first[h] = there ? firstSeen(work, position) : 0;
        rows.last[h] = there ? min(position, range.high - 1) : -1;
    }
    return rows;
}

/// The lane's part of two queries as A fragments. Each is multiplied by the power of two that takes its largest magnitude (of the warp's
/// slice) to [2^14, 2^15): exact, never infinite, and what becomes subnormal is 2^-28 of the largest. `factor` undoes it, with the scale
/// of the scores.
template <typename Tile>
__device__ void loadQueries(const AttentionWork &work, const Rows &rows, uint32_t column, uint32_t (&query)[Tile::stepsK][4],
    float (&factor)[2])
{
    constexpr uint32_t leastExponent = 15;    // biased; smaller ones count as this one
    constexpr uint32_t mostExponent = 254;
    constexpr uint32_t mirrored = 268;        // 127 + 127 + 14
    const float unit = work.softcap > 0 ? work.scale : work.scale * log2e;
#pragma unroll
    for (uint32_t h = 0; h < 2; ++h) {
        const float *const from = work.query + rows.token[h] * work.queryStride + uint64_t{rows.head[h]} * work.dimK;
        const uint32_t begin = column * Tile::sliceK + threadIdx.x % 4 * 2;
        const bool there = rows.last[h] >= 0;
        const auto pair = [&](uint32_t d) { return there && d < work.dimK ? load<float2>(from + d) : float2{0, 0}; };
        float top = 0;
#pragma unroll
        for (uint32_t i = 0; i < 2 * Tile::stepsK; ++i) {
            const float2 both = pair(begin + 8 * i);
            top = fmaxf(top, fmaxf(fabsf(both.x), fabsf(both.y)));
        }
        const uint32_t exponent = max(leastExponent, min(__float_as_uint(quadMax(top)) >> 23, mostExponent));
        const float up = __uint_as_float((mirrored - exponent) << 23);
        factor[h] = unit * __uint_as_float((exponent - 14) << 23);
#pragma unroll
        for (uint32_t i = 0; i < 2 * Tile::stepsK; ++i) {
            const float2 both = pair(begin + 8 * i);
            query[i / 2][h + i % 2 * 2] = packHalves(up * both.x, up * both.y);
        }
    }
}

/// scores = queries · keys of the slice, as they are to be weighed.
template <typename Tile>
__device__ void scoreTile(const uint16_t *keys, uint32_t column, const uint32_t (&query)[Tile::stepsK][4], const float (&factor)[2],
    float (&scores)[Tile::cells / 8][4])
{
    const uint32_t lane = threadIdx.x % warpLanes;
    const uint16_t *const row = keys + (lane % 8 + lane / 16 * 8) * Tile::pitchK + column * Tile::sliceK + lane / 8 % 2 * 8;
#pragma unroll
    for (uint32_t pair = 0; pair < Tile::cells / 16; ++pair) {
        float (&left)[4] = scores[2 * pair];
        float (&right)[4] = scores[2 * pair + 1];
#pragma unroll
        for (uint32_t e = 0; e < 4; ++e)
            left[e] = right[e] = 0;
#pragma unroll
        for (uint32_t step = 0; step < Tile::stepsK; ++step) {
            uint32_t key[4];
            loadMatrices(row + pair * 16 * Tile::pitchK + step * 16, key);
            multiplyHalves(left, query[step], key[0], key[1]);
            multiplyHalves(right, query[step], key[2], key[3]);
        }
#pragma unroll
        for (uint32_t e = 0; e < 4; ++e) {
            left[e] *= factor[e / 2];
            right[e] *= factor[e / 2];
        }
    }
}

/// The parts of a score that the warps of the same rows have, before and after a barrier; all of them add up in the same order.
template <typename Tile>
__device__ void leaveScores(const float (&scores)[Tile::cells / 8][4], float4 *exchange)
{
    float4 *const mine = exchange + threadIdx.x / warpLanes * (Tile::cells / 8) * warpLanes + threadIdx.x % warpLanes;
#pragma unroll
    for (uint32_t n = 0; n < Tile::cells / 8; ++n)
        mine[n * warpLanes] = {scores[n][0], scores[n][1], scores[n][2], scores[n][3]};
}

template <typename Tile>
__device__ void collectScores(float (&scores)[Tile::cells / 8][4], const float4 *exchange)
{
    constexpr uint32_t step = Tile::cells / 8 * warpLanes;
    const float4 *const first = exchange + threadIdx.x / (warpLanes * Tile::columns) * Tile::columns * step + threadIdx.x % warpLanes;
#pragma unroll
    for (uint32_t n = 0; n < Tile::cells / 8; ++n) {
        float4 sum = first[n * warpLanes];
#pragma unroll
        for (uint32_t c = 1; c < Tile::columns; ++c) {
            const float4 more = first[c * step + n * warpLanes];
            sum.x += more.x;
            sum.y += more.y;
            sum.z += more.z;
            sum.w += more.w;
        }
        scores[n][0] = sum.x;
        scores[n][1] = sum.y;
        scores[n][2] = sum.z;
        scores[n][3] = sum.w;
    }
}

template <typename Tile>
__device__ void capScores(float cap, float (&scores)[Tile::cells / 8][4])
{
#pragma unroll
    for (uint32_t n = 0; n < Tile::cells / 8; ++n)
#pragma unroll
        for (uint32_t e = 0; e < 4; ++e)
            scores[n][e] = capped(scores[n][e], cap) * log2e;
}

/// −∞ for what a row does not see of the cells from position `base` on.
template <typename Tile>
__device__ void hideCells(const Rows &rows, int32_t base, float (&scores)[Tile::cells / 8][4])
{
#pragma unroll
    for (uint32_t n = 0; n < Tile::cells / 8; ++n)
#pragma unroll
        for (uint32_t e = 0; e < 4; ++e) {
            const auto position = base + static_cast<int32_t>(n * 8 + threadIdx.x % 4 * 2 + e % 2);
            if (position < rows.first[e / 2] || position > rows.last[e / 2])
                scores[n][e] = -INFINITY;
        }
}

/// Scores become weights 2^(score − highest); what was summed up so far shrinks to the new highest one. `weight` is of the lane's own
/// cells.
template <typename Tile>
__device__ void weighTile(float (&scores)[Tile::cells / 8][4], float (&highest)[2], float (&weight)[2], float (&sums)[Tile::sliceV / 8][4])
{
#pragma unroll
    for (uint32_t h = 0; h < 2; ++h) {
        float top = highest[h];
#pragma unroll
        for (uint32_t n = 0; n < Tile::cells / 8; ++n)
            top = fmaxf(top, fmaxf(scores[n][2 * h], scores[n][2 * h + 1]));
        top = quadMax(top);
        const float from = top == -INFINITY ? 0.0f : top;   // nothing seen yet: all weights are 0
        const float shrink = exp2f(highest[h] - from);
        highest[h] = top;
        float sum = 0;
#pragma unroll
        for (uint32_t n = 0; n < Tile::cells / 8; ++n)
#pragma unroll
            for (uint32_t e = 2 * h; e < 2 * h + 2; ++e)
                sum += scores[n][e] = exp2f(scores[n][e] - from);
        weight[h] = weight[h] * shrink + sum;
#pragma unroll
        for (uint32_t n = 0; n < Tile::sliceV / 8; ++n) {
            sums[n][2 * h] *= shrink;
            sums[n][2 * h + 1] *= shrink;
        }
    }
}

/// sums += weights · values of the slice
template <typename Tile>
__device__ void addTile(const uint16_t *values, uint32_t column, const float (&weights)[Tile::cells / 8][4],
    float (&sums)[Tile::sliceV / 8][4])
{
    const uint32_t lane = threadIdx.x % warpLanes;
    const uint16_t *const row = values + lane % 16 * Tile::pitchV + column * Tile::sliceV + lane / 16 * 8;
#pragma unroll
    for (uint32_t step = 0; step < Tile::cells / 16; ++step) {
        const float (&left)[4] = weights[2 * step];
        const float (&right)[4] = weights[2 * step + 1];
        const uint32_t rounded[4] = {packHalves(left[0], left[1]), packHalves(left[2], left[3]), packHalves(right[0], right[1]),
            packHalves(right[2], right[3])};
#pragma unroll
        for (uint32_t pair = 0; pair < Tile::sliceV / 16; ++pair) {
            uint32_t value[4];
            loadMatricesTransposed(row + step * 16 * Tile::pitchV + pair * 16, value);
            multiplyHalves(sums[2 * pair], rounded, value[0], value[1]);
            multiplyHalves(sums[2 * pair + 1], rounded, value[2], value[3]);
        }
    }
}

template <typename Tile>
__device__ void writeRows(const AttentionWork &work, const PromptCut &cut, const Rows &rows, uint32_t column, const float (&highest)[2],
    const float (&weight)[2], const float (&sums)[Tile::sliceV / 8][4])
{
#pragma unroll
    for (uint32_t h = 0; h < 2; ++h) {
        const float whole = quadSum(weight[h]);
        if (rows.last[h] < 0)
            continue;
        const bool splits = cut.splits.count > 1;
        float *const out = splits ? partialOf(work, cut.splits, rows.token[h], rows.head[h], blockIdx.z)
                                  : resultOf(work, rows.token[h], rows.head[h]);
        if (splits && column == 0 && threadIdx.x % 4 == 0) {
            out[work.dimV] = highest[h] * ln2;
            out[work.dimV + 1] = whole;
        }
#pragma unroll
        for (uint32_t i = 0; i < Tile::sliceV / 4; ++i) {
            const uint32_t d = column * Tile::sliceV + i / 2 * 8 + threadIdx.x % 4 * 2 + i % 2;
            const float sum = sums[i / 2][2 * h + i % 2];
            if (d < work.dimV)
                out[d] = splits ? sum : gated(work, rows.token[h], rows.head[h], d, sum / whole);
        }
    }
}

/// Grid: (tiles of rows, KV heads, splits). Keys of the next tile are on their way while values are weighed, values while scores are made.
template <typename Tile>
__global__ void __launch_bounds__(Tile::threads, Tile::blocks) attendPromptKernel(AttentionWork work, PromptCut cut)
{
    waitForPrevious();
    auto *const keys = reinterpret_cast<uint16_t *>(dynamicShared());
    uint16_t *const values = Tile::valuesAreKeys ? keys : keys + Tile::cells * Tile::pitchK;
    auto *const exchange = reinterpret_cast<float4 *>(keys + Tile::halves);
    const uint32_t column = threadIdx.x / warpLanes % Tile::columns;
    // The last tile of a prompt sees the most cells: it is taken first.
    const uint32_t tile = gridDim.x - 1 - blockIdx.x;
    const Range range = rangeOf<Tile>(work, cut, tile);
    const Rows rows = rowsOf<Tile>(work, cut, tile, range);
    const CellRows keyRows = cellRowsOf(work.cache, false, work.dimK, cut.sequence, blockIdx.y);
    const CellRows valueRows = cellRowsOf(work.cache, true, work.dimV, cut.sequence, blockIdx.y);
    clearTile<Tile::threads>(keys, Tile::halves);   // what lies beyond the width of a head stays 0

    uint32_t query[Tile::stepsK][4];
    float factor[2];
    loadQueries<Tile>(work, rows, column, query, factor);
    float sums[Tile::sliceV / 8][4] = {};
    float highest[2];
    float weight[2];
#pragma unroll
    for (uint32_t h = 0; h < 2; ++h) {
        const bool sink = work.sinks && blockIdx.z == 0 && rows.last[h] >= 0;
        highest[h] = sink ? work.sinks[rows.head[h]] * log2e : -INFINITY;
        weight[h] = sink && threadIdx.x % 4 == 0 ? 1.0f : 0.0f;
    }
    __syncthreads();
    const auto stageKeys = [&](int32_t base) {
        if (base < range.high)
            stageCells<Tile::cells, Tile::dimK, Tile::pitchK, Tile::threads>(keyRows, base, range.high, keys);
        groupCopies();
    };
    stageKeys(range.low);
    for (int32_t base = range.low; base < range.high; base += Tile::cells) {
        waitForCopies<0>();
        __syncthreads();
        if constexpr (!Tile::valuesAreKeys) {
            stageCells<Tile::cells, Tile::dimV, Tile::pitchV, Tile::threads>(valueRows, base, range.high, values);
            groupCopies();
        }
        float scores[Tile::cells / 8][4];
        scoreTile<Tile>(keys, column, query, factor, scores);
        if constexpr (Tile::columns > 1)
            leaveScores<Tile>(scores, exchange);
        __syncthreads();
        if constexpr (Tile::columns > 1)
            collectScores<Tile>(scores, exchange);
        if constexpr (!Tile::valuesAreKeys)
            stageKeys(base + Tile::cells);
        if (work.softcap > 0)
            capScores<Tile>(work.softcap, scores);
        if (base < range.firstForAll || base + static_cast<int32_t>(Tile::cells) - 1 > range.lastForAll)
            hideCells<Tile>(rows, base, scores);
        weighTile<Tile>(scores, highest, weight, sums);
        if constexpr (!Tile::valuesAreKeys) {
            waitForCopies<1>();
            __syncthreads();
        }
        addTile<Tile>(values, column, scores, sums);
        if constexpr (Tile::valuesAreKeys) {
            __syncthreads();
            stageKeys(base + Tile::cells);
        }
    }
    writeRows<Tile>(work, cut, rows, column, highest, weight, sums);
}

/// One width of heads.
struct PromptKernel
{
    void (*kernel)(AttentionWork, PromptCut);
    uint32_t dimK;
    uint32_t dimV;
    uint32_t rows;
    uint32_t cells;
    uint32_t threads;
    uint32_t sharedBytes;
    bool valuesAreKeys;
};

template <typename Tile>
constexpr PromptKernel kernelOf()
{
    return {attendPromptKernel<Tile>, Tile::dimK, Tile::dimV, Tile::rows, Tile::cells, Tile::threads, Tile::sharedBytes,
        Tile::valuesAreKeys};
}

/// The first that is wide enough is taken.
constexpr PromptKernel promptKernels[] = {
    kernelOf<FlashTile<64, 64, 64, 4, 1, 3>>(),
    kernelOf<FlashTile<96, 96, 64, 4, 1, 2>>(),
    kernelOf<FlashTile<128, 128, 64, 4, 1, 2>>(),
    kernelOf<FlashTile<192, 128, 64, 4, 1, 2>>(),
    kernelOf<FlashTile<256, 256, 32, 8, 2, 1>>(),
    kernelOf<FlashTile<512, 512, 16, 8, 4, 1>>(),
    kernelOf<FlashTile<576, 512, 32, 8, 4, 1, true>>(),
};

const PromptKernel *kernelFor(const AttentionWork &work)
{
    constexpr uint32_t piece = 8;   // halves that are copied at once
    if (work.dimK % piece != 0 || work.dimV % piece != 0)
        return nullptr;
    for (const PromptKernel &each : promptKernels)
        if (work.dimK <= each.dimK && work.dimV <= each.dimV && each.valuesAreKeys == (work.cache.v == work.cache.k))
            return &each;
    return nullptr;
}

} // namespace

void preparePrompt(size_t sharedBytes)
{
    for (const PromptKernel &each : promptKernels)
        if (each.sharedBytes <= sharedBytes)
            check(cudaFuncSetAttribute(each.kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(each.sharedBytes)));
}

bool fitsPrompt(const AttentionWork &work, size_t sharedBytes)
{
    const PromptKernel *const kernel = kernelFor(work);
    return kernel && kernel->sharedBytes <= sharedBytes;
}

void attendPrompt(cudaStream_t stream, const AttentionWork &work, int32_t sequence, int32_t position, const AttentionRoom &room)
{
    const PromptKernel &kernel = *kernelFor(work);
    const uint32_t group = work.heads / work.kvHeads;
    const uint32_t tiles = ceilDivide(uint64_t{work.count} * group, kernel.rows);
    const uint32_t seen = static_cast<uint32_t>(position) + work.count;   // by the last token
    const uint32_t tokensOfTile = std::min(ceilDivide(kernel.rows - 1, group) + 1, work.count);
    const uint32_t span = work.window > 0 ? std::min(seen, work.window + tokensOfTile - 1) : seen;
    PromptCut cut;
    cut.sequence = sequence;
    cut.position = position;
    cut.splits = splitsOf(work, room, uint64_t{tiles} * work.kvHeads, span, kernel.cells);
    launch(stream, {{tiles, work.kvHeads, cut.splits.count}, {kernel.threads}, kernel.sharedBytes}, kernel.kernel, work, cut);
    combineSplits(stream, work, cut.splits);
}

} // namespace plimsoll::engine::cuda
