// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "block_rows.h"
#include "blocks_avx2_codebook.h"

/// Rows of blocks times one row of activations in whole 512-bit registers. What decoding costs beside memory is the number of
/// instructions per weight, so all that depends on activations alone is arranged once per call, in the order in which a format's numbers
/// come out of their bytes: four registers of 64 numbers for a group of 256 columns. Registers whose lanes belong to the same sub-blocks
/// are added up before their sums become float32 and are scaled. Scales are made for four groups at once, as many 512-bit registers of
/// factors as a format needs for them.
namespace {

/// Which 16 of a group's 256 activations meet each quarter of a register of numbers.
struct Quarters
{
    uint8_t of[4][4];
};

/// The activations of a row, from one group on whose number four divides. The floats fill whole fours of groups, with zeros.
struct WideRow
{
    const int8_t *q;         // 256 a group, arranged
    const float *scales;     // 16 for each register of factors
    const float *sums;       // as many: of the activations themselves where they meet mins, of q where they meet an offset; negative
};

__m512i load512(const void *p)
{
    return _mm512_loadu_si512(p);
}

__m512i bytes512(uint8_t byte)
{
    return _mm512_set1_epi8(static_cast<char>(byte));
}

__m512i quarters(__m128i a, __m128i b, __m128i c, __m128i d)
{
    return _mm512_inserti32x4(_mm512_inserti32x4(_mm512_inserti32x4(_mm512_castsi128_si512(a), b, 1), c, 2), d, 3);
}

__m512i twoHalves(__m256i low, __m256i high)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

/// Lane l is first + step · (l / run).
__m512i ascending(int first, int step, int run)
{
    const auto lane = [=](int l) { return first + step * (l / run); };
    return _mm512_setr_epi32(lane(0), lane(1), lane(2), lane(3), lane(4), lane(5), lane(6), lane(7), lane(8), lane(9), lane(10), lane(11),
        lane(12), lane(13), lane(14), lane(15));
}

/// In each quarter the words that are named, first to last.
__m512i pickWords(__m512i words, int first, int second, int third, int fourth)
{
    const auto bytesOf = [](int word) { return 0x03020100 + word * 0x04040404; };
    const __m128i order = _mm_setr_epi32(bytesOf(first), bytesOf(second), bytesOf(third), bytesOf(fourth));
    return _mm512_shuffle_epi8(words, _mm512_broadcast_i32x4(order));
}

inline constexpr int orAnd = 0xf8;   // of _mm512_ternarylogic: a | (b & c)

/// Q4_K and Q5_K. Register 0 holds the first halves of sub-blocks 0, 2, 4, 6, register 1 their second halves; 2 and 3 those of 1, 3, 5, 7,
/// whose nibbles are the high ones.
template <typename BlockType, bool HighInPlace>
struct WideSixBit
{
    using Block = BlockType;
    static constexpr uint32_t blocks = 1;                 // in a group
    static constexpr uint32_t sums = 2;                   // of 4 / sums registers each
    static constexpr uint32_t factors = 2;                // registers for the scales of four groups
    static constexpr uint8_t offset = 0;                  // of every number; 0: there are mins
    static constexpr Quarters pieces = {{{0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15}}};
    /// What the numbers of a sub-block count for: high nibbles that stay where they are, are 16 times too large.
    static constexpr float part(uint32_t subBlock) { return HighInPlace && subBlock % 2 == 1 ? 1 / 16.0f : 1; }

    /// Where the factor of scale j of group g lies: 16 · register + lane.
    static constexpr uint32_t place(uint32_t g, uint32_t j) { return 16 * (j % 2) + 4 * g + j / 2; }
    /// The register, and which of its lanes each lane of a sum takes.
    static constexpr uint32_t factorOf(uint32_t, uint32_t sum) { return sum; }
    static __m512i lanes(uint32_t g, uint32_t) { return ascending(static_cast<int>(4 * g), 1, 4); }

    static __m512i nibbles(const Block *block, uint32_t k)
    {
        const __m512i first = load512(block->nibbles);
        const __m512i second = load512(block->nibbles + 64);
        return k % 2 == 0 ? _mm512_shuffle_i32x4(first, second, 0x88) : _mm512_shuffle_i32x4(first, second, 0xdd);
    }

    /// Scales d · scale times those of the activations; mins dmin · min times their sums are added to `sum`.
    template <uint32_t Count>
    static inline __attribute__((always_inline)) void scale(const Block *block, const WideRow &x, __m512 (&out)[factors], __m512 &sum)
    {
        const auto header = [block](uint32_t g) { return g < Count ? load128(block + g) : _mm_setzero_si128(); };
        const __m512i headers = quarters(header(0), header(1), header(2), header(3));
        const __m512i bytes = sixBits(headers);
        const __m512i firstWords = _mm512_permutexvar_epi32(ascending(0, 4, 1), headers);
        const __m512 d = _mm512_castps256_ps512(_mm256_cvtph_ps(_mm512_castsi512_si128(firstWords)));
        const __m512 mine = _mm512_permutexvar_ps(ascending(0, 2, 4), d);
        const __m512 mins = _mm512_permutexvar_ps(ascending(1, 2, 4), d);
#pragma GCC unroll 2
        for (int odd = 0; odd < 2; ++odd) {
            out[odd] = _mm512_mul_ps(_mm512_mul_ps(everySecond(bytes, odd), mine), _mm512_loadu_ps(x.scales + 16 * odd));
            sum = _mm512_fmadd_ps(_mm512_mul_ps(everySecond(bytes, 8 + odd), mins), _mm512_loadu_ps(x.sums + 16 * odd), sum);
        }
    }

private:
    /// Bytes first, first + 2, first + 4, first + 6 of each quarter.
    static __m512 everySecond(__m512i bytes, int first)
    {
        constexpr int nothing = static_cast<int>(0x80808000);
        const __m128i picked = _mm_setr_epi32(nothing | first, nothing | (first + 2), nothing | (first + 4), nothing | (first + 6));
        return _mm512_cvtepi32_ps(_mm512_shuffle_epi8(bytes, _mm512_broadcast_i32x4(picked)));
    }

    /// sixBitBytes of four headers.
    static __m512i sixBits(__m512i words)
    {
        const __m512i topShifts = _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0, 2, 2));
        const __m512i topMasks = _mm512_broadcast_i32x4(_mm_setr_epi32(0x3f3f3f3f, 0x3f3f3f3f, 0x30303030, 0x30303030));
        const __m512i restShifts = _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0, 0, 4));
        const __m512i restMasks = _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0, 0x0f0f0f0f, 0x0f0f0f0f));
        const __m512i tops = _mm512_and_si512(_mm512_srlv_epi32(pickWords(words, 1, 2, 1, 2), topShifts), topMasks);
        const __m512i rest = _mm512_srlv_epi32(pickWords(words, 3, 3, 3, 3), restShifts);
        return pickWords(_mm512_ternarylogic_epi32(tops, rest, restMasks, orAnd), 0, 2, 1, 3);
    }
};

struct WideQ4_K : WideSixBit<BlockQ4_K, true>
{
    static __m512i numbers(const Block *block, uint32_t k) { return _mm512_and_si512(nibbles(block, k), bytes512(k < 2 ? 0x0f : 0xf0)); }
};

struct WideQ5_K : WideSixBit<BlockQ5_K, false>
{
    static __m512i numbers(const Block *block, uint32_t k)
    {
        const __m512i packed = nibbles(block, k);
        const __m512i low = _mm512_and_si512(k < 2 ? packed : _mm512_srli_epi16(packed, 4), bytes512(15));
        // Sub-block j has bit j.
        const __m512i bit = _mm512_sllv_epi32(_mm512_set1_epi32(k < 2 ? 0x01010101 : 0x02020202), ascending(0, 2, 4));
        const __m512i high = _mm512_broadcast_i32x4(load128(block->high + k % 2 * 16));
        return _mm512_mask_add_epi8(low, _mm512_test_epi8_mask(high, bit), low, bytes512(16));
    }
};

__m128i scaleBytes(const BlockQ6_K &block)
{
    return load128(block.scales);
}

/// Formats with two scales per sub-block, 16 a group: signed ones of numbers with an offset, or scales and mins of a nibble each.
template <typename BlockType>
struct WideSixteenScales
{
    using Block = BlockType;
    static constexpr uint32_t blocks = 1;
    static constexpr uint32_t sums = 4;
    static constexpr uint32_t factors = 4;
    static constexpr uint32_t place(uint32_t g, uint32_t j) { return 16 * g + j; }
    static constexpr uint32_t factorOf(uint32_t g, uint32_t) { return g; }

    template <uint32_t Count>
    static inline __attribute__((always_inline)) void scale(const Block *block, const WideRow &x, __m512 (&out)[factors], __m512 &sum)
    {
#pragma GCC unroll 4
        for (uint32_t g = 0; g < Count; ++g) {
            const __m512 scales = _mm512_loadu_ps(x.scales + 16 * g);
            const __m512 sums = _mm512_loadu_ps(x.sums + 16 * g);
            if constexpr (requires { &Block::dmin; }) {
                const __m512i bytes = _mm512_cvtepu8_epi32(load128(block[g].scales));
                out[g] = _mm512_mul_ps(times(_mm512_and_si512(bytes, _mm512_set1_epi32(15)), block[g].d), scales);
                sum = _mm512_fmadd_ps(times(_mm512_srli_epi32(bytes, 4), block[g].dmin), sums, sum);
            } else {
                out[g] = _mm512_mul_ps(times(_mm512_cvtepi8_epi32(scaleBytes(block[g])), block[g].d), scales);
                sum = _mm512_fmadd_ps(out[g], sums, sum);
            }
        }
    }

private:
    static __m512 times(__m512i integers, const uint16_t &half)
    {
        return _mm512_mul_ps(_mm512_cvtepi32_ps(integers), _mm512_set1_ps(halfAt(half)));
    }
};

struct WideQ6_K : WideSixteenScales<BlockQ6_K>
{
    static constexpr uint8_t offset = 32;
    static constexpr Quarters pieces = {{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}, {12, 13, 14, 15}}};
    static constexpr float part(uint32_t) { return 1; }
    static __m512i lanes(uint32_t, uint32_t sum) { return ascending(static_cast<int>(4 * sum), 1, 4); }

    static __m512i numbers(const Block *block, uint32_t k)
    {
        const __m512i run = load512(block->nibbles + k / 2 * 64);
        const __m512i low = _mm512_and_si512(k & 1 ? _mm512_srli_epi16(run, 4) : run, bytes512(15));
        const __m512i pairs = _mm512_broadcast_i64x4(load256(block->pairs + k / 2 * 32));
        // The pair of each half goes to bits 4 and 5.
        const __m512i moved = k & 1 ? _mm512_srlv_epi16(pairs, twoHalves(_mm256_setzero_si256(), _mm256_set1_epi16(2)))
                                    : _mm512_sllv_epi16(pairs, twoHalves(_mm256_set1_epi16(4), _mm256_set1_epi16(2)));
        return _mm512_ternarylogic_epi32(low, moved, bytes512(48), orAnd);
    }
};

/// Q2_K and Q3_K. One register has all bit pairs of a group, numbers k of each four of them: sub-blocks k and 4 + k.
template <typename BlockType>
struct WidePairs : WideSixteenScales<BlockType>
{
    static constexpr Quarters pieces = {{{0, 1, 8, 9}, {2, 3, 10, 11}, {4, 5, 12, 13}, {6, 7, 14, 15}}};
    static __m512i lanes(uint32_t, uint32_t sum)
    {
        const __m512i first = ascending(static_cast<int>(2 * sum), 1, 4);
        return _mm512_add_epi32(first, ascending(0, 6, 8));
    }
};

/// Pairs stay where they are.
struct WideQ2_K : WidePairs<BlockQ2_K>
{
    static constexpr uint8_t offset = 0;
    static constexpr float part(uint32_t subBlock) { return 1.0f / static_cast<float>(1 << subBlock % 4 * 2); }

    static __m512i numbers(const Block *block, uint32_t k)
    {
        return _mm512_and_si512(load512(block->pairs), bytes512(static_cast<uint8_t>(3 << 2 * k)));
    }
};

/// Pairs stay where they are with the third bit above them; the last ones, above which there is no room, move down.
struct WideQ3_K : WidePairs<BlockQ3_K>
{
    static constexpr uint8_t offset = 4;
    static constexpr uint32_t pairAt(uint32_t k) { return k < 3 ? 2 * k : 4; }
    static constexpr float part(uint32_t subBlock) { return 1.0f / static_cast<float>(1 << pairAt(subBlock % 4)); }

    static __m512i numbers(const Block *block, uint32_t k)
    {
        const __m512i packed = load512(block->pairs);
        const __m512i low = _mm512_and_si512(k < 3 ? packed : _mm512_srli_epi16(packed, 2), bytes512(static_cast<uint8_t>(3 << pairAt(k))));
        // Sub-block j has bit j: bit k of both halves.
        const __m512i down = twoHalves(_mm256_setzero_si256(), _mm256_set1_epi16(4));
        const __m512i bits = _mm512_srlv_epi16(_mm512_broadcast_i64x4(load256(block->high)), down);
        const __m512i moved = _mm512_slli_epi16(bits, pairAt(k) + 2 - k);
        return _mm512_ternarylogic_epi32(low, moved, bytes512(static_cast<uint8_t>(4 << pairAt(k))), orAnd);
    }
};

/// Formats whose eight scales of a group come from the common form.
template <typename Format>
struct WideEightScales
{
    using Block = typename Format::Block;
    static constexpr uint32_t blocks = 256 / Format::elements;
    static constexpr uint32_t factors = 2;
    static constexpr float part(uint32_t) { return 1; }
    static constexpr uint32_t place(uint32_t g, uint32_t j) { return 8 * g + j; }
    static constexpr uint32_t factorOf(uint32_t g, uint32_t) { return g / 2; }

    template <uint32_t Count>
    static inline __attribute__((always_inline)) void scale(const Block *block, const WideRow &x, __m512 (&out)[factors], __m512 &sum)
    {
        const auto eight = [block](uint32_t g) {
            return g < Count ? Format::scales(block + g * blocks, groupBlocks).scale[0] : _mm256_setzero_ps();
        };
#pragma GCC unroll 2
        for (uint32_t i = 0; i < (Count + 1) / 2; ++i) {
            const __m512 scales = _mm512_insertf32x8(_mm512_castps256_ps512(eight(2 * i)), eight(2 * i + 1), 1);
            out[i] = _mm512_mul_ps(scales, _mm512_loadu_ps(x.scales + 16 * i));
            sum = _mm512_fmadd_ps(out[i], _mm512_loadu_ps(x.sums + 16 * i), sum);
        }
    }
};

struct WideQ8_0 : WideEightScales<FormatQ8_0>
{
    static constexpr uint32_t sums = 4;
    static constexpr uint8_t offset = 128;
    static constexpr Quarters pieces = {{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}, {12, 13, 14, 15}}};
    static __m512i lanes(uint32_t g, uint32_t sum) { return ascending(static_cast<int>(8 * (g % 2) + 2 * sum), 1, 8); }

    static __m512i numbers(const Block *block, uint32_t k)
    {
        return _mm512_xor_si512(twoHalves(load256(block[2 * k].q), load256(block[2 * k + 1].q)), bytes512(128));
    }
};

/// Low nibbles of four sub-blocks are their first halves, high nibbles their second ones.
template <typename Format>
struct WideNibbles : WideEightScales<Format>
{
    using Block = typename Format::Block;
    static constexpr uint32_t sums = 2;
    static constexpr Quarters pieces = {{{0, 2, 4, 6}, {1, 3, 5, 7}, {8, 10, 12, 14}, {9, 11, 13, 15}}};
    static __m512i lanes(uint32_t g, uint32_t sum) { return ascending(static_cast<int>(8 * (g % 2) + 4 * sum), 1, 4); }

    static __m512i nibbles(const Block *block, uint32_t k)
    {
        const uint32_t four = k / 2 * 4;
        __m512i packed;
        if constexpr (Format::elements == 256)
            packed = load512(block->nibbles + 16 * four);
        else
            packed = quarters(load128(block[four].nibbles), load128(block[four + 1].nibbles), load128(block[four + 2].nibbles),
                load128(block[four + 3].nibbles));
        return _mm512_and_si512(k % 2 == 0 ? packed : _mm512_srli_epi16(packed, 4), bytes512(15));
    }
};

struct WideQ4_0 : WideNibbles<FormatQ4_0>
{
    static constexpr uint8_t offset = 8;
    static __m512i numbers(const Block *block, uint32_t k) { return nibbles(block, k); }
};

/// Values of a codebook, raised to be unsigned.
template <typename Format, const int8_t (&Values)[16]>
struct WideValues : WideNibbles<Format>
{
    static constexpr uint8_t offset = 128;
    static __m512i numbers(const typename Format::Block *block, uint32_t k)
    {
        const __m512i values = _mm512_xor_si512(_mm512_broadcast_i32x4(load128(Values)), bytes512(offset));
        return _mm512_shuffle_epi8(values, WideNibbles<Format>::nibbles(block, k));
    }
};

using WideIQ4_NL = WideValues<FormatIQ4_NL, valuesIq4>;
using WideIQ4_XS = WideValues<FormatIQ4_XS, valuesIq4>;
using WideMXFP4 = WideValues<FormatMXFP4, valuesE2m1>;

/// Where what four groups' activations give for factors comes from, and what is done to it.
template <typename Format>
struct Places
{
    static constexpr uint32_t halves = Format::factors / 2;   // scales per sub-block
    uint32_t from[Format::factors][16] = {};                  // sub-blocks
    float part[Format::factors][16] = {};
    float sum[Format::factors][16] = {};                      // what a sum is multiplied by
    uint16_t second[Format::factors] = {};                    // lanes of second halves

    constexpr Places()
    {
        for (uint32_t subBlock = 0; subBlock < 32; ++subBlock)
            for (uint32_t h = 0; h < halves; ++h) {
                const uint32_t j = subBlock % 8;
                const uint32_t to = Format::place(subBlock / 8, halves * j + h);
                from[to / 16][to % 16] = subBlock;
                part[to / 16][to % 16] = Format::part(j);
                sum[to / 16][to % 16] = Format::offset == 0 ? -1.0f : -Format::offset / Format::part(j);
                second[to / 16] = static_cast<uint16_t>(second[to / 16] | h << to % 16);
            }
    }
};

/// The activations of `count` groups from `first` on, at most four, to their places.
template <typename Format>
void arrange(const ActivationRow &x, uint32_t first, uint32_t count, int8_t *q, float *scales, float *sums)
{
    for (uint32_t at = 256 * first; at < 256 * (first + count); at += 256)
        for (uint32_t k = 0; k < 4; ++k) {
            const auto piece = [&](uint32_t i) { return load128(x.q + at + 16 * Format::pieces.of[k][i]); };
            _mm512_storeu_si512(q + at + 64 * k, quarters(piece(0), piece(1), piece(2), piece(3)));
        }

    static constexpr Places<Format> places;
    using Words = __m512i[2];   // one of each of the 32 sub-blocks
    const auto load = [&](const auto *values, Words &out) {
        const auto group = [&](uint32_t g) { return g < count ? load256(values + 8 * (first + g)) : _mm256_setzero_si256(); };
        for (uint32_t i = 0; i < 2; ++i)
            out[i] = twoHalves(group(2 * i), group(2 * i + 1));
    };
    Words ofScales, firstSums, secondSums;
    load(x.scales, ofScales);
    load(x.firstSums, firstSums);
    load(x.secondSums, secondSums);
    for (uint32_t f = 0; f < Format::factors; ++f) {
        const auto pick = [&](const Words &words) { return _mm512_permutex2var_epi32(words[0], load512(places.from[f]), words[1]); };
        const __m512 scale = _mm512_castsi512_ps(pick(ofScales));
        const __m512i whole = Places<Format>::halves == 2 ? _mm512_mask_blend_epi32(places.second[f], pick(firstSums), pick(secondSums))
                                                          : _mm512_add_epi32(pick(firstSums), pick(secondSums));
        const __m512 sum = _mm512_mul_ps(_mm512_cvtepi32_ps(whole), _mm512_loadu_ps(places.sum[f]));
        _mm512_storeu_ps(scales + 16 * f, _mm512_mul_ps(scale, _mm512_loadu_ps(places.part[f])));
        _mm512_storeu_ps(sums + 16 * f, Format::offset == 0 ? _mm512_mul_ps(sum, scale) : sum);
    }
}

/// Sums of a row: those of products, and what mins or the offset add.
template <typename Format>
struct WideSums
{
    __m512 products[Format::sums];
    __m512 rest = _mm512_setzero_ps();

    WideSums() { std::fill_n(products, Format::sums, _mm512_setzero_ps()); }

    float total() const
    {
        __m512 total = rest;
        for (const __m512 &each : products)
            total = _mm512_add_ps(total, each);
        return _mm512_reduce_add_ps(total);
    }
};

/// `Count` neighbouring groups, at most four.
template <typename Format, uint32_t Count>
inline __attribute__((always_inline)) void addWideGroups(const typename Format::Block *block, const WideRow &x, WideSums<Format> &sum)
{
    askAhead<sizeof(typename Format::Block) * Format::blocks * Count>(block);
    constexpr uint32_t registers = 4 / Format::sums;
    __m512 factors[Format::factors];
    Format::template scale<Count>(block, x, factors, sum.rest);
#pragma GCC unroll 4
    for (uint32_t g = 0; g < Count; ++g, block += Format::blocks)
#pragma GCC unroll 4
        for (uint32_t s = 0; s < Format::sums; ++s) {
            __m512i dots = _mm512_setzero_si512();
#pragma GCC unroll 2
            for (uint32_t k = s * registers; k < (s + 1) * registers; ++k)
                dots = _mm512_dpbusd_epi32(dots, Format::numbers(block, k), load512(x.q + 256 * g + 64 * k));
            const __m512 each = _mm512_permutexvar_ps(Format::lanes(g, s), factors[Format::factorOf(g, s)]);
            sum.products[s] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), each, sum.products[s]);
        }
}

/// Rows are read one after another: with two at once the instructions saved do not make up for what the prefetchers of the processor lose.
template <typename Format>
float dotWideRow(const std::byte *row, const WideRow &x, uint32_t groups)
{
    WideSums<Format> sum;
    const auto *block = reinterpret_cast<const typename Format::Block *>(row);
    WideRow from = x;
    uint32_t left = groups;
    for (; left >= 4; left -= 4) {
        addWideGroups<Format, 4>(block, from, sum);
        block += 4 * Format::blocks;
        from = {from.q + 4 * 256, from.scales + 16 * Format::factors, from.sums + 16 * Format::factors};
    }
    switch (left) {
    case 3: addWideGroups<Format, 3>(block, from, sum); break;
    case 2: addWideGroups<Format, 2>(block, from, sum); break;
    case 1: addWideGroups<Format, 1>(block, from, sum); break;
    default: break;
    }
    return sum.total();
}

/// The form for whole registers of a format of single rows; void where it has none.
template <typename Format>
struct WideForm { using Type = void; };
template <> struct WideForm<FormatQ4_0> { using Type = WideQ4_0; };
template <> struct WideForm<FormatQ8_0> { using Type = WideQ8_0; };
template <> struct WideForm<FormatQ2_K> { using Type = WideQ2_K; };
template <> struct WideForm<FormatQ3_K> { using Type = WideQ3_K; };
template <> struct WideForm<FormatQ4_K> { using Type = WideQ4_K; };
template <> struct WideForm<FormatQ5_K> { using Type = WideQ5_K; };
template <> struct WideForm<FormatQ6_K> { using Type = WideQ6_K; };
template <> struct WideForm<FormatIQ4_NL> { using Type = WideIQ4_NL; };
template <> struct WideForm<FormatIQ4_XS> { using Type = WideIQ4_XS; };
template <> struct WideForm<FormatMXFP4> { using Type = WideMXFP4; };

/// Rows times one token, where all its columns fill groups. False: nothing was done.
template <typename Format>
bool multiplyWideRows(const Product &product, uint32_t begin, uint32_t end, std::byte *scratch)
{
    const uint32_t groups = product.columns / 256;
    const uint32_t floats = (groups + 3) / 4 * 16 * Format::factors;
    if (product.tokens != 1 || product.columns % 256 != 0 || product.columns + 2 * floats * sizeof(float) > scratchBytes)
        return false;
    auto *const q = reinterpret_cast<int8_t *>(scratch);
    auto *const scales = reinterpret_cast<float *>(scratch + product.columns);
    float *const sums = scales + floats;
    const ActivationRow from = activationRow(product.quantized + xRow(product, 0) * activationRowBytes(product.columns), product.columns);
    for (uint32_t g = 0; g < groups; g += 4) {
        const uint32_t at = g / 4 * 16 * Format::factors;
        arrange<Format>(from, g, std::min(groups - g, 4u), q, scales + at, sums + at);
    }
    for (uint32_t row = begin; row < end; ++row)
        product.out[row] = dotWideRow<Format>(product.weight + uint64_t{row} * product.rowBytes, {q, scales, sums}, groups);
    return true;
}

} // namespace
