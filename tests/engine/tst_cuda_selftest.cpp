// SPDX-License-Identifier: Apache-2.0
#include "pretend_backend.h"

#include <plimsoll/engine/tool/selftest.h>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

/// A device that gives back numbers of the other sign: always, or every second time.
class FaultyBackend : public PretendBackend
{
public:
    FaultyBackend(PretendDevice &device, bool always) : PretendBackend(device), m_always(always) {}

    Status download(std::span<std::byte> destination, const std::byte *source) override
    {
        const Status done = PretendBackend::download(destination, source);
        const bool errs = m_always || ++m_downloads % 2 == 0;
        for (size_t i = 3; errs && i < destination.size(); i += 4)
            destination[i] ^= std::byte{0x80};
        return done;
    }

private:
    bool m_always;
    uint32_t m_downloads = 0;
};

bool passed(const SelftestResults &results)
{
    return std::all_of(results.begin(), results.end(), [](const SelftestResult &each) { return each.passed; });
}

} // namespace

/// `selftest --device`: the program with the CUDA backend, whose kernels run on the processor, and what it finds out about broken devices.
class TestCudaSelftest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void wholeBackendPasses();
    void refusals_data();
    void refusals();
    void wrongNumbersAreFound();
    void unsteadyNumbersAreFound();
    void memoryThatStaysIsFound();
    void deviceThatDoesNotOpen();

private:
    QProcess *run(const char *folder, const QStringList &arguments);

    QTemporaryDir m_folder;
};

void TestCudaSelftest::initTestCase()
{
    QVERIFY(m_folder.isValid());
    const std::pair<const char *, const char *> kinds[] = {
        {"cuda", PLIMSOLL_SIMT_PLUGIN}, {"no-driver", PLIMSOLL_FAKES "/fake_cuda_plugin_2.so"}, {"no-plugin", ""}};
    for (const auto &[folder, plugin] : kinds) {
        const QDir place(m_folder.filePath(QString::fromUtf8(folder)));
        QVERIFY(place.mkpath(QStringLiteral(".")));
        QVERIFY(QFile::copy(QStringLiteral(PLIMSOLL_ENGINE), place.filePath("plimsoll-engine")));
        QVERIFY(*plugin == '\0' || QFile::copy(QString::fromUtf8(plugin), place.filePath("libplimsoll_cuda.so")));
    }
}

QProcess *TestCudaSelftest::run(const char *folder, const QStringList &arguments)
{
    auto *process = new QProcess(this);
    process->start(m_folder.filePath(QString::fromUtf8(folder) + "/plimsoll-engine"), QStringList{"selftest"} + arguments);
    process->waitForFinished(600000);
    return process;
}

void TestCudaSelftest::wholeBackendPasses()
{
    QProcess *const process = run("cuda", {"--device", "cuda:1", "--format", "Q4_K", "--format", "BF16", "--json"});
    const QJsonObject report = QJsonDocument::fromJson(process->readAllStandardOutput()).object();
    QCOMPARE(report["device"].toObject()["name"].toString(), QStringLiteral("Processor as GPU 1"));
    QStringList names;
    for (const QJsonValue &each : report["checks"].toArray()) {
        names += each["name"].toString();
        QVERIFY2(each["passed"].toBool(), qPrintable(names.back() + ": " + each["detail"].toString()));
    }
    QVERIFY(names.contains("product × Q4_K, 67 tokens") && names.contains("attention × Q8_0, window"));
    QVERIFY(names.contains("many rows × Q4_K, 100 tokens") && names.contains("experts × Q4_K, 200 tokens"));
    QVERIFY(names.contains("candidates, 1") && names.contains("candidates, 40"));
    QVERIFY(names.contains("model × qwen35 F32") && names.contains("memory comes back"));
    QCOMPARE(names.removeDuplicates(), 0);
    QVERIFY(report["passed"].toBool());
    QCOMPARE(process->exitCode(), 0);
}

void TestCudaSelftest::refusals_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("said");
    QTest::newRow("no plugin") << "no-plugin" << QStringList{"--device", "cuda:0"} << "cuda:0: No GPU support is installed";
    QTest::newRow("no driver") << "no-driver" << QStringList{"--device", "cuda:0"} << "cuda:0: No usable NVIDIA driver";
    QTest::newRow("no such device") << "cuda" << QStringList{"--device", "cuda:2"} << "cuda:1 (Processor as GPU 1)";
    QTest::newRow("no device at all") << "cuda" << QStringList{"--device", "gpu"} << "cuda:0 (Processor as GPU 0)";
    QTest::newRow("no format") << "cuda" << QStringList{"--device", "cuda:0", "--format", "Q9"} << "Q4_K";
}

void TestCudaSelftest::refusals()
{
    QFETCH(QString, folder);
    QFETCH(QStringList, arguments);
    QFETCH(QString, said);
    QProcess *const process = run(qPrintable(folder), arguments);
    QCOMPARE(process->exitCode(), 1);
    const QString text = QString::fromUtf8(process->readAllStandardError());
    QVERIFY2(text.contains(said), qPrintable(text));
}

void TestCudaSelftest::wrongNumbersAreFound()
{
    PretendDevice device;
    SelftestResults results;
    checkDevicePhases([&] { return std::unique_ptr<Backend>(new FaultyBackend(device, true)); }, {GgmlType::Q8_0}, results);
    QVERIFY(results.size() > 20);
    for (const SelftestResult &each : results)
        QVERIFY2(!each.passed && each.detail.starts_with("error "), each.name.c_str());
}

void TestCudaSelftest::unsteadyNumbersAreFound()
{
    PretendDevice device;
    SelftestResults results;
    checkDevicePhases([&] { return std::unique_ptr<Backend>(new FaultyBackend(device, false)); }, {GgmlType::Q8_0}, results);
    for (const SelftestResult &each : results)
        QVERIFY2(!each.passed && each.detail.find("twice") != std::string::npos, each.name.c_str());
}

/// A driver that keeps three megabytes of each backend. All else is right.
void TestCudaSelftest::memoryThatStaysIsFound()
{
    PretendDevice device;
    SelftestResults results;
    checkDeviceModels(
        [&] {
            device.used += uint64_t{3} << 20;
            return std::unique_ptr<Backend>(new PretendBackend(device));
        },
        results);
    QVERIFY(!results.back().passed);
    QCOMPARE(results.back().name, std::string("memory comes back"));
    results.pop_back();
    QVERIFY(passed(results));
}

void TestCudaSelftest::deviceThatDoesNotOpen()
{
    const BackendMaker make = []() -> Result<std::unique_ptr<Backend>> { return Error{ErrorCode::CudaUnavailable, {"device", "in use"}}; };
    SelftestResults results;
    checkDevicePhases(make, {}, results);
    QCOMPARE(results.size(), size_t(1));
    QVERIFY(!results.front().passed && results.front().detail.find("in use") != std::string::npos);
    checkDeviceModels(make, results);
    QVERIFY(std::none_of(results.begin(), results.end(), [](const SelftestResult &each) { return each.passed; }));
}

QTEST_GUILESS_MAIN(TestCudaSelftest)
#include "tst_cuda_selftest.moc"
