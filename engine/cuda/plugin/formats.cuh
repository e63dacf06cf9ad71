// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "activation_row.cuh"
#include "block_traits.cuh"
#include "packed_block.cuh"
#include "packed_block_codebook.cuh"
#include "packed_block_k.cuh"

/// What the matrix kernels know of a weight format: how a lane multiplies one unit of a row by activations, and how 32 elements become
/// float32.
namespace plimsoll::engine::cuda {

/// Formats of blocks: a unit is 32 elements, multiplied as integers.
template <typename Block, uint32_t Elements>
struct BlockFormat
{
    static constexpr uint32_t unit = 32;
    static constexpr bool integer = true;
    static constexpr BlockTraits traits = traitsOf<Block>;
    using Weights = PackedSubBlock;

    static __device__ void read(const std::byte *row, uint32_t at, uint32_t, const GridTables *grids, Weights &weights)
    {
        constexpr uint32_t subBlocks = Elements / 32;
        const auto *const blocks = reinterpret_cast<const Block *>(row);
        cuda::read(blocks[at / subBlocks], at % subBlocks, grids, weights);
    }

    /// `row`: an activation row.
    static __device__ float dot(const Weights &weights, const std::byte *row, uint32_t columns, uint32_t at)
    {
        const ActivationBlock x = activationBlock(row, columns, at);
        int sums[2] = {0, 0};
#pragma unroll
        for (uint32_t i = 0; i < 8; ++i)
            sums[i / 4] = __dp4a(static_cast<int>(weights.q[i]), static_cast<int>(x.q[i]), sums[i / 4]);
        return x.scale * (weights.scale[0] * static_cast<float>(sums[0]) + weights.scale[1] * static_cast<float>(sums[1]))
            + weights.offset[0] * x.sums[0] + weights.offset[1] * x.sums[1];
    }

    /// Elements 32·at to 32·at + 31 of a row.
    static __device__ void expand(const std::byte *row, uint32_t at, uint32_t columns, const GridTables *grids, float (&out)[32])
    {
        PackedSubBlock sub;
        read(row, at, columns, grids, sub);
#pragma unroll
        for (uint32_t i = 0; i < 32; ++i)
            out[i] = sub.scale[i / 16] * static_cast<float>(static_cast<int8_t>(sub.q[i / 4] >> (8 * (i % 4)))) + sub.offset[i / 16];
    }
};

struct NumberF32
{
    using Stored = float;
    static __device__ float value(float stored) { return stored; }
};

struct NumberF16
{
    using Stored = uint16_t;
    static __device__ float value(uint16_t stored) { return fromHalf(stored); }
};

struct NumberBF16
{
    using Stored = uint16_t;
    static __device__ float value(uint16_t stored) { return fromBfloat(stored); }
};

/// Plain numbers: a unit is 8 elements, multiplied by float32. Rows of whole units begin at multiples of 16 bytes; of others nothing is
/// known.
template <typename Number>
struct PlainFormat
{
    static constexpr uint32_t unit = 8;
    static constexpr bool integer = false;
    using Stored = typename Number::Stored;

    struct Weights
    {
        float values[unit];   // zeros behind the end of the row
    };

    static __device__ void read(const std::byte *row, uint32_t at, uint32_t columns, const GridTables *, Weights &weights)
    {
        const std::byte *const from = row + uint64_t{at} * unit * sizeof(Stored);
        if (columns % unit == 0) {
            constexpr uint32_t count = unit * sizeof(Stored) / 4;
            uint32_t words[count];
            loadWords<16>(from, words);
            Stored stored[unit];
            memcpy(stored, words, sizeof stored);
#pragma unroll
            for (uint32_t i = 0; i < unit; ++i)
                weights.values[i] = Number::value(stored[i]);
            return;
        }
        const auto *const stored = reinterpret_cast<const Stored *>(from);
#pragma unroll
        for (uint32_t i = 0; i < unit; ++i)
            weights.values[i] = at * unit + i < columns ? Number::value(stored[i]) : 0.0f;
    }

    /// `row`: float32.
    static __device__ float dot(const Weights &weights, const std::byte *row, uint32_t columns, uint32_t at)
    {
        const auto *const x = reinterpret_cast<const float *>(row) + at * unit;
        float sum = 0;
        if (columns % unit == 0 && reinterpret_cast<uintptr_t>(row) % sizeof(float4) == 0) {
#pragma unroll
            for (uint32_t i = 0; i < unit; i += 4) {
                const float4 four = load<float4>(x + i);
                sum += weights.values[i] * four.x + weights.values[i + 1] * four.y + weights.values[i + 2] * four.z
                    + weights.values[i + 3] * four.w;
            }
            return sum;
        }
#pragma unroll
        for (uint32_t i = 0; i < unit; ++i)
            if (at * unit + i < columns)
                sum += weights.values[i] * x[i];
        return sum;
    }

    static __device__ void expand(const std::byte *row, uint32_t at, uint32_t columns, const GridTables *grids, float (&out)[32])
    {
#pragma unroll
        for (uint32_t u = 0; u < 4; ++u) {
            Weights weights;
            const bool there = (4 * at + u) * unit < columns;
            if (there)
                read(row, 4 * at + u, columns, grids, weights);
#pragma unroll
            for (uint32_t i = 0; i < unit; ++i)
                out[u * unit + i] = there ? weights.values[i] : 0.0f;
        }
    }
};

} // namespace plimsoll::engine::cuda
