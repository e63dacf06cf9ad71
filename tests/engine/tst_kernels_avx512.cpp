// SPDX-License-Identifier: Apache-2.0
// The AVX-512 kernels on any machine: the same source, its instructions carried out by SIMDe. Where the processor has them, tst_kernels
// checks the compiled ones too.
#include <immintrin.h>   // first: SIMDe then puts its names before the native ones

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>
#include <simde/x86/f16c.h>
#include <simde/x86/fma.h>

#include <cstdint>
#include <cstring>

// What this SIMDe lacks, from halves.
static inline simde__m512 twoHalves(simde__m256 low, simde__m256 high)
{
    return simde_mm512_insertf32x8(simde_mm512_castps256_ps512(low), high, 1);
}
static inline simde__m256i upper(simde__m512i x)
{
    return simde_mm512_extracti64x4_epi64(x, 1);
}
static inline simde__m512 intsToFloats(simde__m512i x)
{
    return twoHalves(simde_mm256_cvtepi32_ps(simde_mm512_castsi512_si256(x)), simde_mm256_cvtepi32_ps(upper(x)));
}
static inline simde__m512 halvesToFloats(simde__m256i x)
{
    return twoHalves(simde_mm256_cvtph_ps(simde_mm256_castsi256_si128(x)), simde_mm256_cvtph_ps(simde_mm256_extracti128_si256(x, 1)));
}
static inline simde__m256i floatsToHalves(simde__m512 x, int)
{
    const simde__m256 high = simde_mm256_castsi256_ps(upper(simde_mm512_castps_si512(x)));
    return simde_mm256_set_m128i(simde_mm256_cvtps_ph(high, 0), simde_mm256_cvtps_ph(simde_mm512_castps512_ps256(x), 0));
}
static inline simde__m512i wordsToInts(simde__m256i x)
{
    const simde__m512i low = simde_mm512_castsi256_si512(simde_mm256_cvtepu16_epi32(simde_mm256_castsi256_si128(x)));
    return simde_mm512_inserti64x4(low, simde_mm256_cvtepu16_epi32(simde_mm256_extracti128_si256(x, 1)), 1);
}
template <typename Byte>
static inline simde__m512i bytesToInts(simde__m128i x)
{
    Byte bytes[16];
    int32_t ints[16];
    std::memcpy(bytes, &x, 16);
    for (int i = 0; i < 16; ++i)
        ints[i] = bytes[i];
    return simde_mm512_loadu_si512(ints);
}
static inline float sumOfLanes(simde__m512 x)
{
    float lanes[16];
    simde_mm512_storeu_ps(lanes, x);
    float sum = 0;
    for (float lane : lanes)
        sum += lane;
    return sum;
}
#define _mm512_cvtepi32_ps intsToFloats
#define _mm512_cvtph_ps halvesToFloats
#define _mm512_cvtps_ph floatsToHalves
#define _mm512_cvtepu16_epi32 wordsToInts
#define _mm512_cvtepu8_epi32 bytesToInts<uint8_t>
#define _mm512_cvtepi8_epi32 bytesToInts<int8_t>
#define _mm512_reduce_add_ps sumOfLanes

#define avx512Kernels emulatedAvx512Kernels
#include "../../engine/cpu/kernels_avx512.cpp"

#include "recurrence_checks.h"

#include <QtTest>

class KernelsAvx512Test : public QObject
{
    Q_OBJECT

private slots:
    void products_data();
    void products();
    void quantizedActivations() { verify(kernel_checks::checkQuantizeRow(kernels())); }
    void rows() { verify(kernel_checks::checkRows(kernels())); }
    void norms() { verify(kernel_checks::checkNorms(kernels())); }
    void recurrences() { verify(kernel_checks::checkRecurrences(kernels())); }
    void gates() { verify(kernel_checks::checkGates(kernels())); }
    void cells();
    void attention();

private:
    static const cpu::Kernels &kernels() { return cpu::emulatedAvx512Kernels(); }
    static void verify(const std::string &wrong) { QVERIFY2(wrong.empty(), wrong.c_str()); }
};

void KernelsAvx512Test::products_data()
{
    QTest::addColumn<int>("type");
    for (const GgmlType type : cpuTraits().formats)
        QTest::newRow(std::string(name(type)).c_str()) << int(type);
}

void KernelsAvx512Test::products()
{
    QFETCH(int, type);
    verify(kernel_checks::checkProducts(kernels(), static_cast<GgmlType>(type)));
}

void KernelsAvx512Test::cells()
{
    verify(kernel_checks::checkCells(kernels(), GgmlType::Q8_0));
    verify(kernel_checks::checkCells(kernels(), GgmlType::Q4_0));
}

void KernelsAvx512Test::attention()
{
    for (const kernel_checks::AttentionCase &each : kernel_checks::attentionCases()) {
        verify(kernel_checks::checkAttention(kernels(), each));
        verify(kernel_checks::checkAttentionCuts(kernels(), each));
    }
}

QTEST_GUILESS_MAIN(KernelsAvx512Test)
#include "tst_kernels_avx512.moc"
