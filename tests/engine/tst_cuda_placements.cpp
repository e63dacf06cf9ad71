// SPDX-License-Identifier: Apache-2.0
#include "cuda_devices.h"
#include "family_cases.h"
#include "logits_reference.h"
#include "reference_forward.h"

#include <gemm.h>

#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr size_t tokenCount = 18;
constexpr size_t fewTokens = 3;     // of every family, in two calls, at every count of layers
constexpr size_t manyTokens = cuda::Gemm::fewestTokens + 3;

} // namespace

/// Models partly on CUDA devices that the test runtime pretends, against the CPU backend: placements, caches, sequences, memory.
class TestCudaPlacements : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void everyFamily_data();
    void everyFamily();
    void longPrompts_data();
    void longPrompts();
    void longPromptOfQuantizedWeights();
    void caches_data();
    void caches();
    void quantizedWeights_data();
    void quantizedWeights();
    void sequencesMixed_data() { models(); }
    void sequencesMixed();
    void eitherOrderOfThreads_data() { models(); }
    void eitherOrderOfThreads();
    void memoryComesBack();
    void memoryRunsOut();
    void lostDevice();
    void stopped();

private:
    static void models()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"llama", "gemma2", "qwen3moe", "deepseek2", "qwen35", "granitehybrid", "lfm2"})
            QTest::newRow(name) << name;
    }
    std::string written(const std::string &name)
    {
        for (const FamilyCase &each : familyCases()) {
            if (each.name != name)
                continue;
            const std::string path = m_folder.filePath(QString::fromStdString(name)).toStdString();
            return writeFamily(each.entry, path) ? path : std::string();
        }
        return {};
    }
    /// Of as many tokens as there is context for.
    std::vector<float> onHost(const std::string &path, const RunOptions &options)
    {
        return onDevices(path, options, 0, hostPlacement, options.context);
    }
    std::vector<float> onDevices(const std::string &path, const RunOptions &options, int devices, const DeviceModel::PlacementOf &place,
        size_t chunk = 6)
    {
        auto model = DeviceModel::load(path, options, cudaDevices(devices), place);
        if (!model)
            qWarning("%s", describe(model.error()).c_str());
        const std::vector<int32_t> tokens = someTokens(options.context, 259);
        auto logits = model ? (*model)->logits(tokens, chunk) : Result<std::vector<float>>(std::vector<float>());
        return logits ? *logits : std::vector<float>();
    }

    QTemporaryDir m_folder;
    std::vector<int32_t> m_tokens = someTokens(tokenCount, 259);
    RunOptions m_options = optionsOf(tokenCount, GgmlType::F32);
};

/// Under the sanitizer, which takes ten times as long, a model of each kind.
void TestCudaPlacements::everyFamily_data()
{
#ifdef __SANITIZE_ADDRESS__
    models();
#else
    QTest::addColumn<QString>("name");
    for (const FamilyCase &each : familyCases())
        QTest::newRow(each.name.c_str()) << QString::fromStdString(each.name);
#endif
}

/// Layers from none to all, then the output; experts in RAM; two devices. Of deep models a quarter of the layers at a time.
void TestCudaPlacements::everyFamily()
{
    QFETCH(QString, name);
    const std::string path = written(name.toStdString());
    const RunOptions options = optionsOf(fewTokens, GgmlType::F32);
    const std::vector<float> expected = onHost(path, options);
    QVERIFY(!expected.empty());
    uint32_t layers = 1;
    bool experts = false;
    const auto matches = [&](int devices, uint32_t count, const std::vector<double> &shares, bool expertsInRam) {
        const auto place = [&](const ModelShape &shape) {
            layers = uint32_t(shape.blocks.size());
            experts = std::any_of(shape.blocks.begin(), shape.blocks.end(), [](const BlockSpec &block) { return block.ffn.experts > 0; });
            return layerPlacement(shape, count, shares, expertsInRam);
        };
        QCOMPARE_LE(nmse(onDevices(path, options, devices, place, fewTokens - 1), expected), 1e-8);
    };
    matches(1, 0, {}, false);
    const uint32_t step = layers > 8 ? layers / 4 : 1;
    for (uint32_t count = 1; count < layers + 1; count += step)
        matches(1, count, {}, false);
    matches(1, layers + 1, {}, false);
    matches(2, layers + 1, {2, 1}, false);
    if (experts)
        matches(1, layers + 1, {}, true);
}

void TestCudaPlacements::longPrompts_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"llama", "gemma3", "qwen3moe", "deepseek2", "granitehybrid"})
        QTest::newRow(name) << name;
}

/// Through cuBLAS, which multiplies matrices of float32 as they are.
void TestCudaPlacements::longPrompts()
{
    QFETCH(QString, name);
    const std::string path = written(name.toStdString());
    const RunOptions options = optionsOf(manyTokens, GgmlType::F32);
    const auto place = [](const ModelShape &shape) { return allOn(shape, 1); };
    const uint64_t before = simt::productCount();
    QCOMPARE_LE(nmse(onDevices(path, options, 1, place, manyTokens), onHost(path, options)), 1e-8);
    QVERIFY(simt::productCount() > before);
}

/// Both factors of a product are rounded to bfloat16, off by 2^-8 at most and by 1.6e-3 in the mean, so that a product has an NMSE of 5e-6.
/// Thirteen follow each other; norms and softmax lift the sum by as much again, at most threefold.
void TestCudaPlacements::longPromptOfQuantizedWeights()
{
    const std::string path = m_folder.filePath("long").toStdString();
    QVERIFY(make(tinyModel("llama"), FileType::Q4_K_M, path).ok());
    const RunOptions options = optionsOf(manyTokens, GgmlType::F32);
    const std::vector<float> found = onDevices(path, options, 1, [](const ModelShape &shape) { return allOn(shape, 1); }, manyTokens);
    const double error = nmse(found, ReferenceForward(path).logits(someTokens(manyTokens, 259)));
    QCOMPARE_GE(error, 1e-9);   // it is bfloat16 indeed
    QCOMPARE_LE(error, 2e-4);
}

void TestCudaPlacements::caches_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("type");
    for (const char *name : {"qwen3"})
        for (const GgmlType type : {GgmlType::F16, GgmlType::Q8_0, GgmlType::Q4_0})
            QTest::addRow("%s %s", name, std::string(plimsoll::name(type)).c_str()) << name << int(type);
}

/// What a cache loses it loses on both; the bits it holds may differ in the last place, which a coarse cache makes a step of its own.
void TestCudaPlacements::caches()
{
    QFETCH(int, type);
    const nlohmann::json entry = madeFamily("qwen3",
        {{"attention.key_length", 32}, {"attention.value_length", 32}, {"rope.dimension_count", 32}});
    const std::string path = m_folder.filePath("caches").toStdString();
    QVERIFY(writeFamily(entry, path).ok());
    const RunOptions options = optionsOf(tokenCount, static_cast<GgmlType>(type));
    const std::vector<float> found = onDevices(path, options, 1, [](const ModelShape &shape) { return allOn(shape, 1); });
    QCOMPARE_LE(nmse(found, onHost(path, options)), type == int(GgmlType::F16) ? 1e-8 : 1e-4);
}

void TestCudaPlacements::quantizedWeights_data()
{
    QTest::addColumn<int>("type");
    for (const FileType type : {FileType::Q4_0, FileType::Q8_0, FileType::Q4_K_M, FileType::Q6_K, FileType::IQ3_S})
        QTest::addRow("%d", int(type)) << int(type);
}

/// Few tokens are multiplied as the CPU does it, with activations of 8 bits. One that lies on the border between two steps may take the other
/// one, which this token and all after it feel; a wrong product all of them would. Many tokens are multiplied in float32, so that they are
/// held against double precision.
void TestCudaPlacements::quantizedWeights()
{
    QFETCH(int, type);
    const std::string path = m_folder.filePath("quantized").toStdString();
    QVERIFY(make(tinyModel("llama"), static_cast<FileType>(type), path).ok());
    const auto place = [](const ModelShape &shape) { return allOn(shape, 1); };
    const std::vector<float> host = onHost(path, m_options);
    const std::vector<float> single = onDevices(path, m_options, 1, place, 1);
    QVERIFY(!host.empty() && single.size() == host.size());
    double best = 1;
    for (size_t token = 0, row = host.size() / tokenCount; token < tokenCount; ++token)
        best = std::min(best, nmse(std::span(single).subspan(token * row, row), std::span(host).subspan(token * row, row)));
    QCOMPARE_LE(best, 1e-11);
    QCOMPARE_LE(nmse(single, host), 1e-3);
    QCOMPARE_LE(nmse(onDevices(path, m_options, 1, place, tokenCount), ReferenceForward(path).logits(m_tokens)), 1e-8);
}

/// Three sequences in turns, in one batch.
void TestCudaPlacements::sequencesMixed()
{
    QFETCH(QString, name);
    const std::string path = written(name.toStdString());
    RunOptions options = m_options;
    options.sequences = 3;
    options.batch = options.outputs = uint32_t(tokenCount);
    const auto run = [&](std::vector<std::unique_ptr<Backend>> others, const DeviceModel::PlacementOf &place) {
        auto model = DeviceModel::load(path, settled(options), std::move(others), place);
        std::vector<float> logits;
        for (uint32_t step = 0; model && step < 2; ++step) {
            std::vector<BatchToken> batch;
            for (uint32_t i = 0; i < tokenCount / 2; ++i)
                batch.push_back({m_tokens[step * tokenCount / 2 + i], step * 3 + i / 3, i % 3, true});
            if (!(*model)->forward().run(batch, nullptr))
                return std::vector<float>();
            const float *const row = (*model)->forward().logits();
            logits.insert(logits.end(), row, row + batch.size() * (*model)->shape().vocabulary);
        }
        return logits;
    };
    const std::vector<float> expected = run({}, hostPlacement);
    QVERIFY(!expected.empty());
    QCOMPARE_LE(nmse(run(cudaDevices(1), [](const ModelShape &shape) { return allOn(shape, 1); }), expected), 1e-8);
}

/// To the bit: a difference is a missing barrier.
void TestCudaPlacements::eitherOrderOfThreads()
{
    QFETCH(QString, name);
    const std::string path = written(name.toStdString());
    const auto place = [](const ModelShape &shape) { return allOn(shape, 1); };
    const std::vector<float> forwards = onDevices(path, m_options, 1, place, 12);
    simt::setOrder(simt::Order::Descending);
    const std::vector<float> backwards = onDevices(path, m_options, 1, place, 12);
    simt::setOrder(simt::Order::Ascending);
    QVERIFY(!forwards.empty());
    QVERIFY(forwards == backwards);
}

void TestCudaPlacements::memoryComesBack()
{
    const std::string path = written("llama");
    const uint64_t before = simt::allocatedBytes();
    {
        auto model = DeviceModel::load(path, m_options, cudaDevices(1), [](const ModelShape &shape) { return allOn(shape, 1); });
        QVERIFY(model.ok());
        QCOMPARE_GE(simt::allocatedBytes() - before, (*model)->layout().devices[1].owned().value);
    }
    QCOMPARE(simt::allocatedBytes(), before);
}

void TestCudaPlacements::memoryRunsOut()
{
    const std::string path = written("llama");
    auto devices = cudaDevices(1);
    simt::setMemory(simt::allocatedBytes() + 1000);
    auto model = DeviceModel::load(path, m_options, std::move(devices), [](const ModelShape &shape) { return allOn(shape, 1); });
    simt::setMemory(uint64_t{64} << 30);
    QVERIFY(!model.ok());
    QCOMPARE(model.error().code, ErrorCode::AllocationFailed);
    QCOMPARE(model.error().arguments.at(0), std::string("CUDA0"));
}

/// The call tells it, and what comes after is not begun.
void TestCudaPlacements::lostDevice()
{
    auto model = DeviceModel::load(written("llama"), m_options, cudaDevices(1), [](const ModelShape &shape) { return allOn(shape, 1); });
    QVERIFY(model.ok());
    simt::setLost(true);
    const uint64_t before = simt::launchCount();
    const auto logits = (*model)->logits(m_tokens, tokenCount);
    simt::setLost(false);
    QCOMPARE(simt::launchCount(), before + 1);
    QVERIFY(!logits.ok());
    QCOMPARE(logits.error().code, ErrorCode::DeviceLost);
    QCOMPARE(logits.error().arguments.at(0), std::string("CUDA0"));
}

void TestCudaPlacements::stopped()
{
    auto model = DeviceModel::load(written("llama"), m_options, cudaDevices(1), [](const ModelShape &shape) { return allOn(shape, 1); });
    QVERIFY(model.ok());
    const std::atomic<bool> stop = true;
    const uint64_t before = simt::launchCount();
    const BatchToken token{1, 0, 0, true};
    const Status status = (*model)->forward().run({&token, 1}, &stop);
    QVERIFY(!status.ok());
    QCOMPARE(status.error().code, ErrorCode::Cancelled);
    QCOMPARE(simt::launchCount(), before);
}

QTEST_GUILESS_MAIN(TestCudaPlacements)
#include "tst_cuda_placements.moc"
