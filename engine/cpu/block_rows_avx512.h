// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "block_rows.h"

/// Rows of blocks times one row of activations in whole 512-bit registers. What decoding costs beside memory is the number of
/// instructions per weight, so all that depends on activations alone is arranged once per call, in the order in which a format's numbers
/// come out of their bytes: four registers of 64 numbers for 256 columns, and 16 factors.
namespace {

/// The activations of 256 columns as one format wants them.
struct WideGroup
{
    int8_t q[4][64];
    int32_t start[4][16];   // what the sums of products begin with: takes a constant offset of the numbers back
    float factors[16];      // multiply the block's 16 scales and mins
};

/// Four registers of 64 numbers, a quarter each: which 16 of the 256 activations meet it, or which of the 16 factors belongs to it.
struct Quarters
{
    uint8_t of[4][4];
};

inline constexpr Quarters inOrder = {{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}, {12, 13, 14, 15}}};
/// Q4_K and Q5_K: a run of 64 bytes holds sub-blocks 0 and 2 in its low nibbles, 1 and 3 in its high ones.
inline constexpr Quarters runsOfPairs = {{{0, 1, 4, 5}, {2, 3, 6, 7}, {8, 9, 12, 13}, {10, 11, 14, 15}}};
inline constexpr Quarters factorsOfPairs = {{{0, 0, 2, 2}, {1, 1, 3, 3}, {4, 4, 6, 6}, {5, 5, 7, 7}}};
/// Q8_0: two blocks in a register.
inline constexpr Quarters factorsOfBlocks = {{{0, 0, 1, 1}, {2, 2, 3, 3}, {4, 4, 5, 5}, {6, 6, 7, 7}}};
/// Q4_0: low nibbles of four blocks are their first halves, high nibbles their second ones.
inline constexpr Quarters halvesApart = {{{0, 2, 4, 6}, {1, 3, 5, 7}, {8, 10, 12, 14}, {9, 11, 13, 15}}};
inline constexpr Quarters factorsOfHalves = {{{0, 1, 2, 3}, {0, 1, 2, 3}, {4, 5, 6, 7}, {4, 5, 6, 7}}};

/// For each 32-bit lane of the four registers the number of its quarter.
struct Lanes
{
    int32_t of[4][16];
};

constexpr Lanes lanesOf(const Quarters &quarters)
{
    Lanes lanes{};
    for (uint32_t k = 0; k < 4; ++k)
        for (uint32_t lane = 0; lane < 16; ++lane)
            lanes.of[k][lane] = quarters.of[k][lane / 4];
    return lanes;
}

/// What a number counts for, by sub-block: high nibbles that stay where they are, are 16 times too large.
inline constexpr float highNibblesInPlace[8] = {1, 1 / 16.0f, 1, 1 / 16.0f, 1, 1 / 16.0f, 1, 1 / 16.0f};
inline constexpr float wholeNumbers[8] = {1, 1, 1, 1, 1, 1, 1, 1};

__m512i load512(const void *p)
{
    return _mm512_loadu_si512(p);
}

__m512i bytes512(uint8_t byte)
{
    return _mm512_set1_epi8(static_cast<char>(byte));
}

/// 64 numbers of two times 32 bytes.
__m512i twoOf256(const void *low, const void *high)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(load256(low)), load256(high), 1);
}

/// In each of four lanes the words that are named, first to last.
__m512i pickWords(__m512i words, int first, int second, int third, int fourth)
{
    const auto bytesOf = [](int word) { return 0x03020100 + word * 0x04040404; };
    return _mm512_shuffle_epi8(words, _mm512_broadcast_i32x4(_mm_setr_epi32(bytesOf(first), bytesOf(second), bytesOf(third), bytesOf(fourth))));
}

/// sixBitBytes of four headers.
__m512i sixBitBytes512(__m512i words)
{
    const __m512i topShifts = _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0, 2, 2));
    const __m512i topMasks = _mm512_broadcast_i32x4(_mm_setr_epi32(0x3f3f3f3f, 0x3f3f3f3f, 0x30303030, 0x30303030));
    const __m512i restShifts = _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0, 0, 4));
    const __m512i restMasks = _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0, 0x0f0f0f0f, 0x0f0f0f0f));
    const __m512i tops = _mm512_and_si512(_mm512_srlv_epi32(pickWords(words, 1, 2, 1, 2), topShifts), topMasks);
    const __m512i rest = _mm512_srlv_epi32(pickWords(words, 3, 3, 3, 3), restShifts);
    constexpr int orAnd = 0xf8;   // a | (b & c)
    return pickWords(_mm512_ternarylogic_epi32(tops, rest, restMasks, orAnd), 0, 2, 1, 3);
}

/// The 8 scales d · scale and the 8 mins dmin · min of Q4_K and Q5_K, in 16 lanes.
template <typename Block>
__m512 wideSixBitScales(const Block &block)
{
    const __m512i lanes = _mm512_cvtepu8_epi32(sixBitBytes(load128(&block)));
    const __m512 halves = _mm512_castps256_ps512(_mm256_castps128_ps256(_mm_cvtph_ps(_mm_loadu_si32(&block))));
    const __m512i which = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    return _mm512_mul_ps(_mm512_cvtepi32_ps(lanes), _mm512_permutexvar_ps(which, halves));
}

/// The same of four neighbouring blocks at once, whose headers are taken apart side by side.
template <typename Block>
void fourWideSixBitScales(const Block *block, __m512 (&out)[4])
{
    const auto laneOf = [](__m512i words, int lane) {
        switch (lane) {
        case 0: return _mm512_castsi512_si128(words);
        case 1: return _mm512_extracti32x4_epi32(words, 1);
        case 2: return _mm512_extracti32x4_epi32(words, 2);
        default: return _mm512_extracti32x4_epi32(words, 3);
        }
    };
    __m512i headers = _mm512_castsi128_si512(load128(block));
    headers = _mm512_inserti32x4(headers, load128(block + 1), 1);
    headers = _mm512_inserti32x4(headers, load128(block + 2), 2);
    headers = _mm512_inserti32x4(headers, load128(block + 3), 3);
    const __m512i bytes = sixBitBytes512(headers);
    const __m512i firsts = _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), headers);
    const __m512 halves = _mm512_castps256_ps512(_mm256_cvtph_ps(_mm512_castsi512_si128(firsts)));
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        const __m512i which = _mm512_inserti64x4(_mm512_set1_epi32(2 * i), _mm256_set1_epi32(2 * i + 1), 1);
        const __m512i lanes = _mm512_cvtepu8_epi32(laneOf(bytes, i));
        out[i] = _mm512_mul_ps(_mm512_cvtepi32_ps(lanes), _mm512_permutexvar_ps(which, halves));
    }
}

struct WideQ4_K
{
    using Block = BlockQ4_K;
    static constexpr uint32_t blocks = 1;               // in 256 columns
    static constexpr Quarters pieces = runsOfPairs;
    static constexpr Lanes factors = lanesOf(factorsOfPairs);
    static constexpr bool hasMins = true;                // factors 8–15 are mins
    static constexpr uint8_t offset = 0;                 // of every number
    static constexpr bool pairsShareLanes = false;
    static constexpr bool twoPerSubBlock = false;
    static constexpr const float *parts = highNibblesInPlace;

    static __m512 scales(const Block *block) { return wideSixBitScales(*block); }
    static void fourScales(const Block *block, __m512 (&out)[4]) { fourWideSixBitScales(block, out); }
    static __m512i numbers(const Block *block, uint32_t k)
    {
        return _mm512_and_si512(load512(block->nibbles + k / 2 * 64), bytes512(k & 1 ? 0xf0 : 0x0f));
    }
};

struct WideQ5_K
{
    using Block = BlockQ5_K;
    static constexpr uint32_t blocks = 1;
    static constexpr Quarters pieces = runsOfPairs;
    static constexpr Lanes factors = lanesOf(factorsOfPairs);
    static constexpr bool hasMins = true;
    static constexpr uint8_t offset = 0;
    static constexpr bool pairsShareLanes = false;
    static constexpr bool twoPerSubBlock = false;
    static constexpr const float *parts = wholeNumbers;

    static __m512 scales(const Block *block) { return wideSixBitScales(*block); }
    static void fourScales(const Block *block, __m512 (&out)[4]) { fourWideSixBitScales(block, out); }
    static __m512i numbers(const Block *block, uint32_t k)
    {
        const __m512i run = load512(block->nibbles + k / 2 * 64);
        const __m512i low = _mm512_and_si512(k & 1 ? _mm512_srli_epi16(run, 4) : run, bytes512(15));
        // Lanes of 32 bytes test bits j and j + 2 of the same bytes.
        const auto j = static_cast<uint8_t>(1u << (k / 2 * 4 + (k & 1)));
        const __m512i bits = _mm512_inserti64x4(bytes512(j), _mm256_set1_epi8(static_cast<char>(j << 2)), 1);
        return _mm512_mask_add_epi8(low, _mm512_test_epi8_mask(_mm512_broadcast_i64x4(load256(block->high)), bits), low, bytes512(16));
    }
};

struct WideQ6_K
{
    using Block = BlockQ6_K;
    static constexpr uint32_t blocks = 1;
    static constexpr Quarters pieces = inOrder;
    static constexpr Lanes factors = lanesOf(inOrder);
    static constexpr bool hasMins = false;
    static constexpr uint8_t offset = 32;
    static constexpr bool pairsShareLanes = false;
    static constexpr bool twoPerSubBlock = true;
    static constexpr const float *parts = wholeNumbers;

    static __m512 scales(const Block *block)
    {
        return _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(load128(block->scales))), _mm512_set1_ps(halfAt(block->d)));
    }
    static __m512i numbers(const Block *block, uint32_t k)
    {
        const __m512i run = load512(block->nibbles + k / 2 * 64);
        const __m512i low = _mm512_and_si512(k & 1 ? _mm512_srli_epi16(run, 4) : run, bytes512(15));
        const __m512i pairs = _mm512_broadcast_i64x4(load256(block->pairs + k / 2 * 32));
        // The pair of each half goes to bits 4 and 5.
        const __m512i moved = k & 1
            ? _mm512_srlv_epi16(pairs, _mm512_inserti64x4(_mm512_setzero_si512(), _mm256_set1_epi16(2), 1))
            : _mm512_sllv_epi16(pairs, _mm512_inserti64x4(_mm512_set1_epi16(4), _mm256_set1_epi16(2), 1));
        constexpr int orAnd = 0xf8;   // a | (b & c)
        return _mm512_ternarylogic_epi32(low, moved, bytes512(48), orAnd);
    }
};

/// The half floats `d` of 8 neighbouring blocks in lanes 0–7.
template <typename Block>
__m512 eightScales(const Block *b)
{
    const auto d = [b](uint32_t i) { return static_cast<int16_t>(b[i].d); };
    return _mm512_castps256_ps512(_mm256_cvtph_ps(_mm_setr_epi16(d(0), d(1), d(2), d(3), d(4), d(5), d(6), d(7))));
}

struct WideQ8_0
{
    using Block = BlockQ8_0;
    static constexpr uint32_t blocks = 8;
    static constexpr Quarters pieces = inOrder;
    static constexpr Lanes factors = lanesOf(factorsOfBlocks);
    static constexpr bool hasMins = false;
    static constexpr uint8_t offset = 128;
    static constexpr bool pairsShareLanes = false;
    static constexpr bool twoPerSubBlock = false;
    static constexpr const float *parts = wholeNumbers;

    static __m512 scales(const Block *block) { return eightScales(block); }
    static __m512i numbers(const Block *block, uint32_t k)
    {
        return _mm512_xor_si512(twoOf256(block[2 * k].q, block[2 * k + 1].q), bytes512(128));
    }
};

/// Each register of bytes yields two of numbers of the same blocks.
struct WideQ4_0
{
    using Block = BlockQ4_0;
    static constexpr uint32_t blocks = 8;
    static constexpr Quarters pieces = halvesApart;
    static constexpr Lanes factors = lanesOf(factorsOfHalves);
    static constexpr bool hasMins = false;
    static constexpr uint8_t offset = 8;
    static constexpr bool pairsShareLanes = true;
    static constexpr bool twoPerSubBlock = false;
    static constexpr const float *parts = wholeNumbers;

    static __m512 scales(const Block *block) { return eightScales(block); }
    static __m512i numbers(const Block *block, uint32_t k)
    {
        const Block *const four = block + k / 2 * 4;
        __m512i bytes = _mm512_castsi128_si512(load128(four[0].nibbles));
        bytes = _mm512_inserti32x4(bytes, load128(four[1].nibbles), 1);
        bytes = _mm512_inserti32x4(bytes, load128(four[2].nibbles), 2);
        bytes = _mm512_inserti32x4(bytes, load128(four[3].nibbles), 3);
        return _mm512_and_si512(k & 1 ? _mm512_srli_epi16(bytes, 4) : bytes, bytes512(15));
    }
};

/// Activations of 256 columns from sub-block `first` on.
template <typename Format>
void arrange(const ActivationRow &x, uint32_t first, WideGroup &out)
{
    const int8_t *const q = x.q + 32 * first;
    __m512i raised = _mm512_setzero_si512();
    for (uint32_t k = 0; k < 4; ++k) {
        __m512i four = _mm512_castsi128_si512(load128(q + 16 * Format::pieces.of[k][0]));
        four = _mm512_inserti32x4(four, load128(q + 16 * Format::pieces.of[k][1]), 1);
        four = _mm512_inserti32x4(four, load128(q + 16 * Format::pieces.of[k][2]), 2);
        four = _mm512_inserti32x4(four, load128(q + 16 * Format::pieces.of[k][3]), 3);
        _mm512_storeu_si512(out.q[k], four);
        const bool goesOn = Format::pairsShareLanes && k % 2 == 1;
        raised = _mm512_dpbusd_epi32(goesOn ? raised : _mm512_setzero_si512(), bytes512(Format::offset), four);
        _mm512_storeu_si512(out.start[goesOn ? k - 1 : k], _mm512_sub_epi32(_mm512_setzero_si512(), raised));
    }
    // Lanes 0–7 are the scales of the sub-blocks, or all 16 are, two for each; lanes 8–15 then what the mins multiply.
    const __m256 scales = _mm256_loadu_ps(x.scales + first);
    const __m256 sums = _mm256_add_ps(_mm256_loadu_ps(x.firstSums + first), _mm256_loadu_ps(x.secondSums + first));
    __m512 factors = _mm512_castps256_ps512(_mm256_mul_ps(scales, _mm256_loadu_ps(Format::parts)));
    if constexpr (Format::hasMins)
        factors = _mm512_insertf32x8(factors, _mm256_sub_ps(_mm256_setzero_ps(), sums), 1);
    if constexpr (Format::twoPerSubBlock)
        factors = _mm512_permutexvar_ps(_mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7), factors);
    _mm512_storeu_ps(out.factors, factors);
}

/// How far ahead of a row's blocks their bytes are asked for; past the end of a row the next one follows.
inline constexpr uint32_t aheadBytes = 8192;

/// `Count` neighbouring groups of 256 columns, added to the sums.
template <typename Format, uint32_t Count>
inline __attribute__((always_inline)) void addWideGroups(const typename Format::Block *block, const WideGroup *x, __m512 (&sum)[4], __m512 &mins)
{
    for (uint32_t at = 0; at < sizeof(typename Format::Block) * Format::blocks * Count; at += 64)
        _mm_prefetch(reinterpret_cast<const char *>(block) + at + aheadBytes, _MM_HINT_T0);
    __m512 scales[Count];
    if constexpr (Count == 4 && requires { Format::fourScales(block, scales); })
        Format::fourScales(block, scales);
    else
        for (uint32_t g = 0; g < Count; ++g)
            scales[g] = Format::scales(block + g * Format::blocks);
#pragma GCC unroll 4
    for (uint32_t g = 0; g < Count; ++g, block += Format::blocks, ++x) {
        const __m512 factors = _mm512_mul_ps(scales[g], _mm512_loadu_ps(x->factors));
        if constexpr (Format::hasMins)
            mins = _mm512_mask_add_ps(mins, 0xff00, mins, factors);
        constexpr uint32_t step = Format::pairsShareLanes ? 2 : 1;
#pragma GCC unroll 4
        for (uint32_t k = 0; k < 4; k += step) {
            __m512i dots = Format::offset != 0 ? load512(x->start[k]) : _mm512_setzero_si512();
            for (uint32_t i = k; i < k + step; ++i)
                dots = _mm512_dpbusd_epi32(dots, Format::numbers(block, i), load512(x->q[i]));
            const __m512 each = _mm512_permutexvar_ps(load512(Format::factors.of[k]), factors);
            sum[k] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), each, sum[k]);
        }
    }
}

template <typename Format>
float dotWideRow(const std::byte *row, const WideGroup *x, uint32_t groups)
{
    __m512 sum[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
    __m512 mins = _mm512_setzero_ps();
    const auto *block = reinterpret_cast<const typename Format::Block *>(row);
    uint32_t g = 0;
    for (; g + 4 <= groups; g += 4)
        addWideGroups<Format, 4>(block + g * Format::blocks, x + g, sum, mins);
    for (; g < groups; ++g)
        addWideGroups<Format, 1>(block + g * Format::blocks, x + g, sum, mins);
    return _mm512_reduce_add_ps(
        _mm512_add_ps(_mm512_add_ps(_mm512_add_ps(sum[0], sum[1]), _mm512_add_ps(sum[2], sum[3])), mins));
}

/// The form for whole registers of a format of single rows; void where it has none.
template <typename Format>
struct WideForm { using Type = void; };
template <> struct WideForm<FormatQ4_0> { using Type = WideQ4_0; };
template <> struct WideForm<FormatQ8_0> { using Type = WideQ8_0; };
template <> struct WideForm<FormatQ4_K> { using Type = WideQ4_K; };
template <> struct WideForm<FormatQ5_K> { using Type = WideQ5_K; };
template <> struct WideForm<FormatQ6_K> { using Type = WideQ6_K; };

/// Rows times one token, where all its columns fill groups. False: nothing was done.
template <typename Format>
bool multiplyWideRows(const Product &product, uint32_t begin, uint32_t end, std::byte *scratch)
{
    const uint32_t groups = product.columns / 256;
    if (product.tokens != 1 || product.columns % 256 != 0 || groups * sizeof(WideGroup) > scratchBytes)
        return false;
    auto *const arranged = reinterpret_cast<WideGroup *>(scratch);
    const ActivationRow x = activationRow(product.quantized + xRow(product, 0) * activationRowBytes(product.columns), product.columns);
    for (uint32_t g = 0; g < groups; ++g)
        arrange<Format>(x, 8 * g, arranged[g]);
    for (uint32_t row = begin; row < end; ++row)
        product.out[row] = dotWideRow<Format>(product.weight + uint64_t{row} * product.rowBytes, arranged, groups);
    return true;
}

} // namespace
