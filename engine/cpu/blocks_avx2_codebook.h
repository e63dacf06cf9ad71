// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blocks_avx2_bits.h"

/// Formats of codebooks, in the form of blocks_avx2.h; all numbers are signed.
namespace {

/// Nibbles, in either half of a register, as indices into 16 values.
__m256i valuesOf(const int8_t (&values)[16], __m256i nibbles)
{
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(load128(values)), nibbles);
}

__m256i negatedWhere(__m256i set, __m256i x)
{
    return _mm256_sub_epi8(_mm256_xor_si256(x, set), set);
}

__m128i eightBytes(const uint8_t *p)
{
    return _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p));
}

/// Eight entries of four numbers.
__m256i entriesOf(const int32_t *grid, __m256i index)
{
    return _mm256_i32gather_epi32(grid, index, 4);
}

/// Four entries of eight numbers.
__m256i entriesOf(const int64_t *grid, __m128i index)
{
    return _mm256_i32gather_epi64(reinterpret_cast<const long long *>(grid), index, 8);
}

struct FormatIQ4_NL
{
    using Block = BlockIQ4_NL;
    static constexpr uint32_t elements = 32;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 127;

    static __m256i numbers(const Block *blocks, uint32_t j) { return valuesOf(valuesIq4, splitNibbles(load128(blocks[j].nibbles))); }
    static GroupScales scales(const Block *blocks, uint32_t count)
    {
        GroupScales out;
        out.scale[0] = groupOfHalves(blocks, count);
        return out;
    }
};

struct FormatIQ4_XS
{
    using Block = BlockIQ4_XS;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 127;

    static __m256i numbers(const Block *block, uint32_t j) { return valuesOf(valuesIq4, splitNibbles(load128(block->nibbles + 16 * j))); }
    static GroupScales scales(const Block *block, uint32_t)
    {
        const __m256i low = _mm256_srlv_epi32(_mm256_set1_epi32(wordAt<int32_t>(block->low)), _mm256_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28));
        const __m256i high = _mm256_srlv_epi32(_mm256_set1_epi32(block->high), _mm256_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14));
        const __m256i six = _mm256_or_si256(_mm256_and_si256(low, _mm256_set1_epi32(15)),
            _mm256_slli_epi32(_mm256_and_si256(high, _mm256_set1_epi32(3)), 4));
        const __m256 scale = _mm256_cvtepi32_ps(_mm256_sub_epi32(six, _mm256_set1_epi32(32)));
        GroupScales out;
        out.scale[0] = _mm256_mul_ps(scale, _mm256_set1_ps(halfAt(block->d)));
        return out;
    }
};

struct FormatMXFP4
{
    using Block = BlockMXFP4;
    static constexpr uint32_t elements = 32;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 12;

    static __m256i numbers(const Block *blocks, uint32_t j) { return valuesOf(valuesE2m1, splitNibbles(load128(blocks[j].nibbles))); }
    static GroupScales scales(const Block *blocks, uint32_t count)
    {
        uint64_t bytes = 0;
        for (uint32_t j = 0; j < count; ++j)
            bytes |= uint64_t{blocks[j].exponent} << 8 * j;
        // halfOfE8m0 of each: its exponent is one less, and below the normal numbers its only bit moves.
        const __m256i exponents = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<int64_t>(bytes)));
        const __m256i normal = _mm256_slli_epi32(_mm256_sub_epi32(exponents, _mm256_set1_epi32(1)), 23);
        const __m256i below = _mm256_sllv_epi32(_mm256_set1_epi32(1 << 21), exponents);
        GroupScales out;
        out.scale[0] = _mm256_castsi256_ps(_mm256_blendv_epi8(below, normal, _mm256_cmpgt_epi32(exponents, _mm256_set1_epi32(1))));
        return out;
    }
};

struct FormatNVFP4
{
    using Block = BlockNVFP4;
    static constexpr uint32_t elements = 64;
    static constexpr uint32_t halves = 2;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 12;

    static __m256i numbers(const Block *blocks, uint32_t j)
    {
        const __m128i packed = load128(blocks[j / 2].nibbles + j % 2 * 16);
        const __m128i high = _mm_srli_epi16(packed, 4);
        const __m256i both = _mm256_set_m128i(_mm_unpackhi_epi64(packed, high), _mm_unpacklo_epi64(packed, high));
        return valuesOf(valuesE2m1, _mm256_and_si256(both, _mm256_set1_epi8(15)));
    }
    static GroupScales scales(const Block *blocks, uint32_t count)
    {
        alignas(32) float scale[2][groupBlocks] = {};
        for (uint32_t j = 0; j < count; ++j)
            for (uint32_t h = 0; h < 2; ++h)
                scale[h][j] = halfOfUe4m3(blocks[j / 2].scales[j % 2 * 2 + h]);
        GroupScales out;
        out.scale[0] = _mm256_load_ps(scale[0]);
        out.scale[1] = _mm256_load_ps(scale[1]);
        return out;
    }
};

/// The scales of IQ2_XXS and IQ3_XXS: d·step·(s + ½), s the top four bits of each word.
__m256 topScales(__m256i words, float step)
{
    const __m256 s = _mm256_cvtepi32_ps(_mm256_srli_epi32(words, 28));
    return _mm256_mul_ps(_mm256_add_ps(s, _mm256_set1_ps(0.5f)), _mm256_set1_ps(step));
}

/// The scales of IQ2_XS and IQ2_S, a nibble for each 16 elements.
GroupScales nibbleScales(const uint8_t (&scales)[8], uint16_t d)
{
    const __m128i packed = eightBytes(scales);
    const __m128i nibbles = _mm_and_si128(_mm_unpacklo_epi64(packed, _mm_srli_epi16(packed, 4)), _mm_set1_epi8(15));
    const float quarter = 0.25f * halfAt(d);
    GroupScales out;
    scaleHalves(nibbles, false, quarter, out.scale);
    for (__m256 &scale : out.scale)
        scale = _mm256_add_ps(scale, _mm256_set1_ps(0.5f * quarter));
    return out;
}

struct FormatIQ2_XXS
{
    using Block = BlockIQ2_XXS;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 43;

    static __m256i numbers(const Block *block, uint32_t j)
    {
        const __m128i index = _mm_cvtepu8_epi32(eightBytes(block->q + 8 * j));
        const __m256i negative = spreadBits(evenSigns(wordAt<uint32_t>(block->q + 8 * j + 4)));
        return negatedWhere(negative, entriesOf(gridIq2Xxs.data(), index));
    }
    static GroupScales scales(const Block *block, uint32_t)
    {
        // The odd ones of 16 words.
        const __m256 first = _mm256_castsi256_ps(load256(block->q));
        const __m256 second = _mm256_castsi256_ps(load256(block->q + 32));
        const __m256 odd = _mm256_shuffle_ps(first, second, _MM_SHUFFLE(3, 1, 3, 1));
        const __m256i words = _mm256_permute4x64_epi64(_mm256_castps_si256(odd), _MM_SHUFFLE(3, 1, 2, 0));
        GroupScales out;
        out.scale[0] = topScales(words, 0.25f * halfAt(block->d));
        return out;
    }
};

struct FormatIQ2_XS
{
    using Block = BlockIQ2_XS;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 2;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 43;

    static __m256i numbers(const Block *block, uint32_t j)
    {
        const auto four = wordAt<uint64_t>(block->q + 4 * j);
        const __m128i index = _mm_and_si128(_mm_cvtepu16_epi32(_mm_cvtsi64_si128(static_cast<int64_t>(four))), _mm_set1_epi32(511));
        const uint64_t sevens = (four >> 9 & 127) | (four >> 18 & 127u << 7) | (four >> 27 & 127u << 14) | (four >> 36 & 127u << 21);
        return negatedWhere(spreadBits(evenSigns(static_cast<uint32_t>(sevens))), entriesOf(gridIq2Xs.data(), index));
    }
    static GroupScales scales(const Block *block, uint32_t) { return nibbleScales(block->scales, block->d); }
};

struct FormatIQ2_S
{
    using Block = BlockIQ2_S;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 2;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 43;

    static __m256i numbers(const Block *block, uint32_t j)
    {
        const __m128i low = _mm_cvtepu8_epi32(_mm_cvtsi32_si128(wordAt<int32_t>(block->q + 4 * j)));
        const __m128i tops = _mm_sllv_epi32(_mm_set1_epi32(block->high[j]), _mm_setr_epi32(8, 6, 4, 2));
        const __m128i index = _mm_or_si128(low, _mm_and_si128(tops, _mm_set1_epi32(0x300)));
        return negatedWhere(spreadBits(wordAt<uint32_t>(block->signs + 4 * j)), entriesOf(gridIq2S.data(), index));
    }
    static GroupScales scales(const Block *block, uint32_t) { return nibbleScales(block->scales, block->d); }
};

struct FormatIQ3_XXS
{
    using Block = BlockIQ3_XXS;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 62;

    static __m256i numbers(const Block *block, uint32_t j)
    {
        const __m256i negative = spreadBits(evenSigns(wordAt<uint32_t>(block->words + 4 * j)));
        return negatedWhere(negative, entriesOf(gridIq3Xxs.data(), _mm256_cvtepu8_epi32(eightBytes(block->q + 8 * j))));
    }
    static GroupScales scales(const Block *block, uint32_t)
    {
        GroupScales out;
        out.scale[0] = topScales(load256(block->words), 0.5f * halfAt(block->d));
        return out;
    }
};

struct FormatIQ3_S
{
    using Block = BlockIQ3_S;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 15;

    static __m256i numbers(const Block *block, uint32_t j)
    {
        const __m256i tops = _mm256_sllv_epi32(_mm256_set1_epi32(block->high[j]), _mm256_setr_epi32(8, 7, 6, 5, 4, 3, 2, 1));
        const __m256i index = _mm256_or_si256(
            _mm256_cvtepu8_epi32(eightBytes(block->q + 8 * j)), _mm256_and_si256(tops, _mm256_set1_epi32(256)));
        return negatedWhere(spreadBits(wordAt<uint32_t>(block->signs + 4 * j)), entriesOf(gridIq3S.data(), index));
    }
    static GroupScales scales(const Block *block, uint32_t)
    {
        const __m256i nibbles = _mm256_srlv_epi32(
            _mm256_set1_epi32(wordAt<int32_t>(block->scales)), _mm256_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28));
        const __m256 s = _mm256_cvtepi32_ps(_mm256_and_si256(nibbles, _mm256_set1_epi32(15)));
        const float d = halfAt(block->d);
        GroupScales out;
        out.scale[0] = _mm256_add_ps(_mm256_mul_ps(s, _mm256_set1_ps(2 * d)), _mm256_set1_ps(d));
        return out;
    }
};

} // namespace
