// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "packed_block.cuh"

namespace plimsoll::engine::cuda {

/// Sub-block j of bit pairs laid out as in Q2_K.
template <uint32_t Align>
__device__ inline void readPairs(PackedSubBlock &sub, const uint8_t (&pairs)[64], uint32_t j)
{
    loadWords<Align>(pairs + j / 4 * 32, sub.q);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] = sub.q[i] >> (2 * (j % 4)) & 0x03030303u;
}

__device__ inline void read(const BlockQ2_K &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    readPairs<4>(sub, block.pairs, j);
    const float d = fromHalf(block.d);
    const float dmin = fromHalf(block.dmin);
#pragma unroll
    for (uint32_t h = 0; h < 2; ++h) {
        const uint32_t packed = block.scales[2 * j + h];
        sub.scale[h] = d * static_cast<float>(packed & 15);
        sub.offset[h] = -dmin * static_cast<float>(packed >> 4);
    }
}

__device__ inline void read(const BlockQ3_K &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    readPairs<2>(sub, block.pairs, j);
    uint32_t high[8];
    loadWords<2>(block.high, high);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] |= (high[i] >> j & 0x01010101u) << 2;
    const float d = fromHalf(block.d);
    const auto scale = [&](uint32_t s) {
        const uint32_t low = block.scales[s % 8] >> (4 * (s / 8)) & 15u;
        return d * (static_cast<float>(low | (block.scales[8 + s % 4] >> (2 * (s / 4)) & 3u) << 4) - 32);
    };
    setScales(sub, scale(2 * j), scale(2 * j + 1), 4);
}

/// Scale and minimum of sub-block j of Q4_K and Q5_K.
__device__ inline void setSixBits(PackedSubBlock &sub, uint16_t d, uint16_t dmin, const uint8_t (&packed)[12], uint32_t j)
{
    const uint32_t scale = j < 4 ? packed[j] & 63u : (packed[j + 4] & 15u) | (packed[j - 4] >> 6 & 3u) << 4;
    const uint32_t min = j < 4 ? packed[j + 4] & 63u : (packed[j + 4] >> 4 & 15u) | (packed[j] >> 6 & 3u) << 4;
    setScale(sub, fromHalf(d) * static_cast<float>(scale), -fromHalf(dmin) * static_cast<float>(min));
}

/// Sub-blocks 2c and 2c + 1 share 32 bytes, one the low and one the high nibbles.
template <typename Block>
__device__ inline void readNibbleRun(PackedSubBlock &sub, const Block &block, uint32_t j)
{
    loadWords<alignmentOf<Block>>(block.nibbles + j / 2 * 32, sub.q);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] = sub.q[i] >> (4 * (j & 1)) & 0x0f0f0f0fu;
}

__device__ inline void read(const BlockQ4_K &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    readNibbleRun(sub, block, j);
    setSixBits(sub, block.d, block.dmin, block.scales, j);
}

__device__ inline void read(const BlockQ5_K &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    readNibbleRun(sub, block, j);
    uint32_t high[8];
    loadWords<16>(block.high, high);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] |= (high[i] >> j & 0x01010101u) << 4;
    setSixBits(sub, block.d, block.dmin, block.scales, j);
}

__device__ inline void read(const BlockQ6_K &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    const uint32_t half = j / 4;
    const uint32_t quarter = j % 4;
    uint32_t pairs[8];
    loadWords<2>(block.nibbles + half * 64 + (quarter & 1) * 32, sub.q);
    loadWords<2>(block.pairs + half * 32, pairs);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] = (sub.q[i] >> (4 * (quarter / 2)) & 0x0f0f0f0fu) | (pairs[i] >> (2 * quarter) & 0x03030303u) << 4;
    const float d = fromHalf(block.d);
    setScales(sub, d * static_cast<float>(block.scales[2 * j]), d * static_cast<float>(block.scales[2 * j + 1]), 32);
}

} // namespace plimsoll::engine::cuda
