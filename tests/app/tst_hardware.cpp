// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/device_watch.h"
#include "charts/live_graph.h"
#include "models/process_table.h"
#include "pages/gib_box.h"
#include "pages/hardware/hardware_panel.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

using namespace plimsoll;
using namespace plimsoll::app;

namespace {

Machine laptop()
{
    Machine machine;
    machine.name = "laptop";
    machine.cpu.model = "Some CPU";
    machine.cpu.physicalCores = 8;
    machine.cpu.logicalCores = 16;
    machine.cpu.instructionSets = {"AVX2", "FMA"};
    machine.ram = {gib(32), gib(20)};
    machine.disks = {{"/", {500000000000}, {120000000000}}};
    Gpu gpu;
    gpu.name = "RTX 4060 Laptop";
    gpu.total = gib(8);
    gpu.free = gib(7);
    gpu.driver = "560.35";
    gpu.temperatureC = 61;
    gpu.powerW = 35;
    gpu.clockMHz = 2370;
    gpu.processes = {{4711, "<b>game</b>", mib(900)}};
    machine.gpus = {gpu};
    return machine;
}

Catalog twoGpus()
{
    Catalog catalog;
    CatalogGpu small;
    small.name = "Tesla T4";
    small.gpu.name = "Tesla T4";
    small.gpu.total = gib(15);
    small.gpu.free = gib(15);
    CatalogGpu large = small;
    large.name = large.gpu.name = "H100";
    large.gpu.total = large.gpu.free = gib(80);
    catalog.gpus = {small, large};
    return catalog;
}

struct Fixture
{
    Fixture()
    {
        panel.setCatalog(&catalog);
        panel.resize(900, 800);
        panel.show();
    }

    template <typename T>
    T *find(const char *name) const
    {
        return panel.findChild<T *>(QLatin1String(name));
    }

    void press(const char *name) const { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }

    static void type(QDoubleSpinBox *box, const QString &text)
    {
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, text);
        QTest::keyClick(box, Qt::Key_Return);
    }

    QString allText() const
    {
        QStringList texts;
        for (const QLabel *label : panel.findChildren<QLabel *>())
            if (label->isVisible())
                texts << label->text();
        return texts.join(QLatin1Char('\n'));
    }

    Catalog catalog = twoGpus();
    HardwarePanel panel;
    QSignalSpy changes{&panel, &HardwarePanel::machineChanged};
};

} // namespace

class HardwareTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QLocale::setDefault(QLocale(QStringLiteral("en_US"))); }

    void showsWhatWasDetected()
    {
        Fixture f;
        QVERIFY(f.allText().contains(QStringLiteral("Looking at this computer")));
        f.panel.setDetected(laptop());
        QCOMPARE(f.changes.size(), 1);
        QTRY_VERIFY(f.find<QWidget>("gpu0")->isVisible());
        const QString text = f.allText();
        for (const char *part :
            { "RTX 4060 Laptop", "7.00 GiB free of 8.00 GiB", "560.35", "61 °C", "35 W", "<b>game</b> (process 4711): 0.88 GiB", "32.0 GiB",
                "20.0 GiB", "Some CPU", "8 physical, 16 logical", "120.0 GB free of 500.0 GB" })
            QVERIFY2(text.contains(QString::fromUtf8(part)), qPrintable(text));
        QVERIFY(!f.find<QWidget>("pretendBanner")->isVisible());
        QVERIFY(!f.find<QPushButton>("addGpu")->isVisible());
        QVERIFY(!f.find<GibBox>("freeVram")->isVisible());
    }

    void saysWhyThereIsNoGpu()
    {
        Fixture f;
        Machine machine = laptop();
        machine.gpus.clear();
        machine.gpuNotice = "cuda-unavailable:driver";
        f.panel.setDetected(machine);
        QVERIFY(f.find<QLabel>("noGpuReason")->isVisible());
        QVERIFY(f.find<QLabel>("noGpuReason")->text().contains(QStringLiteral("NVIDIA driver")));
    }

    void addsAndRemovesGpus()
    {
        Fixture f;
        f.panel.setDetected(laptop());
        f.find<QCheckBox>("editHardware")->click();
        QVERIFY(!f.panel.pretending());
        f.find<QComboBox>("catalogGpu")->setCurrentIndex(1);
        f.press("addGpu");
        QVERIFY(f.panel.pretending());
        QVERIFY(f.find<QWidget>("pretendBanner")->isVisible());
        QCOMPARE(f.panel.machine().gpus.size(), size_t(2));
        QCOMPARE(f.panel.machine().gpus[1].name, std::string("H100"));
        QCOMPARE(f.changes.size(), 2);

        QTest::mouseClick(f.find<QWidget>("gpu0")->findChild<QPushButton *>(QStringLiteral("removeGpu")), Qt::LeftButton);
        QTRY_COMPARE(f.panel.machine().gpus.size(), size_t(1));
        QCOMPARE(f.panel.machine().gpus[0].name, std::string("H100"));
        QTest::mouseClick(f.find<QWidget>("gpu0")->findChild<QPushButton *>(QStringLiteral("removeGpu")), Qt::LeftButton);
        QTRY_VERIFY(f.panel.machine().gpus.empty());
        for (int i = 0; i < 40; ++i)
            f.find<QPushButton>("addGpu")->click();
        QCOMPARE(f.panel.machine().gpus.size(), size_t(16));
        QVERIFY(!f.find<QPushButton>("addGpu")->isEnabled());
    }

    void addsSeveralAtOnce()
    {
        Fixture f;
        f.panel.setDetected(laptop());
        f.panel.setEditing(true);
        f.find<QComboBox>("catalogGpu")->setCurrentIndex(1);
        f.find<QSpinBox>("addCount")->setValue(8);
        f.press("addGpu");
        QCOMPARE(f.panel.machine().gpus.size(), size_t(9));
        f.press("addGpu");
        QCOMPARE(f.panel.machine().gpus.size(), size_t(16));
    }

    void showsLiveReadings()
    {
        Fixture f;
        QSignalSpy wanted(&f.panel, &HardwarePanel::liveWanted);
        f.panel.setDetected(laptop());
        QVERIFY(!f.find<QWidget>("live")->isVisible());
        Machine reading = laptop();
        reading.gpus[0].utilization = 0.42;
        for (int second = 0; second < 200; ++second)
            f.panel.addReading(reading);
        QVERIFY(f.find<QWidget>("live")->isVisible());
        QCOMPARE(f.find<LiveGraph>("live0")->samples(), 120);
        QCOMPARE(f.find<LiveGraph>("live0")->accessibleDescription(), QStringLiteral("12.0 GiB"));
        QStringList all;
        for (const LiveGraph *graph : f.panel.findChildren<LiveGraph *>())
            all << graph->accessibleName() + QLatin1Char(' ') + graph->accessibleDescription();
        for (const char *part : {"load 42%", "temperature 61", "power 35 W", "clock 2,370 MHz", "VRAM in use 1.00 GiB"})
            QVERIFY2(all.join(QLatin1Char('\n')).contains(QLatin1String(part)), qPrintable(all.join(QLatin1Char('\n'))));
        QVERIFY(!f.panel.grab().isNull());
        reading.gpus.clear();
        f.panel.addReading(reading);
        QCOMPARE(f.panel.findChildren<LiveGraph *>().size(), 1);
        f.panel.hide();
        QCOMPARE(wanted.last().first().toBool(), false);
    }

    void listsProcessesLive()
    {
        ProcessTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Machine reading = laptop();
        reading.gpus[0].processes = {{7, "small", mib(10)}, {8, "large", gib(2)}, {9, "", {}}};
        table.setReading(reading);
        QCOMPARE(table.rowCount(), 3);
        QCOMPARE(table.index(0, ProcessTable::Name).data().toString(), QStringLiteral("large"));
        QCOMPARE(table.index(0, ProcessTable::Used).data().toString(), QStringLiteral("2.00 GiB"));
        QCOMPARE(table.index(1, ProcessTable::Number).data().toString(), QStringLiteral("7"));
        reading.gpus[0].processes.pop_back();
        table.setReading(reading);
        QCOMPARE(table.rowCount(), 2);

        Fixture f;
        f.panel.setDetected(laptop());
        f.panel.addReading(reading);
        QVERIFY(f.find<QTableView>("processes")->isVisible());
        reading.gpus[0].processes.clear();
        f.panel.addReading(reading);
        QVERIFY(!f.find<QTableView>("processes")->isVisible());
    }

    void watchesTheEngine()
    {
        QTemporaryDir folder;
        const QString program = folder.filePath(QStringLiteral("engine"));
        const auto watch = [&](const QByteArray &lines) {
            QFile file(program);
            if (!file.open(QIODevice::WriteOnly))
                qFatal("cannot write the engine");
            file.write("#!/bin/sh\ncat <<'END'\n" + lines + "\nEND\nsleep 30\n");
            file.close();
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        };
        watch(R"({"time":1,"ram":{"total":1000,"available":400},"gpus":[]}
no JSON
{"time":2,"ram":{"total":1000,"available":5000}}
{"time":3,"ram":{"total":1000,"available":300},"gpus":[{"name":"X","total":10,"free":5,"temperatureC":50}]})");
        DeviceWatch devices;
        devices.setProgram(program);
        QSignalSpy readings(&devices, &DeviceWatch::reading);
        devices.start();
        QTRY_COMPARE(readings.size(), 2);
        QCOMPARE(readings[1].first().value<Machine>().ram.available, Bytes{300});
        QCOMPARE(readings[1].first().value<Machine>().gpus.size(), size_t(1));
        devices.stop();
        QVERIFY(!devices.running());
        devices.setProgram(QStringLiteral("/no/such/engine"));
        devices.start();
        QTRY_VERIFY(!devices.running());
    }

    void changesMemory()
    {
        Fixture f;
        f.panel.setDetected(laptop());
        f.panel.setEditing(true);
        Fixture::type(f.find<GibBox>("freeVram"), QStringLiteral("3.5"));
        QCOMPARE(f.panel.machine().gpus[0].free, mib(3584));
        Fixture::type(f.find<GibBox>("totalRam"), QStringLiteral("64"));
        QCOMPARE(f.panel.machine().ram.total, gib(64));
        QCOMPARE(f.panel.machine().ram.available, gib(52));
        Fixture::type(f.find<GibBox>("availableRam"), QStringLiteral("40"));
        QCOMPARE(f.panel.machine().ram.available, gib(40));
        Fixture::type(f.find<GibBox>("totalRam"), QStringLiteral("8"));
        QCOMPARE(f.panel.machine().ram.available, Bytes{});
    }

    void refusesAbsurdNumbers()
    {
        Fixture f;
        f.panel.setDetected(laptop());
        f.panel.setEditing(true);
        for (const char *nonsense : {"-5", "99999999999", "abc", "1e9", "nan", "", "9"}) {
            Fixture::type(f.find<GibBox>("freeVram"), QLatin1String(nonsense));
            QVERIFY2(f.panel.machine().gpus[0].free <= gib(8), nonsense);
            Fixture::type(f.find<GibBox>("totalRam"), QLatin1String(nonsense));
            QVERIFY2(f.panel.machine().ram.total >= gib(1) && f.panel.machine().ram.total <= gib(65536), nonsense);
            QVERIFY2(f.panel.machine().ram.available <= f.panel.machine().ram.total, nonsense);
        }
    }

    void returnsToThisComputer()
    {
        Fixture f;
        f.panel.setDetected(laptop());
        f.panel.setEditing(true);
        Fixture::type(f.find<GibBox>("totalRam"), QStringLiteral("512"));
        Machine later = laptop();
        later.ram.available = gib(11);
        f.panel.setDetected(later);
        QCOMPARE(f.panel.machine().ram.total, gib(512));
        f.press("resetHardware");
        QVERIFY(!f.panel.pretending());
        QCOMPARE(f.panel.machine().ram.total, gib(32));
        QCOMPARE(f.panel.machine().ram.available, gib(11));
        QVERIFY(!f.find<QWidget>("pretendBanner")->isVisible());
        QVERIFY(!f.changes.last().first().value<Machine>().pretended);
    }

    void aComputerThatCannotBeRead()
    {
        Fixture f;
        QSignalSpy again(&f.panel, &HardwarePanel::detectRequested);
        f.panel.setFailure({ErrorCode::EngineMissing, {"/nowhere", "missing"}});
        QVERIFY(f.find<QWidget>("detectTrouble")->isVisible());
        f.press("detectHardware");
        QCOMPARE(again.size(), 1);
        f.find<QCheckBox>("editHardware")->click();
        QVERIFY(f.panel.pretending());
        QVERIFY(f.panel.machine().ram.total > Bytes{});
        f.panel.setDetected(laptop());
        QVERIFY(!f.find<QWidget>("detectTrouble")->isVisible());
        QVERIFY(f.panel.pretending());
    }

    void aSavedMachineIsPretended()
    {
        Fixture f;
        Machine saved = laptop();
        saved.gpus.push_back(saved.gpus.front());
        f.panel.setPretended(saved);
        QVERIFY(f.panel.pretending());
        QVERIFY(f.panel.editing());
        f.panel.setDetected(laptop());
        QCOMPARE(f.panel.machine().gpus.size(), size_t(2));
        f.panel.resetToDetected();
        QVERIFY(!f.panel.editing());
    }
};

QTEST_MAIN(HardwareTest)
#include "tst_hardware.moc"
