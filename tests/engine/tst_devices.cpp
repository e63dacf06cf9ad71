// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "family_cases.h"
#include "session_calls.h"
#include "split_load.h"

#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr uint32_t tokenCount = 22;
constexpr uint32_t promptCount = 19;

/// Plain attention, windows, latent attention, experts with shared ones and beside a dense network, states, caches and inputs of layers.
const std::vector<std::string> everyCountOf{"llama", "gemma3", "deepseek2", "glm4moe", "gemma4-experts", "gemma4", "qwen3next",
    "granitehybrid", "gpt-oss"};
/// Also blocks in parallel, divisors of frequencies, joined matrices, short convolutions, experts that multiply their input.
const std::vector<std::string> othersToo{"qwen2moe", "command-r", "phi2", "phi3-long", "deepseek2-joined", "lfm2moe", "nemotron_h_moe",
    "llama4"};

bool isIn(const std::vector<std::string> &names, const std::string &name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A prompt at once, the rest one by one, and all logits.
std::vector<float> logitsOn(Session &session, const std::vector<int32_t> &tokens)
{
    std::vector<float> all;
    for (uint32_t at = 0; at < tokens.size();) {
        const uint32_t end = at == 0 ? promptCount : at + 1;
        std::vector<BatchToken> batch;
        for (; at < end; ++at)
            batch.push_back({tokens[at], at, 0, true});
        const auto logits = session.forward(batch);
        if (!logits) {
            qWarning("%s", describe(logits.error()).c_str());
            return {};
        }
        all.insert(all.end(), logits->begin(), logits->end());
    }
    return all;
}

DeviceIndex handPlaced(const Piece &piece, int way)
{
    const bool odd = piece.layer % 2 == 1;
    switch (piece.kind) {
    case PieceKind::Embedding: return way == 2 ? 1 : 0;
    case PieceKind::Output: return way == 1 ? 2 : 1;
    case PieceKind::Ffn: return way == 0 ? 2 : (odd ? 0 : 1);
    case PieceKind::Experts: return way == 1 ? 2 : (way == 0 && odd ? 1 : 0);
    default: return way == 2 ? (odd ? 2 : 1) : 1;
    }
}

/// Three ways no person would choose: every kind of crossing there is.
PlacePieces byHand(int way)
{
    return [way](const ModelShape &shape) {
        Placement placement;
        for (const Piece &piece : piecesOf(shape))
            placement.devices.push_back(handPlaced(piece, way));
        keepSharedCaches(shape, placement);
        return placement;
    };
}

struct Split
{
    std::string name;
    PlacePieces place;
};

/// Of some families every count of layers; of all a share of them, and whatever makes pieces meet.
std::vector<Split> splitsOf(const ModelShape &shape, bool everyCount)
{
    const uint32_t layers = shape.layers();
    std::vector<Split> splits;
    for (uint32_t count = 0; everyCount && count <= layers + 1; ++count)
        splits.push_back({std::to_string(count) + " layers", layersOnDevices(count)});
    splits.push_back({"two unequal devices and RAM", layersOnDevices(layers - 1, {1, 3})});
    splits.push_back({"two devices, experts in RAM", layersOnDevices(layers + 1, {2, 1}, true)});
    for (int way = 0; way < 3; ++way)
        splits.push_back({"by hand, way " + std::to_string(way), byHand(way)});
    return splits;
}

} // namespace

/// Models split over the processor and devices that only pretend to be some give what the processor alone gives, to the last bit: the same
/// kernels, and everything that crosses is a copy.
class TestDevices : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void sameBits_data();
    void sameBits();
    void sequencesReuseAndSnapshots_data();
    void sequencesReuseAndSnapshots();
    void generationIsStopped();
    void tooLittleMemory();
    void loadingIsReportedAndStopped();

private:
    LoadOptions small(uint32_t context = 64) const;
    std::string path(const FamilyCase &model, FileType type);
    void compare(const std::string &path, const LoadOptions &options, bool everyCount);

    QTemporaryDir m_folder;
    std::vector<FamilyCase> m_cases = familyCases();
    std::vector<int32_t> m_tokens = someTokens(tokenCount, 259);
};

std::string TestDevices::path(const FamilyCase &model, FileType type)
{
    const std::string path = m_folder.filePath(QString::fromStdString(model.name)).toStdString();
    if (const Status made = make(model.entry, type, path); !made)
        qWarning("%s", describe(made.error()).c_str());
    return path;
}

void TestDevices::compare(const std::string &path, const LoadOptions &options, bool everyCount)
{
    const auto alone = loadCounted(path, options);
    QVERIFY2(alone, alone ? "" : describe(alone.error()).c_str());
    const std::vector<float> expected = logitsOn(**alone, m_tokens);
    QCOMPARE(expected.size(), size_t(tokenCount) * (*alone)->shape().vocabulary);
    for (const Split &split : splitsOf((*alone)->shape(), everyCount)) {
        std::vector<PretendDevice> devices(2);
        {
            const auto session = loadCounted(path, splitOver(devices, split.place, options));
            QVERIFY2(session, session ? "" : (split.name + ": " + describe(session.error())).c_str());
            QVERIFY2(logitsOn(**session, m_tokens) == expected, split.name.c_str());
            for (size_t i = 0; i < devices.size(); ++i) {
                const DeviceLayout &laidOut = (*session)->layout().devices[i + 1];
                QCOMPARE(devices[i].used, laidOut.owned().value);
                QCOMPARE(devices[i].backends, laidOut.owned().value > 0 ? 1u : 0u);
                QCOMPARE(devices[i].pinned > 0, devices[i].backends > 0);
            }
        }
        QVERIFY(devices[0].used == 0 && devices[1].used == 0);
    }
}

void TestDevices::sameBits_data()
{
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < m_cases.size(); ++i) {
        if (isIn(everyCountOf, m_cases[i].name) || isIn(othersToo, m_cases[i].name))
            QTest::addRow("%s", m_cases[i].name.c_str()) << int(i);
    }
}

void TestDevices::sameBits()
{
    QFETCH(int, index);
    LoadOptions options = exactOptions(tokenCount);
    options.run.batch = promptCount;
    options.run.outputs = promptCount;
    options.run.threads = 1;
    options.warmUp = false;
    const FamilyCase &model = m_cases[size_t(index)];
    compare(path(model, FileType::F32), options, isIn(everyCountOf, model.name));
}

LoadOptions TestDevices::small(uint32_t context) const
{
    LoadOptions options = exactOptions(context);
    options.run.batch = 16;
    options.run.outputs = 2;
    options.run.threads = 1;
    options.run.sequences = 2;
    return options;
}

void TestDevices::sequencesReuseAndSnapshots_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"llama", "gemma3", "deepseek2", "qwen3next"})
        QTest::addRow("%s", name) << QString::fromUtf8(name);
}

/// Two conversations side by side, the second of which turns back: with and without devices the same bits.
void TestDevices::sequencesReuseAndSnapshots()
{
    QFETCH(QString, name);
    const auto model
        = std::find_if(m_cases.begin(), m_cases.end(), [&](const FamilyCase &each) { return each.name == name.toStdString(); });
    QVERIFY(model != m_cases.end());
    const std::string file = path(*model, FileType::F32);
    const auto story = [&](LoadOptions options) {
        std::vector<float> all;
        const auto session = loadCounted(file, std::move(options));
        if (!session)
            return all;
        const auto feed = [&](uint32_t sequence, uint32_t from, uint32_t to) {
            std::vector<BatchToken> batch;
            for (uint32_t i = from; i < to; ++i)
                batch.push_back({m_tokens[i % m_tokens.size()], i, sequence, i + 1 == to});
            const auto logits = (*session)->forward(batch);
            if (logits)
                all.insert(all.end(), logits->begin(), logits->end());
        };
        feed(0, 0, 9);
        feed(1, 0, 12);
        if (!(*session)->keepSnapshot(1))
            return std::vector<float>();
        feed(1, 12, 17);
        feed(0, 9, 14);
        const std::vector<TokenId> again(m_tokens.begin(), m_tokens.begin() + 14);
        const auto resumed = (*session)->resume(1, again);
        all.push_back(resumed ? float(*resumed) : -1.0f);
        feed(1, resumed ? *resumed : 0, 14);
        return all;
    };
    const std::vector<float> expected = story(small());
    QVERIFY(expected.size() > 4 * 259);
    QVERIFY(expected[4 * 259] >= 12);   // where the second goes on: nothing before is computed again
    std::vector<PretendDevice> devices(2);
    QVERIFY(story(splitOver(devices, layersOnDevices(3, {2, 1}), small())) == expected);
    QVERIFY(story(splitOver(devices, byHand(2), small())) == expected);
    QVERIFY(devices[0].downloaded > 0 && devices[1].uploaded > 0);
}

void TestDevices::generationIsStopped()
{
    std::vector<PretendDevice> devices(1);
    const std::string file = path(m_cases.front(), FileType::F32);
    const auto session = Session::load(file, splitOver(devices, layersOnDevices(2), small()));
    QVERIFY(session);
    const std::vector<TokenId> prompt(m_tokens.begin(), m_tokens.begin() + 5);
    std::atomic<bool> cancel = true;
    Session::GenerateOptions options;
    options.maxTokens = 5;
    options.ignoreEnd = true;
    options.cancel = &cancel;
    const auto stopped = (*session)->generate(prompt, options);
    QVERIFY(stopped && stopped->stop == StopReason::Cancelled && stopped->tokens.empty());
    cancel = false;
    const auto whole = (*session)->generate(prompt, options);
    QVERIFY(whole && whole->tokens.size() == 5);
}

/// Short of memory, or refused what seemed free: said before any weight is read, and nothing is kept.
void TestDevices::tooLittleMemory()
{
    const std::string file = path(m_cases.front(), FileType::F32);
    std::vector<PretendDevice> devices(1);
    devices[0].total = devices[0].overhead + 50'000;
    const auto tooSmall = Session::load(file, splitOver(devices, layersOnDevices(3), small()));
    QVERIFY(!tooSmall && tooSmall.error().code == ErrorCode::NotEnoughMemory);
    QCOMPARE(tooSmall.error().arguments[0], devices[0].name);
    QCOMPARE(tooSmall.error().arguments[2], std::string("50000"));
    devices[0].total = uint64_t{1} << 30;
    devices[0].refusedAfter = 100'000;
    const auto refused = Session::load(file, splitOver(devices, layersOnDevices(3), small()));
    QVERIFY(!refused && refused.error().code == ErrorCode::AllocationFailed);
    QCOMPARE(refused.error().arguments[0], devices[0].name);
    QCOMPARE(devices[0].uploaded, uint64_t(0));
    QCOMPARE(devices[0].used, uint64_t(0));

    devices[0] = {};
    devices[0].withoutCacheType = GgmlType::F32;
    const auto noCache = Session::load(file, splitOver(devices, layersOnDevices(3), small()));
    QVERIFY(!noCache && noCache.error().code == ErrorCode::InvalidArgument);
    QCOMPARE(devices[0].used, uint64_t(0));
}

void TestDevices::loadingIsReportedAndStopped()
{
    const std::string file = path(m_cases.front(), FileType::F32);
    std::vector<PretendDevice> devices(1);
    LoadOptions options = splitOver(devices, layersOnDevices(4), small());
    std::vector<double> shares;
    options.progress = [&](double share) { shares.push_back(share); };
    {
        const auto session = Session::load(file, options);
        QVERIFY(session);
        QVERIFY(shares.size() > 20 && std::is_sorted(shares.begin(), shares.end()));
        QVERIFY(shares.front() == 0.0 && shares.back() == 1.0);
        const MemoryReport memory = (*session)->memory();
        QCOMPARE(memory.devices.size(), size_t(1));
        QCOMPARE(memory.devices[0].predicted, memory.devices[0].actual);
        QCOMPARE(memory.devices[0].overhead, devices[0].overhead);
        // Weights, rows of tokens, and nothing else.
        QVERIFY(devices[0].uploaded >= (*session)->layout().devices[1].of(SegmentKind::Weights).value * 9 / 10);
    }
    std::atomic<bool> cancel = false;
    options.cancel = &cancel;
    options.progress = [&](double share) { cancel = share > 0.3; };
    devices[0].uploaded = 0;
    const auto stopped = Session::load(file, options);
    QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
    QVERIFY(devices[0].uploaded > 0);
    QCOMPARE(devices[0].used, uint64_t(0));
}

QTEST_GUILESS_MAIN(TestDevices)
#include "tst_devices.moc"
