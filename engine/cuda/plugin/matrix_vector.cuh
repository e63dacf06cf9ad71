// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats.cuh"

namespace plimsoll::engine::cuda {

inline constexpr uint32_t vectorWarps = 4;   // of a block

/// Blocks that a multiprocessor has to have room for. Of several tokens the compiler aims for more than it finds registers for, and spills;
/// 0: its own choice.
template <uint32_t Tokens>
inline constexpr uint32_t vectorBlocks = Tokens < 4 ? 0 : Tokens < 8 ? 6 : 4;

/// Batch `blockIdx.z` of a product.
__device__ inline Product batchOf(Product product)
{
    const uint64_t batch = blockIdx.z;
    if (product.choices) {
        product.weight += static_cast<uint64_t>(product.choices[batch].expert) * product.weightStep;
        const uint64_t row = batch / product.share;
        product.x += row * product.xStride;
        product.quantized += product.quantized ? row * activationRowBytes(product.columns) : 0;
        product.out += batch * product.outStride;
        return product;
    }
    product.weight += batch * product.weightStep;
    product.x += batch * product.xStep;
    product.quantized += batch * product.quantizedStep;
    product.out += batch * product.outStep;
    return product;
}

__device__ inline void writeProduct(const Product &product, uint32_t token, uint32_t row, float sum)
{
    float *const out = product.out + token * product.outStride + row;
    const float value = product.scale * sum + (product.bias ? product.bias[row] : 0.0f);
    *out = product.adds ? *out + value : value;
}

/// Matrix times up to `Tokens` vectors from blockIdx.y · Tokens on. A warp multiplies a row, its lanes unit after unit of it; where there
/// are few rows, the warps of a block share one (`rowsPerBlock` 1), so that enough of them read at once.
/// Grid: (blocks of all products of the list, token groups, batches), block: vectorWarps warps.
template <typename Format, uint32_t Tokens>
__global__ void __launch_bounds__(vectorWarps *warpLanes, vectorBlocks<Tokens>) matrixVector(
    const __grid_constant__ ProductList list, uint32_t rowsPerBlock, const GridTables *grids)
{
    __shared__ float partial[vectorWarps][Tokens];
    const uint32_t warp = threadIdx.x / warpLanes;
    const uint32_t lane = threadIdx.x % warpLanes;
    uint32_t index = 0;
    uint32_t block = blockIdx.x;
    for (uint32_t blocks; index + 1 < list.count; ++index, block -= blocks) {
        blocks = (list.items[index].rows + rowsPerBlock - 1) / rowsPerBlock;
        if (block < blocks)
            break;
    }
    const Product &whole = list.items[index];
    const bool shared = rowsPerBlock == 1;
    const uint32_t row = shared ? block : block * rowsPerBlock + warp;
    // Weights do not change: what is read first comes nearer meanwhile. Which expert's it will be is not known yet.
    const uint32_t ahead = (shared ? threadIdx.x : lane) * cacheLine;
    if (!whole.choices && row < whole.rows && ahead < whole.rowBytes)
        prefetch(whole.weight + blockIdx.z * whole.weightStep + uint64_t{row} * whole.rowBytes + ahead);
    waitForPrevious();
    const Product product = batchOf(whole);
    if (row >= product.rows)
        return;
    const uint32_t firstToken = blockIdx.y * Tokens;
    const uint32_t tokens = min(Tokens, product.tokens - firstToken);
    const std::byte *const weights = product.weight + uint64_t{row} * product.rowBytes;
    const std::byte *const input = Format::integer ? product.quantized + firstToken * activationRowBytes(product.columns)
                                                   : reinterpret_cast<const std::byte *>(product.x + firstToken * product.xStride);
    const uint64_t inputStride = Format::integer ? activationRowBytes(product.columns) : product.xStride * sizeof(float);
    const uint32_t units = (product.columns + Format::unit - 1) / Format::unit;
    float sums[Tokens] = {};
    const uint32_t step = shared ? vectorWarps * warpLanes : warpLanes;
    for (uint32_t at = shared ? threadIdx.x : lane; at < units; at += step) {
        typename Format::Weights unit;
        Format::read(weights, at, product.columns, grids, unit);
#pragma unroll
        for (uint32_t t = 0; t < Tokens; ++t)
            if (t < tokens)
                sums[t] += Format::dot(unit, input + t * inputStride, product.columns, at);
    }
#pragma unroll
    for (uint32_t t = 0; t < Tokens; ++t) {
        if (t >= tokens)
            break;
        sums[t] = warpSum(sums[t]);
        if (shared && lane == 0)
            partial[warp][t] = sums[t];
    }
    if (!shared) {
        for (uint32_t t = 0; t < Tokens; ++t)
            if (lane == 0 && t < tokens)
                writeProduct(product, firstToken + t, row, sums[t]);
        return;
    }
    __syncthreads();
    if (threadIdx.x < tokens) {
        float sum = 0;
        for (uint32_t w = 0; w < vectorWarps; ++w)
            sum += partial[w][threadIdx.x];
        writeProduct(product, firstToken + threadIdx.x, row, sum);
    }
}

} // namespace plimsoll::engine::cuda
