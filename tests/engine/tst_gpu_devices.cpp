// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/cuda/plugin.h>
#include <plimsoll/engine/probe/probe.h>

#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

/// What only a machine with an NVIDIA GPU can show. Skips by name elsewhere.
class TestGpuDevices : public QObject
{
    Q_OBJECT

private slots:
    void enumerationMakesNoContext()
    {
        const auto plugin = CudaPlugin::find(PLIMSOLL_BIN);
        if (!plugin)
            QSKIP("no CUDA plugin in this build");
        if (!plugin->devices())
            QSKIP("no CUDA device on this machine");
        ProbeOptions options;
        options.programFolder = PLIMSOLL_BIN;
        const Probe probe(options);
        const Machine machine = probe.machine();
        QVERIFY(!machine.gpus.empty());
        for (const Gpu &gpu : machine.gpus) {
            QVERIFY(gpu.total.value > gib(1).value && gpu.free <= gpu.total);
            QVERIFY(gpu.bandwidth.known() && gpu.link.known());
            QVERIFY(!gpu.driver.empty() && gpu.uuid.starts_with("GPU-"));
            for (const GpuProcess &process : gpu.processes)
                QVERIFY(process.pid != static_cast<uint64_t>(QCoreApplication::applicationPid()));
        }
    }
};

QTEST_GUILESS_MAIN(TestGpuDevices)
#include "tst_gpu_devices.moc"
