// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <immintrin.h>

#include <type_traits>

#include "lanes_avx2.h"
#include "lanes_avx512.h"

#include "kernel_table.h"
#include "block_panels.h"
#include "peak_kernel.h"
#include "block_rows_avx512.h"

namespace {

/// AVX-512 with VNNI, whose dot product of bytes sums in 32 bits. Panels and single rows take whole registers.
struct Avx512
{
    using Lanes = Avx512Lanes;
    static constexpr bool unsignedPanels = true;
    static constexpr uint32_t tileTokens = 6;   // times panelVectors: sums of integers and of floats, and both factors, in 32 registers

    static __m256i dot(__m256i a, __m256i b) { return _mm256_dpbusd_epi32(_mm256_setzero_si256(), a, b); }
    static __m512i loadBytes(const void *p) { return _mm512_loadu_si512(p); }
    static __m512i fourTimes(int32_t word) { return _mm512_set1_epi32(word); }
    static __m512 toFloat(__m512i x) { return _mm512_cvtepi32_ps(x); }

    static __m512i added(__m512i a, __m512i b) { return _mm512_add_epi32(a, b); }

    /// One token, where the format has a form for whole registers. False: the common form is to do it.
    template <typename Format>
    static bool decode(const Product &product, uint32_t begin, uint32_t end, std::byte *scratch)
    {
        using Wide = typename WideForm<Format>::Type;
        if constexpr (std::is_void_v<Wide>)
            return false;
        else
            return multiplyWideRows<Wide>(product, begin, end, scratch);
    }

    template <typename>
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
    static const Kernels kernels = kernelTable<Avx512Lanes>(
        quantizeRowAvx2, multiplyAny<Avx512>, multiplyAtPeak<Avx512, PanelOf<Avx512, FormatQ4_K>>, peakProducts<Avx512>);
    return kernels;
}

} // namespace plimsoll::engine::cpu

#endif
