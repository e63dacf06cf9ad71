// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/cuda/plugin.h>

#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

QString fake(int kind)
{
    return QStringLiteral(PLIMSOLL_FAKES "/fake_cuda_plugin_%1.so").arg(kind);
}

QString reasonOf(const Error &error)
{
    return error.code == ErrorCode::CudaUnavailable ? QString::fromStdString(error.arguments.at(0)) : QStringLiteral("another error");
}

} // namespace

class TestCudaPlugin : public QObject
{
    Q_OBJECT

private slots:
    void absentPluginIsNamed()
    {
        const auto plugin = CudaPlugin::open("/nowhere/libplimsoll_cuda.so");
        QVERIFY(!plugin);
        QCOMPARE(reasonOf(plugin.error()), QStringLiteral("plugin"));
        QCOMPARE(plugin.error().arguments.at(1), std::string("/nowhere/libplimsoll_cuda.so"));
    }

    void findLooksBesideTheProgramAndInLib()
    {
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath("bin") && QDir(folder.path()).mkpath("lib/plimsoll"));
        const std::string bin = folder.filePath("bin").toStdString();
        QCOMPARE(reasonOf(CudaPlugin::find(bin).error()), QStringLiteral("plugin"));
        QVERIFY(QFile::copy(fake(1), folder.filePath("lib/plimsoll/libplimsoll_cuda.so")));
        QVERIFY(CudaPlugin::find(bin).ok());
        QVERIFY(QFile::copy(fake(4), folder.filePath("bin/libplimsoll_cuda.so")));   // this one comes first
        QCOMPARE(reasonOf(CudaPlugin::find(bin).error()), QStringLiteral("build"));
    }

    void otherBuildsAreRefused_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("detail");
        QTest::newRow("refuses us") << 4 << QStringLiteral("0.0.7/99");
        QTest::newRow("has no entry") << 5 << fake(5);
        QTest::newRow("has a smaller interface") << 6 << QStringLiteral("0.0.7/99");
    }
    void otherBuildsAreRefused()
    {
        QFETCH(int, kind);
        QFETCH(QString, detail);
        const auto plugin = CudaPlugin::open(fake(kind).toStdString());
        QVERIFY(!plugin);
        QCOMPARE(reasonOf(plugin.error()), QStringLiteral("build"));
        QCOMPARE(QString::fromStdString(plugin.error().arguments.at(1)), detail);
    }

    void brokenLibraryGivesTheLoadersWords()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("broken.so"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("not a library") > 0);
        file.close();
        const auto plugin = CudaPlugin::open(file.fileName().toStdString());
        QVERIFY(!plugin);
        QCOMPARE(reasonOf(plugin.error()), QStringLiteral("library"));
        QVERIFY(!plugin.error().arguments.at(1).empty());
    }

    void driverAndDeviceAreToldApart()
    {
        const auto noDriver = CudaPlugin::open(fake(2).toStdString());
        QVERIFY(noDriver.ok());
        QCOMPARE(reasonOf(noDriver->devices().error()), QStringLiteral("driver"));
        const auto noDevice = CudaPlugin::open(fake(3).toStdString());
        QVERIFY(noDevice.ok());
        QCOMPARE(reasonOf(noDevice->devices().error()), QStringLiteral("device"));
    }

    void devicesAreRead()
    {
        const auto plugin = CudaPlugin::open(fake(1).toStdString());
        QVERIFY(plugin.ok());
        const auto devices = plugin->devices();
        QVERIFY(devices.ok());
        QCOMPARE(devices->size(), size_t(2));
        const CudaDevice &device = (*devices)[1];
        QCOMPARE(device.name, std::string("NVIDIA GeForce RTX 4090"));
        QCOMPARE(device.uuid, std::string("GPU-00010203-0405-0607-0809-0a0b0c0d0e0f"));
        QCOMPARE(device.computeCapability, std::string("8.9"));
        QCOMPARE(device.total.value, gib(24).value);
        QCOMPARE((*devices)[0].bandwidth.gbPerSecond(), 3352.32);   // an H100's: 2 × 2619 MHz × 640 bytes
        QCOMPARE(reasonOf(plugin->cublas().error()), QStringLiteral("library"));
    }

    void backendsAreMade()
    {
        const auto computes = CudaPlugin::open(fake(7).toStdString());
        QVERIFY(computes.ok());
        const auto backend = computes->makeBackend(1);
        QVERIFY(backend.ok());
        QCOMPARE((*backend)->traits().name, std::string("pretended"));
        const auto lists = CudaPlugin::open(fake(1).toStdString());
        QVERIFY(lists.ok());
        const auto none = lists->makeBackend(0);
        QCOMPARE(reasonOf(none.error()), QStringLiteral("device"));
        QCOMPARE(none.error().arguments.at(1), std::string("no kernels for device 0"));
    }

    /// The plugin's own entry, with the test runtime in place of CUDA's.
    void pluginOnTheProcessor()
    {
        const auto plugin = CudaPlugin::open(PLIMSOLL_SIMT_PLUGIN);
        QVERIFY2(plugin.ok(), plugin ? "" : plugin.error().arguments.back().c_str());
        const auto devices = plugin->devices();
        QVERIFY(devices.ok());
        QCOMPARE(devices->size(), size_t(2));
        const CudaDevice &device = devices->back();
        QCOMPARE(device.name, std::string("Processor as GPU 1"));
        QCOMPARE(device.uuid, std::string("GPU-00000000-0000-0000-0000-000000000001"));
        QCOMPARE(device.pciBusId, std::string("0000:02:00.0"));
        QCOMPARE(device.computeCapability, std::string("9.0"));
        QVERIFY(!device.bandwidth.known());   // its clock is not told
#ifndef __SANITIZE_ADDRESS__   // the real one, which leaks where it is closed again
        const Status cublas = plugin->cublas();
        QVERIFY(cublas.ok() || reasonOf(cublas.error()) == "library");
#endif
        const auto backend = plugin->makeBackend(1);
        QVERIFY(backend.ok());
        QCOMPARE((*backend)->traits(), cudaTraits());
        const auto none = plugin->makeBackend(2);
        QCOMPARE(reasonOf(none.error()), QStringLiteral("device"));
        QCOMPARE(none.error().arguments.at(1), std::string("invalid device ordinal"));
    }

    /// The plugin of this build, on whatever machine this is: it opens, and says devices or a reason.
    void realPlugin()
    {
        const auto plugin = CudaPlugin::find(PLIMSOLL_BIN);
        if (!plugin && reasonOf(plugin.error()) == "plugin")
            QSKIP("built without the CUDA plugin");
        QVERIFY2(plugin.ok(), plugin ? "" : plugin.error().arguments.back().c_str());
        const auto devices = plugin->devices();
        if (devices)
            QVERIFY(!devices->empty() && (*devices)[0].total.value > 0);
        else
            QVERIFY(reasonOf(devices.error()) == "driver" || reasonOf(devices.error()) == "device");
    }
};

QTEST_GUILESS_MAIN(TestCudaPlugin)
#include "tst_cuda_plugin.moc"
