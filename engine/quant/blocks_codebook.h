// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "grids.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

/// Block formats whose elements are entries of a codebook or one of two to four values, as they lie in a file; conventions as in blocks.h.
/// Of the IQ formats a sub-block of 32 elements is made of grid entries of 8 (IQ1, IQ2) or 4 (IQ3) and of one sign bit per element, set for
/// negative ones. Where only 7 sign bits are stored for 8 elements, their number is even, which gives the eighth.
namespace plimsoll::engine {

/// 32 elements: d·valuesIq4[nibble]; nibbles as Q4_0.
struct BlockIQ4_NL
{
    uint16_t d;
    uint8_t nibbles[16];
};
static_assert(sizeof(BlockIQ4_NL) == 18);

/// 8 sub-blocks of 32: d·(scale_j − 32)·valuesIq4[nibble]. Scale j: low four bits are nibble j of `low`, high two bits 2j, 2j+1 of `high`.
struct BlockIQ4_XS
{
    uint16_t d;
    uint16_t high;
    uint8_t low[4];
    uint8_t nibbles[128];   // 16 per sub-block, as Q4_0
};
static_assert(sizeof(BlockIQ4_XS) == 136);

/// OCP Microscaling FP4: 32 elements, 2^(exponent − 127) · E2M1; nibbles as Q4_0.
struct BlockMXFP4
{
    uint8_t exponent;
    uint8_t nibbles[16];
};
static_assert(sizeof(BlockMXFP4) == 17);

/// 64 elements in 4 sub-blocks of 16: UE4M3 scale · E2M1. Byte i of 8 of a sub-block holds its elements i and 8+i.
struct BlockNVFP4
{
    uint8_t scales[4];
    uint8_t nibbles[32];
};
static_assert(sizeof(BlockNVFP4) == 36);

/// 8 sub-blocks of 8 bytes: four indices into gridIq2Xxs, then four times 7 sign bits and at the top a scale s of 4: d·(s + ½)/4·grid.
struct BlockIQ2_XXS
{
    uint16_t d;
    uint8_t q[64];
};
static_assert(sizeof(BlockIQ2_XXS) == 66);

/// Words of an index (9 bits) into gridIq2Xs and 7 sign bits. Scale of elements 0–15 and 16–31 of sub-block j: nibbles of scales[j].
struct BlockIQ2_XS
{
    uint16_t d;
    uint16_t q[32];
    uint8_t scales[8];
};
static_assert(sizeof(BlockIQ2_XS) == 74);

/// Low bytes of indices into gridIq2S, 4 per sub-block; bits 8 and 9 of entry l are bits 2l, 2l+1 of high[j]. Scales as IQ2_XS.
struct BlockIQ2_S
{
    uint16_t d;
    uint8_t q[32];
    uint8_t signs[32];
    uint8_t high[8];
    uint8_t scales[8];
};
static_assert(sizeof(BlockIQ2_S) == 82);

/// Indices into gridIq3Xxs, 8 per sub-block; then per sub-block a word of signs and scale as IQ2_XXS: d·(s + ½)/2·grid.
struct BlockIQ3_XXS
{
    uint16_t d;
    uint8_t q[64];
    uint8_t words[32];
};
static_assert(sizeof(BlockIQ3_XXS) == 98);

/// Low bytes of indices into gridIq3S, 8 per sub-block; bit 8 of entry l is bit l of high[j]. d·(2s + 1)·grid, s nibble j of `scales`.
struct BlockIQ3_S
{
    uint16_t d;
    uint8_t q[64];
    uint8_t high[8];
    uint8_t signs[32];
    uint8_t scales[4];
};
static_assert(sizeof(BlockIQ3_S) == 110);

/// Low bytes of indices into gridIq1, 4 per sub-block. Word j of `high`: bits 3l to 3l+2 are bits 8–10 of entry l, bits 12–14 a scale s, bit
/// 15 the sign of the shift: d·(2s + 1)·(grid ± ⅛).
struct BlockIQ1_S
{
    uint16_t d;
    uint8_t q[32];
    uint16_t high[8];
};
static_assert(sizeof(BlockIQ1_S) == 50);

/// As IQ1_S with a shift for each 8 elements and a scale for each 16. Nibble l of `high`: bits 8–10 of the index and the sign of the shift.
/// `scales` are four words, lowest byte first: the top four bits together are d, lowest first; below them four scales of 3 bits.
struct BlockIQ1_M
{
    uint8_t q[32];
    uint8_t high[16];
    uint8_t scales[8];
};
static_assert(sizeof(BlockIQ1_M) == 56);

/// 256 elements d·(t − 1), t the digits of base-3 fractions, five to a byte: byte = ⌈256·fraction⌉. Digit n of byte i is element 32n+i for the
/// first 32 bytes, 160+16n+i for the other 16; `last` holds four digits in a byte, 240+4n+i.
struct BlockTQ1_0
{
    uint8_t first[32];
    uint8_t second[16];
    uint8_t last[4];
    uint16_t d;
};
static_assert(sizeof(BlockTQ1_0) == 54);

/// 256 elements d·(pair − 1), bit pairs as Q2_K.
struct BlockTQ2_0
{
    uint8_t pairs[64];
    uint16_t d;
};
static_assert(sizeof(BlockTQ2_0) == 66);

/// 128 elements: d where the bit is set, else −d; lowest bit first.
struct BlockQ1_0
{
    uint16_t d;
    uint8_t bits[16];
};
static_assert(sizeof(BlockQ1_0) == 18);

/// 64 elements: d·(pair − 1); four neighbours in a byte, lowest pair first.
struct BlockQ2_0
{
    uint16_t d;
    uint8_t pairs[16];
};
static_assert(sizeof(BlockQ2_0) == 18);

/// Not evenly spaced: fitted to normally distributed weights.
static constexpr int8_t valuesIq4[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

/// Twice the values of E2M1: a sign bit, two bits of exponent, one of fraction.
static constexpr int8_t valuesE2m1[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

/// 2^(exponent − 128): half of the block's scale, as valuesE2m1 are doubled. 255 is not read as NaN.
static inline float halfOfE8m0(uint8_t exponent)
{
    return std::bit_cast<float>(exponent < 2 ? 0x00200000u << exponent : (exponent - 1u) << 23);
}

/// Half of an unsigned number of 4 exponent and 3 fraction bits, bias 7; the bit above them is ignored, and 0x7f, its NaN, counts as zero.
static inline float halfOfUe4m3(uint8_t bits)
{
    if (bits == 0x7f)
        return 0;
    const uint32_t exponent = bits >> 3 & 15u;
    const auto fraction = static_cast<float>(bits & 7);
    if (exponent == 0)
        return fraction * 0x1p-10f;
    return std::bit_cast<float>((exponent + 119) << 23) * (1 + fraction / 8);   // 2^(exponent − 8)
}

/// 32 sign bits from the lowest 28: each seven become eight whose number of set bits is even.
static constexpr uint32_t evenSigns(uint32_t word)
{
    const uint32_t sevens = (word & 127) | (word << 1 & 127u << 8) | (word << 2 & 127u << 16) | (word << 3 & 127u << 24);
    uint32_t parity = sevens ^ (sevens >> 4 & 0x07070707u);
    parity ^= parity >> 2 & 0x03030303u;
    parity ^= parity >> 1 & 0x01010101u;
    return sevens | (parity & 0x01010101u) << 7;
}

template <typename Word>
static inline Word wordAt(const void *bytes)
{
    Word word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// The half float of IQ1_M, gathered from the tops of its four words of scales.
static inline uint16_t scaleOf(const BlockIQ1_M &block)
{
    uint32_t d = 0;
    for (uint32_t i = 0; i < 4; ++i)
        d |= (block.scales[2 * i + 1] >> 4 & 15u) << (4 * i);
    return static_cast<uint16_t>(d);
}

} // namespace plimsoll::engine
