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

} // namespace plimsoll::engine::cuda
