// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include "account.h"
#include "placer.h"

#include <plimsoll/speed/speed.h>

#include <algorithm>
#include <numeric>

namespace plimsoll {

namespace {

/// Everything the choice of a placement looks at.
struct Task
{
    const ModelShape &shape;
    const WeightTypes &types;
    const Machine &machine;
    const PlanRequest &request;
    RunOptions options;
    const Layouter &layouter;
};

std::vector<BackendTraits> traitsOf(const Machine &machine, const PlanRequest &request)
{
    std::vector<BackendTraits> traits = request.traits;
    traits.resize(machine.gpus.size() + 1, cudaTraits());
    if (request.traits.empty())
        traits.front() = cpuTraits();
    return traits;
}

std::vector<Bytes> overheads(const Machine &machine)
{
    std::vector<Bytes> overhead{Bytes{}};
    for (const Gpu &gpu : machine.gpus)
        overhead.push_back(gpu.overhead);
    return overhead;
}

std::vector<Bytes> capacities(const Machine &machine, bool keepReserve)
{
    std::vector<Bytes> capacity;
    for (const Gpu &gpu : machine.gpus)
        capacity.push_back(keepReserve ? gpu.free - gpu.reserve : gpu.free);
    return capacity;
}

std::vector<DeviceIndex> asListed(const Machine &machine)
{
    std::vector<DeviceIndex> order(machine.gpus.size());
    std::iota(order.begin(), order.end(), DeviceIndex{1});
    return order;
}

std::vector<DeviceIndex> fastestFirst(const Machine &machine)
{
    std::vector<DeviceIndex> order = asListed(machine);
    std::stable_sort(order.begin(), order.end(),
        [&](DeviceIndex a, DeviceIndex b) { return machine.gpus[a - 1].bandwidth > machine.gpus[b - 1].bandwidth; });
    return order;
}

bool hasExperts(const ModelShape &shape)
{
    return std::any_of(shape.blocks.begin(), shape.blocks.end(), [](const BlockSpec &b) { return b.ffn.kind == FfnKind::Experts; });
}

uint32_t halfContext(const RunOptions &options)
{
    return options.context / 2;
}

/// Larger is better: what fits everywhere, then what is fast, then what has more on GPUs.
struct Score
{
    bool fits = false;
    double rate = 0;
    uint32_t blocks = 0;

    auto operator<=>(const Score &) const = default;
};

Score scoreOf(const Task &task, const Placement &placement)
{
    Score score;
    score.fits = fits(budgetsOf(task.layouter.totals(placement), task.machine));
    score.rate = predictDecode(task.shape, task.types, placement, task.machine, task.options, halfContext(task.options)).expected;
    score.blocks = blocksOnGpu(task.shape, placement);
    return score;
}

/// The fastest of: as many whole blocks as fit; mixers first and experts last; everything in RAM.
Placement chooseUnder(const Task &task, bool keepReserve, Score &best)
{
    std::vector<Placement> candidates;
    const auto consider = [&](std::optional<Placement> placement) {
        const auto same = [&](const Placement &other) { return other.devices == placement->devices; };
        if (placement && std::none_of(candidates.begin(), candidates.end(), same))
            candidates.push_back(std::move(*placement));
    };
    const Placer placer(task.shape, task.layouter, capacities(task.machine, keepReserve), fastestFirst(task.machine));
    consider(placer.mostLayers());
    if (hasExperts(task.shape))
        consider(placer.mostLayersExpertsLast());
    consider(hostPlacement(task.shape));

    Placement chosen = std::move(candidates.front());
    best = scoreOf(task, chosen);
    for (size_t i = 1; i < candidates.size(); ++i) {
        const Score score = scoreOf(task, candidates[i]);
        if (score > best) {
            best = score;
            chosen = std::move(candidates[i]);
        }
    }
    return chosen;
}

Placement chooseAuto(const Task &task)
{
    Score kept;
    Placement withReserve = chooseUnder(task, true, kept);
    if (kept.fits)
        return withReserve;
    Score used;
    Placement withoutReserve = chooseUnder(task, false, used);
    return used.fits ? withoutReserve : withReserve;
}

Placement chooseLayers(const Task &task)
{
    const PlanRequest &request = task.request;
    if (task.machine.gpus.empty())
        return hostPlacement(task.shape);
    if (request.shares.empty()) {
        for (const bool keepReserve : {true, false}) {
            const Placer placer(task.shape, task.layouter, capacities(task.machine, keepReserve), asListed(task.machine));
            if (auto placement = placer.place(request.gpuLayers, request.expertsInRam ? 0 : task.shape.layers()))
                return std::move(*placement);
        }
    }
    std::vector<double> shares = request.shares;
    if (shares.empty()) {
        for (const Gpu &gpu : task.machine.gpus)
            shares.push_back(static_cast<double>((gpu.free - gpu.overhead).value));
    }
    return layerPlacement(task.shape, request.gpuLayers, shares, request.expertsInRam);
}

Placement choose(const Task &task)
{
    switch (task.request.offload) {
    case OffloadMode::Auto: return chooseAuto(task);
    case OffloadMode::Layers: return chooseLayers(task);
    case OffloadMode::CpuOnly: break;
    }
    return hostPlacement(task.shape);
}

Status checkRequest(const Machine &machine, const PlanRequest &request)
{
    if (machine.ram.total.value == 0)
        return Error{ErrorCode::InvalidArgument, {"ram", "0", "more than 0"}};
    if (request.shares.size() > machine.gpus.size())
        return Error{ErrorCode::InvalidArgument, {"split", std::to_string(request.shares.size()), "at most one share per GPU"}};
    if (request.options.context == 0)
        return Error{ErrorCode::InvalidArgument, {"context", "0", "1 or more"}};
    if (request.options.sequences == 0)
        return Error{ErrorCode::InvalidArgument, {"sequences", "0", "1 or more"}};
    return {};
}

void predict(Plan &plan, const Task &task)
{
    const Bytes shortage = plan.budgets[hostDevice].shortage;
    if (gpuShort(plan.budgets) || shortage > plan.layout.devices[hostDevice].mapped())
        return;   // it would not run at all
    plan.decode = predictDecode(task.shape, task.types, plan.placement, task.machine, task.options, halfContext(task.options), shortage);
    if (shortage.value == 0)
        plan.prefill = predictPrefill(task.shape, task.types, plan.placement, task.machine, task.options, task.options.batch);
}

} // namespace

Result<Plan> makePlan(const ModelShape &shape, const WeightTypes &types, const Machine &machine, const PlanRequest &request)
{
    if (const Status checked = checkRequest(machine, request); !checked)
        return checked.error();
    const RunOptions options = settled(request.options);
    const std::vector<BackendTraits> traits = traitsOf(machine, request);
    const std::vector<Bytes> overhead = overheads(machine);
    const auto layouter = Layouter::make(shape, types, options, traits, overhead);
    if (!layouter.ok())
        return layouter.error();
    const Task task{shape, types, machine, request, options, *layouter};

    Plan plan;
    plan.placement = choose(task);
    plan.layout = layouter->layOut(plan.placement);
    plan.budgets = budgetsOf(layouter->totals(plan.placement), machine);
    plan.gpuLayers = blocksOnGpu(shape, plan.placement);
    const Placer placer(shape, *layouter, capacities(machine, true), asListed(machine));
    std::vector<Bytes> oneLayer;
    for (DeviceIndex device = 1; device <= machine.gpus.size(); ++device)
        oneLayer.push_back(placer.oneLayer(device));
    judge(plan, shape, machine, request, oneLayer);
    predict(plan, task);
    return plan;
}

} // namespace plimsoll
