// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "made_models.h"
#include "session_calls.h"

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/layout/place_rule.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

/// What was predicted against what the process really takes.
class TestMemory : public QObject
{
    Q_OBJECT

private slots:
    void arenas_data();
    void arenas();
    void arenaTooLarge();
    void mappedFiles();
    void system();
    void predictedIsActual_data();
    void predictedIsActual();
    void whatStaysOnDiskIsNotLoaded();

private:
    QTemporaryDir m_folder;
};

void TestMemory::arenas_data()
{
    QTest::addColumn<quint64>("bytes");
    QTest::newRow("one byte") << quint64(1);
    QTest::newRow("some pages") << quint64(3 * 4096 + 5);
    QTest::newRow("below a huge page") << quint64((2u << 20) - 4096);
    QTest::newRow("above a huge page") << quint64((2u << 20) + 4096);
    QTest::newRow("many") << quint64(67u << 20);
}

void TestMemory::arenas()
{
    QFETCH(quint64, bytes);
    const uint64_t before = processMemory().anonymous;
    {
        const auto arena = Arena::make({bytes}, "test");
        QVERIFY(arena);
        QCOMPARE(arena->bytes().size(), roundUp(bytes, 4096));
        QVERIFY(std::all_of(arena->bytes().begin(), arena->bytes().end(), [](std::byte b) { return b == std::byte{0}; }));
        // Counted in per-processor lots of up to some hundred KiB.
        if (!sanitized && bytes > (16u << 20)) {
            const double grown = double(processMemory().anonymous) - double(before);
            QVERIFY(std::abs(grown - double(arena->bytes().size())) < 0.02 * double(arena->bytes().size()));
        }
        arena->bytes().back() = std::byte{1};
    }
    if (!sanitized)
        QVERIFY(processMemory().anonymous < before + (4u << 20));
}

void TestMemory::arenaTooLarge()
{
    const auto arena = Arena::make({uint64_t(1) << 60}, "test");
    QVERIFY(!arena);
    QCOMPARE(arena.error().code, ErrorCode::AllocationFailed);
    QVERIFY(!Arena::make(Bytes::overflow(), "test"));
}

void TestMemory::mappedFiles()
{
    QFile file(m_folder.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(10'000, 'x'));
    file.close();
    auto mapped = MappedFile::open(file.fileName().toStdString());
    QVERIFY(mapped);
    const MappedFile moved = *std::move(mapped);
    QCOMPARE(moved.bytes().size(), size_t(10'000));
    QVERIFY(moved.bytes()[9'999] == std::byte{'x'});

    const auto missing = MappedFile::open(m_folder.filePath(QStringLiteral("missing")).toStdString());
    QVERIFY(!missing && missing.error().code == ErrorCode::FileNotFound);
    const auto folder = MappedFile::open(m_folder.path().toStdString());
    QVERIFY(!folder && folder.error().code == ErrorCode::FileUnreadable);
}

void TestMemory::system()
{
    const SystemMemory memory = systemMemory();
    QVERIFY(memory.total > (64u << 20));
    QVERIFY(memory.available > 0 && memory.available <= memory.total);
    QVERIFY(processMemory().anonymous > 0);
    QVERIFY(physicalCores() >= 1);
}

void TestMemory::predictedIsActual_data()
{
    QTest::addColumn<bool>("mapped");
    QTest::newRow("mapped weights") << true;
    QTest::newRow("owned weights") << false;
}

/// A slice of a real shape, Llama 3.2 1B with three layers and a small vocabulary: 160 MB of weights, 90 MB of buffers.
void TestMemory::predictedIsActual()
{
    if (sanitized)
        QSKIP("a sanitizer's own memory is counted with the program's");
    QFETCH(bool, mapped);
    nlohmann::json entry = tinyModel("llama", true);
    entry["hyperparameters"].update({{"block_count", 3}, {"context_length", 131072}, {"embedding_length", 2048},
        {"feed_forward_length", 8192}, {"vocab_size", 32000}, {"attention.head_count", 32}, {"attention.head_count_kv", 8},
        {"attention.key_length", 64}, {"attention.value_length", 64}, {"rope.dimension_count", 64}, {"rope.freq_base", 500000.0}});
    const std::string path = m_folder.filePath(QStringLiteral("model")).toStdString();
    if (!QFile::exists(QString::fromStdString(path)))
        QVERIFY(make(entry, FileType::Q4_K_M, path));

    LoadOptions options;
    options.run.context = 0;
    options.run.threads = 2;
    options.run.mapWeights = mapped;
    const auto session = loadCounted(path, options);
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    const uint32_t count = (*session)->options().batch;
    QCOMPARE(count, 512u);
    std::vector<BatchToken> batch;
    const std::vector<int32_t> tokens = someTokens(count, 32000);
    for (uint32_t i = 0; i < count; ++i)
        batch.push_back({tokens[i], i, 0, i + 1 == count});
    QVERIFY((*session)->forward(batch));

    const MemoryReport memory = (*session)->memory();
    qInfo("owned %.3f MB predicted, %.3f MB actual; mapped %.3f MB predicted, %.3f MB actual", memory.predictedOwned / 1e6,
        memory.actualOwned / 1e6, memory.predictedMapped / 1e6, memory.actualMapped / 1e6);
    const auto within = [](uint64_t actual, uint64_t predicted) {
        return std::abs(double(actual) - double(predicted)) <= 0.01 * double(predicted);
    };
    QVERIFY(within(memory.actualOwned, memory.predictedOwned));
    if (mapped)
        QVERIFY(within(memory.actualMapped, memory.predictedMapped));
    else
        QVERIFY(memory.predictedMapped == 0 && memory.actualMapped < (1u << 20));   // the program's own pages
}

/// Loading reads only what RAM is to hold; the rest comes from the file when it is first used.
void TestMemory::whatStaysOnDiskIsNotLoaded()
{
    if (sanitized)
        QSKIP("a sanitizer's own memory is counted with the program's");
    nlohmann::json entry = tinyModel("llama", true);
    entry["hyperparameters"].update({{"block_count", 3}, {"embedding_length", 1024}, {"feed_forward_length", 4096}, {"vocab_size", 8000},
        {"attention.head_count", 16}, {"attention.head_count_kv", 4}, {"attention.key_length", 64}, {"attention.value_length", 64},
        {"rope.dimension_count", 64}});
    const std::string path = m_folder.filePath(QStringLiteral("on-disk")).toStdString();
    QVERIFY(make(entry, FileType::Q8_0, path));
    LoadOptions options;
    options.run.context = 64;
    options.run.threads = 1;
    options.place = [](const ModelShape &shape, const RunOptions &) -> Result<Placing> {
        Placing placing{hostPlacement(shape), {}};
        const Status placed = applyRules({*placeRuleFrom("layer:1-2=disk")}, shape, 0, placing.placement);
        return placed ? Result<Placing>(placing) : placed.error();
    };
    const auto session = Session::load(path, options);
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    const MemoryReport loaded = (*session)->memory();
    QVERIFY(loaded.onDisk > (20u << 20));
    QVERIFY(loaded.actualMapped < loaded.predictedMapped + loaded.onDisk / 8);   // a page fault brings in its neighbours too
    const BatchToken token{1, 0, 0, true};
    QVERIFY((*session)->forward({&token, 1}));
    QVERIFY((*session)->memory().actualMapped > loaded.predictedMapped + loaded.onDisk * 9 / 10);
}

QTEST_GUILESS_MAIN(TestMemory)
#include "tst_memory.moc"
