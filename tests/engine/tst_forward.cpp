// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "logits_reference.h"
#include "made_families.h"
#include "reference_forward.h"
#include "session_calls.h"

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/cpu/cpu_backend.h>
#include <plimsoll/engine/model/forward.h>
#include <plimsoll/layout/place_rule.h>

#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr size_t tokenCount = 37;

} // namespace

/// The forward pass against a plain one in double precision, on models made up here.
class TestForward : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void matches_data();
    void matches();
    void halfPrecisionCache();
    void sequencesDoNotMix();
    void farIntoTheContext();
    void raggedBatch();
    void goingBackForgets();
    void ownedWeightsGiveTheSame();
    void weightsOnDiskGiveTheSame_data();
    void weightsOnDiskGiveTheSame();
    void twoDevicesGiveTheSame_data();
    void twoDevicesGiveTheSame();

private:
    std::string path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    std::unique_ptr<Session> load(const QString &name, LoadOptions options);
    std::vector<float> expected(const QString &name, const std::vector<int32_t> &tokens) const
    {
        return ReferenceForward(path(name)).logits(tokens);
    }

    QTemporaryDir m_folder;
    std::vector<int32_t> m_tokens = someTokens(tokenCount, 259);
};

void TestForward::initTestCase()
{
    QVERIFY(m_folder.isValid());
    for (const char *architecture : {"llama", "qwen2", "qwen3"}) {
        QVERIFY(make(tinyModel(architecture), FileType::F32, path(QString::fromUtf8(architecture))).ok());
        QVERIFY(make(tinyModel(architecture, true), FileType::F32, path(QString::fromUtf8(architecture) + QStringLiteral("-tied"))).ok());
    }
    QVERIFY(make(familyModel("gemma4"), FileType::F32, path(QStringLiteral("gemma4"))).ok());
    QVERIFY(make(familyModel("gemma4/experts"), FileType::F32, path(QStringLiteral("gemma4-experts"))).ok());
    QVERIFY(make(familyModel("glm4moe"), FileType::F32, path(QStringLiteral("glm4moe"))).ok());
}

std::unique_ptr<Session> TestForward::load(const QString &name, LoadOptions options)
{
    auto session = loadCounted(path(name), std::move(options));
    if (session)
        return *std::move(session);
    qWarning("%s", describe(session.error()).c_str());
    return nullptr;
}

void TestForward::matches_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<qsizetype>("chunk");
    for (const char *architecture : {"llama", "qwen2", "qwen3", "llama-tied", "qwen2-tied", "qwen3-tied"}) {
        for (const qsizetype chunk : {qsizetype(tokenCount), qsizetype(7), qsizetype(1)})
            QTest::addRow("%s/%d", architecture, int(chunk)) << QString::fromUtf8(architecture) << chunk;
    }
}

void TestForward::matches()
{
    QFETCH(QString, name);
    QFETCH(qsizetype, chunk);
    const auto session = load(name, exactOptions(tokenCount));
    QVERIFY(session);
    const auto found = logitsOf(*session, m_tokens, size_t(chunk));
    QVERIFY(found);
    QCOMPARE_LE(nmse(*found, expected(name, m_tokens)), 1e-8);
}

void TestForward::halfPrecisionCache()
{
    const auto session = load(QStringLiteral("llama"), exactOptions(tokenCount, GgmlType::F16));
    QVERIFY(session);
    const auto found = logitsOf(*session, m_tokens, tokenCount);
    QVERIFY(found);
    // Keys and values are rounded to 11 bits: relative errors of 2^-12, squared 6e-8, through three layers.
    QCOMPARE_LE(nmse(*found, expected(QStringLiteral("llama"), m_tokens)), 1e-5);
}

void TestForward::sequencesDoNotMix()
{
    const std::vector<int32_t> other = someTokens(tokenCount, 259, 99);
    LoadOptions options = exactOptions(2 * tokenCount);
    options.run.sequences = 2;
    const auto session = load(QStringLiteral("qwen3"), options);
    QVERIFY(session);
    std::vector<BatchToken> batch;
    for (uint32_t i = 0; i < tokenCount; ++i) {
        batch.push_back({m_tokens[i], i, 0, true});
        batch.push_back({other[i], i, 1, true});
    }
    const auto together = session->forward(batch);
    QVERIFY(together);
    const std::vector<float> apart[] = {expected(QStringLiteral("qwen3"), m_tokens), expected(QStringLiteral("qwen3"), other)};
    for (size_t i = 0; i < batch.size(); ++i)
        QCOMPARE_LE(nmse(together->subspan(i * 259, 259), std::span(apart[i % 2]).subspan(i / 2 * 259, 259)), 1e-8);
}

/// Tokens that each continue a sequence of their own, where the positions they see are cut into ranges.
void TestForward::farIntoTheContext()
{
    constexpr uint32_t count = 700;
    constexpr uint32_t prompt = count - 5;
    const std::vector<int32_t> tokens[] = {someTokens(count, 259, 5), someTokens(count, 259, 6)};
    LoadOptions options = exactOptions(count);
    options.run.sequences = 2;
    options.run.threads = 3;
    const auto session = load(QStringLiteral("qwen3"), options);
    QVERIFY(session);
    std::vector<BatchToken> batch;
    for (uint32_t sequence = 0; sequence < 2; ++sequence) {
        batch.clear();
        for (uint32_t i = 0; i < prompt; ++i)
            batch.push_back({tokens[sequence][i], i, sequence, i + 1 == prompt});
        QVERIFY(session->forward(batch));
    }
    const std::vector<float> apart[] = {expected(QStringLiteral("qwen3"), tokens[0]), expected(QStringLiteral("qwen3"), tokens[1])};
    for (uint32_t i = prompt; i < count; ++i) {
        const BatchToken next[] = {{tokens[0][i], i, 0, true}, {tokens[1][i], i, 1, true}};
        const auto found = session->forward(next);
        QVERIFY(found);
        for (size_t sequence = 0; sequence < 2; ++sequence)
            QCOMPARE_LE(nmse(found->subspan(sequence * 259, 259), std::span(apart[sequence]).subspan(i * 259, 259)), 1e-8);
    }
}

/// A prompt of one sequence and the next token of another in one call; only some want logits.
void TestForward::raggedBatch()
{
    const std::vector<int32_t> other = someTokens(tokenCount, 259, 7);
    LoadOptions options = exactOptions(2 * tokenCount);
    options.run.sequences = 2;
    const auto session = load(QStringLiteral("llama"), options);
    QVERIFY(session);
    QVERIFY(logitsOf(*session, {m_tokens.begin(), m_tokens.begin() + 20}, 20, 1));
    std::vector<BatchToken> batch{{m_tokens[20], 20, 1, true}};
    for (uint32_t i = 0; i < 10; ++i)
        batch.push_back({other[i], i, 0, i == 9});
    batch.push_back({m_tokens[21], 21, 1, true});
    const auto found = session->forward(batch);
    QVERIFY(found);
    QCOMPARE(found->size(), size_t(3 * 259));
    const std::vector<float> first = expected(QStringLiteral("llama"), m_tokens);
    const std::vector<float> second = expected(QStringLiteral("llama"), other);
    QCOMPARE_LE(nmse(found->subspan(0, 259), std::span(first).subspan(20 * 259, 259)), 1e-8);
    QCOMPARE_LE(nmse(found->subspan(259, 259), std::span(second).subspan(9 * 259, 259)), 1e-8);
    QCOMPARE_LE(nmse(found->subspan(2 * 259, 259), std::span(first).subspan(21 * 259, 259)), 1e-8);
}

void TestForward::goingBackForgets()
{
    const auto session = load(QStringLiteral("qwen2"), exactOptions(tokenCount));
    QVERIFY(session);
    QVERIFY(logitsOf(*session, someTokens(tokenCount, 259, 5), tokenCount));
    const auto found = logitsOf(*session, m_tokens, tokenCount);
    QVERIFY(found);
    QCOMPARE_LE(nmse(*found, expected(QStringLiteral("qwen2"), m_tokens)), 1e-8);
    const BatchToken beyond{1, 30, 0, true};
    const BatchToken back{m_tokens[5], 5, 0, true};
    QVERIFY(session->forward({&back, 1}));
    const auto refused = session->forward({&beyond, 1});
    QVERIFY(!refused && refused.error().code == ErrorCode::InvalidArgument);
}

void TestForward::ownedWeightsGiveTheSame()
{
    LoadOptions options = exactOptions(tokenCount);
    options.run.mapWeights = false;
    const auto session = load(QStringLiteral("llama"), options);
    QVERIFY(session);
    QCOMPARE(session->memory().predictedMapped, uint64_t(0));
    QVERIFY(session->layout().devices[hostDevice].of(SegmentKind::Weights, Backing::Owned).value > 0);
    const auto found = logitsOf(*session, m_tokens, tokenCount);
    QVERIFY(found);
    QCOMPARE_LE(nmse(*found, expected(QStringLiteral("llama"), m_tokens)), 1e-8);
}

/// Weights that stay on disk are used where the file is mapped, whatever the others are.
void TestForward::weightsOnDiskGiveTheSame_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("mapped");
    for (const char *name : {"glm4moe", "llama-tied"}) {
        for (const bool mapped : {true, false})
            QTest::addRow("%s, the others %s", name, mapped ? "mapped" : "owned") << QString::fromLatin1(name) << mapped;
    }
}

void TestForward::weightsOnDiskGiveTheSame()
{
    QFETCH(QString, name);
    QFETCH(bool, mapped);
    LoadOptions options = exactOptions(tokenCount);
    options.run.mapWeights = mapped;
    options.place = [](const ModelShape &shape, const RunOptions &) -> Result<Placing> {
        Placing placing{hostPlacement(shape), {}};
        const Status placed = applyRules({*placeRuleFrom("layer:1=disk"), *placeRuleFrom("output=disk")}, shape, 0, placing.placement);
        return placed ? Result<Placing>(placing) : placed.error();
    };
    const auto session = load(name, options);
    QVERIFY(session);
    const DeviceLayout &host = session->layout().devices[hostDevice];
    QVERIFY(host.disk().value > 0);
    QCOMPARE(session->memory().onDisk, host.disk().value);
    QCOMPARE(session->memory().predictedMapped > 0, mapped);
    QCOMPARE(host.of(SegmentKind::Weights, Backing::Owned).value > 0, !mapped);
    const auto found = logitsOf(*session, m_tokens, tokenCount);
    QVERIFY(found);
    QCOMPARE_LE(nmse(*found, expected(name, m_tokens)), 1e-8);
}

void TestForward::twoDevicesGiveTheSame_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<uint32_t>("layers");
    QTest::newRow("one layer") << QStringLiteral("llama") << 1u;
    QTest::newRow("all layers") << QStringLiteral("llama") << 3u;
    QTest::newRow("output too") << QStringLiteral("llama") << 4u;
    QTest::newRow("head norms") << QStringLiteral("qwen3") << 2u;
    QTest::newRow("biases") << QStringLiteral("qwen2") << 2u;
    QTest::newRow("tied output too") << QStringLiteral("llama-tied") << 4u;
    QTest::newRow("shared caches stay where they are") << QStringLiteral("gemma4") << 2u;
    QTest::newRow("layer inputs") << QStringLiteral("gemma4") << 8u;
    QTest::newRow("experts beside a dense network") << QStringLiteral("gemma4-experts") << 5u;
    QTest::newRow("experts and shared ones") << QStringLiteral("glm4moe") << 2u;
}

/// A second processor backend with weights of its own stands for a GPU: the residual stream crosses over, logits come back.
void TestForward::twoDevicesGiveTheSame()
{
    QFETCH(QString, name);
    QFETCH(uint32_t, layers);
    const auto header = gguf::readHeader(path(name));
    QVERIFY(header);
    const auto shape = shapeFromGguf(*header);
    QVERIFY(shape);
    ThreadPool pool(2);
    const auto host = makeCpuBackend(pool, InstructionSet::Scalar);
    ThreadPool alone(1);   // a device that is not the host has the scratch of one
    const auto other = makeCpuBackend(alone, InstructionSet::Scalar);
    BackendTraits traits[] = {host->traits(), other->traits()};
    traits[1].mapsWeights = false;
    const Bytes overhead[2] = {};
    const RunOptions options = exactOptions(tokenCount).run;
    const Placement placement = layerPlacement(*shape, layers, {}, true);
    const auto layout = layOut(*shape, typesOf(*shape), placement, options, traits, overhead);
    QVERIFY2(layout, layout ? "" : describe(layout.error()).c_str());
    Backend *const backends[] = {host.get(), other.get()};
    const auto devices = allocateDevices(*layout, backends);
    QVERIFY(devices);

    const auto file = MappedFile::open(path(name));
    QVERIFY(file);
    const uint64_t fileBytes[] = {file->bytes().size()};
    const auto places = placesOf(*shape, *header, fileBytes);
    QVERIFY(places);
    std::vector<const std::byte *> data[2];
    for (size_t i = 0; i < places->size(); ++i) {
        const auto bytes = file->bytes().subspan((*places)[i].offset, (*places)[i].bytes);
        data[0].push_back(bytes.data());
        const BufferPlan *const plan = layout->find(BufferId::Weights, 1, int32_t(i));
        std::byte *const own = plan ? (*devices)[1].arena(SegmentKind::Weights) + plan->offset : nullptr;
        if (own)
            QVERIFY(other->upload(own, bytes));
        data[1].push_back(own);
    }
    const Weights weights[] = {{*shape, traits[0], data[0]}, {*shape, traits[1], data[1]}};
    auto phases = bindPhases({*shape, placement, options, *layout, *devices, weights});
    QVERIFY2(phases, phases ? "" : describe(phases.error()).c_str());

    Forward forward(*shape, *std::move(phases), *devices, options.batch);
    std::vector<BatchToken> batch;
    for (uint32_t i = 0; i < tokenCount; ++i)
        batch.push_back({m_tokens[i], i, 0, true});
    QVERIFY(forward.run(batch, nullptr));
    QCOMPARE_LE(nmse({forward.logits(), tokenCount * 259}, expected(name, m_tokens)), 1e-8);
}

QTEST_GUILESS_MAIN(TestForward)
#include "tst_forward.moc"
