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
    void rulesAsText_data();
    void rulesAsText();
    void rulesComeBack();
    void onDisk();
    void onDiskIsReadAtEveryToken();
    void tiedMatrixOnDisk();
    void alternativesSayWhy();
    void unifiedMemoryIsCountedOnce();
    void streamsWhereRoomIsLeft();
    void keepsRoomToStreamWhereAsked();
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

void TestPlacement::rulesAsText_data()
{
    QTest::addColumn<bool>("known");
    for (const char *text : {"layer=disk", "layer:3=1", "mixer:0-19=2", "ffn:7-9=disk", "experts=0", "embedding=disk", "output=1"})
        QTest::newRow(text) << true;
    for (const char *text : {"", "=", "layer", "layer=", "kv=1", "kitchen=1", "mixer=-1", "mixer=RAM", "mixer:=1", "mixer:a=1",
             "mixer:3-=1", "mixer:5-3=1", "mixer:1-2-3=1", "output:1=1", "embedding:0=disk", "mixer=4294967296", "mixer=1=2"})
        QTest::newRow(text) << false;
}

void TestPlacement::rulesAsText()
{
    QFETCH(bool, known);
    const auto rule = placeRuleFrom(QTest::currentDataTag());
    QCOMPARE(rule.has_value(), known);
    if (known)
        QCOMPARE(textOf(*rule), std::string(QTest::currentDataTag()));
}

/// Whatever Auto chooses, its rules make it again.
void TestPlacement::rulesComeBack()
{
    Machine machine = with("RTX 4090", gib(96));
    machine.gpus.push_back((*catalog().gpu("RTX 3060"))->gpu);
    for (const char *id : {"qwen3-32b", "qwen3-30b-a3b", "gemma-4-e2b", "deepseek-v2-lite"}) {
        const ModelShape &shape = (*catalog().model(id))->shape;
        const Placement chosen = planOf(id, FileType::BF16, machine).placement;
        Placement again = hostPlacement(shape);
        QVERIFY(applyRules(rulesFor(shape, chosen), shape, 2, again).ok());
        QCOMPARE(again.devices, chosen.devices);
    }
}

/// What stays on disk is taken off RAM's account to the byte, shown apart, and never Auto's choice.
void TestPlacement::onDisk()
{
    const char *id = "qwen3-30b-a3b";
    const ModelShape &shape = (*catalog().model(id))->shape;
    Machine machine = with("RTX 4090", gib(16));
    machine.disks.push_back({"/", gib(1000), gib(900), Bandwidth::gbPerSecond(2)});
    PlanRequest request;
    request.offload = OffloadMode::Layers;
    request.gpuLayers = shape.layers() + 1;
    request.expertsInRam = true;
    request.streamFrom = 0;   // it would take some RAM in one of both
    const Plan inRam = planOf(id, FileType::Q8_0, machine, request);
    QCOMPARE(inRam.verdict, Verdict::DoesNotFit);
    request.places = {*placeRuleFrom("experts:16-47=disk")};
    const Plan plan = planOf(id, FileType::Q8_0, machine, request);
    QCOMPARE(plan.verdict, Verdict::RunsFromDisk);
    QCOMPARE(plan.placement.devices, inRam.placement.devices);
    Bytes experts;
    const WeightTypes types = mixTypes(shape, FileType::Q8_0);
    for (size_t i = 0; i < shape.tensors.size(); ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        experts += pieceOf(tensor).kind == PieceKind::Experts && tensor.layer >= 16 ? tensor.bytes(types[i]) : Bytes{};
    }
    QVERIFY(experts > gib(15));
    const DeviceLayout &host = plan.layout.devices[0];
    QCOMPARE(host.disk(), experts);
    QCOMPARE(host.mapped() + experts, inRam.layout.devices[0].mapped());
    QCOMPARE(host.owned(), inRam.layout.devices[0].owned());
    QCOMPARE(plan.budgets[0].needed, host.mapped() + host.owned());
    QCOMPARE(plan.fromDisk, Bytes{});
    const auto reason = std::find_if(
        plan.reasons.begin(), plan.reasons.end(), [](const Reason &r) { return r.code == ReasonCode::WeightsOnDisk; });
    QVERIFY(reason != plan.reasons.end());
    QCOMPARE(reason->bytes, experts);
    QCOMPARE(reason->count, uint64_t{32});
    const nlohmann::json json = toJson(plan, shape, machine);
    QCOMPARE(json["placement"]["layers"][15]["experts"].get<int>(), 0);
    QCOMPARE(json["placement"]["layers"][16]["experts"].get<std::string>(), std::string("disk"));
    QCOMPARE(json["devices"][0]["disk"].get<uint64_t>(), experts.value);
    QCOMPARE(json["devices"][0]["bytes"]["weights"]["disk"].get<uint64_t>(), experts.value);

    for (const bool fromDisk : {false, true}) {
        PlanRequest automatic;
        automatic.fromDisk = fromDisk;
        QCOMPARE(planOf(id, FileType::BF16, machine, automatic).layout.devices[0].disk(), Bytes{});
    }
    for (const char *text : {"experts:48-60=disk", "mixer=2"}) {
        request.places = {*placeRuleFrom(text)};
        const auto refused = makePlan(shape, types, machine, request);
        QVERIFY(!refused.ok() && refused.error().arguments.at(0) == "place" && refused.error().arguments.at(1) == text);
    }
}

/// A decode call reads the experts it uses at the disk's speed, on top of computing them in RAM.
void TestPlacement::onDiskIsReadAtEveryToken()
{
    const char *id = "qwen3-30b-a3b";
    Machine machine = with("RTX 4090", gib(64));
    PlanRequest request;
    request.offload = OffloadMode::CpuOnly;
    const Plan inRam = planOf(id, FileType::Q8_0, machine, request);
    request.places = {*placeRuleFrom("experts=disk")};
    QVERIFY(!planOf(id, FileType::Q8_0, machine, request).decode.known());   // no disk is known
    machine.disks.push_back({"/slow", gib(1000), gib(900), Bandwidth::gbPerSecond(1)});
    machine.disks.push_back({"/", gib(1000), gib(900), Bandwidth::gbPerSecond(2)});
    const Plan plan = planOf(id, FileType::Q8_0, machine, request);
    const double used = static_cast<double>(plan.layout.devices[0].disk().value) * 8 / 128;   // experts of a token
    QVERIFY(std::abs(1 / plan.decode.expected - 1 / inRam.decode.expected - used / 2e9) < 1e-9);
    QVERIFY(plan.decode.high / plan.decode.low > inRam.decode.high / inRam.decode.low);
    QVERIFY(plan.prefill.known() && plan.prefill.expected < inRam.prefill.expected);
}

/// One matrix for embedding and output is on disk for both on the host, and held by the GPU that multiplies by it.
void TestPlacement::tiedMatrixOnDisk()
{
    const char *id = "qwen3-0.6b";
    const ModelShape &shape = (*catalog().model(id))->shape;
    QVERIFY(shape.tiedOutput);
    const Machine machine = with("RTX 4090", gib(16));
    const Bytes matrix = shape.find(TensorRole::TokenEmbedding)->bytes(GgmlType::F16);
    for (const char *text : {"embedding=disk", "output=disk"}) {
        PlanRequest request;
        request.offload = OffloadMode::CpuOnly;
        request.places = {*placeRuleFrom(text)};
        const Plan plan = planOf(id, FileType::F16, machine, request);
        QCOMPARE(plan.layout.devices[0].disk(), matrix + shape.find(TensorRole::OutputNorm)->bytes(GgmlType::F32));
    }
    PlanRequest request;
    request.offload = OffloadMode::Layers;
    request.gpuLayers = shape.layers() + 1;
    const Plan held = planOf(id, FileType::F16, machine, request);
    request.places = {*placeRuleFrom("embedding=disk")};
    const Plan plan = planOf(id, FileType::F16, machine, request);
    QCOMPARE(plan.layout.devices[0].disk(), matrix);
    QCOMPARE(plan.layout.devices[1].owned(), held.layout.devices[1].owned());
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

/// Experts in RAM of a card that is large beside the rest.
void TestPlacement::streamsWhereRoomIsLeft()
{
    PlanRequest request;
    request.offload = OffloadMode::Layers;
    request.gpuLayers = 49;
    request.expertsInRam = true;
    const auto plan = [&](std::optional<uint32_t> from, uint32_t batch) {
        request.streamFrom = from;
        request.options.batch = batch;
        return planOf("qwen3-30b-a3b", FileType::Q4_K_M, with("RTX 4090", gib(64)), request);
    };
    const Plan with = plan({}, 2048);
    const Plan without = plan(0, 2048);
    QCOMPARE(with.placement.devices, without.placement.devices);
    QVERIFY(!without.placement.streaming);
    QCOMPARE(with.placement.streaming.device, DeviceIndex{1});
    QCOMPARE_GT(with.placement.streaming.fromTokens, 8u);
    QCOMPARE_LE(with.placement.streaming.fromTokens, 2048u);
    QCOMPARE(with.decode.expected, without.decode.expected);
    QCOMPARE_GT(with.prefill.expected, 1.5 * without.prefill.expected);
    QCOMPARE(without.layout.devices[1].of(SegmentKind::Staging), Bytes{});
    const auto reason = std::find_if(with.reasons.begin(), with.reasons.end(), [](const Reason &r) { return r.code == ReasonCode::WeightsStreamed; });
    QVERIFY(reason != with.reasons.end());
    QCOMPARE(reason->bytes, with.layout.devices[1].of(SegmentKind::Staging));
    QCOMPARE(reason->count, uint64_t{with.placement.streaming.fromTokens});
    const ModelShape &shape = (*catalog().model("qwen3-30b-a3b"))->shape;
    QCOMPARE(toJson(with, shape, Machine())["placement"]["streaming"]["fromTokens"].get<uint32_t>(), with.placement.streaming.fromTokens);
    QVERIFY(!toJson(without, shape, Machine())["placement"].contains("streaming"));
    QVERIFY(!plan({}, 8).placement.streaming);     // calls too small
    QVERIFY(!plan(64, 32).placement.streaming);
    QCOMPARE(plan(32, 32).placement.streaming.fromTokens, 32u);
}

/// Auto fills a card to the brim; where streaming is asked for, something else leaves it.
void TestPlacement::keepsRoomToStreamWhereAsked()
{
    const Machine machine = with("RTX 4090", gib(64));
    PlanRequest request;
    const Plan full = planOf("qwen3-30b-a3b", FileType::Q8_0, machine, request);
    QVERIFY(!full.placement.streaming);
    request.streamFrom = 100;
    const Plan plan = planOf("qwen3-30b-a3b", FileType::Q8_0, machine, request);
    QCOMPARE(plan.placement.streaming.fromTokens, 100u);
    QCOMPARE(plan.verdict, Verdict::FitsWithOffload);
    QCOMPARE_GE(plan.budgets[1].headroom, plan.budgets[1].reserve);
    QCOMPARE_LT(plan.decode.expected, full.decode.expected);
    QCOMPARE_GT(plan.prefill.expected, full.prefill.expected);
    const Plan small = planOf("qwen3-0.6b", FileType::Q8_0, machine, request);
    QCOMPARE(small.verdict, Verdict::FitsOnGpu);
    QVERIFY(!small.placement.streaming);
}

QTEST_GUILESS_MAIN(TestPlacement)
#include "tst_placement.moc"
