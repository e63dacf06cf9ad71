// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "token_tile.cuh"

namespace plimsoll::engine::cuda {

inline constexpr uint32_t tileRows = 64;
inline constexpr uint32_t tileTokens = 32;
inline constexpr uint32_t tileDepth = 32;
inline constexpr uint32_t tileThreads = 256;
inline constexpr uint32_t tileBlocks = 3;   // that a multiprocessor has registers for

/// Matrix of plain numbers times many vectors, in float32: a block multiplies tileRows rows by tileTokens tokens, tileDepth columns at a
/// time, unpacked in shared memory.
/// Grid: (row tiles, token tiles, batches), block: tileThreads.
template <typename Format>
__global__ void __launch_bounds__(tileThreads, tileBlocks) matrixTile(
    const __grid_constant__ Product whole, const __grid_constant__ ExpertGroups groups, const GridTables *grids)
{
    waitForPrevious();
    constexpr uint32_t pitch = tileDepth + 1;   // no two rows in one bank
    constexpr uint32_t lanes = 16;              // threads along rows; as many along tokens
    __shared__ float weights[tileRows][pitch];
    __shared__ float inputs[tileTokens][pitch];
    const TokenTile tile(whole, groups, tileTokens);
    if (tile.count == 0)
        return;
    const Product &product = tile.product;
    const uint32_t firstRow = blockIdx.x * tileRows;
    const uint32_t x = threadIdx.x % lanes;
    const uint32_t y = threadIdx.x / lanes;
    float sums[tileTokens / lanes][tileRows / lanes] = {};
    for (uint32_t at = 0; at * tileDepth < product.columns; ++at) {
        if (threadIdx.x < tileRows) {
            float values[tileDepth] = {};
            if (firstRow + threadIdx.x < product.rows)
                Format::expand(product.weight + uint64_t{firstRow + threadIdx.x} * product.rowBytes, at, product.columns, grids, values);
#pragma unroll
            for (uint32_t i = 0; i < tileDepth; ++i)
                weights[threadIdx.x][i] = values[i];
        } else {
            for (uint32_t i = threadIdx.x - tileRows; i < tileTokens * tileDepth; i += tileThreads - tileRows) {
                const uint32_t t = i / tileDepth;
                const uint32_t column = at * tileDepth + i % tileDepth;
                inputs[t][i % tileDepth] = t < tile.count && column < product.columns
                    ? product.x[tile.inputRow(t) * product.xStride + column] : 0.0f;
            }
        }
        __syncthreads();
#pragma unroll 8
        for (uint32_t i = 0; i < tileDepth; ++i)
#pragma unroll
            for (uint32_t t = 0; t < tileTokens / lanes; ++t)
#pragma unroll
                for (uint32_t r = 0; r < tileRows / lanes; ++r)
                    sums[t][r] += inputs[y + t * lanes][i] * weights[x + r * lanes][i];
        __syncthreads();
    }
#pragma unroll
    for (uint32_t t = 0; t < tileTokens / lanes; ++t)
#pragma unroll
        for (uint32_t r = 0; r < tileRows / lanes; ++r) {
            const uint32_t row = firstRow + x + r * lanes;
            if (y + t * lanes < tile.count && row < product.rows)
                writeProduct(product, tile.outRow(y + t * lanes), row, sums[t][r]);
        }
}

} // namespace plimsoll::engine::cuda
