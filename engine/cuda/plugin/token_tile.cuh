// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "matrix_vector.cuh"

namespace plimsoll::engine::cuda {

/// The matrix and the tokens that a block of a tile kernel multiplies: with groups, blockIdx.y is a tile of tokens that chose one expert,
/// otherwise `most` neighbours of batch blockIdx.z.
struct TokenTile
{
    Product product;
    const uint32_t *order = nullptr;
    uint32_t first = 0;
    uint32_t count = 0;   // 0: nothing to do

    __device__ TokenTile(const Product &whole, const ExpertGroups &groups, uint32_t most)
        : product(whole)
    {
        if (groups.tiles) {
            const ExpertTile tile = groups.tiles[blockIdx.y];
            product.weight += static_cast<uint64_t>(tile.expert) * product.weightStep;
            order = groups.order;
            first = tile.first;
            count = tile.count;
        } else {
            product = batchOf(whole);
            first = blockIdx.y * most;
            count = min(most, whole.tokens - first);
        }
    }

    __device__ uint32_t outRow(uint32_t t) const { return order ? order[first + t] : first + t; }
    __device__ uint32_t inputRow(uint32_t t) const { return outRow(t) / product.share; }
};

/// What a warp of a block on tensor cores adds up: 32 of its rows by half its tokens.
template <uint32_t Rows, uint32_t Tokens>
struct WarpSums
{
    static constexpr uint32_t rowTiles = 2;                // of 16 rows
    static constexpr uint32_t tokenTiles = Tokens / 16;    // of 8 tokens

    uint32_t firstRow = threadIdx.x / warpLanes % (Rows / 32) * 32;
    uint32_t firstToken = threadIdx.x / warpLanes / (Rows / 32) * (Tokens / 2);
    uint32_t lane = threadIdx.x % warpLanes;
    float sums[rowTiles][tokenTiles][4] = {};              // each as C of mma_int8.cuh

    __device__ uint32_t row(uint32_t m, uint32_t i) const { return firstRow + 16 * m + lane / 4 + i / 2 * 8; }
    __device__ uint32_t token(uint32_t n, uint32_t i) const { return firstToken + 8 * n + lane % 4 * 2 + i % 2; }

    /// `blockRow`: the first of the block.
    __device__ void write(const TokenTile &tile, uint32_t blockRow) const
    {
#pragma unroll
        for (uint32_t n = 0; n < tokenTiles; ++n)
#pragma unroll
            for (uint32_t m = 0; m < rowTiles; ++m)
#pragma unroll
                for (uint32_t i = 0; i < 4; ++i)
                    if (token(n, i) < tile.count && blockRow + row(m, i) < tile.product.rows)
                        writeProduct(tile.product, tile.outRow(token(n, i)), blockRow + row(m, i), sums[m][n][i]);
    }
};

} // namespace plimsoll::engine::cuda
