// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "device.cuh"

#include <plimsoll/engine/model/backend.h>
#include <plimsoll/engine/quant/blocks.h>

/// The number formats of KV cells: how a block of threads writes one, and how a thread reads four neighbouring elements.
namespace plimsoll::engine::cuda {

inline constexpr uint32_t cellBlock = 32;        // elements of the block formats
inline constexpr float largestHalf = 65504.0f;   // a scale beyond it is held there

__device__ inline uint64_t cellOf(const KvCache &cache, const TokenRow &row)
{
    return static_cast<uint64_t>(row.sequence) * cache.cells + static_cast<uint64_t>(row.position) % cache.cells;
}

/// value / d rounded to nearest even, held between low and high; what is no number becomes `low`. 0 where d is.
__device__ inline int roundedTo(float value, float d, float low, float high)
{
    const float inverse = d != 0 ? 1 / d : 0.0f;
    return static_cast<int>(fminf(fmaxf(rintf(value * inverse), low), high));
}

/// A warp writes a block; lane i brings element i. Scale: the largest magnitude / 127.
__device__ inline void storeBlock(float value, BlockQ8_0 &block)
{
    const uint32_t lane = threadIdx.x % warpLanes;
    const uint16_t d = toHalf(fminf(warpMax(fabsf(value)) / 127, largestHalf));
    block.q[lane] = static_cast<int8_t>(roundedTo(value, fromHalf(d), -127, 127));
    if (lane == 0)
        block.d = d;
}

/// Scale: the number of largest magnitude, with its sign, / −8; of two as large the positive one counts.
__device__ inline void storeBlock(float value, BlockQ4_0 &block)
{
    const uint32_t lane = threadIdx.x % warpLanes;
    const float high = warpMax(fmaxf(value, 0.0f));
    const float low = warpMax(fmaxf(-value, 0.0f));
    const float wanted = (low > high ? -low : high) / -8;
    const uint16_t d = toHalf(fmaxf(fminf(wanted, largestHalf), -largestHalf));
    const int q = roundedTo(value, fromHalf(d), -8, 7) + 8;
    const int other = __shfl_sync(allLanes, q, static_cast<int>(lane % 16 + 16));
    if (lane < 16)
        block.nibbles[lane] = static_cast<uint8_t>(q | other << 4);
    if (lane == 0)
        block.d = d;
}

/// The threads of a one-dimensional block write x[n] (shared, or else of theirs alone) from element `at` of a cell on.
__device__ inline void storeCell(const float *x, uint32_t n, GgmlType type, std::byte *cell, uint32_t at)
{
    for (uint32_t i = threadIdx.x; i < n; i += blockDim.x)
        switch (type) {
        case GgmlType::F32: reinterpret_cast<float *>(cell)[at + i] = x[i]; break;
        case GgmlType::Q8_0: storeBlock(x[i], reinterpret_cast<BlockQ8_0 *>(cell)[(at + i) / cellBlock]); break;
        case GgmlType::Q4_0: storeBlock(x[i], reinterpret_cast<BlockQ4_0 *>(cell)[(at + i) / cellBlock]); break;
        default: reinterpret_cast<uint16_t *>(cell)[at + i] = toHalf(x[i]);
        }
}

/// Elements 4c to 4c + 3 of the head at `head`.
__device__ inline float4 loadCellFour(const std::byte *head, GgmlType type, uint32_t c)
{
    switch (type) {
    case GgmlType::F32: return load<float4>(head + c * sizeof(float4));
    case GgmlType::Q8_0: {
        const auto &block = reinterpret_cast<const BlockQ8_0 *>(head)[c / 8];
        const float d = fromHalf(block.d);
        const uint32_t word = loadWord<2>(block.q + c % 8 * 4);
        const auto number = [&](uint32_t i) { return d * static_cast<float>(static_cast<int8_t>(word >> (8 * i))); };
        return {number(0), number(1), number(2), number(3)};
    }
    case GgmlType::Q4_0: {
        const auto &block = reinterpret_cast<const BlockQ4_0 *>(head)[c / 8];
        const float d = fromHalf(block.d);
        const uint32_t shift = c % 8 < 4 ? 0 : 4;
        const uint32_t word = loadWord<2>(block.nibbles + c % 4 * 4) >> shift & 0x0f0f0f0fu;
        const auto number = [&](uint32_t i) { return d * (static_cast<float>(word >> (8 * i) & 15u) - 8); };
        return {number(0), number(1), number(2), number(3)};
    }
    default: {
        const uint2 halves = load<uint2>(head + c * sizeof(uint2));
        return {fromHalf(static_cast<uint16_t>(halves.x)), fromHalf(static_cast<uint16_t>(halves.x >> 16)),
            fromHalf(static_cast<uint16_t>(halves.y)), fromHalf(static_cast<uint16_t>(halves.y >> 16))};
    }
    }
}

/// Bytes of n elements; whole blocks.
__host__ __device__ inline uint64_t cellBytes(GgmlType type, uint64_t n)
{
    switch (type) {
    case GgmlType::F32: return n * sizeof(float);
    case GgmlType::Q8_0: return n / cellBlock * sizeof(BlockQ8_0);
    case GgmlType::Q4_0: return n / cellBlock * sizeof(BlockQ4_0);
    default: return n * sizeof(uint16_t);
    }
}

} // namespace plimsoll::engine::cuda
