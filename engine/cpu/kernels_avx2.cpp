// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <immintrin.h>

#include "lanes_avx2.h"

#include "kernel_table.h"
#include "block_panels.h"
#include "peak_kernel.h"

namespace {

struct Avx2
{
    using Lanes = Avx2Lanes;
    static constexpr bool unsignedPanels = false;
    static constexpr uint32_t tileTokens = 4;

    static __m256i dot(__m256i a, __m256i b) { return _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)); }
    static __m256i loadBytes(const void *p) { return load256(p); }
    static __m256i fourTimes(int32_t word) { return _mm256_set1_epi32(word); }
    static __m256 toFloat(__m256i x) { return _mm256_cvtepi32_ps(x); }

    static __m256i added(__m256i a, __m256i b) { return _mm256_add_epi32(a, b); }

    /// Single rows take the common form.
    template <typename Format>
    static bool decode(const Product &, uint32_t, uint32_t, std::byte *) { return false; }

    /// Sums of products in 32-bit lanes.
    template <typename Panel>
    struct Sum
    {
        static constexpr uint32_t run = Panel::run;
        __m256i narrow = _mm256_setzero_si256();
        __m256i wide = _mm256_setzero_si256();

        void add(__m256i w, __m256i x, uint32_t step)
        {
            __m256i pairs;
            if constexpr (Panel::isSigned)
                pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
            else
                pairs = _mm256_maddubs_epi16(w, x);
            narrow = step % run == 0 ? pairs : _mm256_add_epi16(narrow, pairs);
            if (step % run == run - 1) {
                const __m256i sums = _mm256_madd_epi16(narrow, _mm256_set1_epi16(1));
                wide = _mm256_add_epi32(wide, sums);
            }
        }
        __m256i total() const { return wide; }
    };
};

} // namespace

namespace plimsoll::engine::cpu {

const Kernels &avx2Kernels()
{
    static const Kernels kernels = kernelTable<Avx2Lanes>(
        quantizeRowAvx2, multiplyAny<Avx2>, multiplyAtPeak<Avx2, PanelOf<Avx2, FormatQ4_K>>, peakProducts<Avx2>);
    return kernels;
}

} // namespace plimsoll::engine::cpu

#endif
