// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/model/mix.h>
#include <plimsoll/plan/plan.h>

#include <benchmark/benchmark.h>

/// The planner's times: one plan (aim: 1 ms), every model of the catalogue at 20 quantizations (150 ms).
namespace {

using namespace plimsoll;

const Catalog &catalog()
{
    static const Catalog loaded = [] {
        auto result = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        return result.ok() ? std::move(*result) : Catalog{};
    }();
    return loaded;
}

Machine machine(size_t gpus)
{
    Machine result;
    result.cpu.readBandwidth = Bandwidth::gbPerSecond(60);
    result.cpu.int8 = Throughput::tera(2);
    result.ram.total = result.ram.available = gib(64);
    if (const auto card = catalog().gpu("RTX 4090"); card.ok())
        result.gpus.assign(gpus, (*card)->gpu);
    return result;
}

void onePlan(benchmark::State &state, const char *id, FileType type)
{
    const ModelShape &shape = (*catalog().model(id))->shape;
    const WeightTypes types = mixTypes(shape, type);
    const Machine on = machine(static_cast<size_t>(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(makePlan(shape, types, on, {}));
}

void everyModel(benchmark::State &state)
{
    const Machine on = machine(1);
    const auto types = fileTypes();
    for (auto _ : state) {
        for (const CatalogModel &model : catalog().models) {
            for (size_t i = 0; i < 20; ++i)
                benchmark::DoNotOptimize(makePlan(model.shape, mixTypes(model.shape, types[i].type), on, {}));
        }
    }
    state.counters["models"] = static_cast<double>(catalog().models.size());
}

} // namespace

BENCHMARK_CAPTURE(onePlan, dense_32B_Q4_K_M, "qwen3-32b", FileType::Q4_K_M)->Arg(0)->Arg(1)->Arg(2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(onePlan, experts_30B_Q8_0, "qwen3-30b-a3b", FileType::Q8_0)->Arg(1)->Arg(2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(onePlan, experts_671B_Q4_K_M, "deepseek-r1-671b", FileType::Q4_K_M)->Arg(1)->Arg(8)->Unit(benchmark::kMicrosecond);
BENCHMARK(everyModel)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
