// SPDX-License-Identifier: Apache-2.0
#include "cuda_devices.h"
#include "family_cases.h"
#include "logits_reference.h"
#include "reference_forward.h"

#include <plimsoll/engine/run/batcher.h>

#include <gemm.h>
#include <product_way.h>

#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr size_t tokenCount = 18;
constexpr size_t fewTokens = 3;     // of every family, in two calls, at every count of layers
constexpr size_t manyTokens = cuda::cublasThresholds(90).plain + 3;    // which the test runtime pretends to be
constexpr size_t manyOfBlocks = cuda::cublasThresholds(90).blocks + 3;
constexpr size_t twoTiles = 140;    // of the large integer kernel

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
    void integerPrompts_data();
    void integerPrompts();
    void promptsOnTensorCores_data();
    void promptsOnTensorCores();
    void caches_data();
    void caches();
    void quantizedWeights_data();
    void quantizedWeights();
    void quantizedKinds_data();
    void quantizedKinds();
    void sequencesMixed_data() { models(); }
    void sequencesMixed();
    void eitherOrderOfThreads_data() { models(); }
    void eitherOrderOfThreads();
    void devicesReachEachOther_data() { models(); }
    void devicesReachEachOther();
    void graphs_data() { everyFamily_data(); }
    void graphs();
    void graphsBehindTheEmbedding_data();
    void graphsBehindTheEmbedding();
    void graphsFollowTheSpan();
    void generates_data();
    void generates();
    void generatesTogether();
    void brokenOffWhileRecorded();
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

    Result<std::unique_ptr<Session>> onCuda(const std::string &name, uint32_t sequences)
    {
        LoadOptions load = exactOptions(tokenCount, GgmlType::F32);
        load.run.sequences = sequences;
        load.run.outputs = sequences;
        load.place = [](const ModelShape &shape, const RunOptions &) {
            return Result<Placing>(Placing{allOn(shape, 1), {{"CUDA0", [] { return makeCudaBackend(0); }}}});
        };
        return Session::load(written(name), load);
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
    nlohmann::json entry = tinyModel("llama");
    entry["hyperparameters"]["context_length"] = manyOfBlocks;
    QVERIFY(make(entry, FileType::Q4_K_M, path).ok());
    const RunOptions options = optionsOf(manyOfBlocks, GgmlType::F32);
    const std::vector<float> found = onDevices(path, options, 1, [](const ModelShape &shape) { return allOn(shape, 1); }, manyOfBlocks);
    const double error = nmse(found, ReferenceForward(path).logits(someTokens(manyOfBlocks, 259)));
    qInfo("NMSE %.3g", error);
    QCOMPARE_GE(error, 1e-9);   // it is bfloat16 indeed
    QCOMPARE_LE(error, 2e-4);
}

void TestCudaPlacements::integerPrompts_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<int>("capability");
    QTest::newRow("dense, Turing") << "llama" << 75;
    QTest::newRow("experts, Ada") << "qwen3moe" << 89;
}

/// Long prompts where integer tensor cores multiply them: of one that fills more than a tile, all logits are as near to double precision as
/// the CPU backend's, which rounds activations alike; a few that take another step add an eighth. All experts are used: which of them are
/// chosen would jump with the least deviation.
void TestCudaPlacements::integerPrompts()
{
    QFETCH(QString, architecture);
    QFETCH(int, capability);
    const std::string path = m_folder.filePath("integer").toStdString();
    nlohmann::json entry = tinyModel(architecture.toStdString());
    entry["hyperparameters"].update(
        {{"block_count", 2}, {"context_length", twoTiles}, {"embedding_length", 256}, {"feed_forward_length", 512}});
    if (architecture == "qwen3moe")
        entry["hyperparameters"].update({{"expert_count", 4}, {"expert_used_count", 4}, {"expert_feed_forward_length", 256}});
    QVERIFY(make(entry, FileType::Q4_K_M, path).ok());
    const RunOptions options = optionsOf(twoTiles, GgmlType::F32);
    const std::vector<float> exact = ReferenceForward(path).logits(someTokens(twoTiles, 259));
    const std::vector<float> host = onHost(path, options);
    const auto place = [](const ModelShape &shape) { return allOn(shape, 1); };
    simt::setCapability(capability);
    const uint64_t before = simt::productCount();
    const std::vector<float> found = onDevices(path, options, 1, place, twoTiles);
    const uint64_t after = simt::productCount();
    simt::setOrder(simt::Order::Descending);
    const std::vector<float> backwards = onDevices(path, options, 1, place, twoTiles);
    simt::setOrder(simt::Order::Ascending);
    simt::setCapability(90);
    QVERIFY(!host.empty() && found.size() == host.size());
    QVERIFY(found == backwards);
    if (capability == 75)
        QCOMPARE(after, before);   // nothing by cuBLAS
    const double hostError = nmse(host, exact);
    const double error = nmse(found, exact);
    qInfo("NMSE %.3g, of the CPU backend %.3g, between them %.3g", error, hostError, nmse(found, host));
    QCOMPARE_GE(error, 1e-9);   // activations are rounded indeed
    QCOMPARE_LE(error, 1.2 * hostError);
    QCOMPARE_LE(nmse(found, host), 1e-3);
}

void TestCudaPlacements::promptsOnTensorCores_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("type");
    for (const char *name : {"llama", "gemma2", "gemma3", "gpt-oss", "llama4", "deepseek2"})
        QTest::addRow("%s F16", name) << name << int(GgmlType::F16);
    for (const GgmlType type : {GgmlType::Q8_0, GgmlType::Q4_0})
        QTest::addRow("qwen3 %s", std::string(plimsoll::name(type)).c_str()) << "qwen3" << int(type);
}

/// Groups of heads, windows that the cache's ring goes round for, sinks, a softcap, chunks, latent attention: prompts in two parts, over
/// cells of halves or less. Queries and weights are rounded to halves, 2^-11 / √3 of each in the mean, which gives what a layer attends to
/// an NMSE of 1.6e-7; at most eight layers follow each other, and norms and softmax lift the sum threefold at most: 4e-6. What is off by
/// 4e-4 takes another step of a coarse cache once in s / 4e-4 times, where s is the step, and is then off by s: an NMSE of 4e-4 · s in each
/// of five layers. Of 32 numbers the largest is 2.2 in the mean; a step is its 127th part, or its eighth.
void TestCudaPlacements::promptsOnTensorCores()
{
    QFETCH(QString, name);
    QFETCH(int, type);
    std::string path = written(name.toStdString());
    if (type != int(GgmlType::F16)) {
        const nlohmann::json entry = madeFamily(name.toStdString(),
            {{"attention.key_length", 32}, {"attention.value_length", 32}, {"rope.dimension_count", 32}});
        path = m_folder.filePath("blocks").toStdString();
        QVERIFY(writeFamily(entry, path).ok());
    }
    const RunOptions options = optionsOf(manyTokens, static_cast<GgmlType>(type));
    const auto place = [](const ModelShape &shape) { return allOn(shape, 1); };
    constexpr size_t firstPart = 40;
    const std::vector<float> found = onDevices(path, options, 1, place, firstPart);
    const double error = nmse(found, onHost(path, options));
    qInfo("NMSE %.3g", error);
    QCOMPARE_GE(error, 1e-10);   // it is half floats indeed
    const double largest = 2.2;
    const double coarse = 3 * 5 * 4e-4 * largest;
    QCOMPARE_LE(error, type == int(GgmlType::F16) ? 4e-6 : type == int(GgmlType::Q8_0) ? coarse / 127 : coarse / 8);
    simt::setOrder(simt::Order::Descending);
    const std::vector<float> backwards = onDevices(path, options, 1, place, firstPart);
    simt::setOrder(simt::Order::Ascending);
    QVERIFY(found == backwards);
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

/// One token or many, blocks are multiplied as the CPU does it, with activations of 8 bits. One that lies on the border between two steps
/// may take the other one, which this token and all after it feel; a wrong product all of them would. Against double precision they are as
/// good as the CPU backend.
void TestCudaPlacements::quantizedWeights()
{
    QFETCH(int, type);
    const std::string path = m_folder.filePath("quantized").toStdString();
    QVERIFY(make(tinyModel("llama"), static_cast<FileType>(type), path).ok());
    const auto place = [](const ModelShape &shape) { return allOn(shape, 1); };
    const std::vector<float> host = onHost(path, m_options);
    const std::vector<float> exact = ReferenceForward(path).logits(m_tokens);
    QVERIFY(!host.empty());
    for (const size_t chunk : {size_t(1), tokenCount}) {
        const std::vector<float> found = onDevices(path, m_options, 1, place, chunk);
        QCOMPARE(found.size(), host.size());
        double best = 1;
        for (size_t token = 0, row = host.size() / tokenCount; token < tokenCount; ++token)
            best = std::min(best, nmse(std::span(found).subspan(token * row, row), std::span(host).subspan(token * row, row)));
        qInfo("best token %.3g, all %.3g; of double %.3g, the CPU's %.3g", best, nmse(found, host), nmse(found, exact), nmse(host, exact));
        QCOMPARE_LE(best, 1e-11);
        QCOMPARE_LE(nmse(found, host), 1e-3);
        QCOMPARE_LE(nmse(found, exact), 1.2 * nmse(host, exact));
    }
}

void TestCudaPlacements::quantizedKinds_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"command-r", "qwen2moe", "deepseek2"})
        QTest::newRow(name) << name;
}

/// What only some layers do with weights of blocks: attention and FFN beside each other, experts that all tokens share, with a gate, latent
/// attention. All experts are used, as which are chosen would jump.
void TestCudaPlacements::quantizedKinds()
{
    QFETCH(QString, name);
    const std::vector<FamilyCase> cases = familyCases();
    const auto named = [&](const FamilyCase &each) { return each.name == name.toStdString(); };
    nlohmann::json entry = std::find_if(cases.begin(), cases.end(), named)->entry;
    nlohmann::json &keys = entry["hyperparameters"];
    keys.update({{"block_count", 2}, {"embedding_length", 192}, {"feed_forward_length", 96}});
    if (name == "deepseek2")
        keys.update({{"attention.kv_lora_rank", 64}, {"attention.key_length_mla", 48}, {"attention.value_length_mla", 32},
            {"attention.key_length", 80}, {"attention.value_length", 64}, {"rope.dimension_count", 16}});
    else
        keys.update({{"attention.key_length", 32}, {"attention.value_length", 32}, {"rope.dimension_count", 32}});
    if (keys.contains("expert_count"))
        keys.update({{"expert_used_count", keys["expert_count"]}, {"expert_feed_forward_length", 64}});
    if (keys.contains("expert_shared_feed_forward_length"))
        keys["expert_shared_feed_forward_length"] = 64;
    const std::string path = m_folder.filePath("kinds").toStdString();
    QVERIFY(make(entry, FileType::Q8_0, path).ok());
    constexpr size_t tokens = cuda::mostVectorTokens + 2;
    const RunOptions options = optionsOf(tokens, GgmlType::F32);
    const std::vector<float> host = onHost(path, options);
    QVERIFY(!host.empty());
    for (const size_t chunk : {size_t(2), tokens}) {
        const std::vector<float> found = onDevices(path, options, 1, [](const ModelShape &shape) { return allOn(shape, 1); }, chunk);
        qInfo("NMSE %.3g", nmse(found, host));
        QCOMPARE_LE(nmse(found, host), 1e-3);
    }
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

/// Pieces on two devices in turns: what crosses goes straight over where they reach each other, through RAM where they do not or do it
/// wrong, to the same bits.
void TestCudaPlacements::devicesReachEachOther()
{
    QFETCH(QString, name);
    const std::string path = written(name.toStdString());
    const auto inTurns = [](const ModelShape &shape) {
        Placement placement;
        for (const Piece &piece : piecesOf(shape)) {
            const bool odd = piece.layer % 2 == 1;
            const bool onSecond = piece.kind == PieceKind::Output || (piece.kind == PieceKind::Ffn ? !odd : odd);
            placement.devices.push_back(onSecond ? 2 : 1);
        }
        keepSharedCaches(shape, placement);
        return placement;
    };
    const auto copiesWith = [&](simt::PeerAccess access, std::vector<float> &logits) {
        simt::setPeerAccess(access);
        const uint64_t before = simt::peerCopies();
        logits = onDevices(path, m_options, 2, inTurns);
        simt::setPeerAccess(simt::PeerAccess::Right);
        return simt::peerCopies() - before;
    };
    std::vector<float> straight;
    QCOMPARE_GT(copiesWith(simt::PeerAccess::Right, straight), uint64_t(6));
    QCOMPARE_LE(nmse(straight, onHost(path, m_options)), 1e-8);
    std::vector<float> throughRam;
    QCOMPARE(copiesWith(simt::PeerAccess::None, throughRam), uint64_t(0));
    QVERIFY(straight == throughRam);
    QCOMPARE(copiesWith(simt::PeerAccess::Wrong, throughRam), uint64_t(2));   // each tried once
    QVERIFY(straight == throughRam);
}

/// Token by token: the first as it is, the second recorded, the others repeated; to the bit as without graphs.
void TestCudaPlacements::graphs()
{
    QFETCH(QString, name);
    const std::string path = written(name.toStdString());
    constexpr uint32_t tokens = 4;
    const RunOptions options = optionsOf(tokens, GgmlType::F32);
    const auto run = [&](simt::Capture capture) {
        simt::setCapture(capture);
        auto logits = onDevices(path, options, 1, [](const ModelShape &shape) { return allOn(shape, 1); }, 1);
        simt::setCapture(simt::Capture::Works);
        return logits;
    };
    const uint64_t before = simt::graphLaunchCount();
    const std::vector<float> expected = run(simt::Capture::NotBegun);
    QVERIFY(!expected.empty());
    QCOMPARE(simt::graphLaunchCount(), before);
    QVERIFY(run(simt::Capture::Works) == expected);
    QCOMPARE(simt::graphLaunchCount(), before + tokens - 1);
    if (name == "llama") {
        QVERIFY(run(simt::Capture::NotInstantiated) == expected);
        QCOMPARE(simt::graphLaunchCount(), before + tokens - 1);
    }
}

void TestCudaPlacements::graphsBehindTheEmbedding_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("graphs");
    QTest::newRow("llama") << "llama" << 3;
    QTest::newRow("gemma4") << "gemma4" << 0;   // what a layer takes of the embedding is copied to it in between
}

/// The embedding in RAM, as plans leave it.
void TestCudaPlacements::graphsBehindTheEmbedding()
{
    QFETCH(QString, name);
    QFETCH(int, graphs);
    const std::string path = written(name.toStdString());
    QVERIFY(!path.empty());
    const RunOptions options = optionsOf(4, GgmlType::F32);
    const auto place = [](const ModelShape &shape) {
        Placement placement = allOn(shape, 1);
        placement.devices.front() = hostDevice;
        return placement;
    };
    simt::setCapture(simt::Capture::NotBegun);
    const std::vector<float> expected = onDevices(path, options, 1, place, 1);
    simt::setCapture(simt::Capture::Works);
    const uint64_t before = simt::graphLaunchCount();
    QVERIFY(!expected.empty());
    QVERIFY(onDevices(path, options, 1, place, 1) == expected);
    QCOMPARE(simt::graphLaunchCount(), before + uint64_t(graphs));
}

/// Up to 128 positions attention is cut in one way, then in another, with a kernel more.
void TestCudaPlacements::graphsFollowTheSpan()
{
    const std::string path = written("llama");
    constexpr uint32_t tokens = 131;
    const RunOptions options = optionsOf(tokens, GgmlType::F32);
    const auto place = [](const ModelShape &shape) { return allOn(shape, 1); };
    simt::setCapture(simt::Capture::NotBegun);
    const std::vector<float> expected = onDevices(path, options, 1, place, 1);
    simt::setCapture(simt::Capture::Works);
    const uint64_t before = simt::graphLaunchCount();
    QVERIFY(!expected.empty());
    QVERIFY(onDevices(path, options, 1, place, 1) == expected);
    QCOMPARE(simt::graphLaunchCount(), before + tokens - 2);
}

void TestCudaPlacements::generates_data()
{
    QTest::addColumn<int>("topK");
    QTest::addColumn<double>("temperature");
    QTest::addColumn<double>("penalty");
    QTest::addColumn<int>("candidates");   // of a row, with the one that says whether there are numbers; 0: all logits come back
    QTest::newRow("greedy") << 40 << 0.0 << 1.0 << 2;
    QTest::newRow("defaults") << 40 << 0.8 << 1.0 << 41;
    QTest::newRow("hot") << 64 << 3.0 << 1.0 << 65;
    QTest::newRow("more than the device keeps") << 65 << 3.0 << 1.0 << 0;
    QTest::newRow("penalty") << 40 << 0.8 << 1.1 << 0;
}

/// The tokens that come of all logits, which those who want probabilities get; but only candidates travel where these decide.
void TestCudaPlacements::generates()
{
    QFETCH(int, topK);
    QFETCH(double, temperature);
    QFETCH(double, penalty);
    QFETCH(int, candidates);
    auto session = onCuda("llama", 1);
    QVERIFY2(session.ok(), session ? "" : describe(session.error()).c_str());
    Session::GenerateOptions options;
    options.maxTokens = 12;
    options.ignoreEnd = true;
    options.sampler = {.temperature = float(temperature), .topK = uint32_t(topK), .repetitionPenalty = float(penalty), .seed = 11};
    options.logprobs = 0;
    const std::vector<int32_t> prompt = someTokens(5, 259);
    const auto all = (*session)->generate(prompt, options);
    QVERIFY(all.ok());
    options.logprobs = -1;
    const uint64_t before = simt::downloadedBytes();
    const uint64_t graphs = simt::graphLaunchCount();
    const auto some = (*session)->generate(prompt, options);
    QVERIFY(some.ok());
    QCOMPARE(some->tokens, all->tokens);
    const uint64_t row = candidates > 0 ? uint64_t(candidates) * sizeof(TokenCandidate) : (*session)->shape().vocabulary * sizeof(float);
    QCOMPARE(simt::downloadedBytes() - before, options.maxTokens * row);
    QVERIFY(simt::graphLaunchCount() > graphs);
}

/// In one batch as alone.
void TestCudaPlacements::generatesTogether()
{
    auto session = onCuda("llama", 2);
    QVERIFY(session.ok());
    std::vector<Session::GenerateOptions> options(2);
    for (Session::GenerateOptions &each : options) {
        each.maxTokens = 8;
        each.ignoreEnd = true;
        each.sampler.seed = 4;
    }
    options[1].sampler.temperature = 0;
    const std::vector<int32_t> prompt = someTokens(5, 259);
    std::vector<std::vector<TokenId>> alone;
    for (const Session::GenerateOptions &each : options) {
        const auto generation = (*session)->generate(prompt, each);
        QVERIFY(generation.ok());
        alone.push_back(generation->tokens);
    }
    const uint64_t before = simt::downloadedBytes();
    Batcher batcher(**session);
    std::vector<uint32_t> sequences;
    for (const Session::GenerateOptions &each : options) {
        const auto started = batcher.start(prompt, each);
        QVERIFY(started.ok());
        sequences.push_back(*started);
    }
    while (batcher.running() > 0)
        for (const Batcher::Ended &each : batcher.step()) {
            QVERIFY(each.generation.ok());
            QCOMPARE(each.generation->tokens, alone[each.sequence == sequences[0] ? 0 : 1]);
        }
    QCOMPARE(simt::downloadedBytes() - before, 2 * 8 * 41 * sizeof(TokenCandidate));
}

/// Nothing half recorded is repeated.
void TestCudaPlacements::brokenOffWhileRecorded()
{
    auto devices = cudaDevices(1);
    Backend &backend = *devices.front();
    backend.bind({});
    std::atomic<bool> stop = false;
    backend.setAbort(&stop);
    const PassKind kind{1, 1, 5};
    const uint64_t before = simt::graphLaunchCount();
    QVERIFY(!backend.beginPass(kind));
    QVERIFY(backend.endPass());
    QVERIFY(!backend.beginPass(kind));
    stop = true;
    QVERIFY(backend.endPass());
    QVERIFY(backend.finish().ok());
    stop = false;
    QVERIFY(!backend.beginPass(kind));
    QVERIFY(backend.endPass());
    QCOMPARE(simt::graphLaunchCount(), before + 1);
    QVERIFY(backend.beginPass({1, 1, 128}));
    QVERIFY(!backend.beginPass({1, 1, 129}));
    QVERIFY(!backend.beginPass({2, 1, 5}));
    QVERIFY(backend.finish().ok());
    QCOMPARE(simt::graphLaunchCount(), before + 2);
    backend.bind({});
    QVERIFY(!backend.beginPass(kind));
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
