// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cells.cuh"
#include "mma_half.cuh"

/// Tiles of attention on tensor cores: their sizes, and cells on their way into them.
namespace plimsoll::engine::cuda {

/// Heads up to DimK and DimV wide; tiles of `Cells` cells; `Columns` of the warps share 16 rows, each with a slice of the width. Registers
/// are given out for `Blocks` on a multiprocessor.
template <uint32_t DimK, uint32_t DimV, uint32_t Cells, uint32_t Warps, uint32_t Columns, uint32_t Blocks, bool ValuesAreKeys = false>
struct FlashTile
{
    static constexpr uint32_t dimK = DimK;
    static constexpr uint32_t dimV = DimV;
    static constexpr uint32_t cells = Cells;
    static constexpr uint32_t columns = Columns;
    static constexpr uint32_t blocks = Blocks;
    static constexpr bool valuesAreKeys = ValuesAreKeys;
    static constexpr uint32_t threads = Warps * warpLanes;
    static constexpr uint32_t rows = Warps / Columns * 16;
    static constexpr uint32_t sliceK = DimK / Columns;
    static constexpr uint32_t sliceV = DimV / Columns;
    static constexpr uint32_t stepsK = sliceK / 16;
    /// Halves from one cell to the next: eight rows of a matrix, 16 bytes each, lie in different banks.
    static constexpr uint32_t pitchK = DimK + 8;
    static constexpr uint32_t pitchV = ValuesAreKeys ? pitchK : DimV + 8;
    static constexpr uint32_t halves = Cells * (pitchK + (ValuesAreKeys ? 0 : pitchV));
    static constexpr uint32_t exchangeBytes = Columns > 1 ? Warps * Cells * 16 * sizeof(float) : 0;
    static constexpr uint32_t sharedBytes = halves * sizeof(uint16_t) + exchangeBytes;
    static_assert(sliceK % 16 == 0 && sliceV % 16 == 0 && Cells % 16 == 0 && Warps % Columns == 0);
};

/// The cells of one KV head of a sequence.
struct CellRows
{
    const std::byte *cells;
    uint64_t rowBytes;
    uint32_t count;      // of the ring
    uint32_t dim;        // a multiple of 8
    GgmlType type;
};

__device__ inline CellRows cellRowsOf(const KvCache &cache, bool values, uint32_t dim, int32_t sequence, uint32_t kvHead)
{
    const GgmlType type = values ? cache.typeV : cache.typeK;
    const uint64_t rowBytes = values ? cache.rowBytesV : cache.rowBytesK;
    const std::byte *const cells = (values ? cache.v : cache.k) + static_cast<uint64_t>(sequence) * cache.cells * rowBytes;
    return {cells + cellBytes(type, uint64_t{kvHead} * dim), rowBytes, static_cast<uint32_t>(cache.cells), dim, type};
}

/// Four halves; what is beyond the largest one is held there.
__device__ inline uint2 heldHalves(const float4 &four)
{
    const auto held = [](float x) { return fminf(fmaxf(x, -largestHalf), largestHalf); };
    return {packHalves(held(four.x), held(four.y)), packHalves(held(four.z), held(four.w))};
}

/// The block's threads bring the cells of positions [base, base + Cells), sixteen bytes of halves at a time, 0 from `end` on:
/// bring(to, cell, number of the piece). `Unroll` pieces of a thread are under way together.
template <uint32_t Cells, uint32_t Dim, uint32_t Pitch, uint32_t Threads, uint32_t Unroll, typename Bring>
__device__ void forPieces(const CellRows &rows, int32_t base, int32_t end, uint16_t *tile, const Bring &bring)
{
    constexpr uint32_t pieces = Dim / 8;
    const uint32_t start = static_cast<uint32_t>(base) % rows.count;
#pragma unroll Unroll
    for (uint32_t i = threadIdx.x; i < Cells * pieces; i += Threads) {
        const uint32_t j = i / pieces;
        const uint32_t piece = i % pieces;
        if (piece * 8 >= rows.dim)
            continue;
        uint16_t *const to = tile + j * Pitch + piece * 8;
        // What is seen is in the ring, which is therefore gone round once at most.
        const uint32_t cell = start + j < rows.count ? start + j : start + j - rows.count;
        if (base + static_cast<int32_t>(j) < end)
            bring(to, rows.cells + cell * rows.rowBytes, piece);
        else
            *reinterpret_cast<uint4 *>(to) = uint4{0, 0, 0, 0};
    }
}

/// Those of a cache of halves are on their way when it returns, in this thread's open group of copies.
template <uint32_t Cells, uint32_t Dim, uint32_t Pitch, uint32_t Threads>
__device__ void stageCells(const CellRows &rows, int32_t base, int32_t end, uint16_t *tile)
{
    if (rows.type == GgmlType::F16)
        return forPieces<Cells, Dim, Pitch, Threads, 4>(rows, base, end, tile,
            [](uint16_t *to, const std::byte *cell, uint32_t piece) { copyLater(to, cell + piece * sizeof(uint4)); });
    forPieces<Cells, Dim, Pitch, Threads, 2>(rows, base, end, tile, [&](uint16_t *to, const std::byte *cell, uint32_t piece) {
        const uint2 low = heldHalves(loadCellFour(cell, rows.type, 2 * piece));
        const uint2 high = heldHalves(loadCellFour(cell, rows.type, 2 * piece + 1));
        *reinterpret_cast<uint4 *>(to) = uint4{low.x, low.y, high.x, high.y};
    });
}

template <uint32_t Threads>
__device__ void clearTile(uint16_t *tile, uint32_t halves)
{
    for (uint32_t i = threadIdx.x; i < halves / 8; i += Threads)
        reinterpret_cast<uint4 *>(tile)[i] = uint4{0, 0, 0, 0};
}

} // namespace plimsoll::engine::cuda
