// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/layout/layouter.h>
#include <plimsoll/model/architecture.h>
#include <plimsoll/model/mix.h>
#include <plimsoll/plan/plan.h>
#include <plimsoll/speed/speed.h>

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>
#include <limits>

using namespace plimsoll;

namespace {

nlohmann::json smallModel(bool experts, int blocks)
{
    nlohmann::json values = {{"block_count", blocks}, {"context_length", 32768}, {"embedding_length", 2048},
        {"feed_forward_length", 6144}, {"vocab_size", 32000}, {"attention.head_count", 16}, {"attention.head_count_kv", 4},
        {"attention.key_length", 128}, {"attention.value_length", 128}, {"rope.freq_base", 1000000.0},
        {"attention.layer_norm_rms_epsilon", 1e-6}};
    if (experts) {
        values["expert_count"] = 32;
        values["expert_used_count"] = 4;
        values["expert_feed_forward_length"] = 1024;
    }
    return {{"id", "small"}, {"name", "Small"}, {"architecture", experts ? "qwen3moe" : "qwen3"}, {"hyperparameters", values},
        {"optional_tensors", nlohmann::json::array({"output.weight"})}};
}

Gpu card(const char *name, double gbPerSecond, Bytes free)
{
    Gpu gpu;
    gpu.name = name;
    gpu.vendor = "NVIDIA";
    gpu.total = gib(64);
    gpu.free = free;
    gpu.reserve = mib(64);
    gpu.overhead = mib(100);
    gpu.bandwidth = Bandwidth::gbPerSecond(gbPerSecond);
    gpu.fp32 = Throughput::tera(gbPerSecond / 20);
    gpu.link = Bandwidth::gbPerSecond(16);
    return gpu;
}

Machine machineOf(std::vector<Gpu> gpus, Bytes ram)
{
    Machine machine;
    machine.cpu.physicalCores = 8;
    machine.cpu.readBandwidth = Bandwidth::gbPerSecond(50);
    machine.cpu.int8 = Throughput::tera(2);
    machine.ram.total = machine.ram.available = ram;
    machine.gpus = std::move(gpus);
    return machine;
}

/// The least seconds of every placement that keeps each cache with its mixer and the embedding in RAM.
double bruteForce(const ModelShape &shape, const WeightTypes &types, const Machine &machine, const RunOptions &asked)
{
    const RunOptions options = settled(asked);
    std::vector<BackendTraits> traits(machine.gpus.size() + 1, cudaTraits());
    traits.front() = cpuTraits();
    std::vector<Bytes> overhead{Bytes{}};
    for (const Gpu &gpu : machine.gpus)
        overhead.push_back(gpu.overhead);
    const auto layouter = Layouter::make(shape, types, options, traits, overhead);
    const SpeedModel speed(shape, types, machine, options, SpeedModel::Phase::Decode, decodeCall(options, options.context / 2));
    const std::vector<Piece> pieces = piecesOf(shape);
    double best = std::numeric_limits<double>::infinity();
    Placement placement = hostPlacement(shape);
    const auto consider = [&] {
        const auto totals = layouter->totals(placement);
        if (totals[0].owned + totals[0].mapped > machine.ram.available)
            return;
        for (size_t i = 0; i < machine.gpus.size(); ++i) {
            if (totals[i + 1].owned > machine.gpus[i].free - machine.gpus[i].reserve)
                return;
        }
        best = std::min(best, speed.seconds(placement));
    };
    const auto extend = [&](const auto &self, size_t piece) -> void {
        if (piece == pieces.size())
            return consider();
        if (pieces[piece].kind == PieceKind::Kv) {
            placement.devices[piece] = placement.devices[piece - 1];
            return self(self, piece + 1);
        }
        for (DeviceIndex device = 0; device <= machine.gpus.size(); ++device) {
            placement.devices[piece] = device;
            self(self, piece + 1);
        }
    };
    extend(extend, 1);
    return best;
}

} // namespace

class TestPlacement : public QObject
{
    Q_OBJECT

private slots:
    void autoEqualsBruteForce_data();
    void autoEqualsBruteForce();
    void expertsBeatContiguousSplits();
    void twoUnequalCards();
    void expertsOfTheFirstLayers();
    void byHand();
    void alternativesSayWhy();
    void unifiedMemoryIsCountedOnce();
};

void TestPlacement::autoEqualsBruteForce_data()
{
    QTest::addColumn<bool>("experts");
    QTest::addColumn<int>("blocks");
    QTest::addColumn<quint64>("firstMib");
    QTest::addColumn<quint64>("secondMib");
    QTest::addColumn<quint64>("ramMib");
    for (const bool experts : {false, true}) {
        for (const int blocks : {1, 2, 3}) {
            if (experts && blocks == 3)
                continue;   // 14 pieces
            for (const quint64 first : {150, 190, 230, 300, 420, 4000}) {
                for (const quint64 second : {170, 220, 260, 900}) {
                    for (const quint64 ram : {quint64(120), quint64(8000)}) {
                        QTest::addRow("%s, %d blocks, %llu and %llu MiB, RAM %llu", experts ? "experts" : "dense", blocks, first, second,
                            ram)
                            << experts << blocks << first << second << ram;
                    }
                }
            }
        }
    }
}

void TestPlacement::autoEqualsBruteForce()
{
    QFETCH(bool, experts);
    QFETCH(int, blocks);
    QFETCH(quint64, firstMib);
    QFETCH(quint64, secondMib);
    QFETCH(quint64, ramMib);
    const auto shape = shapeFromCatalog(smallModel(experts, blocks));
    QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
    QVERIFY(piecesOf(*shape).size() <= 12);
    const WeightTypes types = mixTypes(*shape, FileType::Q4_K_M);
    const Machine machine = machineOf({card("slow", 300, mib(firstMib)), card("fast", 900, mib(secondMib))}, mib(ramMib));
    PlanRequest request;
    request.options.context = 2048;
    request.options.batch = 64;
    const double best = bruteForce(*shape, types, machine, request.options);
    const auto plan = makePlan(*shape, types, machine, request);
    QVERIFY(plan.ok());
    const bool kept = std::any_of(plan->alternatives.begin(), plan->alternatives.end(),
        [](const Alternative &a) { return a.chosen && a.fits && a.keepsReserve; });
    QCOMPARE(kept, std::isfinite(best));
    if (kept)
        QVERIFY(std::abs(plan->decode.expected * best - 1) < 1e-9);
}

namespace {

const Catalog &catalog()
{
    static const Catalog loaded = [] {
        auto result = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        return result.ok() ? std::move(*result) : Catalog{};
    }();
    return loaded;
}

Plan planOf(const char *id, FileType type, const Machine &machine, const PlanRequest &request = {})
{
    const ModelShape &shape = (*catalog().model(id))->shape;
    auto plan = makePlan(shape, mixTypes(shape, type), machine, request);
    return plan.ok() ? std::move(*plan) : Plan{};
}

Machine with(const char *gpu, Bytes ram)
{
    return machineOf({(*catalog().gpu(gpu))->gpu}, ram);
}

} // namespace

void TestPlacement::expertsBeatContiguousSplits()
{
    const Machine machine = with("RTX 4090", gib(128));
    const ModelShape &shape = (*catalog().model("qwen3-30b-a3b"))->shape;
    const Plan chosen = planOf("qwen3-30b-a3b", FileType::BF16, machine);
    QCOMPARE(chosen.verdict, Verdict::FitsWithOffload);
    double best = 0;
    for (uint32_t layers = 0; layers <= shape.layers() + 1; ++layers) {
        PlanRequest request;
        request.offload = OffloadMode::Layers;
        request.gpuLayers = layers;
        const Plan split = planOf("qwen3-30b-a3b", FileType::BF16, machine, request);
        if (split.budgets[1].shortage.value == 0 && split.budgets[0].shortage.value == 0)
            best = std::max(best, split.decode.expected);
    }
    QVERIFY(best > 0);
    qInfo("%.1f tokens/s, the best contiguous split %.1f", chosen.decode.expected, best);
    QVERIFY(chosen.decode.expected > best * 1.2);
}

void TestPlacement::twoUnequalCards()
{
    Machine machine = with("RTX 4090", gib(96));
    machine.gpus.push_back((*catalog().gpu("RTX 3060"))->gpu);
    for (const char *id : {"qwen3-32b", "qwen3-30b-a3b", "deepseek-r1-distill-llama-70b"}) {
        for (const FileType type : {FileType::Q4_K_M, FileType::Q8_0, FileType::F16}) {
            const Plan plan = planOf(id, type, machine);
            for (size_t i = 1; i < plan.budgets.size(); ++i)
                QVERIFY(plan.budgets[i].headroom >= plan.budgets[i].reserve || plan.budgets[i].needed.value == 0);
        }
    }
}

void TestPlacement::expertsOfTheFirstLayers()
{
    PlanRequest request;
    request.offload = OffloadMode::Layers;
    request.gpuLayers = 49;
    request.expertLayersInRam = 20;
    for (const bool shares : {false, true}) {
        Machine machine = with("RTX 4090", gib(64));
        if (shares)
            request.shares = {1.0};
        const Plan plan = planOf("qwen3-30b-a3b", FileType::Q4_K_M, machine, request);
        const std::vector<Piece> pieces = piecesOf((*catalog().model("qwen3-30b-a3b"))->shape);
        for (size_t i = 0; i < pieces.size(); ++i) {
            if (pieces[i].kind == PieceKind::Experts)
                QCOMPARE(plan.placement.devices[i], pieces[i].layer < 20 ? hostDevice : DeviceIndex{1});
        }
    }
}

void TestPlacement::byHand()
{
    const ModelShape &shape = (*catalog().model("qwen3-0.6b"))->shape;
    PlanRequest request;
    request.offload = OffloadMode::ByHand;
    request.byHand = hostPlacement(shape);
    request.byHand.devices.back() = 1;
    const Plan plan = planOf("qwen3-0.6b", FileType::Q8_0, with("RTX 4090", gib(16)), request);
    QCOMPARE(plan.placement.devices, request.byHand.devices);
    QCOMPARE(plan.gpuLayers, 0u);
    request.byHand.devices.back() = 2;
    QVERIFY(!makePlan(shape, typesOf(shape), with("RTX 4090", gib(16)), request).ok());
    request.byHand.devices.pop_back();
    QVERIFY(!makePlan(shape, typesOf(shape), with("RTX 4090", gib(16)), request).ok());
}

void TestPlacement::alternativesSayWhy()
{
    const Plan plan = planOf("qwen3-30b-a3b", FileType::Q8_0, with("RTX 4090", gib(64)));
    QVERIFY(plan.alternatives.size() >= 3);
    const auto chosen = std::find_if(plan.alternatives.begin(), plan.alternatives.end(), [](const Alternative &a) { return a.chosen; });
    QVERIFY(chosen != plan.alternatives.end());
    for (const Alternative &other : plan.alternatives)
        QVERIFY(!other.fits || other.decode <= chosen->decode);
    QCOMPARE(chosen->decode, plan.decode.expected);
}

void TestPlacement::unifiedMemoryIsCountedOnce()
{
    Gpu gpu = card("Apple M2 Ultra", 800, gib(48));
    gpu.vendor = "Apple";
    gpu.unified = true;
    const Machine machine = machineOf({gpu}, gib(64));
    const Plan plan = planOf("qwen3-32b", FileType::Q8_0, machine);
    QCOMPARE(plan.verdict, Verdict::FitsOnGpu);
    QVERIFY(plan.budgets[0].needed >= plan.budgets[1].needed);
    const Plan both = planOf("deepseek-r1-distill-llama-70b", FileType::Q8_0, machine);
    QCOMPARE(both.verdict, Verdict::DoesNotFit);
}

QTEST_GUILESS_MAIN(TestPlacement)
#include "tst_placement.moc"
