// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "matrix_bfloat_tile.cuh"
#include "matrix_integer_tile.cuh"
#include "matrix_kernels.h"
#include "matrix_tile.cuh"

/// Makes the kernels of a format. Each file of kernels names its formats.
namespace plimsoll::engine::cuda {

/// A thread expands 32 elements. Grid: (tokens, parts of a row).
template <typename Format>
__global__ void __launch_bounds__(expandThreads) lookUpRows(LookUp work, const GridTables *grids)
{
    waitForPrevious();
    const uint32_t at = blockIdx.y * blockDim.x + threadIdx.x;
    const uint32_t token = blockIdx.x;
    if (at * 32 >= work.columns)
        return;
    float values[32];
    Format::expand(work.table + static_cast<uint64_t>(work.tokens[token].token) * work.rowBytes, at, work.columns, grids, values);
#pragma unroll
    for (uint32_t e = 0; e < 32; ++e) {
        const uint32_t i = at * 32 + e;
        if (i >= work.columns)
            break;
        if (work.width == 0) {
            work.out[uint64_t{token} * work.columns + i] = work.scale * values[e];
            continue;
        }
        float &sum = work.out[(uint64_t{i / work.width} * work.count + token) * work.width + i % work.width];
        sum = (sum + work.scale * values[e]) * work.factor;
    }
}

/// A warp adds up 32 columns of a head, each lane its share of the rows. Grid: (tokens, heads, column blocks).
template <typename Format>
__global__ void __launch_bounds__(warpLanes) sumRows(RowSum work, const GridTables *grids)
{
    waitForPrevious();
    const uint64_t index = uint64_t{blockIdx.x} * work.heads + blockIdx.y;
    const std::byte *const rows = work.matrix + uint64_t{blockIdx.y} * work.headRows * work.rowBytes;
    const float *const x = work.x + index * work.xStride;
    float sums[32] = {};
    for (uint32_t i = threadIdx.x; i < work.depth; i += warpLanes) {
        float values[32];
        Format::expand(rows + i * work.rowBytes, blockIdx.z, work.columns, grids, values);
#pragma unroll
        for (uint32_t e = 0; e < 32; ++e)
            sums[e] += x[i] * values[e];
    }
#pragma unroll
    for (uint32_t e = 0; e < 32; ++e) {
        const float sum = warpSum(sums[e]);
        if (threadIdx.x == e && blockIdx.z * 32 + e < work.columns)
            work.out[index * work.outStride + blockIdx.z * 32 + e] = sum;
    }
}

/// A matrix as bfloat16, a thread 32 elements. Grid: (parts of a row, up to 65535 rows at once).
template <typename Format>
__global__ void __launch_bounds__(expandThreads) narrowRows(
    const std::byte *matrix, uint64_t rowBytes, uint32_t rows, uint32_t columns, const GridTables *grids, uint16_t *out)
{
    waitForPrevious();
    const uint32_t at = blockIdx.x * blockDim.x + threadIdx.x;
    if (at * 32 >= columns)
        return;
    for (uint64_t row = blockIdx.y; row < rows; row += gridDim.y) {
        float values[32];
        Format::expand(matrix + row * rowBytes, at, columns, grids, values);
#pragma unroll
        for (uint32_t e = 0; e < 32; ++e)
            if (at * 32 + e < columns)
                out[row * columns + at * 32 + e] = toBfloat(values[e]);
    }
}

template <typename Format, uint32_t Rows, uint32_t Tokens>
TileKernel integerTileKernel()
{
    return {integerTile<Format, Rows, Tokens>, Rows, Tokens, IntegerStage<Format, Rows, Tokens>::threads};
}

template <typename Format>
MatrixKernels kernelsOfFormat()
{
    MatrixKernels kernels;
    kernels.vector = {matrixVector<Format, 1>, matrixVector<Format, 2>, matrixVector<Format, 4>, matrixVector<Format, 8>};
    if constexpr (Format::integer) {
        kernels.tiles = {integerTileKernel<Format, 64, 32>(), integerTileKernel<Format, 128, 128>()};
    } else {
        kernels.tiles.fill({matrixTile<Format>, tileRows, tileTokens, tileThreads});
        if constexpr (sizeof(typename Format::Stored) == sizeof(uint16_t))
            kernels.tiles[1] = {bfloatTile<Format>, bfloatRows, bfloatTokens, bfloatThreads};
    }
    kernels.lookUp = lookUpRows<Format>;
    kernels.sumRows = sumRows<Format>;
    kernels.narrow = narrowRows<Format>;
    return kernels;
}

template <typename Format>
const MatrixKernels *kernelsFor()
{
    static const MatrixKernels kernels = kernelsOfFormat<Format>();
    return &kernels;
}

} // namespace plimsoll::engine::cuda
