// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include "account.h"
#include "choose.h"
#include "placer.h"
#include "streaming.h"

#include <algorithm>

namespace plimsoll {

namespace {

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

Status checkRequest(const ModelShape &shape, const Machine &machine, const PlanRequest &request)
{
    if (machine.ram.total.value == 0)
        return Error{ErrorCode::InvalidArgument, {"ram", "0", "more than 0"}};
    if (request.shares.size() > machine.gpus.size())
        return Error{ErrorCode::InvalidArgument, {"split", std::to_string(request.shares.size()), "at most one share per GPU"}};
    if (request.options.context == 0)
        return Error{ErrorCode::InvalidArgument, {"context", "0", "1 or more"}};
    if (request.options.sequences == 0)
        return Error{ErrorCode::InvalidArgument, {"sequences", "0", "1 or more"}};
    if (request.offload == OffloadMode::ByHand) {
        const size_t pieces = piecesOf(shape).size();
        const bool complete = request.byHand.devices.size() == pieces
            && (request.byHand.disk.empty() || request.byHand.disk.size() == pieces)
            && std::all_of(request.byHand.devices.begin(), request.byHand.devices.end(),
                [&](DeviceIndex device) { return device <= machine.gpus.size(); });
        if (!complete)
            return Error{ErrorCode::InvalidArgument,
                {"placement", std::to_string(request.byHand.devices.size()), "one device of the machine for each of "
                    + std::to_string(pieces) + " pieces"}};
    }
    for (const Gpu &gpu : machine.gpus) {
        if (gpu.free > gpu.total || gpu.total.overflowed())
            return Error{ErrorCode::InvalidArgument, {"gpu", gpu.name, "no more free than there is"}};
    }
    return {};
}

/// Drivers' overhead is an estimate until it was measured.
void tellMeasured(Layout &layout, const Machine &machine)
{
    for (size_t i = 0; i < machine.gpus.size(); ++i) {
        for (Segment &segment : layout.devices[i + 1].segments) {
            if (segment.kind == SegmentKind::Overhead)
                segment.estimated = !machine.gpus[i].overheadMeasured;
        }
    }
}

/// What is chosen for a machine, with the rules over it and what is streamed.
Status place(Plan &plan, const Task &task, const Machine &machine)
{
    plan.placement = choose({task.shape, machine, task.request, task.options, task.layouter, task.speed}, plan.alternatives);
    const Status placed = applyRules(task.request.places, task.shape, machine.gpus.size(), plan.placement);
    if (placed)
        plan.placement.streaming = chooseStreaming(task, plan.placement);
    return placed;
}

/// Where streaming was asked for and there is no room left, the GPU keeps some, if the model fits all the same.
Status place(Plan &plan, const Task &task)
{
    const Status placed = place(plan, task, task.machine);
    const bool free = task.request.offload == OffloadMode::Auto && !task.machine.gpus.empty();
    if (!placed || !free || task.request.streamFrom.value_or(0) == 0 || plan.placement.streaming)
        return placed;
    Plan other;
    const Status again = place(other, task, withRoomToStream(task));
    if (again && other.placement.streaming && fits(task.layouter.totals(other.placement), task.machine))
        plan = std::move(other);
    return again;
}

void predict(Plan &plan, const Task &task)
{
    const Bytes shortage = plan.fromDisk;
    if (!fits(plan.budgets) && shortage.value == 0)
        return;   // it would not run at all
    if (!task.shape.kvKnown)
        return;
    if (shortage.value > 0) {
        plan.decode = task.speed.rateFromDisk(plan.placement, shortage);
        return;
    }
    plan.decode = task.speed.rate(plan.placement, task.speed.seconds(plan.placement));
    const SpeedModel prefill(task.shape, task.layouter.inventory(), task.machine, task.options, SpeedModel::Phase::Prefill,
        prefillCall(task.options, task.options.batch), task.request.runtime);
    plan.prefill = prefill.rate(plan.placement, prefill.seconds(plan.placement));
}

} // namespace

Result<Plan> makePlan(const ModelShape &shape, const WeightTypes &types, const Machine &machine, const PlanRequest &request)
{
    if (const Status checked = checkRequest(shape, machine, request); !checked)
        return checked.error();
    if (!request.besides.empty()) {
        PlanRequest alone = request;
        alone.besides.clear();
        auto plan = makePlan(shape, types, without(machine, request.besides), alone);
        if (plan)
            addBesides(*plan, machine, request.besides);
        return plan;
    }
    const RunOptions options = settled(request.options);
    const std::vector<BackendTraits> traits = traitsOf(machine, request);
    const std::vector<Bytes> overhead = overheads(machine);
    const auto layouter = Layouter::make(shape, types, options, traits, overhead);
    if (!layouter.ok())
        return layouter.error();
    const SpeedModel speed(shape, layouter->inventory(), machine, options, SpeedModel::Phase::Decode,
        decodeCall(options, halfContext(options)), request.runtime);
    const Task task{shape, machine, request, options, *layouter, speed};

    Plan plan;
    if (const Status placed = place(plan, task); !placed)
        return placed.error();
    plan.layout = layouter->layOut(plan.placement);
    tellMeasured(plan.layout, machine);
    plan.budgets = budgetsOf(layouter->totals(plan.placement), machine);
    plan.gpuLayers = blocksOnGpu(layouter->pieces(), plan.placement);
    const Placer placer(shape, *layouter, capacities(machine, true), asListed(machine));
    std::vector<Bytes> oneLayer;
    for (DeviceIndex device = 1; device <= machine.gpus.size(); ++device)
        oneLayer.push_back(placer.oneLayer(device));
    judge(plan, shape, layouter->pieces(), machine, request, oneLayer);
    predict(plan, task);
    return plan;
}

} // namespace plimsoll
