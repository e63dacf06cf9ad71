// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blocks_avx2.h"

#include <plimsoll/engine/quant/blocks_codebook.h>

/// Formats of packed numbers beside those in blocks_avx2.h, in the same form.
namespace {

/// All ones in byte i where bit i is set.
__m256i spreadBits(uint32_t bits)
{
    const __m256i whichByte = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i bit = _mm256_set1_epi64x(static_cast<int64_t>(0x8040201008040201u));
    const __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int32_t>(bits)), whichByte);
    return _mm256_cmpeq_epi8(_mm256_and_si256(bytes, bit), bit);
}

/// Sub-block j of 32 of bit pairs laid out as in Q2_K.
__m256i pairsOf(const uint8_t (&pairs)[64], uint32_t j)
{
    const __m256i packed = load256(pairs + j / 4 * 32);
    return _mm256_and_si256(_mm256_srl_epi16(packed, _mm_cvtsi32_si128(static_cast<int32_t>(2 * (j % 4)))), _mm256_set1_epi8(3));
}

/// The 16 scales of Q3_K, of which 32 is taken already.
__m128i scaleBytes(const BlockQ3_K &block)
{
    const __m128i low = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(block.scales));
    const __m128i nibbles = _mm_and_si128(_mm_unpacklo_epi64(low, _mm_srli_epi16(low, 4)), _mm_set1_epi8(15));
    const __m128i tops = _mm_srlv_epi32(_mm_set1_epi32(wordAt<int32_t>(block.scales + 8)), _mm_setr_epi32(0, 2, 4, 6));
    const __m128i pairs = _mm_slli_epi16(_mm_and_si128(tops, _mm_set1_epi8(3)), 4);
    return _mm_sub_epi8(_mm_or_si128(nibbles, pairs), _mm_set1_epi8(32));
}

/// Sixteen bytes, those of even index first: first halves of 8 sub-blocks, then second ones.
__m128i evenBytesFirst(__m128i bytes)
{
    return _mm_shuffle_epi8(bytes, _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15));
}

/// factor · each of 8 bytes and the next 8, for the two halves of the sub-blocks.
void scaleHalves(__m128i bytes, bool isSigned, float factor, __m256 (&out)[2])
{
    out[0] = _mm256_mul_ps(toFloat(bytes, isSigned), _mm256_set1_ps(factor));
    out[1] = _mm256_mul_ps(toFloat(_mm_srli_si128(bytes, 8), isSigned), _mm256_set1_ps(factor));
}

/// Q4_1, Q5_0 and Q5_1: 32 numbers of 4 or 5 bits that begin at a minimum or at −16·d.
template <typename BlockType, bool FifthBit>
struct FormatNibbles
{
    using Block = BlockType;
    static constexpr uint32_t elements = 32;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = false;
    static constexpr uint32_t zero = requires { &Block::m; } ? 0 : 16;
    static constexpr uint32_t largest = FifthBit ? 31 : 15;

    static __m256i numbers(const Block *blocks, uint32_t j)
    {
        const __m256i low = splitNibbles(load128(blocks[j].nibbles));
        if constexpr (FifthBit)
            return _mm256_or_si256(low, _mm256_and_si256(spreadBits(wordAt<uint32_t>(blocks[j].high)), _mm256_set1_epi8(16)));
        else
            return low;
    }
    static GroupScales scales(const Block *blocks, uint32_t count)
    {
        GroupScales out;
        out.scale[0] = groupOfHalves(blocks, count);
        if constexpr (zero == 0)
            out.offset[0] = groupOfHalves(blocks, count, &Block::m);
        return out;
    }
};

struct FormatQ2_K
{
    using Block = BlockQ2_K;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 2;
    static constexpr bool isSigned = false;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 3;

    static __m256i numbers(const Block *block, uint32_t j) { return pairsOf(block->pairs, j); }
    static GroupScales scales(const Block *block, uint32_t)
    {
        const __m128i packed = evenBytesFirst(load128(block->scales));
        const __m128i nibble = _mm_set1_epi8(15);
        GroupScales out;
        scaleHalves(_mm_and_si128(packed, nibble), false, halfAt(block->d), out.scale);
        scaleHalves(_mm_and_si128(_mm_srli_epi16(packed, 4), nibble), false, -halfAt(block->dmin), out.offset);
        return out;
    }
};

struct FormatQ3_K
{
    using Block = BlockQ3_K;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 2;
    static constexpr bool isSigned = false;
    static constexpr uint32_t zero = 4;
    static constexpr uint32_t largest = 7;

    static __m256i numbers(const Block *block, uint32_t j)
    {
        const __m256i mask = _mm256_set1_epi8(static_cast<char>(1u << j));
        const __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(load256(block->high), mask), mask);
        return _mm256_or_si256(pairsOf(block->pairs, j), _mm256_and_si256(set, _mm256_set1_epi8(4)));
    }
    static GroupScales scales(const Block *block, uint32_t)
    {
        GroupScales out;
        scaleHalves(evenBytesFirst(scaleBytes(*block)), true, halfAt(block->d), out.scale);
        return out;
    }
};

/// Q3_K with the scale of each half multiplied into its numbers: (q − 4) · (scale − 32) is −124 to 128, a byte without a sign from 124 on. A
/// block then has a scale only.
struct FormatQ3_KScaled
{
    using Block = BlockQ3_K;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = false;
    static constexpr uint32_t zero = 124;
    static constexpr uint32_t largest = 252;

    static __m256i numbers(const Block *block, uint32_t j)
    {
        // q · s + 4 · (31 − s) of q and s = scale − 32: bytes s and 31 − s of the first half and of the second one.
        const uint32_t low = wordAt<uint16_t>(block->scales + 2 * (j % 4)) >> j / 4 * 4 & 0x0f0f;
        const uint32_t top = wordAt<uint16_t>(block->scales + 8 + 2 * (j % 2)) >> j / 2 * 2 & 0x0303;
        const uint32_t scales = low | top << 4;
        const uint32_t factors = (((scales | 0x8080) - 0x2020) ^ 0x8080) | (0x3f3f - scales) << 16;
        const __m256i eachHalf = _mm256_set_m128i(_mm_set1_epi16(0x0301), _mm_set1_epi16(0x0200));
        const __m256i mine = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int32_t>(factors)), eachHalf);
        const __m256i q = FormatQ3_K::numbers(block, j);
        const __m256i four = _mm256_set1_epi8(4);
        const __m256i firsts = _mm256_maddubs_epi16(_mm256_unpacklo_epi8(q, four), mine);
        const __m256i seconds = _mm256_maddubs_epi16(_mm256_unpackhi_epi8(q, four), mine);
        return _mm256_packus_epi16(firsts, seconds);
    }
    static GroupScales scales(const Block *block, uint32_t)
    {
        GroupScales out;
        out.scale[0] = _mm256_set1_ps(halfAt(block->d));
        return out;
    }
};

struct FormatTQ2_0
{
    using Block = BlockTQ2_0;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = false;
    static constexpr uint32_t zero = 1;
    static constexpr uint32_t largest = 3;

    static __m256i numbers(const Block *block, uint32_t j) { return pairsOf(block->pairs, j); }
    static GroupScales scales(const Block *block, uint32_t)
    {
        GroupScales out;
        out.scale[0] = _mm256_set1_ps(halfAt(block->d));
        return out;
    }
};

} // namespace
