// SPDX-License-Identifier: Apache-2.0
#include "cuda_kernel_table.h"

#include <plimsoll/layout/backend_traits.h>

#include <QtTest>

using namespace plimsoll;
using namespace plimsoll::engine;

/// Every kernel of the CUDA backend that the CPU has a twin of, by the checks of the CPU's kernels, with the threads of a block in either
/// order. They are executed by the test runtime (tests/simt).
class TestCudaKernels : public QObject
{
    Q_OBJECT

private slots:
    void products_data();
    void products();
    void longPrompts_data();
    void longPrompts();
    void quantizedActivations_data() { orders(); }
    void quantizedActivations() { verify(kernel_checks::checkQuantizeRow(m_table)); }
    void rows_data() { orders(); }
    void rows() { verify(kernel_checks::checkRows(m_table)); }
    void norms_data() { orders(); }
    void norms() { verify(kernel_checks::checkNorms(m_table)); }
    void cells_data() { orders(); }
    void cells();
    void attention_data() { orders(); }
    void attention();
    void init();

private:
    static void orders();
    static void verify(const std::string &wrong) { QVERIFY2(wrong.empty(), wrong.c_str()); }

    cpu::Kernels m_table = cuda_kernels::table();
};

void TestCudaKernels::orders()
{
    QTest::addColumn<bool>("descending");
    QTest::newRow("ascending") << false;
    QTest::newRow("descending") << true;
}

void TestCudaKernels::init()
{
    const void *const descending = QTest::qData("descending", QMetaType::fromType<bool>().id());
    simt::setOrder(*static_cast<const bool *>(descending) ? simt::Order::Descending : simt::Order::Ascending);
}

void TestCudaKernels::products_data()
{
    QTest::addColumn<bool>("descending");
    QTest::addColumn<int>("type");
    for (const GgmlType type : cudaTraits().formats)
        QTest::newRow(std::string(name(type)).c_str()) << (int(type) % 2 == 0) << int(type);
}

/// Few tokens by rows, and the same in tiles.
void TestCudaKernels::products()
{
    QFETCH(int, type);
    const auto format = static_cast<GgmlType>(type);
    const uint32_t step = info(format).blockElements;
    std::vector<uint32_t> columns = {step, 5 * step};
    if (step == 1)
        columns = {1, 7, 64, 172, 520};
    else if (step < 256)
        columns = {step, 3 * step, 33 * step};
    cpu::Kernels tiles = m_table;
    tiles.multiply = cuda_kernels::multiplyTiles;
    for (const uint32_t n : columns)
        for (const uint32_t rows : {1u, 21u, 70u}) {
            for (const uint32_t tokens : {1u, 2u, 3u, 8u})
                verify(kernel_checks::checkProduct(m_table, {format, rows, n, tokens}));
            for (const uint32_t tokens : {1u, 37u})
                verify(kernel_checks::checkProduct(tiles, {format, rows, n, tokens}));
        }
}

void TestCudaKernels::longPrompts_data()
{
    products_data();
}

/// Through cuBLAS, with a bias, added to what was there. Each factor is a bfloat16, off by 2^-8 of itself at most; what a sum of
/// them is off by grows slower than their number.
void TestCudaKernels::longPrompts()
{
    QFETCH(int, type);
    const auto format = static_cast<GgmlType>(type);
    const uint32_t n = info(format).blockElements > 1 ? 2 * info(format).blockElements : 72;
    constexpr uint32_t rows = 21;
    constexpr uint32_t tokens = cuda::Gemm::fewestTokens + 3;
    const std::vector<std::byte> w = kernel_checks::weights(format, rows, n, 5);
    const std::vector<float> x = kernel_checks::awkward(uint64_t{tokens} * n, 6);
    const std::vector<float> bias = kernel_checks::awkward(rows, 7);
    std::vector<float> out(uint64_t{tokens} * rows, 2.5f);
    std::vector<std::byte> scratch(cuda::Gemm::scratchBytes + 64);
    cuda::Product product;
    product.weight = w.data();
    product.type = format;
    product.rowBytes = *rowBytes(format, n);
    product.rows = rows;
    product.columns = n;
    product.x = x.data();
    product.xStride = n;
    product.out = out.data();
    product.outStride = rows;
    product.bias = bias.data();
    product.scale = 0.5f;
    product.adds = true;
    product.tokens = tokens;
    cuda::Multiplier &multiplier = cuda_kernels::multiplier();
    multiplier.bind(kernel_checks::aligned(scratch));
    QVERIFY(multiplier.gemm().takes(product));
    multiplier.multiply(product);
    multiplier.bind(nullptr);
    std::vector<float> row(n);
    for (uint32_t r = 0; r < rows; ++r) {
        dequantize(format, w.data() + r * product.rowBytes, row);
        for (uint32_t t = 0; t < tokens; ++t) {
            double want = 0;
            double size = 0;
            for (uint32_t i = 0; i < n; ++i) {
                const double term = double{row[i]} * double{x[t * n + i]};
                want += term;
                size += std::fabs(term);
            }
            want = 0.5 * want + double{bias[r]} + 2.5;
            QCOMPARE_LE(std::fabs(double{out[t * rows + r]} - want), size * 0x1p-8 + std::fabs(want) * 0x1p-20 + 1e-6);
        }
    }
}

void TestCudaKernels::cells()
{
    verify(kernel_checks::checkCells(m_table, GgmlType::Q8_0));
    verify(kernel_checks::checkCells(m_table, GgmlType::Q4_0));
}

/// With much shared memory and with little, which makes tiles smaller.
void TestCudaKernels::attention()
{
    cpu::Kernels little = m_table;
    little.attend = cuda_kernels::attend<12 * 1024>;
    for (const kernel_checks::AttentionCase &each : kernel_checks::attentionCases()) {
        verify(kernel_checks::checkAttention(m_table, each));
        verify(kernel_checks::checkAttention(little, each));
    }
}

QTEST_GUILESS_MAIN(TestCudaKernels)
#include "tst_cuda_kernels.moc"
