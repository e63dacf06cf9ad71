// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mma_int8.cuh"
#include "token_tile.cuh"

namespace plimsoll::engine::cuda {

/// Blocks that a multiprocessor has to have room for: the registers of one thread, times all, are no more than half of what it has.
inline constexpr uint32_t integerTileWarps = 16;

/// What the warps of a block multiply at a time: 64 columns of its rows and tokens, as signed bytes and the factors of each piece of them,
/// which is 32 columns, or 16 where the format has scales for those.
template <typename Format, uint32_t Rows, uint32_t Tokens>
struct IntegerStage
{
    static constexpr BlockTraits traits = Format::traits;
    static constexpr uint32_t depth = 64;
    static constexpr uint32_t subBlocks = depth / 32;
    static constexpr uint32_t parts = traits.halves ? 2 : 1;   // pieces of a sub-block
    static constexpr uint32_t pieces = subBlocks * parts;
    static constexpr uint32_t pitch = depth + 16;   // eight rows of 16 bytes lie in all 32 banks
    static constexpr uint32_t threads = subBlocks * Rows;

    alignas(16) uint8_t weights[Rows][pitch];
    alignas(16) uint8_t inputs[Tokens][pitch];
    alignas(8) float inputScales[subBlocks][Tokens];
    alignas(8) float inputSums[pieces][traits.minimum ? Tokens : 2];   // times their scale
    float scales[pieces][Rows];
    float minima[pieces][traits.minimum ? Rows : 1];
    uint32_t inputRow[Tokens];

    /// Every thread unpacks one sub-block; zeros behind the end of rows and matrix.
    __device__ void unpack(const Product &product, uint32_t firstRow, uint32_t step, const GridTables *grids)
    {
        const uint32_t r = threadIdx.x / subBlocks;
        const uint32_t s = threadIdx.x % subBlocks;
        const uint32_t at = step * subBlocks + s;
        PackedSubBlock sub{};
        if (firstRow + r < product.rows && at * 32 < product.columns)
            Format::read(product.weight + uint64_t{firstRow + r} * product.rowBytes, at, product.columns, grids, sub);
        if constexpr (traits.zero > 0)
#pragma unroll
            for (uint32_t i = 0; i < 8; ++i)
                sub.q[i] = subtractBytes(sub.q[i], traits.zero * 0x01010101u);
        auto *const to = reinterpret_cast<uint4 *>(weights[r] + 32 * s);
        to[0] = {sub.q[0], sub.q[1], sub.q[2], sub.q[3]};
        to[1] = {sub.q[4], sub.q[5], sub.q[6], sub.q[7]};
#pragma unroll
        for (uint32_t part = 0; part < parts; ++part) {
            scales[s * parts + part][r] = sub.scale[part];
            if constexpr (traits.minimum)
                minima[s * parts + part][r] = sub.offset[part];
        }
    }

    __device__ void copyInputs(const Product &product, uint32_t count, uint32_t step)
    {
        const uint64_t rowBytes = activationRowBytes(product.columns);
        constexpr uint32_t loads = depth / sizeof(uint4);
        for (uint32_t i = threadIdx.x; i < Tokens * loads; i += threads) {
            const uint32_t t = i / loads;
            const uint32_t column = step * depth + i % loads * sizeof(uint4);
            uint4 q{};
            if (t < count && column < product.columns)
                q = load<uint4>(product.quantized + inputRow[t] * rowBytes + column);
            *reinterpret_cast<uint4 *>(inputs[t] + i % loads * sizeof(uint4)) = q;
        }
        for (uint32_t i = threadIdx.x; i < Tokens * subBlocks; i += threads) {
            const uint32_t t = i / subBlocks;
            const uint32_t s = i % subBlocks;
            const uint32_t at = step * subBlocks + s;
            float4 factors{};
            if (t < count && at * 32 < product.columns)
                factors = load<float4>(product.quantized + inputRow[t] * rowBytes + product.columns + at * sizeof factors);
            inputScales[s][t] = factors.x;
            if constexpr (traits.minimum && parts == 1) {
                inputSums[s][t] = factors.y + factors.z;
            } else if constexpr (traits.minimum) {
                inputSums[2 * s][t] = factors.y;
                inputSums[2 * s + 1][t] = factors.z;
            }
        }
    }
};

/// Bits of 1.5 · 2^23. An integer below 2^22 in magnitude that is added to them makes them the float that is larger by as much: sums that
/// begin here are turned to float32 by one subtraction, exactly. 32 products of 128 · 127 stay below 2^19.
inline constexpr int32_t sumBits = 0x4b400000;

__device__ inline float sumOfBits(int32_t bits)
{
    return __uint_as_float(static_cast<uint32_t>(bits)) - 12582912.0f;
}

/// What a warp adds up, and how.
template <typename Format, uint32_t Rows, uint32_t Tokens>
struct WarpTile : WarpSums<Rows, Tokens>
{
    using Stage = IntegerStage<Format, Rows, Tokens>;
    using Sums = WarpSums<Rows, Tokens>;
    using Sums::firstRow, Sums::firstToken, Sums::lane, Sums::row, Sums::rowTiles, Sums::sums, Sums::token, Sums::tokenTiles;
    static constexpr BlockTraits traits = Format::traits;
    static constexpr uint32_t parts = Stage::parts;

    /// A piece, as the lane holds it.
    struct Operands
    {
        uint32_t weights[rowTiles][4 / parts];
        float scales[rowTiles][2];
        float minima[rowTiles][2];
        uint32_t inputs[2][2 / parts];   // of two tiles of tokens
    };

    __device__ void add(const Stage &stage, uint32_t count)
    {
#pragma unroll 1   // or operands of all pieces are held at once, for which there are no registers
        for (uint32_t piece = 0; piece < Stage::pieces; ++piece) {
            Operands operands;
            loadRows(stage, piece, operands);
#pragma unroll
            for (uint32_t n = 0; n < tokenTiles; n += 2) {
                if (firstToken + 8 * n >= count)
                    break;
                loadTokens(stage, piece, n, operands);
                addTokens(stage, piece, n, operands, operands.inputs[0]);
                addTokens(stage, piece, n + 1, operands, operands.inputs[1]);
            }
        }
    }

    __device__ void loadRows(const Stage &stage, uint32_t piece, Operands &operands) const
    {
        if constexpr (parts == 1) {
#pragma unroll
            for (uint32_t m = 0; m < rowTiles; ++m)
                loadMatrices(stage.weights[firstRow + 16 * m + lane % 16] + 32 * piece + lane / 16 * 16, operands.weights[m]);
        } else {
            uint32_t words[2 * rowTiles];
            loadMatrices(stage.weights[firstRow + lane] + 16 * piece, words);
#pragma unroll
            for (uint32_t i = 0; i < 2 * rowTiles; ++i)
                operands.weights[i / 2][i % 2] = words[i];
        }
#pragma unroll
        for (uint32_t i = 0; i < 2 * rowTiles; ++i) {
            operands.scales[i / 2][i % 2] = stage.scales[piece][row(i / 2, i % 2 * 2)];
            operands.minima[i / 2][i % 2] = traits.minimum ? stage.minima[piece][row(i / 2, i % 2 * 2)] : 0.0f;
        }
    }

    __device__ void loadTokens(const Stage &stage, uint32_t piece, uint32_t n, Operands &operands) const
    {
        uint32_t words[4 / parts];
        if constexpr (parts == 1)
            loadMatrices(stage.inputs[firstToken + 8 * n + lane % 8 + lane / 16 * 8] + 32 * piece + lane / 8 % 2 * 16, words);
        else
            loadMatrices(stage.inputs[firstToken + 8 * n + lane % 16] + 16 * piece, words);
#pragma unroll
        for (uint32_t i = 0; i < 4 / parts; ++i)
            operands.inputs[i * parts / 2][i % (2 / parts)] = words[i];
    }

    __device__ void addTokens(
        const Stage &stage, uint32_t piece, uint32_t n, const Operands &operands, const uint32_t (&inputs)[2 / parts])
    {
        const float2 inputScales = load<float2>(&stage.inputScales[piece / parts][token(n, 0)]);
        float2 inputSums{};
        if constexpr (traits.minimum)
            inputSums = load<float2>(&stage.inputSums[piece][token(n, 0)]);
#pragma unroll
        for (uint32_t m = 0; m < rowTiles; ++m) {
            int32_t c[4] = {sumBits, sumBits, sumBits, sumBits};
            if constexpr (parts == 1)
                mmaM16N8K32(c, operands.weights[m], inputs[0], inputs[1]);
            else
                mmaM16N8K16(c, operands.weights[m][0], operands.weights[m][1], inputs[0]);
#pragma unroll
            for (uint32_t i = 0; i < 4; ++i) {
                float &sum = sums[m][n][i];
                sum += operands.scales[m][i / 2] * (i % 2 == 0 ? inputScales.x : inputScales.y) * sumOfBits(c[i]);
                if constexpr (traits.minimum)
                    sum += operands.minima[m][i / 2] * (i % 2 == 0 ? inputSums.x : inputSums.y);
            }
        }
    }
};

/// Matrix times many activation rows on integer tensor cores: a block multiplies Rows rows by Tokens tokens, unpacked in shared memory.
/// Sums of 32 columns (or 16) are exact; times their scales they are added up in float32, in the order of the columns.
/// Grid: (row tiles, token tiles, batches), block: IntegerStage::threads.
template <typename Format, uint32_t Rows, uint32_t Tokens>
__global__ void __launch_bounds__(2 * Rows, integerTileWarps * warpLanes / (2 * Rows)) integerTile(
    const __grid_constant__ Product whole, const __grid_constant__ ExpertGroups groups, const GridTables *grids)
{
    waitForPrevious();
    using Stage = IntegerStage<Format, Rows, Tokens>;
    static_assert(Stage::threads == 2 * Rows);
    __shared__ Stage stage;
    const TokenTile tile(whole, groups, Tokens);
    if (tile.count == 0)
        return;
    const Product &product = tile.product;
    const uint32_t firstRow = blockIdx.x * Rows;
    WarpTile<Format, Rows, Tokens> sums;
    for (uint32_t t = threadIdx.x; t < tile.count; t += Stage::threads)
        stage.inputRow[t] = tile.inputRow(t);
    for (uint32_t step = 0; step * Stage::depth < product.columns; ++step) {
        __syncthreads();
        stage.unpack(product, firstRow, step, grids);
        stage.copyInputs(product, tile.count, step);
        __syncthreads();
        sums.add(stage, tile.count);
    }
    sums.write(tile, firstRow);
}

} // namespace plimsoll::engine::cuda
