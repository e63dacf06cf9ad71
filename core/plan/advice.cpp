// SPDX-License-Identifier: Apache-2.0
#include "advice.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace plimsoll {

int rank(Verdict verdict)
{
    switch (verdict) {
    case Verdict::FitsOnGpu: return 0;
    case Verdict::Tight: return 1;
    case Verdict::FitsWithOffload: return 2;
    case Verdict::CpuOnly: return 3;
    case Verdict::Unknown: return 4;
    case Verdict::RunsFromDisk: return 5;
    case Verdict::DoesNotFit: break;
    }
    return 6;
}

namespace {

constexpr double worthwhile = 1.1;   // times as fast

/// The device whose memory is shortest: by what is missing, then by what is left.
DeviceIndex scarcest(const Plan &plan)
{
    DeviceIndex worst = hostDevice;
    for (DeviceIndex i = 1; i < plan.budgets.size(); ++i) {
        const DeviceBudget &a = plan.budgets[i];
        const DeviceBudget &b = plan.budgets[worst];
        if (std::tuple(b.shortage, a.headroom) < std::tuple(a.shortage, b.headroom))
            worst = i;
    }
    return worst;
}

double bitsPerWeight(const ModelShape &shape, const WeightTypes &types)
{
    const uint64_t parameters = shape.parameters();
    return parameters > 0 ? 8.0 * static_cast<double>(weightBytes(shape, types).value) / static_cast<double>(parameters) : 0;
}

/// Collects what helps, compared with one plan.
class Proposals
{
public:
    Proposals(const Subject &subject, const Machine &machine, const PlanRequest &request, const Plan &plan)
        : m_subject(subject), m_machine(machine), m_request(request), m_plan(plan), m_scarcest(scarcest(plan))
    {
    }

    /// True where the change helped; it is kept then.
    bool tryRequest(Change change, const PlanRequest &request) { return tryAll(std::move(change), m_subject, m_machine, request); }
    bool tryMachine(Change change, const Machine &machine) { return tryAll(std::move(change), m_subject, machine, m_request); }
    bool trySubject(Change change, const Subject &subject) { return tryAll(std::move(change), subject, m_machine, m_request); }

    std::vector<Change> sorted() &&
    {
        std::stable_sort(m_found.begin(), m_found.end(),
            [](const Change &a, const Change &b) { return rank(a.verdict) < rank(b.verdict); });
        return std::move(m_found);
    }

private:
    bool tryAll(Change change, const Subject &subject, const Machine &machine, const PlanRequest &request)
    {
        const auto plan = makePlan(subject.shape, subject.types, machine, request);
        if (!plan)
            return false;
        const bool better = rank(plan->verdict) < rank(m_plan.verdict);
        const bool faster = rank(plan->verdict) == rank(m_plan.verdict) && plan->verdict != Verdict::DoesNotFit
            && plan->decode.expected > m_plan.decode.expected * worthwhile && m_plan.decode.known();
        if (!better && !faster)
            return false;
        change.verdict = plan->verdict;
        change.decode = plan->decode;
        if (change.memory.value == 0 && m_scarcest < plan->budgets.size())
            change.memory = m_plan.budgets[m_scarcest].needed - plan->budgets[m_scarcest].needed;
        m_found.push_back(std::move(change));
        return true;
    }

    const Subject &m_subject;
    const Machine &m_machine;
    const PlanRequest &m_request;
    const Plan &m_plan;
    DeviceIndex m_scarcest;
    std::vector<Change> m_found;
};

void proposeRun(Proposals &proposals, const PlanRequest &request)
{
    for (const GgmlType type : {GgmlType::Q8_0, GgmlType::Q4_0}) {
        if (info(request.options.kvTypeK).bitsPerWeight() <= info(type).bitsPerWeight())
            continue;
        PlanRequest changed = request;
        changed.options.kvTypeK = changed.options.kvTypeV = type;
        Change change{ChangeCode::KvType, std::string(name(type))};
        change.bitsLost = info(request.options.kvTypeK).bitsPerWeight() - info(type).bitsPerWeight();
        if (proposals.tryRequest(std::move(change), changed))
            break;
    }
    for (uint32_t context = request.options.context / 2; context >= 1024; context /= 2) {
        PlanRequest changed = request;
        changed.options.context = context;
        if (proposals.tryRequest({ChangeCode::Context, "", request.options.context, context}, changed))
            break;
    }
    for (uint32_t sequences = request.options.sequences / 2; sequences >= 1; sequences /= 2) {
        PlanRequest changed = request;
        changed.options.sequences = sequences;
        changed.options.outputs = std::max(sequences, 1u);
        if (proposals.tryRequest({ChangeCode::Sequences, "", request.options.sequences, sequences}, changed))
            break;
    }
}

void proposePlaces(Proposals &proposals, const ModelShape &shape, const PlanRequest &request)
{
    if (request.offload == OffloadMode::Auto || !request.places.empty())
        return;   // they are where they should be
    const bool experts = std::any_of(shape.blocks.begin(), shape.blocks.end(),
        [](const BlockSpec &b) { return b.ffn.kind == FfnKind::Experts; });
    const uint32_t step = std::max(shape.layers() / 8, 1u);
    for (uint32_t inRam = request.expertLayersInRam + step; experts && inRam < shape.layers() + step; inRam += step) {
        PlanRequest changed = request;
        changed.offload = OffloadMode::Layers;
        changed.gpuLayers = std::max(request.gpuLayers, 1u);
        changed.expertLayersInRam = std::min(inRam, shape.layers());
        if (proposals.tryRequest({ChangeCode::ExpertsInRam, "", request.expertLayersInRam, changed.expertLayersInRam}, changed))
            break;
    }
    for (uint32_t layers = std::min(request.gpuLayers, shape.layers()); layers-- > 0;) {
        PlanRequest changed = request;
        changed.offload = layers > 0 ? OffloadMode::Layers : OffloadMode::CpuOnly;
        changed.gpuLayers = layers;
        const uint64_t before = shape.layers() - std::min(request.gpuLayers, shape.layers());
        if (proposals.tryRequest({ChangeCode::LayersInRam, "", before, shape.layers() - layers}, changed))
            break;
    }
}

void proposeModels(Proposals &proposals, const Subject &subject, const Surroundings &surroundings)
{
    const double bits = bitsPerWeight(subject.shape, subject.types);
    for (auto type = surroundings.quantizations.rbegin(); type != surroundings.quantizations.rend(); ++type) {
        const WeightTypes types = mixTypes(subject.shape, *type);
        const double smaller = bitsPerWeight(subject.shape, types);
        if (smaller >= bits - 0.01)
            continue;
        Change change{ChangeCode::Quantization, std::string(name(*type))};
        change.bitsLost = bits - smaller;
        if (proposals.trySubject(std::move(change), {subject.shape, types}))
            break;
    }
    // Siblings at 4 to 5 bits, the largest first.
    std::vector<Surroundings::Sibling> siblings = surroundings.siblings;
    std::stable_sort(siblings.begin(), siblings.end(),
        [](const auto &a, const auto &b) { return a.shape->parameters() > b.shape->parameters(); });
    for (const Surroundings::Sibling &sibling : siblings) {
        if (sibling.shape->parameters() >= subject.shape.parameters())
            continue;
        const WeightTypes types = mixTypes(*sibling.shape, FileType::Q4_K_M);
        if (proposals.trySubject({ChangeCode::Smaller, sibling.id, subject.shape.parameters(), sibling.shape->parameters()},
                {*sibling.shape, types}))
            break;
    }
}

void proposeMachines(Proposals &proposals, const Machine &machine, const Surroundings &surroundings)
{
    for (DeviceIndex device = 1; device <= machine.gpus.size(); ++device) {
        const Gpu &gpu = machine.gpus[device - 1];
        if (gpu.usedByOthers().value == 0)
            continue;
        Machine freed = machine;
        freed.gpus[device - 1].free = gpu.total;
        Change change{ChangeCode::FreeMemory, gpu.name, 0, 0, device};
        change.memory = gpu.usedByOthers();
        proposals.tryMachine(std::move(change), freed);
    }
    std::vector<Gpu> gpus = surroundings.gpus;
    std::stable_sort(gpus.begin(), gpus.end(), [](const Gpu &a, const Gpu &b) { return a.total < b.total; });
    const auto first = [&](ChangeCode code, const std::function<Machine(const Gpu &)> &with) {
        for (const Gpu &gpu : gpus) {
            if (proposals.tryMachine({code, gpu.name}, with(gpu)))
                return;
        }
    };
    if (!machine.gpus.empty()) {
        first(ChangeCode::OtherGpu, [&](const Gpu &gpu) {
            Machine other = machine;
            other.gpus.front() = gpu;
            return other;
        });
    }
    first(ChangeCode::SecondGpu, [&](const Gpu &gpu) {
        Machine other = machine;
        other.gpus.push_back(gpu);
        return other;
    });
}

} // namespace

std::vector<Change> smallestChanges(const Subject &subject, const Machine &machine, const PlanRequest &request, const Plan &plan,
    const Surroundings &surroundings)
{
    Proposals proposals(subject, machine, request, plan);
    proposeRun(proposals, request);
    proposePlaces(proposals, subject.shape, request);
    proposeModels(proposals, subject, surroundings);
    if (request.shares.empty() && request.offload != OffloadMode::ByHand && request.places.empty() && request.traits.empty())
        proposeMachines(proposals, machine, surroundings);
    return std::move(proposals).sorted();
}

std::vector<Hardware> hardwareFor(const Subject &subject, const Machine &host, const PlanRequest &request, const std::vector<Gpu> &gpus,
    double slowest, uint32_t mostCards, size_t most)
{
    PlanRequest wholly = request;
    wholly.offload = OffloadMode::Auto;
    wholly.places.clear();
    wholly.shares.clear();
    wholly.traits.clear();
    const Bytes weights = weightBytes(subject.shape, subject.types);
    std::vector<Hardware> found;
    for (const Gpu &gpu : gpus) {
        // Fewer can't hold the weights.
        const uint64_t least = gpu.total.value > 0 ? (weights.value + gpu.total.value - 1) / gpu.total.value : mostCards + 1;
        for (uint64_t count = std::max<uint64_t>(least, 1); count <= mostCards; ++count) {
            Machine machine = host;
            machine.gpus.assign(count, gpu);
            for (Gpu &each : machine.gpus)
                each.free = each.total;
            if (gpu.unified)
                machine.ram.total = machine.ram.available = std::max(machine.ram.total, gpu.total);
            const auto plan = makePlan(subject.shape, subject.types, machine, wholly);
            if (!plan || plan->verdict != Verdict::FitsOnGpu)
                continue;
            if (plan->decode.expected >= slowest)
                found.push_back({gpu, static_cast<uint32_t>(count), gpu.total * count, plan->decode});
            break;   // more cards of a kind are no faster
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Hardware &a, const Hardware &b) {
        return std::tuple(a.memory, a.count) < std::tuple(b.memory, b.count);
    });
    if (found.size() > most)
        found.resize(most);
    return found;
}

namespace {

/// The largest number from `least` to `most` that `good` accepts, where it accepts all below one it accepts; 0 for none.
template <typename Good>
uint32_t largestGood(uint32_t least, uint32_t most, Good good)
{
    if (most < least || !good(least))
        return 0;
    while (least < most) {
        const uint32_t middle = least + (most - least + 1) / 2;
        if (good(middle))
            least = middle;
        else
            most = middle - 1;
    }
    return least;
}

} // namespace

Maxima maximaOf(const Subject &subject, const Machine &machine, const PlanRequest &request, const std::vector<FileType> &quantizations,
    Verdict atLeast)
{
    const auto good = [&](const WeightTypes &types, const PlanRequest &asked) {
        const auto plan = makePlan(subject.shape, types, machine, asked);
        return plan.ok() && rank(plan->verdict) <= rank(atLeast);
    };
    constexpr uint32_t step = 256;
    constexpr uint32_t mostSequences = 256;
    const uint32_t trained = subject.shape.contextTrained > 0 ? subject.shape.contextTrained : 1u << 20;
    Maxima maxima;
    maxima.context = step * largestGood(1, std::max(trained / step, 1u), [&](uint32_t steps) {
        PlanRequest asked = request;
        asked.options.context = steps * step;
        return good(subject.types, asked);
    });
    maxima.sequences = largestGood(1, mostSequences, [&](uint32_t sequences) {
        PlanRequest asked = request;
        asked.options.sequences = sequences;
        asked.options.outputs = std::max(asked.options.outputs, sequences);
        return good(subject.types, asked);
    });
    for (auto type = quantizations.rbegin(); type != quantizations.rend() && !maxima.quantization; ++type) {
        if (good(mixTypes(subject.shape, *type), request))
            maxima.quantization = *type;
    }
    return maxima;
}

std::vector<ContextPoint> memoryByContext(const Subject &subject, const Machine &machine, const PlanRequest &request,
    const std::vector<uint32_t> &contexts)
{
    std::vector<ContextPoint> points;
    for (const uint32_t context : contexts) {
        PlanRequest asked = request;
        asked.options.context = context;
        const auto plan = makePlan(subject.shape, subject.types, machine, asked);
        if (!plan)
            continue;
        ContextPoint point;
        point.context = context;
        point.verdict = plan->verdict;
        point.decode = plan->decode;
        for (size_t i = 0; i < plan->budgets.size(); ++i) {
            point.needed.push_back(plan->budgets[i].needed);
            point.cache.push_back(plan->layout.devices[i].of(SegmentKind::Kv) + plan->layout.devices[i].of(SegmentKind::State));
        }
        points.push_back(std::move(point));
    }
    return points;
}

} // namespace plimsoll
