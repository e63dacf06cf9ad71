// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace {

/// Eight float32 at a time (AVX2, FMA, F16C); interface as ScalarLanes.
struct Avx2Lanes
{
    using F = __m256;
    static constexpr uint32_t width = 8;
    static constexpr uint32_t tileTokens = 4;   // 8 sums: as many as two multipliers keep in flight, and a divisor of usual groups of heads
    static constexpr uint32_t panelWidth = 16;

    static F zero() { return _mm256_setzero_ps(); }
    static F set(float x) { return _mm256_set1_ps(x); }
    static F load(const float *p) { return _mm256_loadu_ps(p); }
    static F loadHalf(const uint16_t *p) { return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i *>(p))); }
    static F loadBf(const uint16_t *p)
    {
        const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i *>(p)));
        return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
    }
    static F setHalf(uint16_t half) { return _mm256_cvtph_ps(_mm_set1_epi16(static_cast<short>(half))); }
    static F loadBytes(const int8_t *p) { return widened(_mm_loadl_epi64(reinterpret_cast<const __m128i *>(p))); }
    static F loadLowNibbles(const uint8_t *p) { return nibbles(_mm_loadl_epi64(reinterpret_cast<const __m128i *>(p))); }
    static F loadHighNibbles(const uint8_t *p)
    {
        return nibbles(_mm_srli_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i *>(p)), 4));
    }
    static void store(float *p, F x) { _mm256_storeu_ps(p, x); }
    static void storeHalf(uint16_t *p, F x)
    {
        _mm_storeu_si128(reinterpret_cast<__m128i *>(p), _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT));
    }
    static F add(F a, F b) { return _mm256_add_ps(a, b); }
    static F sub(F a, F b) { return _mm256_sub_ps(a, b); }
    static F mul(F a, F b) { return _mm256_mul_ps(a, b); }
    static F div(F a, F b) { return _mm256_div_ps(a, b); }
    static F fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
    static F min(F a, F b) { return _mm256_min_ps(a, b); }
    static F max(F a, F b) { return _mm256_max_ps(a, b); }
    static F round(F x) { return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
    static F pow2(F n)
    {
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23));
    }
    static float sum(F x)
    {
        __m128 s = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
        s = _mm_add_ps(s, _mm_movehl_ps(s, s));
        return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
    }

    /// Lane i: the sum of x[i].
    [[gnu::always_inline]] static inline F sumEach(const F *x)
    {
        F fours[2];   // of each 128 bits: its sum in four vectors
        for (int i = 0; i < 2; ++i) {
            const F *const v = x + 4 * i;
            const F a = add(_mm256_unpacklo_ps(v[0], v[1]), _mm256_unpackhi_ps(v[0], v[1]));
            const F b = add(_mm256_unpacklo_ps(v[2], v[3]), _mm256_unpackhi_ps(v[2], v[3]));
            fours[i] = add(_mm256_shuffle_ps(a, b, 0x44), _mm256_shuffle_ps(a, b, 0xee));
        }
        return add(_mm256_permute2f128_ps(fours[0], fours[1], 0x20), _mm256_permute2f128_ps(fours[0], fours[1], 0x31));
    }

    /// Rows become columns: lane j of v[i] and lane i of v[j] change places.
    [[gnu::always_inline]] static inline void transpose(__m256i (&v)[8])
    {
        __m256i a[8];
        for (int i = 0; i < 8; i += 2) {
            a[i] = _mm256_unpacklo_epi32(v[i], v[i + 1]);
            a[i + 1] = _mm256_unpackhi_epi32(v[i], v[i + 1]);
        }
        for (int i = 0; i < 8; i += 4) {
            v[i] = _mm256_unpacklo_epi64(a[i], a[i + 2]);
            v[i + 1] = _mm256_unpackhi_epi64(a[i], a[i + 2]);
            v[i + 2] = _mm256_unpacklo_epi64(a[i + 1], a[i + 3]);
            v[i + 3] = _mm256_unpackhi_epi64(a[i + 1], a[i + 3]);
        }
        for (int i = 0; i < 4; ++i) {
            a[i] = _mm256_permute2x128_si256(v[i], v[i + 4], 0x20);
            a[i + 4] = _mm256_permute2x128_si256(v[i], v[i + 4], 0x31);
        }
        for (int i = 0; i < 8; ++i)
            v[i] = a[i];
    }
    [[gnu::always_inline]] static inline void transpose(F (&v)[8])
    {
        __m256i words[8];
        for (int i = 0; i < 8; ++i)
            words[i] = _mm256_castps_si256(v[i]);
        transpose(words);
        for (int i = 0; i < 8; ++i)
            v[i] = _mm256_castsi256_ps(words[i]);
    }

private:
    static F widened(__m128i bytes) { return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes)); }
    static F nibbles(__m128i bytes) { return widened(_mm_sub_epi8(_mm_and_si128(bytes, _mm_set1_epi8(15)), _mm_set1_epi8(8))); }
};

} // namespace
