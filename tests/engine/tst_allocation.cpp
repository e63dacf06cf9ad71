// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "made_models.h"
#include "session_calls.h"

#include <plimsoll/engine/base/memory.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

/// What the engine allocates, counted at the allocation calls, against what the layout says.
class TestAllocation : public QObject
{
    Q_OBJECT

private slots:
    void theCounterCounts();
    void ownedEqualsLayout_data();
    void ownedEqualsLayout();
    void bookkeepingOfDeepModels();

private:
    QTemporaryDir m_folder;
};

void TestAllocation::theCounterCounts()
{
    if (!PLIMSOLL_COUNTS_ALLOCATIONS)
        QSKIP("a sanitizer stands where the counter would");
    const auto before = allocationcount::now();
    {
        const auto arena = Arena::make({10'000'000}, "test");
        QVERIFY(arena);
        std::vector<char> heap(1'000'000);
        const auto grown = allocationcount::now() - before;
        QCOMPARE(grown.anonymous, int64_t(roundUp(10'000'000, 4096)));
        QVERIFY(grown.heap >= 1'000'000 && grown.heap < 1'010'000);
    }
    const auto left = allocationcount::now() - before;
    QCOMPARE(left.anonymous, int64_t(0));
    QVERIFY(std::abs(left.heap) < 4096);
}

void TestAllocation::ownedEqualsLayout_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<bool>("mapped");
    QTest::addColumn<int>("sequences");
    for (const char *architecture : {"llama", "qwen2", "qwen3"}) {
        for (const bool mapped : {true, false}) {
            for (const int sequences : {1, 3})
                QTest::addRow("%s, %s weights, %d sequences", architecture, mapped ? "mapped" : "owned", sequences)
                    << QString::fromLatin1(architecture) << mapped << sequences;
        }
    }
}

void TestAllocation::ownedEqualsLayout()
{
    if (!PLIMSOLL_COUNTS_ALLOCATIONS)
        QSKIP("a sanitizer stands where the counter would");
    QFETCH(QString, architecture);
    QFETCH(bool, mapped);
    QFETCH(int, sequences);
    nlohmann::json entry = tinyModel(architecture.toStdString(), true);
    entry["hyperparameters"].update({{"context_length", 4096}, {"embedding_length", 384}, {"feed_forward_length", 1024},
        {"attention.head_count", 8}, {"attention.head_count_kv", 4}});
    const std::string path = m_folder.filePath(architecture).toStdString();
    if (!QFile::exists(QString::fromStdString(path)))
        QVERIFY(make(entry, FileType::Q8_0, path));
    LoadOptions options;
    options.run.context = 2048;
    options.run.threads = 2;
    options.run.sequences = uint32_t(sequences);
    options.run.mapWeights = mapped;

    const auto before = allocationcount::now();
    const auto session = loadCounted(path, options);
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    const auto loaded = allocationcount::now() - before;
    const auto owned = int64_t((*session)->memory().predictedOwned);
    QVERIFY(owned > 1024 * 1024);   // far more than what counts as bookkeeping
    QVERIFY(loaded.owned() > owned - countedload::bookkeeping((*session)->shape(), 0));
    QCOMPARE(loaded.files > 0, mapped);

    // From then on nothing is allocated per token.
    std::vector<BatchToken> batch;
    for (uint32_t i = 0; i < 16; ++i)
        batch.push_back({int32_t(i + 1), i, 0, i + 1 == 16});
    QVERIFY((*session)->forward(batch));
    const auto warm = allocationcount::now();
    batch = {{5, 16, 0, true}};
    QVERIFY((*session)->forward(batch));
    QVERIFY(std::abs((allocationcount::now() - warm).owned()) < 4096);
}

void TestAllocation::bookkeepingOfDeepModels()
{
    nlohmann::json entry = tinyModel("llama", true);
    entry["hyperparameters"]["block_count"] = 126;
    const std::string path = m_folder.filePath("deep").toStdString();
    QVERIFY(make(entry, FileType::Q8_0, path));
    for (const bool mapped : {true, false}) {
        LoadOptions options;
        options.run.mapWeights = mapped;
        const auto session = loadCounted(path, options);
        QVERIFY2(session, session ? "" : describe(session.error()).c_str());
        QCOMPARE((*session)->shape().layers(), 126u);
    }
}

QTEST_GUILESS_MAIN(TestAllocation)
#include "tst_allocation.moc"
