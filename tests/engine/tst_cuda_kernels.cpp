// SPDX-License-Identifier: Apache-2.0
#include "cuda_kernel_table.h"

#include <expert_groups.h>
#include <launch.h>
#include <matrix_bfloat_tile.cuh>
#include <mma_half.cuh>
#include <mma_int8.cuh>
#include <pass_graphs.h>

#include <plimsoll/layout/backend_traits.h>

#include <candidates.h>
#include <faulty_kernels.h>
#include <shared_access.h>

#include <QtTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <limits>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

struct Matrices
{
    alignas(16) int8_t a[16][32];
    alignas(16) int8_t b[8][32];   // its columns
    int32_t c[2][16][8];
};

/// A kernel of one warp: C += A · B, and the same in halves.
void multiplyFragments(Matrices *m)
{
    cuda::waitForPrevious();
    const uint32_t lane = threadIdx.x;
    uint32_t a[4];
    uint32_t b[2];
    cuda::loadMatrices(m->a[lane % 16] + lane / 16 * 16, a);
    cuda::loadMatrices(m->b[lane % 8] + lane / 8 % 2 * 16, b);
    int32_t whole[4] = {5, 5, 5, 5};
    cuda::mmaM16N8K32(whole, a, b[0], b[1]);
    int32_t halves[4] = {5, 5, 5, 5};
    cuda::mmaM16N8K16(halves, a[0], a[1], b[0]);
    cuda::mmaM16N8K16(halves, a[2], a[3], b[1]);
    for (uint32_t i = 0; i < 4; ++i) {
        m->c[0][lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2] = whole[i];
        m->c[1][lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2] = halves[i];
    }
}

} // namespace

/// Every kernel of the CUDA backend that the CPU has a twin of, by the checks of the CPU's kernels, with the threads of a block in either
/// order. They are executed by the test runtime (tests/simt).
class TestCudaKernels : public QObject
{
    Q_OBJECT

private slots:
    void tensorCores_data() { orders(); }
    void tensorCores();
    void ways();
    void products_data();
    void products();
    void groups_data() { orders(); }
    void groups();
    void experts_data();
    void experts();
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
    void prompts_data();
    void prompts();
    void largePrompts_data() { orders(); }
    void largePrompts();
    void choiceOfAttention_data() { orders(); }
    void choiceOfAttention();
    void matrixFragments_data() { orders(); }
    void matrixFragments();
    void graphsKept();
    void candidates_data();
    void candidates();
    void faults_data();
    void faults();
    void init();

private:
    static void orders();
    static void checkFragments(uint16_t (*narrow)(float), float (*wide)(uint16_t),
        void (*multiply)(float (&)[4], const uint32_t (&)[4], uint32_t, uint32_t));
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
    const bool has = QTest::currentDataTag();
    const void *const descending = has ? QTest::qData("descending", QMetaType::fromType<bool>().id()) : nullptr;
    simt::setOrder(descending && *static_cast<const bool *>(descending) ? simt::Order::Descending : simt::Order::Ascending);
}

/// Fragments loaded from two stored matrices, B by its columns, and what lanes make of them, as mma_int8.cuh draws it; the second time the
/// two halves of the columns one after another.
void TestCudaKernels::tensorCores()
{
    static Matrices m;
    std::mt19937 random(3);
    for (auto *const each : {&m.a[0][0], &m.b[0][0]})
        for (size_t i = 0; i < (each == &m.a[0][0] ? sizeof m.a : sizeof m.b); ++i)
            each[i] = static_cast<int8_t>(i % 5 == 0 ? -128 : int(random() % 256) - 128);
    cuda::launch(nullptr, {{1}, {32}}, multiplyFragments, &m);
    for (uint32_t row = 0; row < 16; ++row)
        for (uint32_t column = 0; column < 8; ++column) {
            int32_t sum = 5;
            for (uint32_t i = 0; i < 32; ++i)
                sum += m.a[row][i] * m.b[column][i];
            QCOMPARE(m.c[0][row][column], sum);
            QCOMPARE(m.c[1][row][column], sum);
        }
}

/// Which kernel multiplies on which GPU.
void TestCudaKernels::ways()
{
    using enum cuda::ProductWay;
    std::vector<std::byte> scratch(cuda::Gemm::scratchBytes + 64);
    for (const uint32_t capability : {75u, 80u, 86u, 89u, 90u, 100u, 120u}) {
        cuda::Multiplier multiplier(nullptr, cuda_kernels::multiprocessors, capability);
        multiplier.bind(kernel_checks::aligned(scratch));
        const bool converts = capability == 80 || capability == 90 || capability == 100;
        for (const GgmlType type : {GgmlType::Q4_K, GgmlType::BF16}) {
            QCOMPARE(multiplier.wayOf(type, 4096, cuda::mostVectorTokens, 1), Vector);
            QCOMPARE(multiplier.wayOf(type, 4096, cuda::mostVectorTokens + 1, 1), Tiles);
            QCOMPARE(multiplier.wayOf(type, 4096, 4096, 8), Tiles);   // heads one by one
            const bool blocks = cuda::multipliesQuantized(type);
            const auto longPrompt = capability > 75 && (!blocks || converts) ? Cublas : Tiles;
            QCOMPARE(multiplier.wayOf(type, 4096, 4096, 1), longPrompt);
            QCOMPARE(multiplier.readsQuantized(type, 4096, 4096, 1), blocks && !converts);
            QCOMPARE(multiplier.hasLargeGroups(type), blocks || capability > 75);
        }
        QVERIFY(!multiplier.hasLargeGroups(GgmlType::F32));
    }
    for (const bool large : {false, true}) {
        QCOMPARE(cuda::Multiplier::groupTokens(8 * cuda::fewestLargeGroup - 1, 8, large), 32u);
        QCOMPARE(cuda::Multiplier::groupTokens(8 * cuda::fewestLargeGroup, 8, large), large ? 128u : 32u);
    }
}

void TestCudaKernels::products_data()
{
    QTest::addColumn<bool>("descending");
    QTest::addColumn<int>("type");
    for (const GgmlType type : cudaTraits().formats)
        QTest::newRow(std::string(name(type)).c_str()) << (int(type) % 2 == 0) << int(type);
}

/// Few tokens by rows; few and many in tiles, of blocks of either size, which all multiply the same activation rows and have the same bar.
void TestCudaKernels::products()
{
    QFETCH(int, type);
    const auto format = static_cast<GgmlType>(type);
    const bool blocks = cuda::multipliesQuantized(format);
    const uint32_t step = info(format).blockElements;
    std::vector<uint32_t> columns = {step, 5 * step};
    if (step == 1)
        columns = {1, 7, 64, 172, 520};
    else if (step < 256)
        columns = {step, 3 * step, 33 * step};
    cpu::Kernels small = m_table;
    cpu::Kernels large = m_table;
    small.multiply = cuda_kernels::multiplyTiles<0>;
    large.multiply = cuda_kernels::multiplyTiles<1>;
    for (const uint32_t n : columns)
        for (const uint32_t rows : {1u, 21u, 70u}) {
            for (const uint32_t tokens : {1u, 2u, 3u, 8u})
                verify(kernel_checks::checkProduct(m_table, {format, rows, n, tokens}));
            for (const uint32_t tokens : {1u, 37u})
                verify(kernel_checks::checkProduct(small, {format, rows, n, tokens}));
            if (blocks)
                verify(kernel_checks::checkProduct(large, {format, rows, n, 37}));
        }
    verify(kernel_checks::checkProduct(small, {format, 140, columns.back(), 9}));
    if (blocks)
        verify(kernel_checks::checkProduct(large, {format, 140, columns.back(), 139}));
}

/// Each choice once, those of an expert together and in their order; tiles full but the last of an expert; none for who was not chosen.
void TestCudaKernels::groups()
{
    for (const auto &[count, experts] : {std::pair(1u, 3u), std::pair(70u, 4u), std::pair(1000u, 300u), std::pair(2100u, 7u)})
        for (const uint32_t tileTokens : {32u, 128u}) {
            std::mt19937 random(count);
            std::vector<ExpertChoice> choices(count);
            for (ExpertChoice &each : choices)   // the first ones are liked best, the last but one not at all
                each.expert = int32_t(std::min(random() % experts, random() % experts)) % int32_t(experts - 1);
            std::vector<std::byte> scratch(cuda::groupBytes(count, experts));
            const cuda::ExpertGroups groups = cuda::groupByExpert(nullptr, choices.data(), count, experts, tileTokens, scratch.data());
            QCOMPARE(groups.tileTokens, tileTokens);
            std::vector<uint32_t> expected;
            uint32_t tile = 0;
            for (uint32_t expert = 0; expert < experts; ++expert) {
                const auto begin = uint32_t(expected.size());
                for (uint32_t i = 0; i < count; ++i)
                    if (choices[i].expert == int32_t(expert))
                        expected.push_back(i);
                for (auto first = begin; first < expected.size(); first += tileTokens, ++tile) {
                    QVERIFY(tile < groups.tileCount);
                    QCOMPARE(groups.tiles[tile].expert, int32_t(expert));
                    QCOMPARE(groups.tiles[tile].first, first);
                    QCOMPARE(groups.tiles[tile].count, std::min(tileTokens, uint32_t(expected.size()) - first));
                }
            }
            QVERIFY(std::equal(expected.begin(), expected.end(), groups.order));
            for (; tile < groups.tileCount; ++tile)
                QCOMPARE(groups.tiles[tile].count, 0u);
        }
}

void TestCudaKernels::experts_data()
{
    products_data();
}

/// One launch over the tokens of all experts, in tiles of either size: one expert that most tokens chose, one that nobody did; three
/// choices of a token share its input row. Against the kernel for few tokens, which reads the expert of each choice by itself. Large tiles
/// of numbers of 16 bits round both factors to bfloat16, each by 2^-8 of itself at most.
void TestCudaKernels::experts()
{
    QFETCH(int, type);
    const auto format = static_cast<GgmlType>(type);
    const bool blocks = cuda::multipliesQuantized(format);
    constexpr uint32_t count = 60;
    constexpr uint32_t share = 3;
    constexpr uint32_t chosen = count * share;
    constexpr uint32_t experts = 5;
    constexpr uint32_t rows = 70;
    const uint32_t n = info(format).blockElements > 1 ? 3 * info(format).blockElements : 72;
    const std::vector<std::byte> stack = kernel_checks::weights(format, experts * rows, n, 5);
    const std::vector<float> x = kernel_checks::awkward(uint64_t{count} * n, 6);
    std::vector<std::byte> quantized(blocks ? count * cuda::activationRowBytes(n) : 0);
    if (blocks) {
        cuda::RowNorm work;
        work.x = x.data();
        work.xStride = work.columns = n;
        work.rows = count;
        work.quantized = quantized.data();
        cuda::normRows(nullptr, work);
    }
    std::vector<ExpertChoice> choices(chosen);
    for (uint32_t i = 0; i < chosen; ++i)
        choices[i].expert = i % 7 == 0 ? 4 : i % 11 == 0 ? 1 : i % 13 == 0 ? 0 : 2;
    std::vector<float> alone(uint64_t{chosen} * rows);
    std::vector<float> grouped(alone.size());
    cuda::Product product;
    product.weight = stack.data();
    product.type = format;
    product.rowBytes = *rowBytes(format, n);
    product.weightStep = rows * product.rowBytes;
    product.rows = rows;
    product.columns = n;
    product.x = x.data();
    product.xStride = n;
    product.quantized = quantized.data();
    product.out = alone.data();
    product.outStride = rows;
    product.choices = choices.data();
    product.share = share;
    product.tokens = count;
    cuda::Multiplier &multiplier = cuda_kernels::multiplier();
    multiplier.multiplyChosen(product, chosen, {});
    product.out = grouped.data();
    std::vector<std::byte> scratch(cuda::groupBytes(chosen, experts));
    std::vector<float> row(n);
    for (const cuda::TileKernel &kernel : cuda::kernelsOf(format).tiles) {
        const bool bfloats = kernel.tokens == cuda::bfloatTokens && !blocks;
        std::fill(grouped.begin(), grouped.end(), -1e30f);
        const auto groups = cuda::groupByExpert(nullptr, choices.data(), chosen, experts, kernel.tokens, scratch.data());
        multiplier.multiplyChosen(product, chosen, groups);
        for (uint32_t i = 0; i < chosen; ++i)
            for (uint32_t r = 0; r < rows; ++r) {
                const std::byte *const weight = stack.data() + (uint64_t(choices[i].expert) * rows + r) * product.rowBytes;
                dequantize(format, weight, row);
                const std::vector<float> shift = kernel_checks::offsets(format, weight, n);
                double size = 0;
                for (uint32_t c = 0; c < n; ++c)
                    size += (std::fabs(double{row[c]}) + 2 * std::fabs(double{shift[c]})) * std::fabs(double{x[i / share * n + c]});
                // Twice the bar of checkProduct(); a tenth more, since activations are rounded.
                const double bar = 2.2 * ((n / 8.0 + 16) * 0x1p-24 * size + 1e-37) + (bfloats ? 0x1.02p-7 * size : 0);
                QCOMPARE_LE(std::fabs(double{grouped[i * rows + r]} - double{alone[i * rows + r]}), bar);
            }
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
    constexpr uint32_t tokens = cuda::cublasThresholds(cuda_kernels::capability).blocks + 3;
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
    QCOMPARE(multiplier.wayOf(format, n, tokens, 1), cuda::ProductWay::Cublas);
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

void TestCudaKernels::prompts_data()
{
    QTest::addColumn<bool>("descending");
    QTest::addColumn<int>("number");
    const std::vector<kernel_checks::AttentionCase> cases = kernel_checks::promptCases();
    for (int i = 0; i < int(cases.size()); ++i)
        for (const bool descending : {false, true})
            QTest::addRow("%d: %u, %u of %s%s", i, cases[i].dimK, cases[i].dimV, std::string(name(cases[i].type)).c_str(),
                descending ? ", descending" : "") << descending << i;
}

/// On a device with few multiprocessors, and with many, which share the cells of a row.
void TestCudaKernels::prompts()
{
    QFETCH(int, number);
    const kernel_checks::AttentionCase each = kernel_checks::promptCases()[size_t(number)];
    cpu::Kernels prompt = m_table;
    prompt.attend = cuda_kernels::attendPrompt<2>;
    cpu::Kernels shared = m_table;
    shared.attend = cuda_kernels::attendPrompt<200>;
    verify(kernel_checks::checkAttention(prompt, each, kernel_checks::Factors::Half));
    verify(kernel_checks::checkAttention(shared, each, kernel_checks::Factors::Half));
}

namespace {

/// A prompt over a cache, whose queries, keys and values are filled in by the test.
struct Prompt
{
    static constexpr uint32_t heads = 4;
    static constexpr uint32_t kvHeads = 2;
    static constexpr uint32_t dim = 64;
    static constexpr uint32_t cells = 128;
    static constexpr uint32_t sequences = 3;

    explicit Prompt(GgmlType type, std::vector<TokenRow> rows, float querySize = 1, float cellSize = 1)
        : tokens(std::move(rows)), query(kernel_checks::ordinary(tokens.size() * heads * dim, 3, querySize)),
          out(tokens.size() * heads * dim, NAN)
    {
        const uint32_t width = kvHeads * dim;
        work.cache.typeK = work.cache.typeV = type;
        work.cache.cells = cells;
        work.cache.rowBytesK = work.cache.rowBytesV = *rowBytes(type, width);
        for (auto *const store : {&k, &v}) {
            store->resize(sequences * cells * work.cache.rowBytesK);
            for (uint32_t cell = 0; cell < sequences * cells; ++cell)
                cuda_kernels::store(kernel_checks::ordinary(width, cell, cellSize).data(), width, type,
                    store->data() + cell * work.cache.rowBytesK);
        }
        work.heads = heads;
        work.kvHeads = kvHeads;
        work.dimK = work.dimV = dim;
        work.scale = 0.125f;
        work.query = query.data();
        work.queryStride = heads * dim;
        work.out = out.data();
        work.cache.k = k.data();
        work.cache.v = v.data();
        work.tokens = tokens.data();
        work.count = uint32_t(tokens.size());
        work.longestSpan = cells;
    }

    std::vector<TokenRow> tokens;
    std::vector<float> query;
    std::vector<float> out;
    std::vector<std::byte> k;
    std::vector<std::byte> v;
    cuda::AttentionWork work;
};

std::vector<TokenRow> run(int32_t sequence, int32_t position, uint32_t count)
{
    std::vector<TokenRow> rows;
    for (uint32_t t = 0; t < count; ++t)
        rows.push_back({0, position + int32_t(t), sequence, -1});
    return rows;
}

} // namespace

/// Scores so large that one cell has all the weight, and cells that no half float could hold: every result is a number, as large as the
/// largest value at most.
void TestCudaKernels::largePrompts()
{
    for (const GgmlType type : {GgmlType::F16, GgmlType::Q8_0, GgmlType::Q4_0, GgmlType::F32})
        for (const float querySize : {1.0f, 1e4f, 1e30f})
            for (const float cellSize : {1.0f, 1e4f, 1e6f}) {
                if (type == GgmlType::F16 && cellSize > 1e4f)
                    continue;   // the cache itself holds no such number
                Prompt prompt(type, run(1, 20, 40), querySize, cellSize);
                cuda::attendPrompt(nullptr, prompt.work, 1, 20, cuda_kernels::attentionRoom());
                for (const float each : prompt.out)
                    QVERIFY(std::isfinite(each) && std::fabs(each) <= 65504.0f);
            }
}

/// Prompts go to tensor cores, tokens between them to the kernel for few rows; everything does where the batch is not known, where cells
/// are float32, and where tensor cores are too old.
void TestCudaKernels::choiceOfAttention()
{
    std::vector<TokenRow> tokens = run(2, 5, 1);
    for (const auto &more : {run(0, 30, 3), run(1, 40, 33), run(0, 33, 2), run(2, 50, 15), run(2, 70, 20)})
        tokens.insert(tokens.end(), more.begin(), more.end());
    const std::vector<std::pair<size_t, size_t>> prompts = {{4, 37}, {54, 74}};
    const auto results = [&](GgmlType type, std::span<const TokenRow> known, uint32_t capability, bool few) {
        Prompt prompt(type, tokens);
        cuda::AttentionRoom room = cuda_kernels::attentionRoom();
        room.capability = capability;
        if (few)
            cuda::attendFewRows(nullptr, prompt.work, room);
        else
            cuda::attend(nullptr, prompt.work, known, room);
        return prompt.out;
    };
    const std::vector<float> exact = results(GgmlType::F16, {}, 90, true);
    const std::vector<float> mixed = results(GgmlType::F16, tokens, 75, false);
    constexpr size_t row = Prompt::heads * Prompt::dim;
    for (size_t t = 0; t < tokens.size(); ++t) {
        const bool prompt = std::any_of(prompts.begin(), prompts.end(), [&](const auto &p) { return t >= p.first && t < p.second; });
        QVERIFY(std::equal(exact.begin() + long(t * row), exact.begin() + long((t + 1) * row), mixed.begin() + long(t * row)) != prompt);
        for (size_t i = t * row; i < (t + 1) * row; ++i)
            QCOMPARE_LE(std::fabs(exact[i] - mixed[i]), 1e-2f);
    }
    QVERIFY(results(GgmlType::F16, {}, 90, false) == exact);
    QVERIFY(results(GgmlType::F16, tokens, 70, false) == exact);
    QVERIFY(results(GgmlType::F32, tokens, 90, false) == results(GgmlType::F32, {}, 90, true));
}

/// The wrappers of tensor cores by what their header says: D = A · B from two tiles of numbers, and the same with B transposed; of half
/// floats and of bfloat16.
void TestCudaKernels::matrixFragments()
{
    checkFragments(cuda::toHalf, cuda::fromHalf, cuda::multiplyHalves);
    checkFragments(cuda::toBfloat, cuda::fromBfloat, cuda::multiplyBfloats);
}

void TestCudaKernels::checkFragments(uint16_t (*narrow)(float), float (*wide)(uint16_t),
    void (*multiply)(float (&)[4], const uint32_t (&)[4], uint32_t, uint32_t))
{
    constexpr uint32_t rows = 16;
    const std::vector<float> a = kernel_checks::awkward(rows * 16, 1);
    const std::vector<float> b = kernel_checks::awkward(16 * 16, 2);
    alignas(16) uint16_t source[16 * 16];   // two B of 16 × 8 by columns: source[n][k]
    alignas(16) uint16_t tile[16 * 16];
    for (uint32_t i = 0; i < 16 * 16; ++i)
        source[i] = narrow(b[i]);
    for (const bool transposed : {false, true}) {
        float d[rows * 16];
        simt::runGrid(nullptr, {1, 1, 1}, {32, 1, 1}, 0, [&] {
            const uint32_t lane = threadIdx.x;
            for (uint32_t i = 0; i < 2; ++i)
                cuda::copyLater(tile + (lane + 32 * i) * 8 % 256, source + (lane + 32 * i) * 8 % 256);
            cuda::groupCopies();
            cuda::waitForCopies<0>();
            __syncthreads();
            const uint32_t g = lane / 4;
            const uint32_t t = lane % 4 * 2;
            uint32_t fragment[4];
            for (uint32_t i = 0; i < 4; ++i) {
                const float *const from = a.data() + (g + i % 2 * 8) * 16 + t + i / 2 * 8;
                fragment[i] = narrow(from[0]) | static_cast<uint32_t>(narrow(from[1])) << 16;
            }
            uint32_t columns[4];
            const uint32_t r = lane % 8;
            if (transposed)
                cuda::loadMatricesTransposed(tile + (r + lane / 8 % 2 * 8) * 16 + lane / 16 * 8, columns);
            else
                cuda::loadMatrices(tile + (r + lane / 16 * 8) * 16 + lane / 8 % 2 * 8, columns);
            for (uint32_t half = 0; half < 2; ++half) {
                float sums[4] = {1, 1, 1, 1};
                multiply(sums, fragment, columns[2 * half], columns[2 * half + 1]);
                for (uint32_t e = 0; e < 4; ++e)
                    d[(g + e / 2 * 8) * 16 + half * 8 + t + e % 2] = sums[e];
            }
        });
        for (uint32_t m = 0; m < rows; ++m)
            for (uint32_t n = 0; n < 16; ++n) {
                double want = 1;
                double size = 1;
                for (uint32_t k = 0; k < 16; ++k) {
                    const double term = double{wide(narrow(a[m * 16 + k]))} * double{wide(source[transposed ? k * 16 + n : n * 16 + k])};
                    want += term;
                    size += std::fabs(term);
                }
                QCOMPARE_LE(std::fabs(double{d[m * 16 + n]} - want), 16 * 0x1p-24 * size);
            }
    }
}

/// Sixteen kinds of passes; one more takes the place of the longest unused.
void TestCudaKernels::graphsKept()
{
    cudaStream_t stream = nullptr;
    QCOMPARE(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
    const uint64_t allocated = simt::allocatedBytes();
    {
        cuda::PassGraphs graphs(stream);
        const auto kind = [](uint32_t outputs) { return PassKind{1, outputs, 1, {}}; };
        for (uint32_t i = 0; i <= 16; ++i) {
            QVERIFY(!graphs.replay(kind(i)) && graphs.end(true));   // as it is
            QVERIFY(!graphs.replay(kind(i)));                       // recorded
            static int word = 0;
            QCOMPARE(cudaMemsetAsync(&word, 0, sizeof word, stream), cudaSuccess);
            QVERIFY(graphs.end(true));
            QVERIFY(graphs.replay(kind(i)));
        }
        QCOMPARE(graphs.bytes(), simt::allocatedBytes() - allocated);
        for (uint32_t i = 1; i <= 16; ++i)
            QVERIFY(graphs.replay(kind(i)));
        QVERIFY(!graphs.replay(kind(0)));
        const uint64_t before = simt::graphLaunchCount();
        QVERIFY(!graphs.replay(kind(0)) && !graphs.end(false));   // broken off
        QCOMPARE(simt::graphLaunchCount(), before);
    }
    QCOMPARE(simt::allocatedBytes(), allocated);
    QCOMPARE(cudaStreamDestroy(stream), cudaSuccess);
}

void TestCudaKernels::candidates_data()
{
    QTest::addColumn<bool>("descending");
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("choices");
    QTest::addColumn<int>("kept");
    QTest::newRow("largest of few") << false << 259 << 259 << 1;
    QTest::newRow("largest, parts") << true << 5000 << 4990 << 1;
    QTest::newRow("all of very few") << false << 7 << 7 << 7;
    QTest::newRow("one part") << true << 2048 << 2000 << 40;
    QTest::newRow("two parts") << false << 2049 << 2049 << 64;
    QTest::newRow("choices end before a part") << false << 6000 << 1000 << 2;
    QTest::newRow("parts of parts") << true << 151936 << 151669 << 64;
}

/// In the order in which a sampler takes them; with many that are equal, zeros of both signs, infinities, and what is no number.
void TestCudaKernels::candidates()
{
    QFETCH(int, columns);
    QFETCH(int, choices);
    QFETCH(int, kept);
    constexpr uint32_t rows = 4;
    constexpr float inf = std::numeric_limits<float>::infinity();
    const CandidatesPhase what{rows, uint32_t(columns), uint32_t(choices), uint32_t(kept)};
    std::mt19937 random(7);
    std::vector<float> logits(rows * what.columns);
    const std::array<float, 8> odd = {0.0f, -0.0f, inf, -inf, std::nanf(""), 1e-42f, -3e38f, 12.0f};
    for (size_t i = 0; i < logits.size(); ++i)
        logits[i] = random() % 4 == 0 ? odd[random() % (i < what.columns ? 8 : 2)] : float(int(random() % 2000) - 1000) / 64;
    std::fill(logits.end() - columns, logits.end(), std::nanf(""));
    std::fill(logits.end() - 2 * columns, logits.end() - columns, -inf);
    logits[3 * what.columns - 1] = columns == choices ? -inf : 1.0f;   // the only number of its row is no choice
    std::vector<uint64_t> scratch(cuda::candidateBytes(what) / sizeof(uint64_t) + 1);
    cuda::findCandidates(nullptr, what, logits.data(), reinterpret_cast<std::byte *>(scratch.data()));
    const auto *found = reinterpret_cast<const TokenCandidate *>(scratch.data());
    for (uint32_t row = 0; row < rows; ++row, found += kept + 1) {
        const float *const from = logits.data() + row * what.columns;
        std::vector<TokenCandidate> expected;
        for (int token = 0; token < choices; ++token)
            expected.push_back({token, std::isnan(from[token]) ? -inf : std::min(from[token], std::numeric_limits<float>::max())});
        std::stable_sort(expected.begin(), expected.end(), [](const auto &a, const auto &b) { return a.logit > b.logit; });
        for (int i = 0; i < kept; ++i) {
            QCOMPARE(found[i].token, expected[size_t(i)].token);
            QVERIFY(found[i].logit == expected[size_t(i)].logit);
        }
        QCOMPARE(found[kept].token != 0, std::any_of(from, from + columns, [](float x) { return std::isfinite(x); }));
    }
}

void TestCudaKernels::faults_data()
{
    using enum simt::Fault;
    QTest::addColumn<bool>("descending");
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("threads");
    QTest::addColumn<QString>("told");
    const QString afterWrite = "reads shared memory that, with no barrier between, thread %1 wrote, in ";
    const QString afterRead = "writes shared memory that, with no barrier between, thread %1 read, in ";
    QTest::newRow("none") << false << int(None) << 64 << QString();
    QTest::newRow("no barrier, warps") << false << int(NoBarrier) << 64 << "thread (32, 0, 0): " + afterRead.arg(31);
    QTest::newRow("no barrier, lanes") << true << int(NoBarrier) << 32 << "thread (15, 0, 0): " + afterRead.arg(16);
    QTest::newRow("no barrier at the end") << false << int(NoBarrierAtTheEnd) << 64 << "thread (32, 0, 0): " + afterWrite.arg(31);
    QTest::newRow("shuffle for a barrier") << false << int(ShuffleForBarrier) << 32 << afterWrite.arg(31);
    QTest::newRow("counter") << false << int(SharedCounter) << 32
                             << "writes shared memory that, with no barrier between, thread 0 wrote, in ";
    QTest::newRow("past dynamic") << false << int(PastDynamic) << 32 << "thread (31, 0, 0): goes past the dynamic shared memory, in ";
    QTest::newRow("past array") << false << int(PastArray) << 64 << "thread (63, 0, 0): goes past the end of an array, in ";
    QTest::newRow("never waits") << false << int(NeverWaits) << 32
                                 << "thread (0, 0, 0): a kernel that may begin early never waits for those before it";
    QTest::newRow("waits late") << false << int(WritesBeforeWaiting) << 32
                                << "thread (0, 0, 0): touches memory of the device before it waits for the kernels before it, in ";
}

/// A wrong kernel ends the program, so each has one of its own.
void TestCudaKernels::faults()
{
    if (!simt::watchesShared())
        QSKIP("another sanitizer looks after memory");
    QFETCH(int, fault);
    QFETCH(int, threads);
    QFETCH(QString, told);
    std::array<int, 2> ends{};
    QCOMPARE(pipe(ends.data()), 0);
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        simt::runFaulty(static_cast<simt::Fault>(fault), unsigned(threads));
        _exit(0);
    }
    ::close(ends[1]);
    QByteArray text;
    std::array<char, 512> piece{};
    for (ssize_t got = 0; (got = ::read(ends[0], piece.data(), piece.size())) > 0;)
        text.append(piece.data(), qsizetype(got));
    ::close(ends[0]);
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    QCOMPARE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, !told.isEmpty());
    QVERIFY2(text.contains(told.toUtf8()), text.constData());
    QVERIFY2(told.isEmpty() == text.isEmpty(), text.constData());
    QVERIFY2(!told.endsWith(", in ") || text.contains("turnKernel") || text.contains("+0x"), text.constData());
}

QTEST_GUILESS_MAIN(TestCudaKernels)
#include "tst_cuda_kernels.moc"
