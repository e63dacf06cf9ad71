// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mma_half.cuh"
#include "token_tile.cuh"

namespace plimsoll::engine::cuda {

inline constexpr uint32_t bfloatRows = 128;
inline constexpr uint32_t bfloatTokens = 128;
inline constexpr uint32_t bfloatThreads = 2 * bfloatRows;
inline constexpr uint32_t bfloatBlocks = 2;   // that a multiprocessor has registers for

/// What the warps of a block multiply at a time: 64 columns of its rows and tokens as bfloat16, zeros behind the end of rows and matrix.
template <typename Format>
struct BfloatStage
{
    static constexpr uint32_t depth = 64;
    static constexpr uint32_t pitch = depth + 8;   // eight rows of 16 bytes lie in all 32 banks

    alignas(16) uint16_t weights[bfloatRows][pitch];
    alignas(16) uint16_t inputs[bfloatTokens][pitch];
    uint32_t inputRow[bfloatTokens];

    static __device__ uint32_t pack(float low, float high) { return toBfloat(low) | static_cast<uint32_t>(toBfloat(high)) << 16; }

    /// Every thread 32 columns of a row.
    __device__ void unpack(const Product &product, uint32_t firstRow, uint32_t step, const GridTables *grids)
    {
        const uint32_t r = threadIdx.x / 2;
        const uint32_t s = threadIdx.x % 2;
        const uint32_t at = 2 * step + s;
        float values[32] = {};
        if (firstRow + r < product.rows && at * 32 < product.columns)
            Format::expand(product.weight + uint64_t{firstRow + r} * product.rowBytes, at, product.columns, grids, values);
        auto *const to = reinterpret_cast<uint4 *>(weights[r] + 32 * s);
#pragma unroll
        for (uint32_t i = 0; i < 4; ++i) {
            const float *const v = values + 8 * i;
            to[i] = {pack(v[0], v[1]), pack(v[2], v[3]), pack(v[4], v[5]), pack(v[6], v[7])};
        }
    }

    __device__ void copyInputs(const Product &product, uint32_t count, uint32_t step)
    {
        constexpr uint32_t pairs = depth / 2;
        for (uint32_t i = threadIdx.x; i < bfloatTokens * pairs; i += bfloatThreads) {
            const uint32_t t = i / pairs;
            const uint32_t column = step * depth + i % pairs * 2;
            float x[2] = {};
            if (t < count)
                for (uint32_t c = 0; c < 2; ++c)
                    x[c] = column + c < product.columns ? product.x[inputRow[t] * product.xStride + column + c] : 0.0f;
            reinterpret_cast<uint32_t *>(inputs[t])[i % pairs] = pack(x[0], x[1]);
        }
    }
};

/// Matrix of numbers of 16 bits times many vectors on tensor cores: a block multiplies bfloatRows rows by bfloatTokens tokens, both rounded
/// to bfloat16; sums are float32.
/// Grid: (row tiles, token tiles), block: bfloatThreads.
template <typename Format>
__global__ void __launch_bounds__(bfloatThreads, bfloatBlocks) bfloatTile(
    const __grid_constant__ Product whole, const __grid_constant__ ExpertGroups groups, const GridTables *grids)
{
    waitForPrevious();
    using Stage = BfloatStage<Format>;
    __shared__ Stage stage;
    const TokenTile tile(whole, groups, bfloatTokens);
    if (tile.count == 0)
        return;
    const uint32_t firstRow = blockIdx.x * bfloatRows;
    WarpSums<bfloatRows, bfloatTokens> sums;
    for (uint32_t t = threadIdx.x; t < tile.count; t += bfloatThreads)
        stage.inputRow[t] = tile.inputRow(t);
    for (uint32_t step = 0; step * Stage::depth < tile.product.columns; ++step) {
        __syncthreads();
        stage.unpack(tile.product, firstRow, step, grids);
        stage.copyInputs(tile.product, tile.count, step);
        __syncthreads();
#pragma unroll 1   // as in integer tiles
        for (uint32_t k = 0; k < Stage::depth; k += 16) {
            uint32_t rows[sums.rowTiles][4];
#pragma unroll
            for (uint32_t m = 0; m < sums.rowTiles; ++m)
                loadMatrices(stage.weights[sums.firstRow + 16 * m + sums.lane % 16] + k + sums.lane / 16 * 8, rows[m]);
#pragma unroll
            for (uint32_t n = 0; n < sums.tokenTiles; n += 2) {
                if (sums.firstToken + 8 * n >= tile.count)
                    break;
                uint32_t columns[4];
                const uint32_t token = sums.firstToken + 8 * n + sums.lane % 8 + sums.lane / 16 * 8;
                loadMatrices(stage.inputs[token] + k + sums.lane / 8 % 2 * 8, columns);
#pragma unroll
                for (uint32_t i = 0; i < 2 * sums.rowTiles; ++i)
                    multiplyBfloats(sums.sums[i % 2][n + i / 2], rows[i % 2], columns[i / 2 * 2], columns[i / 2 * 2 + 1]);
            }
        }
    }
    sums.write(tile, firstRow);
}

} // namespace plimsoll::engine::cuda
