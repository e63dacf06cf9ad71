// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "device.cuh"
#include "grid_tables.h"

#include <plimsoll/engine/quant/blocks.h>

/// Reads 32 neighbouring elements of any block format into registers, four to a word, as integer dot products take them: the twin of
/// engine/quant/sub_block.h. Formats with evenly spaced numbers are here and in packed_block_k.cuh, those with codebooks in
/// packed_block_codebook.cuh.
namespace plimsoll::engine::cuda {

/// Element i is scale[i / 16] · q[i] + offset[i / 16], q[i] the signed byte i % 4 of word i / 4.
struct PackedSubBlock
{
    uint32_t q[8];
    float scale[2];
    float offset[2];
};

/// The largest power of two that every block of a row is a multiple of from its start, at most 16; rows of a tensor begin there too.
template <typename Block>
inline constexpr uint32_t alignmentOf = (sizeof(Block) & -sizeof(Block)) < 16 ? (sizeof(Block) & -sizeof(Block)) : 16;

/// What an access to the field at `Offset` of a block may rely on.
template <typename Block, size_t Offset>
inline constexpr uint32_t alignmentAt = Offset == 0 || (Offset & -Offset) > alignmentOf<Block> ? alignmentOf<Block> : (Offset & -Offset);

__device__ inline void setScale(PackedSubBlock &sub, float scale, float offset = 0)
{
    sub.scale[0] = sub.scale[1] = scale;
    sub.offset[0] = sub.offset[1] = offset;
}

/// Numbers that are stored `zero` too high.
__device__ inline void setScales(PackedSubBlock &sub, float first, float second, float zero = 0)
{
    sub.scale[0] = first;
    sub.scale[1] = second;
    sub.offset[0] = -zero * first;
    sub.offset[1] = -zero * second;
}

/// 16 bytes: element i in the low nibble of byte i, element 16 + i in the high one.
template <uint32_t Align>
__device__ inline void readNibbles(PackedSubBlock &sub, const uint8_t *nibbles)
{
    uint32_t words[4];
    loadWords<Align>(nibbles, words);
#pragma unroll
    for (uint32_t i = 0; i < 4; ++i) {
        sub.q[i] = words[i] & 0x0f0f0f0fu;
        sub.q[4 + i] = words[i] >> 4 & 0x0f0f0f0fu;
    }
}

/// Bits 0 to 3 of `bits` at bit `Place` of the four bytes of a word.
template <uint32_t Place>
__device__ inline uint32_t spreadBits(uint32_t bits)
{
    return ((bits & 15u) * 0x00204081u & 0x01010101u) << Place;
}

template <uint32_t Align>
__device__ inline void addFifthBits(PackedSubBlock &sub, const uint8_t *high)
{
    const uint32_t bits = loadWord<Align>(high);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] |= spreadBits<4>(bits >> (4 * i));
}

__device__ inline void read(const BlockQ4_0 &block, uint32_t, const GridTables *, PackedSubBlock &sub)
{
    readNibbles<2>(sub, block.nibbles);
    const float d = fromHalf(block.d);
    setScale(sub, d, -8 * d);
}

__device__ inline void read(const BlockQ4_1 &block, uint32_t, const GridTables *, PackedSubBlock &sub)
{
    readNibbles<4>(sub, block.nibbles);
    setScale(sub, fromHalf(block.d), fromHalf(block.m));
}

__device__ inline void read(const BlockQ5_0 &block, uint32_t, const GridTables *, PackedSubBlock &sub)
{
    readNibbles<2>(sub, block.nibbles);
    addFifthBits<2>(sub, block.high);
    const float d = fromHalf(block.d);
    setScale(sub, d, -16 * d);
}

__device__ inline void read(const BlockQ5_1 &block, uint32_t, const GridTables *, PackedSubBlock &sub)
{
    readNibbles<4>(sub, block.nibbles);
    addFifthBits<4>(sub, block.high);
    setScale(sub, fromHalf(block.d), fromHalf(block.m));
}

__device__ inline void read(const BlockQ8_0 &block, uint32_t, const GridTables *, PackedSubBlock &sub)
{
    loadWords<2>(block.q, sub.q);
    setScale(sub, fromHalf(block.d));
}

} // namespace plimsoll::engine::cuda
