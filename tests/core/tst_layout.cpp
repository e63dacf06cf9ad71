// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/layout/layout.h>
#include <plimsoll/layout/layouter.h>
#include <plimsoll/model/mix.h>

#include <QTest>

#include <map>

using namespace plimsoll;

namespace {

const Catalog &catalog()
{
    static const Catalog loaded = [] {
        auto result = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        return result.ok() ? std::move(*result) : Catalog{};
    }();
    return loaded;
}

const ModelShape &shapeOf(const char *id)
{
    return (*catalog().model(id))->shape;
}

Layout laidOut(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const RunOptions &options, size_t gpus)
{
    std::vector<BackendTraits> traits{cpuTraits()};
    traits.resize(gpus + 1, cudaTraits());
    std::vector<Bytes> overhead{Bytes{}};
    overhead.resize(gpus + 1, mib(450));
    auto layout = layOut(shape, types, placement, options, traits, overhead);
    return layout.ok() ? std::move(*layout) : Layout{};
}

/// A block with a sliding window, for what no listed family has yet.
ModelShape windowed(uint32_t window)
{
    ModelShape shape;
    shape.architecture = "test";
    shape.embedding = 64;
    shape.vocabulary = 10;
    BlockSpec block;
    block.attention.heads = block.attention.kvHeads = 2;
    block.attention.headDimK = block.attention.headDimV = 32;
    block.attention.window = window;
    block.ffn.width = 128;
    shape.blocks.assign(2, block);
    return shape;
}

} // namespace

class TestLayout : public QObject
{
    Q_OBJECT

private slots:
    void everythingInRamIsMappedWeights()
    {
        const ModelShape &shape = shapeOf("llama-3.2-1b");
        const WeightTypes types = mixTypes(shape, FileType::Q4_K_M);
        const Layout layout = laidOut(shape, types, hostPlacement(shape), RunOptions{}, 0);
        QCOMPARE(layout.devices.size(), size_t{1});
        QCOMPARE(layout.devices[0].mapped(), weightBytes(shape, types));
        QCOMPARE(layout.devices[0].of(SegmentKind::Weights, Backing::Owned), Bytes{});
        // 16 layers × 2 × 8 heads × 64 × 2 bytes × 4096 tokens.
        QCOMPARE(layout.devices[0].of(SegmentKind::Kv), Bytes{16ull * 2 * 8 * 64 * 2 * 4096});
        QCOMPARE(layout.devices[0].of(SegmentKind::Staging), Bytes{});
        QVERIFY(!layout.find(BufferId::ExpertRows, hostDevice));
    }

    void ownedWeightsHaveABufferEach()
    {
        const ModelShape &shape = shapeOf("qwen3-0.6b");
        const WeightTypes types = mixTypes(shape, FileType::Q8_0);
        RunOptions options;
        options.mapWeights = false;
        const Layout layout = laidOut(shape, types, hostPlacement(shape), options, 0);
        QCOMPARE(layout.devices[0].mapped(), Bytes{});
        QVERIFY(layout.devices[0].of(SegmentKind::Weights) >= weightBytes(shape, types));
        for (size_t i = 0; i < shape.tensors.size(); ++i) {
            const BufferPlan *plan = layout.find(BufferId::Weights, hostDevice, static_cast<int32_t>(i));
            QVERIFY(plan);
            QCOMPARE(Bytes{plan->bytes}, shape.tensors[i].bytes(types[i]));
        }
    }

    void buffersLieApartInsideTheirArenas()
    {
        const ModelShape &shape = shapeOf("qwen3-30b-a3b");
        const WeightTypes types = mixTypes(shape, FileType::Q4_K_M);
        RunOptions options;
        options.threads = 4;
        options.sequences = 3;
        const Layout layout = laidOut(shape, types, layerPlacement(shape, 30, {1, 2}), options, 2);
        const BackendTraits traits[] = {cpuTraits(), cudaTraits()};
        std::map<std::pair<DeviceIndex, SegmentKind>, uint64_t> ends;
        for (const BufferPlan &buffer : layout.buffers) {
            const BackendTraits &own = traits[buffer.device == hostDevice ? 0 : 1];
            uint64_t &end = ends[{buffer.device, buffer.segment}];
            QVERIFY(buffer.offset >= end);
            QCOMPARE(buffer.offset % own.bufferAlignment, uint64_t{0});
            end = buffer.offset + buffer.bytes;
        }
        for (const auto &[where, end] : ends) {
            const Bytes arena = layout.devices[where.first].of(where.second, Backing::Owned);
            const BackendTraits &own = traits[where.first == hostDevice ? 0 : 1];
            QVERIFY(arena.value >= end);
            QVERIFY(arena.value < end + own.bufferAlignment + own.arenaAlignment);
            QCOMPARE(arena.value % own.arenaAlignment, uint64_t{0});
        }
    }

    void weightsAddUpOverDevices()
    {
        const ModelShape &shape = shapeOf("llama-3.1-8b");
        const WeightTypes types = mixTypes(shape, FileType::Q5_K_M);
        const Layout layout = laidOut(shape, types, layerPlacement(shape, 20, {1, 1}), RunOptions{}, 2);
        Bytes sum;
        for (const DeviceLayout &device : layout.devices)
            sum += device.of(SegmentKind::Weights);
        const Bytes exact = weightBytes(shape, types);
        QVERIFY(sum >= exact);
        QVERIFY(sum.value - exact.value < mib(8).value);   // padding, and the RoPE divisors on each device
        Bytes cache;
        for (const DeviceLayout &device : layout.devices)
            cache += device.of(SegmentKind::Kv);
        QCOMPARE(cache, gib(4096ull * 131072 / 1073741824) + Bytes{4096ull * 131072 % 1073741824});
    }

    /// Gemma 4 E2B: the last 20 of 35 layers read the caches of layers 13 (a window of 512) and 14, each one head of keys and of values;
    /// each layer takes 256 elements of its own.
    void sharedCachesAndLayerInputs()
    {
        const ModelShape &shape = shapeOf("gemma-4-e2b");
        const WeightTypes types = mixTypes(shape, FileType::Q4_K_M);
        RunOptions options;
        options.context = 8192;
        const Layout host = laidOut(shape, types, hostPlacement(shape), options, 0);
        QCOMPARE(host.devices[0].of(SegmentKind::Kv), Bytes{(12 * (512 + 512) * 256 + 3 * 8192 * 512) * 2ull * 2});
        QVERIFY(host.find(BufferId::KvK, hostDevice, 14) && !host.find(BufferId::KvK, hostDevice, 15));
        QCOMPARE(host.find(BufferId::LayerInputs, hostDevice)->bytes, uint64_t{35} * 512 * 256 * 4);

        for (const uint32_t onGpu : {10u, 22u}) {
            const Placement placement = layerPlacement(shape, onGpu, {});
            const std::vector<Piece> pieces = piecesOf(shape);
            for (size_t i = 0; i < pieces.size(); ++i) {
                const DeviceIndex own = pieces[i].layer >= static_cast<int32_t>(35 - onGpu) ? 1 : 0;
                const int32_t layer = pieces[i].layer;
                if (pieces[i].kind == PieceKind::Mixer)
                    QCOMPARE(placement.devices[i], layer >= 15 && onGpu == 10 ? hostDevice : own);
                if (pieces[i].kind == PieceKind::Ffn)
                    QCOMPARE(placement.devices[i], own);
            }
            const Layout layout = laidOut(shape, types, placement, options, 1);
            QCOMPARE(layout.find(BufferId::LayerInputs, 1)->bytes, uint64_t{512} * 256 * 4);
        }
    }

    void latentCacheOfDeepSeek()
    {
        const ModelShape &shape = shapeOf("deepseek-r1-671b");
        RunOptions options;
        options.context = 1000;
        const Layout layout = laidOut(shape, mixTypes(shape, FileType::Q4_K_M), hostPlacement(shape), options, 0);
        const uint64_t exact = 70272ull * 1000;
        const uint64_t found = layout.devices[0].of(SegmentKind::Kv).value;
        QVERIFY(found >= exact && found < exact + 61 * 64 + 4096);
        QVERIFY(!layout.find(BufferId::KvV, hostDevice, 0));
    }

    void quantizedCacheCostsItsBlocks()
    {
        const ModelShape &shape = shapeOf("llama-3.1-8b");
        const WeightTypes types = typesOf(shape);
        RunOptions options;
        const Bytes half = laidOut(shape, types, hostPlacement(shape), options, 0).devices[0].of(SegmentKind::Kv);
        options.kvTypeK = options.kvTypeV = GgmlType::Q8_0;
        const Bytes eight = laidOut(shape, types, hostPlacement(shape), options, 0).devices[0].of(SegmentKind::Kv);
        QCOMPARE(eight.value * 16, half.value / 2 * 17);
        options.kvTypeK = options.kvTypeV = GgmlType::Q4_0;
        const Bytes four = laidOut(shape, types, hostPlacement(shape), options, 0).devices[0].of(SegmentKind::Kv);
        QCOMPARE(four.value * 32, half.value / 2 * 18);
    }

    void windowsHoldARing()
    {
        const ModelShape shape = windowed(100);
        RunOptions options;
        options.context = 4096;
        options.batch = 50;
        QCOMPARE(cellsPerSequence(shape.blocks[0], options), uint64_t{150});
        options.context = 120;
        QCOMPARE(cellsPerSequence(shape.blocks[0], options), uint64_t{120});
        QCOMPARE(cellsPerSequence(windowed(0).blocks[0], options), uint64_t{120});
    }

    void sequencesMultiplyCellsNotWeights()
    {
        const ModelShape &shape = shapeOf("qwen3-4b");
        const WeightTypes types = mixTypes(shape, FileType::Q4_K_M);
        RunOptions options;
        const Layout one = laidOut(shape, types, hostPlacement(shape), options, 0);
        options.sequences = 4;
        const Layout four = laidOut(shape, types, hostPlacement(shape), options, 0);
        QCOMPARE(four.devices[0].of(SegmentKind::Kv).value, one.devices[0].of(SegmentKind::Kv).value * 4);
        QCOMPARE(four.devices[0].mapped(), one.devices[0].mapped());
    }

    void aTiedOutputElsewhereIsStoredThere()
    {
        const ModelShape &shape = shapeOf("llama-3.2-1b");
        const WeightTypes types = mixTypes(shape, FileType::Q4_K_M);
        const Layout without = laidOut(shape, types, layerPlacement(shape, 16, {}), RunOptions{}, 1);
        const Layout with = laidOut(shape, types, layerPlacement(shape, 17, {}), RunOptions{}, 1);
        const TensorSpec *embedding = shape.find(TensorRole::TokenEmbedding);
        const Bytes table = embedding->bytes(GgmlType::Q6_K);
        QCOMPARE(with.devices[0].mapped(), without.devices[0].mapped() - shape.find(TensorRole::OutputNorm)->bytes(GgmlType::F32));
        const Bytes more = with.devices[1].of(SegmentKind::Weights) - without.devices[1].of(SegmentKind::Weights);
        QVERIFY(more >= table - mib(2));
        QVERIFY(with.find(BufferId::Logits, 1));
        QVERIFY(with.find(BufferId::Logits, hostDevice));
        QVERIFY(!without.find(BufferId::Logits, 1));
        QVERIFY(with.find(BufferId::Staging, hostDevice, 1));
    }

    void onlyDevicesInUseHoldAnything()
    {
        const ModelShape &shape = shapeOf("llama-3.2-1b");
        const Layout layout = laidOut(shape, typesOf(shape), layerPlacement(shape, 4, {1, 0}), RunOptions{}, 2);
        QVERIFY(layout.devices[1].owned().value > 0);
        QCOMPARE(layout.devices[2].owned(), Bytes{});
        QVERIFY(layout.devices[1].of(SegmentKind::Overhead) == mib(450));
    }

    void foldedNeedsEqualTheLayout()
    {
        const std::vector<BackendTraits> traits{cpuTraits(), cudaTraits()};
        const std::vector<Bytes> overhead{Bytes{}, mib(450)};
        for (const char *id : {"deepseek-r1-671b", "qwen3-30b-a3b", "llama-3.2-1b", "qwen3-8b"}) {
            const ModelShape &shape = shapeOf(id);
            const WeightTypes types = mixTypes(shape, FileType::Q4_K_M);
            const auto layouter = Layouter::make(shape, types, RunOptions{}, traits, overhead);
            QVERIFY(layouter.ok());
            const uint32_t layers = shape.layers();
            for (const uint32_t onGpu : {1u, layers / 2, layers, layers + 1}) {
                const Placement placement = layerPlacement(shape, onGpu, {});
                DeviceNeeds together;
                together.weights = layouter->ropeFactorBytes(1);
                for (size_t i = 0; i < placement.devices.size(); ++i) {
                    if (placement.devices[i] == 1)
                        together.add(layouter->needs(1, i));
                }
                if (onGpu > layers)
                    together.weights += layouter->tiedOutputBytes(1);
                QCOMPARE(layouter->ownedBytes(1, together), layouter->layOut(placement).devices[1].owned());
            }
        }
    }

    void totalsEqualTheLayout()
    {
        const std::vector<BackendTraits> traits{cpuTraits(), cudaTraits(), cudaTraits()};
        const std::vector<Bytes> overhead{Bytes{}, mib(450), mib(300)};
        for (const char *id : {"deepseek-r1-671b", "qwen3-30b-a3b", "llama-3.2-1b", "qwen3-8b"}) {
            const ModelShape &shape = shapeOf(id);
            for (const bool mapped : {true, false}) {
                RunOptions options;
                options.mapWeights = mapped;
                options.threads = 3;
                options.outputs = 7;
                const auto layouter = Layouter::make(shape, mixTypes(shape, FileType::Q4_K_M), options, traits, overhead);
                QVERIFY(layouter.ok());
                for (uint32_t onGpu = 0; onGpu <= shape.layers() + 1; onGpu += 3) {
                    for (const bool expertsInRam : {false, true}) {
                        Placement placement = layerPlacement(shape, onGpu, {1, 2}, expertsInRam);
                        for (size_t i = 0; onGpu % 2 == 0 && i < placement.devices.size(); ++i)
                            placement.disk.push_back(i % 3 == 0);
                        if (onGpu % 9 == 3)
                            placement.streaming = {1 + onGpu % 2, 64};
                        const Layout layout = layouter->layOut(placement);
                        const std::vector<DeviceTotal> totals = layouter->totals(placement);
                        for (size_t i = 0; i < totals.size(); ++i) {
                            QCOMPARE(totals[i].mapped, layout.devices[i].mapped());
                            QCOMPARE(totals[i].owned, layout.devices[i].owned());
                        }
                    }
                }
            }
        }
    }

    void badOptionsAreRefused()
    {
        const ModelShape &shape = shapeOf("qwen3-0.6b");
        const WeightTypes types = typesOf(shape);
        const std::vector<BackendTraits> traits{cpuTraits()};
        const std::vector<Bytes> overhead{Bytes{}};
        const auto refused = [&](RunOptions options) {
            const auto layout = layOut(shape, types, hostPlacement(shape), options, traits, overhead);
            return !layout.ok() && layout.error().code == ErrorCode::InvalidArgument;
        };
        RunOptions options;
        options.context = 0;
        QVERIFY(refused(options));
        options = {};
        options.batch = 0;
        QVERIFY(refused(options));
        options = {};
        options.sequences = 0;
        QVERIFY(refused(options));
        options = {};
        options.context = UINT32_MAX;
        options.sequences = UINT32_MAX;
        options.batch = UINT32_MAX;
        QVERIFY(refused(options));
        const ModelShape odd = windowed(0);
        RunOptions blocks;
        blocks.kvTypeK = GgmlType::Q4_K;
        QVERIFY(!layOut(odd, typesOf(odd), hostPlacement(odd), blocks, traits, overhead).ok());
        const auto wrong = layOut(shape, types, Placement{{0, 0}}, RunOptions{}, traits, overhead);
        QVERIFY(!wrong.ok());
    }

    void sharesSplitLayers()
    {
        const ModelShape &shape = shapeOf("qwen3-8b");
        const Placement placement = layerPlacement(shape, 30, {3, 0, 1});
        std::map<DeviceIndex, int> mixers;
        const std::vector<Piece> pieces = piecesOf(shape);
        for (size_t i = 0; i < pieces.size(); ++i) {
            if (pieces[i].kind == PieceKind::Mixer)
                ++mixers[placement.devices[i]];
        }
        QCOMPARE(mixers[0], 6);
        QCOMPARE(mixers[1] + mixers[3], 30);
        QVERIFY(mixers[1] == 22 || mixers[1] == 23);
        QCOMPARE(mixers.count(2), size_t{0});
    }

    void settledOptions()
    {
        RunOptions options;
        options.context = 100;
        options.batch = 512;
        options.sequences = 2;
        QCOMPARE(settled(options).batch, 200u);
        QCOMPARE(settled(options).outputs, 2u);
    }
};

QTEST_GUILESS_MAIN(TestLayout)
#include "tst_layout.moc"
