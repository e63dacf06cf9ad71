// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/model/mix.h>
#include <plimsoll/plan/recommend.h>

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>

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

Machine machineWith(std::vector<const char *> gpus, Bytes ram)
{
    Machine machine;
    machine.name = "test";
    machine.cpu.physicalCores = 8;
    machine.cpu.readBandwidth = Bandwidth::gbPerSecond(60);
    machine.cpu.int8 = Throughput::tera(2);
    machine.ram.total = machine.ram.available = ram;
    for (const char *name : gpus)
        machine.gpus.push_back((*catalog().gpu(name))->gpu);
    return machine;
}

Plan planOf(const ModelShape &shape, FileType quantization, const Machine &machine, PlanRequest request = {})
{
    auto plan = makePlan(shape, mixTypes(shape, quantization), machine, request);
    return plan.ok() ? std::move(*plan) : Plan{};
}

const Reason *find(const Plan &plan, ReasonCode code)
{
    const auto it = std::find_if(plan.reasons.begin(), plan.reasons.end(), [&](const Reason &r) { return r.code == code; });
    return it == plan.reasons.end() ? nullptr : &*it;
}

PlanRequest layersRequest(uint32_t layers, bool expertsInRam = false)
{
    PlanRequest request;
    request.offload = OffloadMode::Layers;
    request.gpuLayers = layers;
    request.expertsInRam = expertsInRam;
    return request;
}

} // namespace

class TestPlan : public QObject
{
    Q_OBJECT

private slots:
    void fitsOnGpu()
    {
        const Plan plan = planOf(shapeOf("llama-3.1-8b"), FileType::Q4_K_M, machineWith({"RTX 4090"}, gib(32)));
        QCOMPARE(plan.verdict, Verdict::FitsOnGpu);
        QCOMPARE(plan.gpuLayers, 32u);
        QVERIFY(find(plan, ReasonCode::EverythingOnGpu));
        QVERIFY(plan.decode.known() && plan.decode.low < plan.decode.expected && plan.decode.expected < plan.decode.high);
        QVERIFY(plan.prefill.known());
        QVERIFY(plan.budgets[1].headroom >= plan.budgets[1].reserve);
        QCOMPARE(plan.placement.devices.front(), hostDevice);
    }

    void overheadIsAnEstimateUntilMeasured()
    {
        Machine machine = machineWith({"RTX 4090"}, gib(32));
        const auto overheadWith = [&](bool measured) {
            machine.gpus[0].overheadMeasured = measured;
            const Plan plan = planOf(shapeOf("llama-3.1-8b"), FileType::Q4_K_M, machine);
            const std::vector<Segment> &segments = plan.layout.devices[1].segments;
            return *std::find_if(segments.begin(), segments.end(), [](const Segment &each) { return each.kind == SegmentKind::Overhead; });
        };
        QVERIFY(overheadWith(false).estimated);
        machine.gpus[0].overhead = mib(321);
        const Segment measured = overheadWith(true);
        QVERIFY(!measured.estimated);
        QCOMPARE(measured.bytes.value, mib(321).value);
    }

    void fitsWithOffload()
    {
        const Plan plan = planOf(shapeOf("qwen3-32b"), FileType::Q4_K_M, machineWith({"RTX 3060"}, gib(32)));
        QCOMPARE(plan.verdict, Verdict::FitsWithOffload);
        QVERIFY(plan.gpuLayers > 10 && plan.gpuLayers < 64);
        // Mixers of further blocks fill what room is left: these count neither as wholly on the GPU nor as in RAM.
        uint64_t mixersInRam = 0;
        const std::vector<Piece> pieces = piecesOf(shapeOf("qwen3-32b"));
        for (size_t i = 0; i < pieces.size(); ++i)
            mixersInRam += pieces[i].kind == PieceKind::Mixer && plan.placement.devices[i] == hostDevice;
        QVERIFY(mixersInRam > 0 && mixersInRam <= uint64_t{64} - plan.gpuLayers);
        QCOMPARE(find(plan, ReasonCode::LayersInRam)->count, mixersInRam);
        QVERIFY(plan.budgets[1].headroom >= plan.budgets[1].reserve);
        // One block more would take more than the GPU may give.
        const PlanRequest oneMore = layersRequest(plan.gpuLayers + 1);
        const Plan more = planOf(shapeOf("qwen3-32b"), FileType::Q4_K_M, machineWith({"RTX 3060"}, gib(32)), oneMore);
        QVERIFY(more.budgets[1].headroom < more.budgets[1].reserve);
    }

    void tightWhenTheSliderEatsTheReserve()
    {
        const ModelShape &shape = shapeOf("qwen3-8b");
        Machine machine = machineWith({"RTX 4090"}, gib(32));
        const Plan whole = planOf(shape, FileType::Q4_K_M, machine, layersRequest(37));
        QCOMPARE(whole.verdict, Verdict::FitsOnGpu);
        machine.gpus[0].free = whole.budgets[1].needed + mib(100);
        const Plan tight = planOf(shape, FileType::Q4_K_M, machine, layersRequest(37));
        QCOMPARE(tight.verdict, Verdict::Tight);
        QCOMPARE(find(tight, ReasonCode::HeadroomBelowReserve)->bytes, mib(412));
        machine.gpus[0].free = whole.budgets[1].needed - mib(1);
        const Plan over = planOf(shape, FileType::Q4_K_M, machine, layersRequest(37));
        QCOMPARE(over.verdict, Verdict::DoesNotFit);
        QCOMPARE(find(over, ReasonCode::ShortOnDevice)->device, DeviceIndex{1});
        QCOMPARE(find(over, ReasonCode::ShortOnDevice)->bytes, mib(1));
        QVERIFY(!over.decode.known());
        // Auto keeps the reserve instead.
        QCOMPARE(planOf(shape, FileType::Q4_K_M, machine).verdict, Verdict::FitsWithOffload);
    }

    void cpuOnly()
    {
        const Plan none = planOf(shapeOf("llama-3.2-1b"), FileType::Q4_K_M, machineWith({}, gib(8)));
        QCOMPARE(none.verdict, Verdict::CpuOnly);
        QVERIFY(find(none, ReasonCode::NoGpu));
        Machine small = machineWith({"T4"}, gib(64));
        small.gpus[0].free = mib(700);
        const Plan tooSmall = planOf(shapeOf("qwen3-32b"), FileType::Q8_0, small);
        QCOMPARE(tooSmall.verdict, Verdict::CpuOnly);
        const Reason *reason = find(tooSmall, ReasonCode::GpuTooSmall);
        QVERIFY(reason);
        QVERIFY(reason->bytes > mib(700));
        PlanRequest request;
        request.offload = OffloadMode::CpuOnly;
        QCOMPARE(planOf(shapeOf("llama-3.2-1b"), FileType::Q4_K_M, machineWith({"RTX 4090"}, gib(8)), request).verdict, Verdict::CpuOnly);
    }

    void deepSeekOnOneT4()
    {
        Machine machine = machineWith({"Tesla T4"}, gib(32));
        machine.disks.push_back({"/", gib(1000), gib(900), Bandwidth::gbPerSecond(2)});
        const ModelShape &shape = shapeOf("deepseek-r1-671b");
        const Plan plan = planOf(shape, FileType::Q4_K_M, machine);
        QCOMPARE(plan.verdict, Verdict::DoesNotFit);
        Bytes weights;
        for (const DeviceLayout &device : plan.layout.devices)
            weights += device.of(SegmentKind::Weights);
        QVERIFY(std::abs(weights.gb() - 404) < 3);
        QVERIFY(find(plan, ReasonCode::ShortOnDevice)->device == hostDevice);
        QVERIFY(find(plan, ReasonCode::ShortInTotal)->bytes > gib(300));
        const Reason *largest = find(plan, ReasonCode::LargestPart);
        QCOMPARE(largest->segment, SegmentKind::Weights);
        QVERIFY(find(plan, ReasonCode::PagesFromDisk));
        QVERIFY(plan.decode.known() && plan.decode.expected < 1);
        QVERIFY(!plan.prefill.known());
        QCOMPARE(plan.budgets[1].shortage, Bytes{});
    }

    /// Weights that RAM does not hold are read from disk where that was asked for; a cache never is.
    void fromDiskOnlyWhereAsked()
    {
        Machine machine = machineWith({"Tesla T4"}, gib(32));
        machine.disks.push_back({"/", gib(1000), gib(900), Bandwidth::gbPerSecond(2)});
        const ModelShape &shape = shapeOf("deepseek-r1-671b");
        PlanRequest request;
        request.fromDisk = true;
        const Plan plan = planOf(shape, FileType::Q4_K_M, machine, request);
        QCOMPARE(plan.verdict, Verdict::RunsFromDisk);
        QCOMPARE(plan.reasons.front().code, ReasonCode::PagesFromDisk);
        QCOMPARE(plan.reasons.front().bytes, plan.fromDisk);
        QCOMPARE(plan.fromDisk, plan.budgets[0].shortage);
        QVERIFY(plan.decode.known());
        request.options.context = 1'000'000;
        request.options.sequences = 1000;
        request.offload = OffloadMode::CpuOnly;
        QCOMPARE(planOf(shape, FileType::Q4_K_M, machine, request).verdict, Verdict::DoesNotFit);
        request = {};
        request.fromDisk = true;
        QCOMPARE(planOf(shapeOf("llama-3.2-1b"), FileType::Q4_K_M, machine, request).verdict, Verdict::FitsOnGpu);
    }

    /// What is loaded besides counts as weights on its device, and leaves less room for the model.
    void besides()
    {
        const ModelShape &shape = shapeOf("qwen3-14b");
        const Machine machine = machineWith({"RTX 3060"}, gib(32));
        const Plan alone = planOf(shape, FileType::Q4_K_M, machine);
        PlanRequest request;
        request.besides = {Bytes{}, gib(3)};
        const Plan plan = planOf(shape, FileType::Q4_K_M, machine, request);
        QCOMPARE(plan.verdict, Verdict::FitsWithOffload);
        QVERIFY(plan.gpuLayers < alone.gpuLayers);
        const DeviceBudget &gpu = plan.budgets[1];
        QCOMPARE(gpu.usedByOthers, alone.budgets[1].usedByOthers);
        QCOMPARE(gpu.needed, plan.layout.devices[1].owned());
        QCOMPARE(gpu.headroom, machine.gpus[0].free - gpu.needed);
        QVERIFY(plan.layout.devices[1].of(SegmentKind::Weights) > gib(3));
        request.besides = {Bytes{}, gib(13)};
        const Plan none = planOf(shape, FileType::Q4_K_M, machine, request);
        QCOMPARE(none.verdict, Verdict::DoesNotFit);
        QVERIFY(none.budgets[1].shortage > Bytes{});
    }

    void unequalGpusAreNeverOverfilled()
    {
        const std::vector<std::vector<const char *>> sets{{"RTX 4090", "RTX 3060"}, {"RTX 3060", "RTX 4090"}, {"T4", "RTX 4090", "L4"}};
        for (const char *id : {"qwen3-32b", "qwen3-30b-a3b", "deepseek-r1-distill-llama-70b", "qwen3-14b"}) {
            for (const auto &gpus : sets) {
                for (const FileType type : {FileType::Q4_K_M, FileType::Q8_0}) {
                    const Plan plan = planOf(shapeOf(id), type, machineWith(gpus, gib(96)));
                    QVERIFY(plan.verdict == Verdict::FitsOnGpu || plan.verdict == Verdict::FitsWithOffload);
                    for (size_t i = 1; i < plan.budgets.size(); ++i)
                        QVERIFY(plan.budgets[i].needed.value == 0 || plan.budgets[i].headroom >= plan.budgets[i].reserve);
                }
            }
        }
    }

    void blocksAreContiguousPerGpu()
    {
        const ModelShape &shape = shapeOf("deepseek-r1-distill-llama-70b");
        const Plan plan = planOf(shape, FileType::Q4_K_M, machineWith({"RTX 4090", "RTX 3090"}, gib(64)));
        const std::vector<Piece> pieces = piecesOf(shape);
        std::vector<DeviceIndex> seen;
        for (size_t i = 0; i < pieces.size(); ++i) {
            const DeviceIndex device = plan.placement.devices[i];
            if (seen.empty() || seen.back() != device)
                seen.push_back(device);
        }
        QVERIFY(seen.size() <= 3);
    }

    void expertsInRamAreTriedForMixtures()
    {
        const ModelShape &shape = shapeOf("qwen3-30b-a3b");
        const Plan plan = planOf(shape, FileType::Q8_0, machineWith({"RTX 4090"}, gib(64)));
        QCOMPARE(plan.verdict, Verdict::FitsWithOffload);
        const Reason *experts = find(plan, ReasonCode::ExpertsInRam);
        QVERIFY(experts);
        QVERIFY(experts->count < experts->total);
        uint32_t best = 0;
        for (uint32_t layers = 0; layers <= shape.layers(); ++layers) {
            const Plan split = planOf(shape, FileType::Q8_0, machineWith({"RTX 4090"}, gib(64)), layersRequest(layers));
            if (split.verdict == Verdict::FitsWithOffload && split.budgets[1].headroom >= split.budgets[1].reserve)
                best = std::max(best, static_cast<uint32_t>(split.decode.expected * 1000));
        }
        QVERIFY(plan.decode.expected * 1000 > best);
    }

    void deepSeekQ8OnL4KeepsExpertsInRam()
    {
        PlanRequest request;
        request.options.context = 32768;
        const Plan plan = planOf(shapeOf("deepseek-v3.1-671b"), FileType::Q8_0, machineWith({"L4"}, gib(768)), request);
        QCOMPARE(plan.verdict, Verdict::FitsWithOffload);
        QVERIFY(find(plan, ReasonCode::ExpertsInRam));
        QVERIFY(plan.budgets[hostDevice].needed > gib(600));
    }

    void theSliderIsMonotone()
    {
        for (const char *id : {"qwen3-8b", "qwen3-30b-a3b"}) {
            const ModelShape &shape = shapeOf(id);
            const WeightTypes types = mixTypes(shape, FileType::Q4_K_M);
            for (const auto &gpus : std::vector<std::vector<const char *>>{{"RTX PRO 6000"}, {"RTX 4090", "RTX 3060"}}) {
                Bytes before;
                Bytes ramBefore = Bytes::overflow();
                for (uint32_t layers = 0; layers <= shape.layers() + 1; ++layers) {
                    const auto plan = makePlan(shape, types, machineWith(gpus, gib(64)), layersRequest(layers));
                    QVERIFY(plan.ok());
                    Bytes onGpus;
                    for (size_t i = 1; i < plan->layout.devices.size(); ++i)
                        onGpus += plan->layout.devices[i].of(SegmentKind::Weights) + plan->layout.devices[i].of(SegmentKind::Kv);
                    QVERIFY(onGpus >= before);
                    QVERIFY(plan->budgets[0].needed <= ramBefore + mib(16));   // staging and logits appear once
                    QCOMPARE(plan->gpuLayers, std::min(layers, shape.layers()));
                    before = onGpus;
                    ramBefore = plan->budgets[0].needed;
                }
            }
        }
    }

    void expertsInRamByHand()
    {
        const ModelShape &shape = shapeOf("qwen3-30b-a3b");
        const Plan plan = planOf(shape, FileType::Q4_K_M, machineWith({"RTX 3060"}, gib(64)), layersRequest(49, true));
        QCOMPARE(plan.verdict, Verdict::FitsWithOffload);
        QCOMPARE(find(plan, ReasonCode::ExpertsInRam)->count, uint64_t{48});
        QVERIFY(!find(plan, ReasonCode::LayersInRam));
    }

    void unknownArchitecture()
    {
        ModelShape shape;
        shape.architecture = "mystery";
        shape.kvKnown = false;
        BlockSpec empty;
        empty.mixer = MixerKind::None;
        empty.ffn.kind = FfnKind::None;
        shape.blocks.assign(4, empty);
        for (int32_t layer = 0; layer < 4; ++layer) {
            TensorSpec tensor;
            tensor.layer = layer;
            tensor.dims = {1024, 1024, 1, 1};
            tensor.dimensions = 2;
            tensor.otherName = "blk." + std::to_string(layer) + ".thing.weight";
            shape.tensors.push_back(tensor);
        }
        const Plan plan = planOf(shape, FileType::Q8_0, machineWith({"T4"}, gib(16)));
        QCOMPARE(plan.verdict, Verdict::Unknown);
        QVERIFY(find(plan, ReasonCode::CacheUnknown));
        QVERIFY(!plan.decode.known());
        QCOMPARE(planOf(shape, FileType::Q8_0, machineWith({}, mib(2))).verdict, Verdict::DoesNotFit);
    }

    void contextBeyondTraining()
    {
        PlanRequest request;
        request.options.context = 100000;
        const Plan plan = planOf(shapeOf("qwen3-0.6b"), FileType::Q8_0, machineWith({}, gib(64)), request);
        const Reason *reason = find(plan, ReasonCode::ContextBeyondTraining);
        QVERIFY(reason);
        QCOMPARE(reason->total, uint64_t{40960});
    }

    void nonsenseIsRefused()
    {
        const ModelShape &shape = shapeOf("qwen3-0.6b");
        const WeightTypes types = typesOf(shape);
        PlanRequest request;
        request.options.context = 0;
        QVERIFY(!makePlan(shape, types, machineWith({}, gib(8)), request).ok());
        QVERIFY(!makePlan(shape, types, machineWith({}, Bytes{}), PlanRequest{}).ok());
        PlanRequest shares;
        shares.shares = {1, 2};
        QVERIFY(!makePlan(shape, types, machineWith({"T4"}, gib(8)), shares).ok());
        PlanRequest huge;
        huge.options.context = UINT32_MAX;
        huge.options.sequences = UINT32_MAX;
        QVERIFY(!makePlan(shape, types, machineWith({"T4"}, gib(8)), huge).ok());
    }

    void whatIsRecommended_data()
    {
        using Verdicts = std::vector<std::pair<Verdict, double>>;   // with tokens per second, of the types below
        QTest::addColumn<Verdicts>("outcomes");
        QTest::addColumn<int>("index");
        QTest::addColumn<RecommendationReason>("why");
        constexpr auto onGpu = Verdict::FitsOnGpu, part = Verdict::FitsWithOffload, no = Verdict::DoesNotFit, tight = Verdict::Tight;
        // Q3_K_L, IQ4_XS, Q4_K_M, Q8_0, BF16
        QTest::newRow("16 bits gain nothing") << Verdicts{{onGpu, 90}, {onGpu, 80}, {onGpu, 70}, {onGpu, 50}, {onGpu, 20}} << 3
                                              << RecommendationReason::PreciseOnGpu;
        QTest::newRow("as a whole, however slow") << Verdicts{{onGpu, 90}, {onGpu, 30}, {part, 60}, {part, 50}, {no, 0}} << 1
                                                  << RecommendationReason::PreciseOnGpu;
        QTest::newRow("three bits as a whole are not good") << Verdicts{{onGpu, 90}, {part, 30}, {part, 20}, {part, 10}, {no, 0}} << 1
                                                            << RecommendationReason::FastEnough;
        QTest::newRow("nearly as fast") << Verdicts{{part, 30}, {part, 20}, {part, 17}, {part, 16.9}, {no, 0}} << 2
                                        << RecommendationReason::FastEnough;
        QTest::newRow("tight is not as a whole") << Verdicts{{tight, 30}, {tight, 20}, {part, 10}, {part, 9}, {no, 0}} << 1
                                                 << RecommendationReason::FastEnough;
        QTest::newRow("no speed is known") << Verdicts{{part, 0}, {part, 0}, {part, 0}, {part, 0}, {part, 0}} << 3
                                           << RecommendationReason::FastEnough;
        QTest::newRow("only three bits run") << Verdicts{{part, 30}, {no, 0}, {no, 0}, {no, 0}, {no, 0}} << 0
                                             << RecommendationReason::LastResort;
        QTest::newRow("nothing runs") << Verdicts{{no, 0}, {no, 0}, {no, 0}, {no, 0}, {Verdict::Unknown, 0}} << -1
                                      << RecommendationReason::None;
    }

    void whatIsRecommended()
    {
        using Verdicts = std::vector<std::pair<Verdict, double>>;
        QFETCH(Verdicts, outcomes);
        QFETCH(int, index);
        QFETCH(RecommendationReason, why);
        const FileType types[] = {FileType::Q3_K_L, FileType::IQ4_XS, FileType::Q4_K_M, FileType::Q8_0, FileType::BF16};
        std::vector<QuantizationOutcome> tried;
        for (size_t i = 0; i < outcomes.size(); ++i)
            tried.push_back({types[i], gib(i + 1), outcomes[i].first, {outcomes[i].second, outcomes[i].second, outcomes[i].second}});
        const Recommendation best = recommended(tried);
        QCOMPARE(best.index ? static_cast<int>(*best.index) : -1, index);
        QCOMPARE(best.why, why);
        std::reverse(tried.begin(), tried.end());
        QCOMPARE(recommended(tried).index.has_value(), index >= 0);
        if (index >= 0)
            QCOMPARE(*recommended(tried).index, tried.size() - 1 - static_cast<size_t>(index));
    }

    /// Planning as few as it needs, recommend() answers as the rule does for all.
    void recommendAsTheRule()
    {
        const std::vector<Machine> machines{machineWith({"RTX 4090"}, gib(64)), machineWith({"RTX 3060"}, gib(32)),
            machineWith({}, gib(16)), machineWith({"T4"}, gib(24)), machineWith({"RTX 3060", "RTX 4090"}, gib(96))};
        for (const char *id : {"qwen3-32b", "qwen3-30b-a3b", "llama-3.1-8b", "deepseek-r1-distill-llama-70b", "deepseek-r1-671b"}) {
            for (const Machine &machine : machines) {
                std::vector<QuantizationOutcome> all;
                for (const FileType type : catalog().quantizations) {
                    const Plan plan = planOf(shapeOf(id), type, machine);
                    all.push_back({type, weightBytes(shapeOf(id), mixTypes(shapeOf(id), type)), plan.verdict, plan.decode});
                }
                const Recommendation rule = recommended(all);
                const auto found = recommend(shapeOf(id), machine, {}, catalog().quantizations);
                QVERIFY(found.ok());
                QCOMPARE(found->why, rule.why);
                QCOMPARE(found->type, rule.index ? all[*rule.index].type : FileType::IQ1_S);
                QCOMPARE(found->plan.verdict, rule.index ? all[*rule.index].verdict : Verdict::DoesNotFit);
                // Three bits never where four run.
                const WeightTypes fourBits = mixTypes(shapeOf(id), FileType::IQ4_XS);
                if (rule.why == RecommendationReason::FastEnough)
                    QVERIFY(found->type != FileType::Q3_K_L && found->size >= weightBytes(shapeOf(id), fourBits));
            }
        }
        QVERIFY(!recommend(shapeOf("qwen3-0.6b"), machines.front(), {}, {}).ok());
    }

    void noFiguresNoPrediction()
    {
        Machine machine = machineWith({}, gib(8));
        machine.cpu.readBandwidth = {};
        QVERIFY(!planOf(shapeOf("qwen3-0.6b"), FileType::Q8_0, machine).decode.known());
        machine = machineWith({}, gib(8));
        machine.cpu.int8 = {};
        const Plan plan = planOf(shapeOf("qwen3-0.6b"), FileType::Q8_0, machine);
        QVERIFY(plan.decode.known() && !plan.prefill.known());
    }

    void decodeSlowsWithContext()
    {
        PlanRequest request;
        const Machine machine = machineWith({"RTX 4090"}, gib(32));
        const double brief = planOf(shapeOf("llama-3.1-8b"), FileType::Q4_K_M, machine, request).decode.expected;
        request.options.context = 65536;
        QVERIFY(planOf(shapeOf("llama-3.1-8b"), FileType::Q4_K_M, machine, request).decode.expected < brief);
    }

    void jsonNamesEveryDeviceAndPiece()
    {
        const ModelShape &shape = shapeOf("qwen3-30b-a3b");
        const Machine machine = machineWith({"RTX 4090", "T4"}, gib(64));
        const Plan plan = planOf(shape, FileType::Q8_0, machine);
        const nlohmann::json json = toJson(plan, shape, machine);
        QCOMPARE(json["devices"].size(), size_t{3});
        QCOMPARE(json["placement"]["layers"].size(), size_t{48});
        QVERIFY(json["placement"]["layers"][0].contains("experts"));
        QVERIFY(json["placement"].contains("embedding") && json["placement"].contains("output"));
        QCOMPARE(json["verdict"].get<std::string>(), std::string(name(plan.verdict)));
        for (const auto &device : json["devices"]) {
            uint64_t owned = 0;
            uint64_t mapped = 0;
            for (const auto &segment : device["segments"])
                (segment["backing"] == "mapped" ? mapped : owned) += segment["bytes"].get<uint64_t>();
            QCOMPARE(owned, device["owned"].get<uint64_t>());
            QCOMPARE(mapped, device["mapped"].get<uint64_t>());
        }
        QVERIFY(json["decode"]["low"].get<double>() < json["decode"]["high"].get<double>());
        QVERIFY(!json["reasons"].empty());
    }
};

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
