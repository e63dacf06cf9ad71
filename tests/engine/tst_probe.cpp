// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/engine/probe/cpu_features.h>
#include <plimsoll/engine/probe/nvml.h>
#include <plimsoll/engine/probe/os_host.h>
#include <plimsoll/engine/probe/probe.h>
#include <plimsoll/engine/probe/remembered_overhead.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

ProbeOptions withFakes(const char *nvml, const char *plugin)
{
    ProbeOptions options;
    options.nvmlLibrary = nvml;
    options.cudaPlugin = plugin;
    return options;
}

constexpr const char *today = PLIMSOLL_FAKES "/fake_nvml.so";
constexpr const char *old = PLIMSOLL_FAKES "/fake_nvml_old.so";
constexpr const char *twoDevices = PLIMSOLL_FAKES "/fake_cuda_plugin_1.so";
constexpr const char *nowhere = "/nowhere/none.so";

} // namespace

class TestProbe : public QObject
{
    Q_OBJECT

private slots:
    void thisMachine()
    {
        const Machine machine = probe(withFakes("", nowhere));
        QVERIFY(machine.cpu.physicalCores >= 1);
        QVERIFY(machine.cpu.logicalCores >= machine.cpu.physicalCores);
        QVERIFY(!machine.cpu.instructionSets.empty());
        QVERIFY(machine.ram.available.value > 0 && machine.ram.available <= machine.ram.total);
        QVERIFY(!machine.disks.empty());
        for (const Disk &disk : machine.disks)
            QVERIFY(disk.total.value > 0 && disk.free <= disk.total);
        QVERIFY(machine.gpus.empty());
        QCOMPARE(machine.gpuNotice, std::string("cuda-unavailable:plugin"));
        QVERIFY(!programPath().empty());
    }

    void instructionSetsOfTheCompilerAreThere()
    {
        const auto sets = cpuInstructionSets();
        const auto has = [&](const char *name) { return std::find(sets.begin(), sets.end(), name) != sets.end(); };
#if defined(__x86_64__)
        QCOMPARE(has("AVX2"), __builtin_cpu_supports("avx2") != 0);
        QCOMPARE(has("FMA"), __builtin_cpu_supports("fma") != 0);
        QCOMPARE(has("AVX-512"), __builtin_cpu_supports("avx512f") != 0);
        QCOMPARE(has("AVX-512 VNNI"), __builtin_cpu_supports("avx512vnni") != 0);
#else
        QVERIFY(has("NEON"));
#endif
    }

    void missingLibraryIsNoError()
    {
        QVERIFY(!Nvml::open(nowhere).has_value());
        QVERIFY(!Nvml::open(twoDevices).has_value());   // a library, but another one
    }

    void managementLibrary_data()
    {
        QTest::addColumn<QString>("library");
        QTest::addColumn<quint64>("free");
        QTest::newRow("today") << today << quint64(gib(19).value + mib(512).value);
        QTest::newRow("old layouts") << old << quint64(gib(20).value);
    }
    void managementLibrary()
    {
        QFETCH(QString, library);
        QFETCH(quint64, free);
        const auto nvml = Nvml::open(library.toStdString());
        QVERIFY(nvml.has_value());
        const auto gpus = nvml->gpus();
        QCOMPARE(gpus.size(), size_t(2));
        const Gpu &first = gpus[0].gpu;
        QCOMPARE(first.name, std::string("NVIDIA GeForce RTX 4090"));
        QCOMPARE(first.driver, std::string("580.65.06"));
        QCOMPARE(first.total.value, gib(24).value);
        QCOMPARE(quint64(first.free.value), free);
        QCOMPARE(first.computeCapability, std::string("8.9"));
        QCOMPARE(*first.temperatureC, 61.0);
        QCOMPARE(*first.powerW, 123.456);
        QCOMPARE(*first.clockMHz, 2520.0);
        QCOMPARE(*first.utilization, 0.37);
        QCOMPARE(first.bandwidth.gbPerSecond(), 1008.096);
        QCOMPARE(first.link.gbPerSecond(), 1.969 * 16);
        QCOMPARE(gpus[0].pciBusId, std::string("00000000:01:00.0"));

        // Process 1 draws and computes and is listed once; of 999999999 the driver does not tell how much.
        QCOMPARE(first.processes.size(), size_t(3));
        QCOMPARE(first.processes[0].pid, uint64_t(1));
        QCOMPARE(first.processes[0].used.value, gib(3).value);
        QCOMPARE(first.processes[1].used.value, uint64_t(0));
        QCOMPARE(first.processes[2].used.value, mib(512).value);

        const Gpu &second = gpus[1].gpu;
        QVERIFY(!second.powerW.has_value());
        QVERIFY(!second.bandwidth.known());
        QVERIFY(second.processes.empty());
    }

    void withoutCudaTheManagedGpusAreListed()
    {
        const Probe probe(withFakes(today, nowhere));
        Machine machine = probe.machine();
        QCOMPARE(machine.gpus.size(), size_t(2));
        QVERIFY(machine.gpuNotice.empty());
        QVERIFY(probe.cudaNotice().has_value());
        machine.gpus[1].free = Bytes{1};
        machine.gpus[0].bandwidth = Bandwidth{7};
        probe.refresh(machine);
        QCOMPARE(machine.gpus[1].free.value, gib(15).value);
        QCOMPARE(machine.gpus[0].bandwidth.bytesPerSecond, 7.0);   // an edited figure is kept
    }

    void overheadIsRemembered()
    {
        const QTemporaryDir folder;
        const std::string file = folder.filePath("new/overhead.json").toStdString();
        ProbeOptions options = withFakes(today, nowhere);
        options.overheadFile = file;
        const Machine before = probe(options);
        QVERIFY(!before.gpus[0].overheadMeasured);

        rememberOverhead(file, before.gpus[0], mib(300));
        rememberOverhead(file, before.gpus[0], mib(321));
        const Machine after = probe(options);
        QVERIFY(after.gpus[0].overheadMeasured);
        QCOMPARE(after.gpus[0].overhead.value, mib(321).value);
        QVERIFY(!after.gpus[1].overheadMeasured);   // another GPU
        QCOMPARE(after.gpus[1].overhead.value, before.gpus[1].overhead.value);

        Gpu other = before.gpus[0];
        other.driver = "590.1";
        QVERIFY(!rememberedOverhead(file, other));
        other.driver.clear();
        rememberOverhead(file, other, mib(300));
        QVERIFY(!rememberedOverhead(file, other));   // nobody could tell when it is out of date
        rememberOverhead(file, before.gpus[1], Bytes{17});
        QVERIFY(!rememberedOverhead(file, before.gpus[1]));   // no driver takes so little
        for (int i = 0; i < 100; ++i) {
            other.driver = std::to_string(i);
            rememberOverhead(file, other, mib(100));
        }
        QVERIFY(rememberedOverhead(file, other));
        QVERIFY(!rememberedOverhead(file, before.gpus[0]));   // long ago
        QCOMPARE(QDir(folder.filePath("new")).entryList(QDir::Files).size(), qsizetype(1));
    }

    void whatIsRememberedMayBeAnything_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("known");
        const auto entry = [](const char *bytes) {
            return QByteArray(R"({"gpu":"NVIDIA GeForce RTX 4090","driver":"580.65.06","program":")" PLIMSOLL_VERSION R"(","bytes":)")
                + bytes + "}";
        };
        QTest::newRow("right") << "[" + entry("400000000") + "]" << true;
        QTest::newRow("behind others") << "[7,null,{},[]," + entry("-1") + "," + entry("400000000") + "]" << true;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("no JSON") << QByteArray("\0\xff{", 3) << false;
        QTest::newRow("cut off") << "[" + entry("400000000") << false;
        QTest::newRow("no list") << entry("400000000") << false;
        QTest::newRow("negative") << "[" + entry("-400000000") + "]" << false;
        QTest::newRow("a fraction") << "[" + entry("4e8") + "]" << false;
        QTest::newRow("a text") << "[" + entry("\"400000000\"") + "]" << false;
        QTest::newRow("nothing") << "[" + entry("0") + "]" << false;
        QTest::newRow("too much") << "[" + entry("18446744073709551615") + "]" << false;
        QTest::newRow("out of range") << "[" + entry("184467440737095516160") + "]" << false;
        QTest::newRow("deep") << QByteArray(60000, '[') << false;
        QTest::newRow("long") << "[" + entry("400000000") + QByteArray(70000, ' ') + "]" << false;
    }
    void whatIsRememberedMayBeAnything()
    {
        QFETCH(QByteArray, content);
        QFETCH(bool, known);
        const QTemporaryDir folder;
        const QString path = folder.filePath("overhead.json");
        {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(content);
        }
        ProbeOptions options = withFakes(today, nowhere);
        options.overheadFile = path.toStdString();
        const Gpu gpu = probe(options).gpus.at(0);
        QCOMPARE(gpu.overheadMeasured, known);
        if (known)
            QCOMPARE(gpu.overhead.value, uint64_t(400000000));
        rememberOverhead(options.overheadFile, gpu, mib(300));
        QCOMPARE(rememberedOverhead(options.overheadFile, gpu)->value, mib(300).value);
    }

    /// A folder, one that cannot be made, and none.
    void whatCannotBeRemembered()
    {
        const QTemporaryDir folder;
        const Gpu gpu = probe(withFakes(today, nowhere)).gpus.at(0);
        for (const std::string &file : {folder.path().toStdString(), std::string("/proc/none/overhead.json"), std::string()}) {
            rememberOverhead(file, gpu, mib(300));
            QVERIFY(!rememberedOverhead(file, gpu));
        }
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void cudaOrderWithManagedFigures()
    {
        const Probe probe(withFakes(today, twoDevices));
        const Machine machine = probe.machine();
        QVERIFY(!probe.cudaNotice().has_value());
        QCOMPARE(machine.gpus.size(), size_t(2));
        QCOMPARE(machine.gpus[0].name, std::string("NVIDIA H100 80GB HBM3"));
        QCOMPARE(machine.gpus[0].free.value, gib(80).value);   // nobody told
        QCOMPARE(machine.gpus[0].bandwidth.gbPerSecond(), 3352.32);
        QCOMPARE(machine.gpus[1].name, std::string("NVIDIA GeForce RTX 4090"));
        QCOMPARE(machine.gpus[1].free.value, gib(19).value + mib(512).value);
        QCOMPARE(*machine.gpus[1].temperatureC, 61.0);
    }

    void catalogueFillsInWhatDriversDoNotTell()
    {
        const auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        QVERIFY(catalog.ok());
        ProbeOptions options = withFakes(today, nowhere);
        options.catalog = &*catalog;
        const Machine machine = probe(options);
        QCOMPARE(machine.gpus[0].bandwidth.gbPerSecond(), 1008.096);   // the driver's word
        QCOMPARE(machine.gpus[1].bandwidth.gbPerSecond(), 320.0);      // the catalogue's
        QVERIFY(machine.gpus[0].fp16.known() && machine.gpus[1].fp16.known());
    }

    void mountsAreListedOnce()
    {
        const std::string text = "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
                                 "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
                                 "28 27 254:0 /home /mnt/bound rw,relatime - ext4 /dev/vda rw\n"
                                 "29 27 8:1 / /media/my\\040disk rw shared:1 - xfs /dev/sda1 rw\n"
                                 "30 27 0:40 /a /vol rw - btrfs /dev/sdb rw,subvol=/a\n"
                                 "31 27 0:41 /b /vol/b rw - btrfs /dev/sdb rw,subvol=/b\n"
                                 "32 27 0:50 / /net rw - nfs4 server:/export rw\n"
                                 "33 27 7:0 / /snap/x ro - squashfs /dev/loop0 ro\n"
                                 "34 27 0:60 / /tmp rw - tmpfs tmpfs rw\n"
                                 "garbage\n";
        const std::vector<std::string> expected{"/", "/media/my disk", "/vol"};
        QCOMPARE(mountPoints(text), expected);
    }
};

QTEST_GUILESS_MAIN(TestProbe)
#include "tst_probe.moc"
