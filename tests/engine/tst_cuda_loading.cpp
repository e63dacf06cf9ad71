// SPDX-License-Identifier: Apache-2.0
#include "cuda_devices.h"

#include <plimsoll/engine/base/file.h>
#include <plimsoll/engine/run/weight_loader.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr uint64_t block = InputFile::blockBytes;
constexpr uint64_t fileBytes = 1'000'000;   // not a multiple of anything

/// Bytes that tell where they are from.
std::vector<std::byte> someBytes(uint64_t count)
{
    std::vector<std::byte> bytes(count);
    for (uint64_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::byte>((i * 2654435761u) >> 13);
    return bytes;
}

/// A device, a file, and staging between them.
struct Loading
{
    Loading(const std::string &path, uint64_t stagingBytes)
        : staging(Arena::make({stagingBytes}, "staging")), devices(cudaDevices(1)), device(*devices.front()),
          arena(device.allocate(SegmentKind::Weights, {fileBytes})), file(InputFile::open(path))
    {
    }
    bool ready() const { return staging && arena && file; }

    /// Three tensors, not aligned, longer than a half of the staging and shorter than a block.
    std::vector<WeightCopy> copies() const
    {
        std::vector<WeightCopy> all;
        for (const auto &[begin, end] : {std::pair(96, 700'096), std::pair(700'128, 700'160), std::pair(700'160, int(fileBytes))})
            all.push_back({{0, uint64_t(begin), uint64_t(end - begin)}, *arena + begin});
        return all;
    }

    /// All of them; the staging without its first bytes.
    Status upload(ThreadPool &pool, const std::function<void(uint64_t)> &progress, const std::atomic<bool> *cancel = nullptr,
        uint64_t skipped = 0)
    {
        WeightLoader loader({&*file, 1}, pool, progress, cancel);
        return loader.upload(device, staging->bytes().subspan(skipped), copies());
    }

    Result<Arena> staging;
    std::vector<std::unique_ptr<Backend>> devices;
    Backend &device;
    Result<std::byte *> arena;
    Result<InputFile> file;
};

} // namespace

/// From the file to a device's memory: copies of the stand-in come as late as the CUDA runtime allows.
class TestCudaLoading : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void readsOnce_data();
    void readsOnce();
    void uploads_data();
    void uploads();
    void isStopped();
    void fileEndsEarly();
    void deviceIsLost();
    void contextIsMeasured();

private:
    /// What is in the page cache is forgotten, as far as the file system follows.
    void coolDown() const;

    QTemporaryDir m_folder;
    std::string m_path;
    std::vector<std::byte> m_bytes = someBytes(fileBytes);
    ThreadPool m_pool{3};
};

void TestCudaLoading::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_path = m_folder.filePath("weights").toStdString();
    QFile file(QString::fromStdString(m_path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(reinterpret_cast<const char *>(m_bytes.data()), qint64(fileBytes)), qint64(fileBytes));
}

void TestCudaLoading::coolDown() const
{
    const int descriptor = open(m_path.c_str(), O_RDONLY);
    QVERIFY(descriptor >= 0);
    QCOMPARE(fsync(descriptor), 0);
    QCOMPARE(posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED), 0);
    ::close(descriptor);
}

void TestCudaLoading::readsOnce_data()
{
    QTest::addColumn<bool>("cold");
    QTest::addColumn<quint64>("offset");
    QTest::addColumn<quint64>("bytes");
    for (const bool cold : {false, true}) {
        const char *const state = cold ? "cold" : "warm";
        QTest::addRow("%s, begin", state) << cold << quint64(0) << quint64(1);
        QTest::addRow("%s, whole blocks", state) << cold << quint64(block) << quint64(16 * block);
        QTest::addRow("%s, across blocks", state) << cold << quint64(5 * block - 32) << quint64(64);
        QTest::addRow("%s, end", state) << cold << quint64(fileBytes - 100'001) << quint64(100'001);
        QTest::addRow("%s, last byte", state) << cold << quint64(fileBytes - 1) << quint64(1);
    }
}

void TestCudaLoading::readsOnce()
{
    QFETCH(bool, cold);
    QFETCH(quint64, offset);
    QFETCH(quint64, bytes);
    if (cold)
        coolDown();
    const auto file = InputFile::open(m_path);
    QVERIFY(file);
    const auto memory = Arena::make({bytes + 2 * block}, "test");
    QVERIFY(memory);
    const std::span<std::byte> out = memory->bytes().subspan(offset % block, bytes);
    QVERIFY(file->readOnce(offset, out));
    QVERIFY(std::equal(out.begin(), out.end(), m_bytes.begin() + qint64(offset)));
    QVERIFY(!file->readOnce(fileBytes / block * block, memory->bytes().first(block)));   // ends before
}

void TestCudaLoading::uploads_data()
{
    QTest::addColumn<bool>("cold");
    QTest::addColumn<quint64>("staging");
    QTest::addColumn<quint64>("skipped");
    QTest::newRow("warm, at once") << false << quint64(4 << 20) << quint64(0);
    QTest::newRow("cold, at once") << true << quint64(4 << 20) << quint64(0);
    QTest::newRow("cold, many rounds") << true << quint64(10 * block) << quint64(0);
    QTest::newRow("staging in the middle of a page") << true << quint64(10 * block) << quint64(64);
    QTest::newRow("smallest staging") << true << quint64(3 * block) << quint64(block - 64);
}

void TestCudaLoading::uploads()
{
    QFETCH(bool, cold);
    QFETCH(quint64, staging);
    QFETCH(quint64, skipped);
    if (cold)
        coolDown();
    Loading load(m_path, staging + skipped);
    QVERIFY(load.ready());
    load.device.pin(load.staging->bytes());
    uint64_t arrived = 0;
    QVERIFY(load.upload(m_pool, [&](uint64_t bytes) { arrived += bytes; }, nullptr, skipped));
    uint64_t all = 0;
    for (const WeightCopy &copy : load.copies()) {
        std::vector<std::byte> there(copy.place.bytes);
        QVERIFY(load.device.download(there, copy.destination));
        QVERIFY(std::equal(there.begin(), there.end(), m_bytes.begin() + qint64(copy.place.offset)));
        all += copy.place.bytes;
    }
    QCOMPARE(arrived, all);
    // Between them nothing was written.
    std::byte gap{};
    QVERIFY(load.device.download({&gap, 1}, *load.arena + 700'100));
    QCOMPARE(gap, std::byte{0});
}

void TestCudaLoading::isStopped()
{
    Loading load(m_path, 10 * block);
    QVERIFY(load.ready());
    std::atomic<bool> cancel = false;
    uint64_t arrived = 0;
    const auto stop = [&](uint64_t bytes) {
        arrived += bytes;
        cancel = arrived > fileBytes / 4;
    };
    QCOMPARE(load.upload(m_pool, stop, &cancel).error().code, ErrorCode::Cancelled);
    QVERIFY(arrived < fileBytes / 2);
}

/// It became shorter since its header was read.
void TestCudaLoading::fileEndsEarly()
{
    const std::string shorter = m_path + ".shorter";
    QVERIFY(QFile::copy(QString::fromStdString(m_path), QString::fromStdString(shorter)));
    QVERIFY(QFile::resize(QString::fromStdString(shorter), 800'000));
    Loading load(shorter, 10 * block);
    QVERIFY(load.ready());
    const Status status = load.upload(m_pool, [](uint64_t) {});
    QCOMPARE(status.error().code, ErrorCode::FileUnreadable);
    QCOMPARE(status.error().arguments.at(0), shorter);
}

void TestCudaLoading::deviceIsLost()
{
    Loading load(m_path, 10 * block);
    QVERIFY(load.ready());
    simt::setCopiesFail(true);
    const Status status = load.upload(m_pool, [](uint64_t) {});
    simt::setCopiesFail(false);
    QCOMPARE(status.error().code, ErrorCode::DeviceLost);
}

/// By the first backend on a device: what was free before, less what is free now. Here a context takes nothing.
void TestCudaLoading::contextIsMeasured()
{
    size_t free = 0;
    size_t total = 0;
    QCOMPARE(cudaMemGetInfo(&free, &total), cudaSuccess);
    const auto overheadOf = [&](uint64_t freeBefore) { return (*makeCudaBackend(1, freeBefore))->memory(); };
    const DeviceMemory first = overheadOf(free + mib(300).value);
    QVERIFY(first.overheadIsWhole);
    const uint64_t own = first.overhead.value - mib(300).value;
    const DeviceMemory second = overheadOf(free + mib(300).value);
    QVERIFY(!second.overheadIsWhole);
    QCOMPARE(second.overhead.value, own);
    QVERIFY(own > 0 && own < mib(1).value);
}

QTEST_GUILESS_MAIN(TestCudaLoading)
#include "tst_cuda_loading.moc"
