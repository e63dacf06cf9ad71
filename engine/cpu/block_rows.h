// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blocks_avx2.h"
#include "float_kernels.h"

/// Rows of blocks times a few rows of quantized activations: the decoding of text, bound by how fast weights come from memory.
/// Isa::dot(a, b): a unsigned, b signed bytes, to 32-bit sums of four.
namespace {

/// The first `count` of up to eight 32-bit values, zero beyond.
__m256i loadSome(const void *p, uint32_t count)
{
    if (count == groupBlocks)
        return load256(p);
    alignas(32) uint32_t some[groupBlocks] = {};
    std::memcpy(some, p, count * sizeof *some);
    return load256(some);
}

/// How far ahead of a row's blocks their bytes are asked for; past the end of a row the next one follows.
inline constexpr uint32_t aheadBytes = 8192;

/// Asks for the bytes that lie so far behind `Bytes` bytes of blocks. A token meets each weight once: lines go straight to the first-level
/// cache and out of it again, so that none of them is moved on to the next one when another comes.
template <size_t Bytes>
inline __attribute__((always_inline)) void askAhead(const void *blocks)
{
#pragma GCC unroll 64
    for (size_t at = 0; at < Bytes; at += 64)
        _mm_prefetch(static_cast<const char *>(blocks) + at + aheadBytes, _MM_HINT_NTA);
}

/// Sums that are kept apart so that the latency of an addition does not decide.
inline constexpr uint32_t chains = 2;

/// One group of `count` sub-blocks from `first` on, added to sum[t]. Integer sums of a sub-block are exact; each is turned to float32
/// and multiplied by weight scale · activation scale.
template <typename Isa, typename Format, uint32_t Tokens>
inline __attribute__((always_inline)) void addGroup(
    const typename Format::Block *blocks, size_t first, uint32_t count, const ActivationRow *x, __m256 (*sum)[chains])
{
    const GroupScales scales = Format::scales(blocks, count);
    alignas(32) float products[Tokens][2 * groupBlocks];
    const int8_t *q[Tokens];
    for (uint32_t t = 0; t < Tokens; ++t) {
        q[t] = x[t].q + 32 * first;
        const __m256 activation = _mm256_castsi256_ps(loadSome(x[t].scales + first, count));
        __m256i sums[2] = {};
        if constexpr (!Format::isSigned) {
            sums[0] = loadSome(x[t].firstSums + first, count);
            sums[1] = loadSome(x[t].secondSums + first, count);
        }
        if constexpr (Format::halves == 1)
            sums[0] = _mm256_add_epi32(sums[0], sums[1]);
        for (uint32_t h = 0; h < Format::halves; ++h) {
            const __m256 product = _mm256_mul_ps(scales.scale[h], activation);
            _mm256_store_ps(products[t] + h * groupBlocks, product);
            if constexpr (Format::isSigned)
                continue;
            const __m256 offset = Format::zero > 0 ? _mm256_mul_ps(product, _mm256_set1_ps(-static_cast<float>(Format::zero)))
                                                   : _mm256_mul_ps(scales.offset[h], activation);
            sum[t][1] = _mm256_fmadd_ps(offset, _mm256_cvtepi32_ps(sums[h]), sum[t][1]);
        }
    }
#pragma GCC unroll 8
    for (size_t j = 0; j < count; ++j)
        for (uint32_t t = 0; t < Tokens; ++t) {
            __m256 &chain = sum[t][j % chains];
            const __m256i dots = dotSubBlock<Isa, Format>(blocks, static_cast<uint32_t>(j), load256(q[t] + 32 * j));
            chain = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots), spread<Format>(products[t], j), chain);
        }
}

template <typename Isa, typename Format, uint32_t Tokens>
void dotBlockRow(const std::byte *row, const ActivationRow *x, uint32_t subBlocks, float *out)
{
    __m256 sum[Tokens][chains];
    for (auto &each : sum)
        for (__m256 &chain : each)
            chain = _mm256_setzero_ps();
    const size_t whole = subBlocks / groupBlocks * groupBlocks;
    for (size_t first = 0; first < whole; first += groupBlocks) {
        const auto *blocks = blocksAt<Format>(row, first);
        askAhead<sizeof(typename Format::Block) * groupBlocks * 32 / Format::elements>(blocks);
        addGroup<Isa, Format, Tokens>(blocks, first, groupBlocks, x, sum);
    }
    if constexpr (Format::elements < 256)
        if (whole < subBlocks)
            addGroup<Isa, Format, Tokens>(blocksAt<Format>(row, whole), whole, subBlocks - static_cast<uint32_t>(whole), x, sum);
    for (uint32_t t = 0; t < Tokens; ++t) {
        for (uint32_t c = 1; c < chains; ++c)
            sum[t][0] = _mm256_add_ps(sum[t][0], sum[t][c]);
        out[t] = Avx2Lanes::sum(sum[t][0]);
    }
}

inline constexpr uint32_t blockRowTokens = 4;

template <typename Isa, typename Format>
void multiplyBlockRows(const Product &product, uint32_t begin, uint32_t end)
{
    inTiles<blockRowTokens>(product.tokens, [&]<uint32_t Tokens>(uint32_t t) {
        ActivationRow x[Tokens];
        for (uint32_t e = 0; e < Tokens; ++e)
            x[e] = activationRow(product.quantized + xRow(product, t + e) * activationRowBytes(product.columns), product.columns);
        for (uint32_t row = begin; row < end; ++row) {
            float out[Tokens];
            dotBlockRow<Isa, Format, Tokens>(product.weight + uint64_t{row} * product.rowBytes, x, product.columns / 32, out);
            for (uint32_t e = 0; e < Tokens; ++e)
                product.out[uint64_t{t + e} * product.outStride + row] = out[e];
        }
    });
}

/// Eight activations at a time; the same roundings as the scalar form.
void quantizeRowAvx2(const float *x, uint32_t n, std::byte *row)
{
    auto *q = reinterpret_cast<int8_t *>(row);
    auto *scales = reinterpret_cast<float *>(row + n);
    auto *blockSums = reinterpret_cast<int32_t *>(scales + n / 32);
    const __m256 magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff));
    for (uint32_t b = 0; b < n / 32; ++b) {
        __m256 v[4];
        for (uint32_t i = 0; i < 4; ++i)
            v[i] = _mm256_loadu_ps(x + 32 * b + 8 * i);
        const __m256 top2 = _mm256_max_ps(_mm256_max_ps(_mm256_and_ps(v[0], magnitude), _mm256_and_ps(v[1], magnitude)),
            _mm256_max_ps(_mm256_and_ps(v[2], magnitude), _mm256_and_ps(v[3], magnitude)));
        __m128 top4 = _mm_max_ps(_mm256_castps256_ps128(top2), _mm256_extractf128_ps(top2, 1));
        top4 = _mm_max_ps(top4, _mm_movehl_ps(top4, top4));
        const float top = _mm_cvtss_f32(_mm_max_ss(top4, _mm_movehdup_ps(top4)));
        const float scale = top / 127;
        const __m256 inverse = _mm256_set1_ps(top > smallestActivation ? 127 / top : 0);
        __m256i whole[4];
        for (uint32_t i = 0; i < 4; ++i)
            whole[i] = _mm256_cvtps_epi32(_mm256_mul_ps(v[i], inverse));
        // Packing works within 128-bit lanes; the permutation brings the eight groups of four back in order.
        const __m256i words0 = _mm256_packs_epi32(whole[0], whole[1]);
        const __m256i words1 = _mm256_packs_epi32(whole[2], whole[3]);
        const __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_packs_epi16(words0, words1), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
        _mm256_storeu_si256(reinterpret_cast<__m256i *>(q + 32 * b), bytes);
        const __m256i sums0 = _mm256_madd_epi16(words0, _mm256_set1_epi16(1));
        const __m256i sums1 = _mm256_madd_epi16(words1, _mm256_set1_epi16(1));
        __m256i sums = _mm256_hadd_epi32(sums0, sums1);
        sums = _mm256_hadd_epi32(sums, sums);
        const __m128i halves = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        scales[b] = scale;
        blockSums[b] = _mm_cvtsi128_si32(halves);
        blockSums[n / 32 + b] = _mm_extract_epi32(halves, 1);
    }
}

} // namespace
