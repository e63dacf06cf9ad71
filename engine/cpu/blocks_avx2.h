// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/quant/blocks.h>

#include <cstdint>
#include <cstring>

/// Block formats in 256-bit registers, for the files of AVX2 and AVX-512. A format is read in groups of up to 8 sub-blocks of 32
/// elements: one block of 256, or 8 neighbouring blocks of 32. Element i of half h (16) of sub-block j is scale[h][j] · (number − zero),
/// or where `zero` is 0 and numbers are unsigned, scale[h][j] · number + offset[h][j].
namespace {

using namespace plimsoll::engine;

inline constexpr uint32_t groupBlocks = 8;

/// Scales and offsets of a group, lane j for sub-block j. Formats without separate halves use [0] only.
struct GroupScales
{
    __m256 scale[2];
    __m256 offset[2];
};

__m256i load256(const void *p)
{
    return _mm256_loadu_si256(static_cast<const __m256i *>(p));
}

__m128i load128(const void *p)
{
    return _mm_loadu_si128(static_cast<const __m128i *>(p));
}

float halfAt(const uint16_t &half)
{
    return _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(half)));
}

__m256 toFloat(__m128i bytes, bool isSigned)
{
    return _mm256_cvtepi32_ps(isSigned ? _mm256_cvtepi8_epi32(bytes) : _mm256_cvtepu8_epi32(bytes));
}

/// The half floats `d`, or another member, of `count` neighbouring blocks, zero beyond.
template <typename Block>
__m256 groupOfHalves(const Block *blocks, uint32_t count, uint16_t Block::*member = &Block::d)
{
    alignas(16) uint16_t halves[groupBlocks] = {};
    for (uint32_t j = 0; j < count; ++j)
        halves[j] = blocks[j].*member;
    return _mm256_cvtph_ps(_mm_load_si128(reinterpret_cast<const __m128i *>(halves)));
}

/// 16 bytes of nibbles as 32 numbers, the low ones first.
__m256i splitNibbles(__m128i packed)
{
    const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(packed), _mm_srli_epi16(packed, 4), 1);
    return _mm256_and_si256(both, _mm256_set1_epi8(15));
}

/// The low or the high nibbles of 32 bytes.
__m256i nibblesOf(__m256i packed, bool high)
{
    return _mm256_and_si256(high ? _mm256_srli_epi16(packed, 4) : packed, _mm256_set1_epi8(15));
}

struct FormatQ4_0
{
    using Block = BlockQ4_0;
    static constexpr uint32_t elements = 32;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = false;
    static constexpr uint32_t zero = 8;
    static constexpr uint32_t largest = 15;

    static __m256i numbers(const Block *blocks, uint32_t j) { return splitNibbles(load128(blocks[j].nibbles)); }
    static GroupScales scales(const Block *blocks, uint32_t count)
    {
        GroupScales out;
        out.scale[0] = groupOfHalves(blocks, count);
        return out;
    }
};

struct FormatQ8_0
{
    using Block = BlockQ8_0;
    static constexpr uint32_t elements = 32;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 128;

    static __m256i numbers(const Block *blocks, uint32_t j) { return load256(blocks[j].q); }
    static GroupScales scales(const Block *blocks, uint32_t count)
    {
        GroupScales out;
        out.scale[0] = groupOfHalves(blocks, count);
        return out;
    }
};

/// The 8 scales and then the 8 mins of Q4_K and Q5_K from the first 16 bytes of a block (drawn in blocks.h). In 32-bit words it begins
/// d|dmin, a, b, c: low six bits of scales 0–3 in a, of mins 0–3 in b; scales 4–7 from c and the top of a, mins 4–7 from c and b.
__m128i sixBitBytes(__m128i words)
{
    __m128i tops = _mm_shuffle_epi32(words, _MM_SHUFFLE(2, 1, 2, 1));
    tops = _mm_and_si128(_mm_srlv_epi32(tops, _mm_setr_epi32(0, 0, 2, 2)), _mm_setr_epi32(0x3f3f3f3f, 0x3f3f3f3f, 0x30303030, 0x30303030));
    __m128i rest = _mm_shuffle_epi32(words, _MM_SHUFFLE(3, 3, 3, 3));
    rest = _mm_and_si128(_mm_srlv_epi32(rest, _mm_setr_epi32(0, 0, 0, 4)), _mm_setr_epi32(0, 0, 0x0f0f0f0f, 0x0f0f0f0f));
    return _mm_shuffle_epi32(_mm_or_si128(tops, rest), _MM_SHUFFLE(3, 1, 2, 0));
}

/// d · scale and −dmin · min of the 8 sub-blocks of Q4_K and Q5_K.
template <typename Block>
GroupScales sixBitScales(const Block &block)
{
    const __m128i words = load128(&block);
    const __m128i bytes = sixBitBytes(words);
    const __m128 d = _mm_cvtph_ps(words);
    const __m256 negated = _mm256_broadcastss_ps(_mm_xor_ps(_mm_movehdup_ps(d), _mm_set1_ps(-0.0f)));
    GroupScales out;
    out.scale[0] = _mm256_mul_ps(toFloat(bytes, false), _mm256_broadcastss_ps(d));
    out.offset[0] = _mm256_mul_ps(toFloat(_mm_srli_si128(bytes, 8), false), negated);
    return out;
}

struct FormatQ4_K
{
    using Block = BlockQ4_K;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = false;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 15;

    static __m256i numbers(const Block *block, uint32_t j) { return nibblesOf(load256(block->nibbles + j / 2 * 32), j & 1); }
    static GroupScales scales(const Block *block, uint32_t) { return sixBitScales(*block); }
};

struct FormatQ5_K
{
    using Block = BlockQ5_K;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 1;
    static constexpr bool isSigned = false;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 31;

    static __m256i numbers(const Block *block, uint32_t j)
    {
        const __m256i mask = _mm256_set1_epi8(static_cast<char>(1u << j));
        const __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(load256(block->high), mask), mask);
        return _mm256_or_si256(nibblesOf(load256(block->nibbles + j / 2 * 32), j & 1), _mm256_and_si256(set, _mm256_set1_epi8(16)));
    }
    static GroupScales scales(const Block *block, uint32_t) { return sixBitScales(*block); }
};

struct FormatQ6_K
{
    using Block = BlockQ6_K;
    static constexpr uint32_t elements = 256;
    static constexpr uint32_t halves = 2;
    static constexpr bool isSigned = false;
    static constexpr uint32_t zero = 32;
    static constexpr uint32_t largest = 63;

    static __m256i numbers(const Block *block, uint32_t j)
    {
        const uint32_t half = j / 4;
        const uint32_t quarter = j % 4;
        const __m256i low = nibblesOf(load256(block->nibbles + half * 64 + (quarter & 1) * 32), quarter / 2);
        const __m256i pairs = load256(block->pairs + half * 32);
        const __m256i moved = quarter == 0 ? _mm256_slli_epi16(pairs, 4)
            : quarter == 1                 ? _mm256_slli_epi16(pairs, 2)
            : quarter == 2                 ? pairs
                                           : _mm256_srli_epi16(pairs, 2);
        return _mm256_or_si256(low, _mm256_and_si256(moved, _mm256_set1_epi8(48)));
    }
    static GroupScales scales(const Block *block, uint32_t)
    {
        // First halves to the low 8 bytes, second halves to the high ones.
        const __m128i order = _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
        const __m128i sorted = _mm_shuffle_epi8(load128(block->scales), order);
        const __m256 d = _mm256_set1_ps(halfAt(block->d));
        GroupScales out;
        out.scale[0] = _mm256_mul_ps(toFloat(sorted, true), d);
        out.scale[1] = _mm256_mul_ps(toFloat(_mm_srli_si128(sorted, 8), true), d);
        return out;
    }
};

/// Blocks from sub-block `first` of a row on.
template <typename Format>
const typename Format::Block *blocksAt(const std::byte *row, size_t first)
{
    return reinterpret_cast<const typename Format::Block *>(row) + first / (Format::elements / 32);
}

/// 32-bit lanes, each the sum of 4 products number · activation, of one sub-block.
template <typename Isa, typename Format>
__m256i dotSubBlock(const typename Format::Block *blocks, uint32_t j, __m256i x)
{
    const __m256i numbers = Format::numbers(blocks, j);
    if constexpr (Format::isSigned)
        return Isa::dot(_mm256_abs_epi8(numbers), _mm256_sign_epi8(x, numbers));
    else
        return Isa::dot(numbers, x);
}

/// scales[j] in all lanes, or where halves differ in lanes 0–3, and scales[groupBlocks + j] in 4–7.
template <typename Format>
__m256 spread(const float *scales, size_t j)
{
    const __m256 first = _mm256_broadcast_ss(scales + j);
    if constexpr (Format::halves == 1)
        return first;
    else
        return _mm256_blend_ps(first, _mm256_broadcast_ss(scales + groupBlocks + j), 0xf0);
}

} // namespace
