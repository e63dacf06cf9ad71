// SPDX-License-Identifier: Apache-2.0
#include "account.h"

#include <algorithm>

namespace plimsoll {

namespace {

DeviceBudget budget(std::string name, Bytes total, Bytes free, Bytes reserve, Bytes needed)
{
    DeviceBudget b;
    b.name = std::move(name);
    b.total = total;
    b.usedByOthers = total - free;
    b.reserve = reserve;
    b.needed = needed;
    b.headroom = free - needed;
    b.shortage = needed - free;
    return b;
}

/// What of a model lies where.
struct Whereabouts
{
    uint32_t layersInRam = 0;     // those whose mixer is
    uint32_t onDisk = 0;          // pieces
    uint32_t expertsInRam = 0;    // of layers whose mixer is on a GPU
    uint32_t expertLayers = 0;
    bool anyOnGpu = false;
    bool allOnGpu = true;         // blocks and output
};

Whereabouts whereabouts(const std::vector<Piece> &pieces, const Placement &placement)
{
    Whereabouts w;
    bool mixerOnGpu = false;
    for (size_t i = 0; i < pieces.size(); ++i) {
        const bool host = placement.devices[i] == hostDevice;
        const bool onDisk = placement.onDisk(i);
        w.onDisk += onDisk;
        if (pieces[i].kind == PieceKind::Embedding)
            continue;
        w.anyOnGpu = w.anyOnGpu || !host;
        w.allOnGpu = w.allOnGpu && !host;
        if (pieces[i].kind == PieceKind::Mixer) {
            mixerOnGpu = !host;
            w.layersInRam += host && !onDisk;
        } else if (pieces[i].kind == PieceKind::Experts) {
            ++w.expertLayers;
            w.expertsInRam += host && !onDisk && mixerOnGpu;
        }
    }
    return w;
}

bool belowReserve(const DeviceBudget &b)
{
    return b.needed.value > 0 && b.headroom < b.reserve;
}

class Reasons
{
public:
    explicit Reasons(std::vector<Reason> &reasons) : m_reasons(reasons) {}

    void device(ReasonCode code, size_t index, Bytes bytes)
    {
        m_reasons.push_back({code, static_cast<DeviceIndex>(index), SegmentKind::Weights, bytes, 0, 0});
    }
    void count(ReasonCode code, uint64_t count, uint64_t total)
    {
        m_reasons.push_back({code, hostDevice, SegmentKind::Weights, {}, count, total});
    }
    void segment(ReasonCode code, size_t index, SegmentKind kind, Bytes bytes)
    {
        m_reasons.push_back({code, static_cast<DeviceIndex>(index), kind, bytes, 0, 0});
    }

    void streamed(const Streaming &streaming, Bytes bytes)
    {
        m_reasons.push_back({ReasonCode::WeightsStreamed, streaming.device, SegmentKind::Staging, bytes, streaming.fromTokens, 0});
    }
    void disk(Bytes bytes, uint64_t pieces)
    {
        m_reasons.push_back({ReasonCode::WeightsOnDisk, hostDevice, SegmentKind::Weights, bytes, pieces, 0});
    }

private:
    std::vector<Reason> &m_reasons;
};

void explainLargest(Reasons &reasons, const Layout &layout)
{
    const Segment *largest = nullptr;
    size_t where = 0;
    for (size_t i = 0; i < layout.devices.size(); ++i) {
        for (const Segment &segment : layout.devices[i].segments) {
            if (segment.backing != Backing::Disk && (!largest || segment.bytes > largest->bytes)) {
                largest = &segment;
                where = i;
            }
        }
    }
    if (largest)
        reasons.segment(ReasonCode::LargestPart, where, largest->kind, largest->bytes);
}

void explainShortage(Reasons &reasons, const Plan &plan)
{
    Bytes needed;
    Bytes free;
    for (size_t i = 0; i < plan.budgets.size(); ++i) {
        const DeviceBudget &b = plan.budgets[i];
        needed += b.needed;
        free += b.total - b.usedByOthers;
        if (b.shortage.value > 0)
            reasons.device(ReasonCode::ShortOnDevice, i, b.shortage);
    }
    if (needed > free)
        reasons.device(ReasonCode::ShortInTotal, hostDevice, needed - free);
    explainLargest(reasons, plan.layout);
    if (plan.fromDisk.value > 0)
        reasons.device(ReasonCode::PagesFromDisk, hostDevice, plan.fromDisk);
}

void explainPlaces(Reasons &reasons, const Whereabouts &w, const ModelShape &shape)
{
    if (w.layersInRam > 0)
        reasons.count(ReasonCode::LayersInRam, w.layersInRam, shape.layers());
    if (w.expertsInRam > 0)
        reasons.count(ReasonCode::ExpertsInRam, w.expertsInRam, w.expertLayers);
}

void explainNoGpu(Reasons &reasons, const Machine &machine, const Plan &plan, const Whereabouts &w, const ModelShape &shape,
    const std::vector<Bytes> &oneLayer)
{
    if (machine.gpus.empty()) {
        reasons.count(ReasonCode::NoGpu, 0, 0);
        return;
    }
    bool none = true;
    for (size_t i = 0; i < machine.gpus.size() && i < oneLayer.size(); ++i) {
        if (oneLayer[i] + machine.gpus[i].reserve <= machine.gpus[i].free)
            none = false;
        else
            reasons.device(ReasonCode::GpuTooSmall, i + 1, oneLayer[i]);
    }
    if (none && !plan.budgets.empty())
        return;
    explainPlaces(reasons, w, shape);
}

Verdict verdictOf(const Plan &plan, const ModelShape &shape, const Whereabouts &w, bool fromDisk)
{
    const bool pages = fromDisk && plan.fromDisk.value > 0;
    if (!fits(plan.budgets) && !pages)
        return Verdict::DoesNotFit;
    if (!shape.kvKnown)
        return Verdict::Unknown;
    if (pages || w.onDisk > 0)
        return Verdict::RunsFromDisk;
    if (std::any_of(plan.budgets.begin(), plan.budgets.end(), belowReserve))
        return Verdict::Tight;
    if (w.allOnGpu)
        return Verdict::FitsOnGpu;
    return w.anyOnGpu ? Verdict::FitsWithOffload : Verdict::CpuOnly;
}

} // namespace

namespace {

/// What lies in RAM, on GPUs whose memory is a share of it too.
Bytes inRam(const std::vector<DeviceTotal> &totals, const Machine &machine)
{
    Bytes bytes = totals[hostDevice].owned + totals[hostDevice].mapped;
    for (size_t i = 0; i < machine.gpus.size(); ++i)
        bytes += machine.gpus[i].unified ? totals[i + 1].owned : Bytes{};
    return bytes;
}

} // namespace

std::vector<DeviceBudget> budgetsOf(const std::vector<DeviceTotal> &totals, const Machine &machine)
{
    std::vector<DeviceBudget> budgets;
    budgets.push_back(budget("RAM", machine.ram.total, machine.ram.available, machine.ram.reserve, inRam(totals, machine)));
    for (size_t i = 0; i < machine.gpus.size(); ++i) {
        const Gpu &gpu = machine.gpus[i];
        budgets.push_back(budget(gpu.name, gpu.total, gpu.free, gpu.reserve, totals[i + 1].owned));
    }
    return budgets;
}

namespace {

/// What is loaded besides, by device of the machine; in RAM also that of GPUs whose memory is a share of it.
std::vector<Bytes> allBesides(const Machine &machine, std::vector<Bytes> besides)
{
    besides.resize(machine.gpus.size() + 1);
    for (size_t i = 0; i < machine.gpus.size(); ++i)
        besides[hostDevice] += machine.gpus[i].unified ? besides[i + 1] : Bytes{};
    return besides;
}

} // namespace

Machine without(Machine machine, const std::vector<Bytes> &besides)
{
    const std::vector<Bytes> all = allBesides(machine, besides);
    machine.ram.available = machine.ram.available - all[hostDevice];
    for (size_t i = 0; i < machine.gpus.size(); ++i)
        machine.gpus[i].free = machine.gpus[i].free - all[i + 1];
    return machine;
}

void addBesides(Plan &plan, const Machine &machine, const std::vector<Bytes> &besides)
{
    const std::vector<Bytes> all = allBesides(machine, besides);
    Reasons reasons(plan.reasons);
    for (size_t i = 0; i < plan.budgets.size(); ++i) {
        DeviceBudget &b = plan.budgets[i];
        b = budget(b.name, b.total, i == hostDevice ? machine.ram.available : machine.gpus[i - 1].free, b.reserve, b.needed + all[i]);
        if (i < besides.size())
            plan.layout.devices[i].add(SegmentKind::Weights, Backing::Owned, besides[i]);
        if (b.shortage.value == 0 || plan.verdict == Verdict::DoesNotFit || (i == hostDevice && plan.fromDisk.value > 0))
            continue;
        plan.verdict = Verdict::DoesNotFit;
        reasons.device(ReasonCode::ShortOnDevice, i, b.shortage);
    }
}

Bytes pageable(const Plan &plan)
{
    const Bytes shortage = plan.budgets[hostDevice].shortage;
    return !gpuShort(plan.budgets) && shortage <= plan.layout.devices[hostDevice].mapped() ? shortage : Bytes{};
}

bool fits(const std::vector<DeviceBudget> &budgets)
{
    return std::none_of(budgets.begin(), budgets.end(), [](const DeviceBudget &b) { return b.shortage.value > 0; });
}

bool fits(const std::vector<DeviceTotal> &totals, const Machine &machine)
{
    for (size_t i = 0; i < machine.gpus.size(); ++i) {
        if (totals[i + 1].owned > machine.gpus[i].free)
            return false;
    }
    return inRam(totals, machine) <= machine.ram.available;
}

bool gpuShort(const std::vector<DeviceBudget> &budgets)
{
    return std::any_of(budgets.begin() + 1, budgets.end(), [](const DeviceBudget &b) { return b.shortage.value > 0; });
}

uint32_t blocksOnGpu(const std::vector<Piece> &pieces, const Placement &placement)
{
    uint32_t blocks = 0;
    int32_t layer = -1;
    bool onGpu = false;
    for (size_t i = 0; i < pieces.size(); ++i) {
        if (pieces[i].layer != layer) {
            blocks += onGpu;
            layer = pieces[i].layer;
            onGpu = layer >= 0;
        }
        onGpu = onGpu && placement.devices[i] != hostDevice;
    }
    return blocks + onGpu;
}

void judge(Plan &plan, const ModelShape &shape, const std::vector<Piece> &pieces, const Machine &machine, const PlanRequest &request,
    const std::vector<Bytes> &oneLayer)
{
    const Whereabouts w = whereabouts(pieces, plan.placement);
    plan.fromDisk = pageable(plan);
    plan.verdict = verdictOf(plan, shape, w, request.fromDisk);
    Reasons reasons(plan.reasons);
    if (plan.verdict == Verdict::DoesNotFit)
        explainShortage(reasons, plan);
    if (plan.verdict == Verdict::RunsFromDisk && plan.fromDisk.value > 0)
        reasons.device(ReasonCode::PagesFromDisk, hostDevice, plan.fromDisk);
    if (w.onDisk > 0)
        reasons.disk(plan.layout.devices[hostDevice].disk(), w.onDisk);
    if (!shape.kvKnown)
        reasons.count(ReasonCode::CacheUnknown, 0, 0);
    if (plan.verdict == Verdict::Tight) {
        for (size_t i = 0; i < plan.budgets.size(); ++i) {
            if (belowReserve(plan.budgets[i]))
                reasons.device(ReasonCode::HeadroomBelowReserve, i, plan.budgets[i].reserve - plan.budgets[i].headroom);
        }
    }
    if (plan.verdict == Verdict::FitsOnGpu) {
        for (size_t i = 1; i < plan.budgets.size(); ++i) {
            if (plan.budgets[i].needed.value > 0)
                reasons.device(ReasonCode::EverythingOnGpu, i, plan.budgets[i].headroom);
        }
    }
    if (!w.anyOnGpu && (request.offload == OffloadMode::Auto || machine.gpus.empty()))
        explainNoGpu(reasons, machine, plan, w, shape, oneLayer);
    else
        explainPlaces(reasons, w, shape);
    if (const Streaming &streaming = plan.placement.streaming)
        reasons.streamed(streaming, plan.layout.devices[streaming.device].of(SegmentKind::Staging));
    if (shape.contextTrained > 0 && request.options.context > shape.contextTrained)
        reasons.count(ReasonCode::ContextBeyondTraining, request.options.context, shape.contextTrained);
}

} // namespace plimsoll
