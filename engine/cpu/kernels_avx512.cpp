// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <immintrin.h>

#include "lanes_avx2.h"
#include "lanes_avx512.h"

#include "attention_kernel.h"
#include "recurrence_kernel.h"
#include "block_panels.h"

namespace {

/// AVX-512 with VNNI, whose dot product of bytes sums in 32 bits. Panels take whole registers; single rows, bound by memory, half ones.
struct Avx512
{
    using Lanes = Avx512Lanes;
    static constexpr bool unsignedPanels = true;
    static constexpr uint32_t tileTokens = 8;

    static __m256i dot(__m256i a, __m256i b) { return _mm256_dpbusd_epi32(_mm256_setzero_si256(), a, b); }
    static __m512i loadBytes(const void *p) { return _mm512_loadu_si512(p); }
    static __m512i fourTimes(int32_t word) { return _mm512_set1_epi32(word); }
    static __m512 toFloat(__m512i x) { return _mm512_cvtepi32_ps(x); }

    template <typename Format>
    struct Sum
    {
        __m512i wide = _mm512_setzero_si512();

        void add(__m512i w, __m512i x, uint32_t) { wide = _mm512_dpbusd_epi32(wide, w, x); }
        __m512i total() const { return wide; }
    };
};

} // namespace

namespace plimsoll::engine::cpu {

const Kernels &avx512Kernels()
{
    static const Kernels kernels = {
        .quantizeRow = quantizeRowAvx2,
        .multiply = multiplyAny<Avx512>,
        .normalize = normalize<Avx512Lanes>,
        .activate = activate<Avx512Lanes>,
        .addScaled = addScaled<Avx512Lanes>,
        .softcap = softcap<Avx512Lanes>,
        .gate = gateRow<Avx512Lanes>,
        .recur = recur<Avx512Lanes>,
        .attend = attend<Avx512Lanes>,
        .store = storeCells<Avx512Lanes>,
    };
    return kernels;
}

} // namespace plimsoll::engine::cpu

#endif
