// SPDX-License-Identifier: Apache-2.0
#include "cuda_devices.h"
#include "golden_bars.h"
#include "logits_reference.h"

#include <QDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

/// Every model that an independent engine has given logits for, through the CUDA backend, its kernels run on the processor: the first
/// positions of each, most of them as one batch and the last ones token by token. Over cells of half floats the batch goes to tensor cores.
class TestCudaGolden : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void matches_data();
    void matches();
};

namespace {

constexpr size_t positions = 20;
constexpr size_t asBatch = 16;

} // namespace

void TestCudaGolden::initTestCase()
{
    if (!QFile::exists(golden::folder))
        QSKIP("no reference logits at " PLIMSOLL_GOLDEN);
}

void TestCudaGolden::matches_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("cells");
    for (const QFileInfo &file : QDir(golden::folder).entryInfoList({QStringLiteral("*.ref")}))
        for (const GgmlType cells : {GgmlType::F32, GgmlType::F16})
            QTest::addRow("%s, cells of %s", qPrintable(file.completeBaseName()), std::string(plimsoll::name(cells)).c_str())
                << file.completeBaseName() << int(cells);
}

void TestCudaGolden::matches()
{
    QFETCH(QString, name);
    QFETCH(int, cells);
    const LogitsReference reference = LogitsReference::read(golden::folder + name + QStringLiteral(".ref"));
    QVERIFY(reference.tokens.size() >= positions);
    const std::vector<int32_t> tokens(reference.tokens.begin(), reference.tokens.begin() + positions);
    const std::span expected = std::span(reference.logits).first(positions * reference.vocabulary);
    const std::string path = (golden::folder + name + QStringLiteral(".gguf")).toStdString();
    auto model = DeviceModel::load(path, optionsOf(positions, static_cast<GgmlType>(cells)), cudaDevices(1),
        [](const ModelShape &shape) { return allOn(shape, 1); });
    QVERIFY2(model.ok(), model.ok() ? "" : describe(model.error()).c_str());
    std::vector<float> found;
    for (size_t begin = 0; begin < positions;) {
        const size_t count = begin == 0 ? asBatch : 1;
        std::vector<BatchToken> batch;
        for (size_t i = begin; i < begin + count; ++i)
            batch.push_back({tokens[i], uint32_t(i), 0, true});
        QVERIFY((*model)->forward().run(batch, nullptr).ok());
        const float *const row = (*model)->forward().logits();
        found.insert(found.end(), row, row + count * reference.vocabulary);
        begin += count;
    }
    const double median = golden::medianNmse(found, reference, positions);
    qInfo("NMSE %.3g, median %.3g", nmse(found, expected), median);
    if (const double peerMedian = golden::peerMedian(name); peerMedian > 0)
        QCOMPARE_LE(median, 1.5 * peerMedian);
    else
        QCOMPARE_LE(nmse(found, expected), golden::bar(name));
}

QTEST_GUILESS_MAIN(TestCudaGolden)
#include "tst_cuda_golden.moc"
