// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#undef slots   // Qt's word, for which the backend has a use of its own

#include "cuda_devices.h"
#include "family_cases.h"
#include "logits_reference.h"

#include <backend_impl.h>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr size_t promptTokens = 20;

/// A backend as it is, and what a test does to its uploads.
class WatchedBackend : public cuda::CudaBackend
{
public:
    explicit WatchedBackend(int32_t device) : CudaBackend(device, 0) {}

    Status uploadLater(std::byte *destination, std::span<const std::byte> source, uint32_t lane) override
    {
        if (uploads++ == stopAt)
            *stop = true;
        return CudaBackend::uploadLater(destination, source, lane);
    }
    Status uploadsAfterPhases() override { return uploadsWait ? CudaBackend::uploadsAfterPhases() : Status(); }
    Status phasesAfterUploads() override { return phasesWait ? CudaBackend::phasesAfterUploads() : Status(); }

    bool uploadsWait = true;
    bool phasesWait = true;
    uint64_t uploads = 0;
    uint64_t stopAt = UINT64_MAX;
    std::atomic<bool> *stop = nullptr;
};

Placement streamedTo(DeviceIndex device, Placement placement, uint32_t fromTokens = 1)
{
    placement.streaming = {device, fromTokens};
    return placement;
}

/// Mixers and output on the device, all else in RAM.
Placement mixersOn(const ModelShape &shape, DeviceIndex device)
{
    Placement placement;
    for (const Piece &piece : piecesOf(shape))
        placement.devices.push_back(canBeStreamed(piece.kind) || piece.kind == PieceKind::Embedding ? hostDevice : device);
    return placement;
}

/// Bytes of what a placement streams.
uint64_t streamedBytes(const ModelShape &shape, const Placement &placement)
{
    const PieceIndex index(shape);
    const std::vector<Piece> pieces = piecesOf(shape);
    uint64_t bytes = 0;
    for (const TensorSpec &tensor : shape.tensors) {
        const size_t piece = index.of(pieceOf(tensor));
        bytes += placement.streams(piece, pieces[piece].kind) ? tensor.bytes(tensor.type).value : 0;
    }
    return bytes;
}

} // namespace

/// Weights in RAM that are streamed to a CUDA device, which the test runtime pretends, against the CPU backend.
class TestCudaStreaming : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void cleanup()
    {
        simt::setKernelsLate(false);
        simt::setCopiesFail(false);
        simt::setPeerAccess(simt::PeerAccess::Right);
    }
    void families_data();
    void families();
    void fromSoManyTokens();
    void placesInTurns();
    void eitherFenceCounts();
    void devicesThatDoNotReachEachOther();
    void stoppedOnTheWay();
    void copyFails();
    void sessionsAccount();

private:
    std::string written(const std::string &name)
    {
        for (const FamilyCase &each : familyCases()) {
            if (each.name != name)
                continue;
            const std::string path = m_folder.filePath(QString::fromStdString(name)).toStdString();
            return writeFamily(each.entry, path) ? path : std::string();
        }
        return {};
    }
    std::unique_ptr<DeviceModel> loaded(const std::string &name, std::vector<std::unique_ptr<Backend>> devices,
        const DeviceModel::PlacementOf &place)
    {
        auto model = DeviceModel::load(written(name), m_options, std::move(devices), place);
        if (!model)
            qWarning("%s", describe(model.error()).c_str());
        return model ? *std::move(model) : nullptr;
    }
    std::vector<float> logits(DeviceModel *model, size_t chunk = promptTokens)
    {
        auto logits = model ? model->logits(m_tokens, chunk) : Result<std::vector<float>>(std::vector<float>());
        if (!logits)
            qWarning("%s", describe(logits.error()).c_str());
        return logits ? *logits : std::vector<float>();
    }
    std::vector<float> onHost(const std::string &name) { return logits(loaded(name, {}, hostPlacement).get()); }
    std::unique_ptr<DeviceModel> watched(const std::string &name, WatchedBackend *&backend, const DeviceModel::PlacementOf &place)
    {
        std::vector<std::unique_ptr<Backend>> devices;
        devices.push_back(std::make_unique<WatchedBackend>(0));
        backend = static_cast<WatchedBackend *>(devices.front().get());
        return loaded(name, std::move(devices), place);
    }

    QTemporaryDir m_folder;
    std::vector<int32_t> m_tokens = someTokens(promptTokens, 259);
    RunOptions m_options = optionsOf(promptTokens, GgmlType::F32);
};

void TestCudaStreaming::families_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"llama", "gemma2", "gemma4", "command-r", "gpt-oss", "qwen3moe", "deepseek2", "qwen35", "granitehybrid", "lfm2",
             "nemotron_h"})
        QTest::newRow(name) << name;
}

/// One layer on the device, all but the mixers in RAM, and only the output there; the prompt in two parts; kernels at once, and as late as
/// they may come. What was to be streamed came over once for each part, and no more; predicted bytes are those that are taken, and come back.
void TestCudaStreaming::families()
{
    QFETCH(QString, name);
    const std::vector<float> expected = onHost(name.toStdString());
    QVERIFY(!expected.empty());
    const std::vector<std::function<Placement(const ModelShape &)>> places = {
        [](const ModelShape &shape) { return layerPlacement(shape, 1, {}); },
        [](const ModelShape &shape) { return mixersOn(shape, 1); },
        [](const ModelShape &shape) {
            Placement placement = hostPlacement(shape);
            placement.devices.back() = 1;
            return placement;
        },
    };
    const uint64_t before = simt::allocatedBytes();
    for (const auto &place : places) {
        for (const bool late : {false, true}) {
            Placement placement;
            auto devices = cudaDevices(1);
            const uint64_t overhead = devices.front()->memory().overhead.value;
            auto model = loaded(name.toStdString(), std::move(devices), [&](const ModelShape &shape) {
                return placement = streamedTo(1, place(shape));
            });
            QVERIFY(model);
            QCOMPARE(simt::allocatedBytes() - before, overhead + model->layout().devices[1].owned().value);
            const uint64_t bytes = streamedBytes(model->shape(), placement);
            QVERIFY(bytes > 0);
            simt::setKernelsLate(late);
            const uint64_t uploaded = simt::uploadedBytes();
            QCOMPARE_LE(nmse(logits(model.get(), promptTokens / 2), expected), 1e-8);
            simt::setKernelsLate(false);
            // Beside it tokens, and rows of the residual stream where that is in RAM between mixers.
            const uint64_t rows = promptTokens * (16 + 4ull * model->shape().embedding * (2 * model->shape().layers() + 2));
            QCOMPARE_GE(simt::uploadedBytes() - uploaded, 2 * bytes);
            QCOMPARE_LE(simt::uploadedBytes() - uploaded, 2 * bytes + 2 * rows);
        }
        QCOMPARE(simt::allocatedBytes(), before);
    }
}

/// Shorter calls are computed where the weights are.
void TestCudaStreaming::fromSoManyTokens()
{
    Placement placement;
    auto model = loaded("qwen3moe", cudaDevices(1), [&](const ModelShape &shape) {
        return placement = streamedTo(1, mixersOn(shape, 1), promptTokens / 2);
    });
    QVERIFY(model);
    const uint64_t bytes = streamedBytes(model->shape(), placement);
    const std::vector<float> expected = onHost("qwen3moe");
    const auto uploads = [&](size_t chunk) {
        const uint64_t before = simt::uploadedBytes();
        const bool right = nmse(logits(model.get(), chunk), expected) <= 1e-8;
        return right ? simt::uploadedBytes() - before : 0;
    };
    QCOMPARE_GE(uploads(promptTokens / 2), 2 * bytes);
    const uint64_t fewer = uploads(promptTokens / 2 - 1);
    QVERIFY(fewer > 0 && fewer < bytes);
}

/// Neighbours lie side by side, and every other layer in the same place; a layer that streams nothing is not counted.
void TestCudaStreaming::placesInTurns()
{
    auto model = loaded("exaone4-windows", cudaDevices(1), [](const ModelShape &shape) {
        Placement placement = mixersOn(shape, 1);
        placement.devices[PieceIndex(shape).of({PieceKind::Ffn, 1})] = 1;
        return streamedTo(1, placement);
    });
    QVERIFY(model);
    std::vector<std::pair<uint64_t, uint64_t>> ranges(model->shape().layers(), {UINT64_MAX, 0});
    uint64_t end = 0;
    for (const BufferPlan &plan : model->layout().buffers) {
        if (plan.id != BufferId::Streamed)
            continue;
        QCOMPARE(plan.device, DeviceIndex{1});
        QCOMPARE(plan.offset % 256, uint64_t{0});
        auto &[first, last] = ranges[size_t(model->shape().tensors[size_t(plan.layer)].layer)];
        first = std::min(first, plan.offset);
        last = std::max(last, plan.offset + plan.bytes);
        end = std::max(end, last);
    }
    QCOMPARE_GE(ranges.size(), size_t{4});
    QCOMPARE(ranges[1].first, UINT64_MAX);
    QCOMPARE(ranges[0].first, uint64_t{0});
    QCOMPARE_GE(ranges[2].first, ranges[0].second);
    QCOMPARE(ranges[3].first, ranges[0].first);
    const Bytes taken = model->layout().devices[1].of(SegmentKind::Staging);
    QVERIFY(end <= taken.value && taken.value < end + (2u << 20));
}

/// The same without one of the two fences is wrong.
void TestCudaStreaming::eitherFenceCounts()
{
    const std::vector<float> expected = onHost("qwen3moe");
    const auto error = [&](bool uploadsWait, bool phasesWait) {
        WatchedBackend *backend = nullptr;
        auto model = watched("qwen3moe", backend, [](const ModelShape &shape) { return streamedTo(1, mixersOn(shape, 1)); });
        backend->uploadsWait = uploadsWait;
        backend->phasesWait = phasesWait;
        simt::setKernelsLate(true);
        const double found = nmse(logits(model.get()), expected);
        simt::setKernelsLate(false);
        return found;
    };
    QCOMPARE_LE(error(true, true), 1e-8);
    QVERIFY(!(error(false, true) <= 1e-3));
    QVERIFY(!(error(true, false) <= 1e-3));
}

/// What crosses from the device passes through the same staging buffer as the weights on their way there.
void TestCudaStreaming::devicesThatDoNotReachEachOther()
{
    const auto place = [](const ModelShape &shape) {
        Placement placement = mixersOn(shape, 1);
        const std::vector<Piece> pieces = piecesOf(shape);
        for (size_t i = 0; i < pieces.size(); ++i) {
            if (pieces[i].layer % 2 == 1 && !canBeStreamed(pieces[i].kind))
                placement.devices[i] = 2;
        }
        return streamedTo(1, placement);
    };
    for (const simt::PeerAccess access : {simt::PeerAccess::Right, simt::PeerAccess::None}) {
        simt::setPeerAccess(access);
        const uint64_t copies = simt::peerCopies();
        QCOMPARE_LE(nmse(logits(loaded("qwen3moe", cudaDevices(2), place).get()), onHost("qwen3moe")), 1e-8);
        QCOMPARE(simt::peerCopies() > copies, access == simt::PeerAccess::Right);
    }
}

/// Nothing more is sent, nothing is left under way, and the next prompt is right.
void TestCudaStreaming::stoppedOnTheWay()
{
    WatchedBackend *backend = nullptr;
    auto model = watched("qwen3moe", backend, [](const ModelShape &shape) { return streamedTo(1, mixersOn(shape, 1)); });
    QVERIFY(model);
    std::atomic<bool> stop = false;
    backend->stop = &stop;
    std::vector<BatchToken> batch;
    for (size_t i = 0; i < promptTokens; ++i)
        batch.push_back({m_tokens[i], uint32_t(i), 0, true});
    QVERIFY(model->forward().run(batch, &stop).ok());
    const uint64_t all = backend->uploads;
    for (uint64_t at = 0; at < all; at += 3) {
        stop = false;
        backend->stopAt = backend->uploads + at;
        const Status status = model->forward().run(batch, &stop);
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, ErrorCode::Cancelled);
        QCOMPARE(backend->uploads, backend->stopAt + 1);
    }
    backend->stopAt = UINT64_MAX;
    QCOMPARE_LE(nmse(logits(model.get()), onHost("qwen3moe")), 1e-8);
}

/// The error names the tensor, and the next prompt is right.
void TestCudaStreaming::copyFails()
{
    auto model = loaded("qwen3moe", cudaDevices(1), [](const ModelShape &shape) { return streamedTo(1, mixersOn(shape, 1)); });
    QVERIFY(model);
    simt::setCopiesFailAfter(1);   // the tokens are there
    const auto failed = model->logits(m_tokens, promptTokens);
    simt::setCopiesFail(false);
    QVERIFY(!failed.ok());
    QCOMPARE(failed.error().code, ErrorCode::DeviceLost);
    QCOMPARE(failed.error().arguments.at(0), std::string("CUDA0"));
    const QString detail = QString::fromStdString(failed.error().arguments.at(1));
    QVERIFY2(detail.startsWith("blk.0.") && detail.endsWith(": unknown error"), qPrintable(detail));
    QCOMPARE_LE(nmse(logits(model.get()), onHost("qwen3moe")), 1e-8);
}

/// A session of mapped weights, and one of weights read into RAM: predicted bytes of the device are those taken, and the logits are right.
void TestCudaStreaming::sessionsAccount()
{
    const std::vector<float> expected = onHost("qwen3moe");
    const uint64_t before = simt::allocatedBytes();
    for (const bool mapped : {true, false}) {
        LoadOptions load = exactOptions(promptTokens);
        load.run.mapWeights = mapped;
        load.place = [](const ModelShape &shape, const RunOptions &) {
            return Result<Placing>(Placing{streamedTo(1, mixersOn(shape, 1)), {{"CUDA0", [] { return makeCudaBackend(0); }}}});
        };
        auto session = Session::load(written("qwen3moe"), load);
        QVERIFY2(session.ok(), session ? "" : describe(session.error()).c_str());
        const DeviceMemoryReport device = (*session)->memory().devices.at(0);
        QCOMPARE(device.actual, device.predicted);
        QVERIFY((*session)->layout().devices[1].of(SegmentKind::Staging).value > 0);
        const auto found = logitsOf(**session, m_tokens, promptTokens);
        QVERIFY(found.ok());
        QCOMPARE_LE(nmse(*found, expected), 1e-8);
    }
    QCOMPARE(simt::allocatedBytes(), before);
}

QTEST_GUILESS_MAIN(TestCudaStreaming)
#include "tst_cuda_streaming.moc"
