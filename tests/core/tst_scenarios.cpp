// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/plan/cluster.h>
#include <plimsoll/plan/scenario.h>

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace plimsoll;

/// Five questions people asked, with the figures they reckon with.
class TestScenarios : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void deepSeekOnOneT4();
    void deepSeekQ8OnOneL4();
    void twoModelsOnOneCard();
    void deepSeekOnH100s();
    void precisionTable();
    void advice();
    void maximaAndCurve();

private:
    static CheckpointOptions at(const char *precision) { return checkpointFromName(precision).value(); }
    const ModelShape &shape(const char *id) const { return (*m_catalog.model(id))->shape; }
    Gpu gpu(const char *name) const { return (*m_catalog.gpu(name))->gpu; }
    Machine machine(std::vector<Gpu> gpus, Bytes ram) const;
    Surroundings surroundings() const;
    Plan plan(const char *id, FileType type, const Machine &on, const PlanRequest &request = {}) const;

    Catalog m_catalog;
};

void TestScenarios::initTestCase()
{
    auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
    QVERIFY(catalog.ok());
    m_catalog = std::move(*catalog);
}

Machine TestScenarios::machine(std::vector<Gpu> gpus, Bytes ram) const
{
    Machine result;
    result.cpu.physicalCores = 4;
    result.cpu.readBandwidth = Bandwidth::gbPerSecond(60);
    result.cpu.int8 = Throughput::tera(1);
    result.ram.total = result.ram.available = ram;
    result.gpus = std::move(gpus);
    return result;
}

Surroundings TestScenarios::surroundings() const
{
    Surroundings result;
    for (const CatalogGpu &each : m_catalog.gpus)
        result.gpus.push_back(each.gpu);
    result.quantizations = m_catalog.quantizations;
    for (const char *id : {"deepseek-r1-distill-qwen-1.5b", "deepseek-r1-distill-qwen-7b", "deepseek-r1-distill-llama-8b",
             "deepseek-r1-distill-qwen-14b", "deepseek-r1-distill-qwen-32b", "deepseek-r1-distill-llama-70b"})
        result.siblings.push_back({id, &shape(id)});
    return result;
}

Plan TestScenarios::plan(const char *id, FileType type, const Machine &on, const PlanRequest &request) const
{
    auto made = makePlan(shape(id), mixTypes(shape(id), type), on, request);
    return made.ok() ? std::move(*made) : Plan{};
}

/// (a) 671B on a Tesla T4 with 32 GB of RAM: at no quantization; distills do.
void TestScenarios::deepSeekOnOneT4()
{
    const Machine on = machine({gpu("Tesla T4")}, gib(32));
    Bytes least = Bytes::overflow();
    for (const FileTypeInfo &type : fileTypes()) {
        const Plan made = plan("deepseek-v3.1-671b", type.type, on);
        QCOMPARE(made.verdict, Verdict::DoesNotFit);
        least = std::min(least, made.budgets[0].needed);
    }
    QVERIFY(least > gib(60));
    const WeightTypes types = mixTypes(shape("deepseek-v3.1-671b"), FileType::IQ1_S);
    const PlanRequest request;
    const Plan smallest = plan("deepseek-v3.1-671b", FileType::IQ1_S, on);
    const auto changes = smallestChanges({shape("deepseek-v3.1-671b"), types}, on, request, smallest, surroundings());
    const auto sibling = std::find_if(changes.begin(), changes.end(), [](const Change &c) { return c.code == ChangeCode::Smaller; });
    QVERIFY(sibling != changes.end());
    QVERIFY(sibling->value.starts_with("deepseek-r1-distill"));
    for (const char *id : {"deepseek-r1-distill-qwen-1.5b", "deepseek-r1-distill-qwen-7b", "deepseek-r1-distill-llama-8b",
             "deepseek-r1-distill-qwen-14b"})
        QCOMPARE(plan(id, FileType::Q4_K_M, on).verdict, Verdict::FitsOnGpu);
    QCOMPARE(plan("deepseek-r1-distill-qwen-32b", FileType::Q4_K_M, on).verdict, Verdict::FitsWithOffload);
    QCOMPARE(plan("deepseek-r1-distill-llama-70b", FileType::Q8_0, on).verdict, Verdict::DoesNotFit);
}

/// (b) Q8_0 on an L4: weights, RAM, whole layers, and what experts in RAM change.
void TestScenarios::deepSeekQ8OnOneL4()
{
    PlanRequest request;
    request.options.context = 32768;
    const Machine on = machine({gpu("L4")}, gib(1024));
    const ModelShape &model = shape("deepseek-v3.1-671b");
    const Bytes weights = weightBytes(model, mixTypes(model, FileType::Q8_0));
    QVERIFY(std::abs(weights.gb() - 713) < 2);
    request.offload = OffloadMode::Layers;
    uint32_t whole = 0;
    for (uint32_t layers = 1; layers <= model.layers(); ++layers) {
        request.gpuLayers = layers;
        if (plan("deepseek-v3.1-671b", FileType::Q8_0, on, request).budgets[1].shortage.value == 0)
            whole = layers;
    }
    QCOMPARE(whole, 1u);   // a layer of 256 experts takes 12 GB
    request.gpuLayers = model.layers() + 1;
    request.expertsInRam = true;
    const Plan experts = plan("deepseek-v3.1-671b", FileType::Q8_0, on, request);
    QCOMPARE(experts.budgets[1].shortage, Bytes{});
    QCOMPARE(experts.verdict, Verdict::FitsWithOffload);
    request.offload = OffloadMode::Auto;
    request.expertsInRam = false;
    const Plan best = plan("deepseek-v3.1-671b", FileType::Q8_0, on, request);
    QVERIFY(best.decode.expected >= experts.decode.expected * 0.999);
    request.offload = OffloadMode::Layers;
    request.gpuLayers = whole;
    const Plan contiguous = plan("deepseek-v3.1-671b", FileType::Q8_0, on, request);
    QVERIFY(experts.decode.expected > contiguous.decode.expected * 1.3);
    QVERIFY(best.budgets[0].needed > gib(620) && best.budgets[0].needed < gib(680));
}

/// (c) Two Qwen3-30B-A3B on one card of 97,887 MiB.
void TestScenarios::twoModelsOnOneCard()
{
    Gpu card = gpu("RTX PRO 6000");
    card.total = card.free = mib(97887);
    const Machine on = machine({card}, gib(64));
    const ModelShape &model = shape("qwen3-30b-a3b");
    const auto pair = [&](FileType a, FileType b, uint32_t context) {
        const WeightTypes first = mixTypes(model, a);
        const WeightTypes second = mixTypes(model, b);
        ScenarioModel one{"first", &model, &first, {}};
        ScenarioModel two{"second", &model, &second, {}};
        one.request.options.context = two.request.options.context = context;
        auto together = planScenario({one, two}, on);
        return together.ok() ? std::move(*together) : Scenario{};
    };
    QVERIFY(std::abs(2 * weightBytes(model, mixTypes(model, FileType::F16)).gb() - 122) < 0.5);
    QVERIFY(std::abs(2 * weightBytes(model, mixTypes(model, FileType::Q8_0)).gb() - 65) < 0.5);
    QVERIFY(pair(FileType::F16, FileType::F16, 4096).verdict != Verdict::FitsOnGpu);
    const Scenario two = pair(FileType::Q8_0, FileType::Q8_0, 32768);
    QCOMPARE(two.verdict, Verdict::FitsOnGpu);
    QCOMPARE(two.shares[1].size(), size_t{2});
    QCOMPARE(two.budgets[1].needed, two.shares[1][0] + two.shares[1][1]);
    QCOMPARE(two.plans[1].budgets[1].usedByOthers, two.shares[1][0]);
    QCOMPARE(pair(FileType::F16, FileType::Q8_0, 8192).verdict, Verdict::FitsOnGpu);   // 61 + 32 GB
    QVERIFY(pair(FileType::F16, FileType::BF16, 1024).verdict != Verdict::FitsOnGpu);
    QCOMPARE(pair(FileType::F16, FileType::Q4_K_M, 40960).verdict, Verdict::FitsOnGpu);
    QCOMPARE(toJson(two)["devices"][1]["shares"].size(), size_t{2});
}

/// (d) DeepSeek-R1 on H100s of 81,559 MiB.
void TestScenarios::deepSeekOnH100s()
{
    const ModelShape &model = shape("deepseek-r1-671b");
    Cluster cluster;
    cluster.gpu = gpu("H100 SXM");
    cluster.gpu.total = cluster.gpu.free = mib(81559);
    RunOptions options;
    options.context = 8192;
    QVERIFY(std::abs(checkpointBytes(model, at("FP8")).gb() - 673) < 1.5);
    QVERIFY(std::abs(checkpointBytes(model, at("INT4")).gb() - 349) < 1.5);
    // Eight cards leave about 1.3 GiB each: less than overhead and buffers take.
    const auto fp8 = divisions(model, bytesAt(model, at("FP8")), options, cluster);
    const auto eight = std::find_if(fp8.begin(), fp8.end(), [](const ClusterPlan &p) { return p.tensorParallel == 8 && p.stages == 1; });
    QVERIFY(eight != fp8.end());
    QVERIFY(std::abs((cluster.gpu.total - eight->weights).gib() - 1.3) < 0.2);
    const ClusterPlan *cards = fewestCards(fp8);
    const ClusterPlan *nodes = fewestNodes(fp8, 8);
    QVERIFY(cards && nodes);
    QVERIFY(cards->cards > 8 && cards->cards <= 12);
    QCOMPARE(nodes->cards, 16u);
    QCOMPARE(nodes->nodes, 2u);
    // 128 heads do not divide by 12; four by three stages do.
    QVERIFY(std::none_of(fp8.begin(), fp8.end(), [](const ClusterPlan &p) { return 128 % p.tensorParallel != 0; }));
    const auto twelve = std::find_if(fp8.begin(), fp8.end(), [](const ClusterPlan &p) { return p.tensorParallel == 4 && p.stages == 3; });
    QVERIFY(twelve != fp8.end() && twelve->fits);
    // The latent cache is on every card of a group.
    QCOMPARE(cachePerToken(model, options, 1), Bytes{70272});
    QCOMPARE(cachePerToken(model, options, 8), Bytes{70272});
    QVERIFY(twelve->sequences > 1 && nodes->sequences > twelve->sequences);
    const auto int4 = divisions(model, bytesAt(model, at("INT4")), options, cluster);
    QVERIFY(std::none_of(int4.begin(), int4.end(), [](const ClusterPlan &p) { return p.cards <= 4 && p.fits; }));
    QCOMPARE(cardsByBytes(weightBytes(model, mixTypes(model, FileType::Q4_K_M)), cluster.gpu), 5u);
    QCOMPARE(cardsByBytes(Bytes{131'000'000'000}, cluster.gpu), 2u);
}

/// (e) FP16, INT8 and INT4 by exact counts, and the customary estimate beside them.
void TestScenarios::precisionTable()
{
    struct Expected
    {
        const char *id;
        double billions;   // parameters
    };
    for (const auto &[id, billions] : {Expected{"deepseek-r1-671b", 671.0}, Expected{"deepseek-r1-distill-llama-70b", 70.55},
             Expected{"deepseek-r1-distill-qwen-32b", 32.76}, Expected{"deepseek-r1-distill-qwen-14b", 14.77},
             Expected{"deepseek-r1-distill-llama-8b", 8.03}, Expected{"deepseek-r1-distill-qwen-7b", 7.62},
             Expected{"deepseek-r1-distill-qwen-1.5b", 1.78}}) {
        const ModelShape &model = shape(id);
        QVERIFY2(std::abs(static_cast<double>(model.parameters()) / 1e9 - billions) < 0.006 * billions, id);
        QVERIFY(std::abs(checkpointBytes(model, at("FP16")).gb() - 2 * billions) < 0.012 * billions);
        QVERIFY(std::abs(checkpointBytes(model, at("INT8")).gb() - billions) < 0.01 * billions);
        QVERIFY(std::abs(checkpointBytes(model, at("INT4")).gb() - 0.52 * billions) < 0.01 * billions);
    }
    // Eight cards of 96 GB can't hold 671 B at 16 bits.
    QVERIFY(checkpointBytes(shape("deepseek-r1-671b"), at("FP16")) > gib(96) * 8);
}

void TestScenarios::advice()
{
    Gpu busy = gpu("RTX 4090");
    busy.free = gib(12);
    const Machine on = machine({busy}, gib(64));
    PlanRequest request;
    request.options.context = 32768;
    const ModelShape &model = shape("qwen3-14b");
    const WeightTypes types = mixTypes(model, FileType::Q6_K);
    const auto made = makePlan(model, types, on, request);
    QVERIFY(made.ok() && made->verdict == Verdict::FitsWithOffload);
    const auto changes = smallestChanges({model, types}, on, request, *made, surroundings());
    const auto has = [&](ChangeCode code) {
        return std::any_of(changes.begin(), changes.end(), [&](const Change &c) { return c.code == code; });
    };
    QVERIFY(has(ChangeCode::FreeMemory));
    QVERIFY(has(ChangeCode::Quantization));
    QVERIFY(has(ChangeCode::SecondGpu));
    QVERIFY(has(ChangeCode::Context));
    for (const Change &change : changes)
        QVERIFY(rank(change.verdict) < rank(made->verdict) || change.decode.expected > made->decode.expected);
    const auto hardware = hardwareFor({model, types}, on, request, surroundings().gpus, 10);
    QVERIFY(!hardware.empty());
    for (size_t i = 1; i < hardware.size(); ++i)
        QVERIFY(hardware[i - 1].memory <= hardware[i].memory);
    QVERIFY(hardware.front().memory > weightBytes(model, types));
}

void TestScenarios::maximaAndCurve()
{
    const Machine on = machine({gpu("RTX 4090")}, gib(32));
    const ModelShape &model = shape("llama-3.1-8b");
    const WeightTypes types = mixTypes(model, FileType::Q4_K_M);
    PlanRequest request;
    const Maxima maxima = maximaOf({model, types}, on, request, m_catalog.quantizations, Verdict::FitsOnGpu);
    QVERIFY(maxima.context > 65536 && maxima.context <= 131072);
    QVERIFY(maxima.sequences > 4);
    QVERIFY(maxima.quantization && *maxima.quantization != FileType::Q4_K_M);
    request.options.context = maxima.context;
    QCOMPARE(makePlan(model, types, on, request)->verdict, Verdict::FitsOnGpu);
    if (maxima.context < 131072) {
        request.options.context = maxima.context + 256;
        QVERIFY(makePlan(model, types, on, request)->verdict != Verdict::FitsOnGpu);
    }
    const auto curve = memoryByContext({model, types}, on, request, {1024, 4096, 16384, 65536});
    QCOMPARE(curve.size(), size_t{4});
    for (size_t i = 1; i < curve.size(); ++i)
        QVERIFY(curve[i].cache[1] > curve[i - 1].cache[1] && curve[i].needed[1] > curve[i - 1].needed[1]);
}

QTEST_GUILESS_MAIN(TestScenarios)
#include "tst_scenarios.moc"
