// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace {

/// Sixteen float32 at a time (AVX-512 F, DQ); interface as ScalarLanes.
struct Avx512Lanes
{
    using F = __m512;
    static constexpr uint32_t width = 16;
    static constexpr uint32_t tileTokens = 8;
    static constexpr uint32_t panelWidth = 32;   // twice 8 sums, for which an activation is loaded once

    static F zero() { return _mm512_setzero_ps(); }
    static F set(float x) { return _mm512_set1_ps(x); }
    static F load(const float *p) { return _mm512_loadu_ps(p); }
    static F loadHalf(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(p))); }
    static F loadBf(const uint16_t *p)
    {
        const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(p)));
        return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
    }
    static F setHalf(uint16_t half) { return _mm512_cvtph_ps(_mm256_set1_epi16(static_cast<short>(half))); }
    static F loadBytes(const int8_t *p) { return widened(_mm_loadu_si128(reinterpret_cast<const __m128i *>(p))); }
    static F loadLowNibbles(const uint8_t *p) { return nibbles(_mm_loadu_si128(reinterpret_cast<const __m128i *>(p))); }
    static F loadHighNibbles(const uint8_t *p)
    {
        return nibbles(_mm_srli_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i *>(p)), 4));
    }
    static void store(float *p, F x) { _mm512_storeu_ps(p, x); }
    static void storeHalf(uint16_t *p, F x)
    {
        _mm256_storeu_si256(reinterpret_cast<__m256i *>(p), _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT));
    }
    static F add(F a, F b) { return _mm512_add_ps(a, b); }
    static F sub(F a, F b) { return _mm512_sub_ps(a, b); }
    static F mul(F a, F b) { return _mm512_mul_ps(a, b); }
    static F div(F a, F b) { return _mm512_div_ps(a, b); }
    static F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
    static F min(F a, F b) { return _mm512_min_ps(a, b); }
    static F max(F a, F b) { return _mm512_max_ps(a, b); }
    static F round(F x) { return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
    static F pow2(F n) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(_mm512_add_ps(n, set(exponentMagic))), 23)); }
    static float sum(F x) { return _mm512_reduce_add_ps(x); }
    /// Lane i: the sum of x[i].
    [[gnu::always_inline]] static inline F sumEach(const F *x)
    {
        F pairs[8];   // of each 128 bits: two partial sums of two vectors, in turns
        for (int i = 0; i < 8; ++i)
            pairs[i] = add(_mm512_unpacklo_ps(x[2 * i], x[2 * i + 1]), _mm512_unpackhi_ps(x[2 * i], x[2 * i + 1]));
        F fours[4];   // of each 128 bits: its sum in four vectors
        for (int i = 0; i < 4; ++i) {
            const __m512d a = _mm512_castps_pd(pairs[2 * i]);
            const __m512d b = _mm512_castps_pd(pairs[2 * i + 1]);
            fours[i] = add(_mm512_castpd_ps(_mm512_unpacklo_pd(a, b)), _mm512_castpd_ps(_mm512_unpackhi_pd(a, b)));
        }
        const F low = crossed(fours[0], fours[1]);
        const F high = crossed(fours[2], fours[3]);
        return crossed(low, high);
    }

    /// Rows become columns: lane j of v[i] and lane i of v[j] change places.
    [[gnu::always_inline]] static inline void transpose(F (&v)[16])
    {
        F a[16];
        for (int i = 0; i < 16; i += 2) {
            a[i] = _mm512_unpacklo_ps(v[i], v[i + 1]);
            a[i + 1] = _mm512_unpackhi_ps(v[i], v[i + 1]);
        }
        __m512i four[16];   // quarter q of four[4·i + c]: column 4·q + c of rows 4·i to 4·i + 3
        for (int i = 0; i < 16; i += 4)
            for (int c = 0; c < 2; ++c) {
                const __m512d x = _mm512_castps_pd(a[i + c]);
                const __m512d y = _mm512_castps_pd(a[i + 2 + c]);
                four[i + 2 * c] = _mm512_castpd_si512(_mm512_unpacklo_pd(x, y));
                four[i + 2 * c + 1] = _mm512_castpd_si512(_mm512_unpackhi_pd(x, y));
            }
        for (int c = 0; c < 4; ++c) {
            const __m512i low[2] = {_mm512_shuffle_i32x4(four[c], four[4 + c], 0x44), _mm512_shuffle_i32x4(four[8 + c], four[12 + c], 0x44)};
            const __m512i high[2] = {_mm512_shuffle_i32x4(four[c], four[4 + c], 0xee), _mm512_shuffle_i32x4(four[8 + c], four[12 + c], 0xee)};
            v[c] = _mm512_castsi512_ps(_mm512_shuffle_i32x4(low[0], low[1], 0x88));
            v[4 + c] = _mm512_castsi512_ps(_mm512_shuffle_i32x4(low[0], low[1], 0xdd));
            v[8 + c] = _mm512_castsi512_ps(_mm512_shuffle_i32x4(high[0], high[1], 0x88));
            v[12 + c] = _mm512_castsi512_ps(_mm512_shuffle_i32x4(high[0], high[1], 0xdd));
        }
    }

    /// 1.5·2^23 + 127: added to a whole n it leaves n + 127, the exponent of 2^n, in the lowest bits.
    static constexpr float exponentMagic = 12583039.0f;

private:
    /// Sums of neighbouring 128 bits: those of a, then those of b.
    static F crossed(F a, F b)
    {
        const __m512i x = _mm512_castps_si512(a);
        const __m512i y = _mm512_castps_si512(b);
        return add(_mm512_castsi512_ps(_mm512_shuffle_i32x4(x, y, 0x88)), _mm512_castsi512_ps(_mm512_shuffle_i32x4(x, y, 0xdd)));
    }
    static F widened(__m128i bytes) { return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes)); }
    static F nibbles(__m128i bytes) { return widened(_mm_sub_epi8(_mm_and_si128(bytes, _mm_set1_epi8(15)), _mm_set1_epi8(8))); }
};

} // namespace
