// SPDX-License-Identifier: Apache-2.0
#include "choose.h"

#include "account.h"
#include "optimizer.h"
#include "placer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace plimsoll {

namespace {

/// So many units on so many devices are tried one and all.
constexpr size_t fewUnits = 12;
constexpr size_t fewDevices = 4;

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

uint32_t expertsLeftInRam(const std::vector<Piece> &pieces, const Placement &placement)
{
    uint32_t count = 0;
    bool mixerOnGpu = false;
    for (size_t i = 0; i < pieces.size(); ++i) {
        if (pieces[i].kind == PieceKind::Mixer)
            mixerOnGpu = placement.devices[i] != hostDevice;
        count += pieces[i].kind == PieceKind::Experts && mixerOnGpu && placement.devices[i] == hostDevice;
    }
    return count;
}

/// Larger is better: what fits everywhere, then what is fast, then what has more on GPUs.
struct Candidate
{
    Placement placement;
    Alternative alternative;

    bool operator<(const Candidate &other) const
    {
        const Alternative &a = alternative;
        const Alternative &b = other.alternative;
        return std::tuple(a.fits, a.decode, a.gpuLayers) < std::tuple(b.fits, b.decode, b.gpuLayers);
    }
};

class Candidates
{
public:
    Candidates(const Task &task, bool keepReserve) : m_task(task), m_keepReserve(keepReserve) {}

    void add(AlternativeKind kind, std::optional<Placement> placement)
    {
        if (placement)
            keepSharedCaches(m_task.shape, *placement);
        const auto same = [&](const Candidate &other) { return other.placement.devices == placement->devices; };
        if (!placement || std::any_of(m_all.begin(), m_all.end(), same))
            return;
        Candidate candidate;
        candidate.alternative.kind = kind;
        candidate.alternative.keepsReserve = m_keepReserve;
        candidate.alternative.fits = fits(m_task.layouter.totals(*placement), m_task.machine);
        const double seconds = m_task.speed.seconds(*placement);
        candidate.alternative.decode = seconds > 0 && !std::isinf(seconds) ? m_task.speed.tokens() / seconds : 0;
        candidate.alternative.gpuLayers = blocksOnGpu(m_task.layouter.pieces(), *placement);
        candidate.alternative.expertsInRam = expertsLeftInRam(m_task.layouter.pieces(), *placement);
        candidate.placement = std::move(*placement);
        m_all.push_back(std::move(candidate));
    }

    std::vector<Candidate> &all() { return m_all; }
    size_t best() const { return static_cast<size_t>(std::max_element(m_all.begin(), m_all.end()) - m_all.begin()); }

private:
    const Task &m_task;
    bool m_keepReserve;
    std::vector<Candidate> m_all;
};

/// What a device may take: GPUs less the reserve where it is kept, RAM all that is available.
std::vector<Bytes> allCapacities(const Machine &machine, bool keepReserve)
{
    std::vector<Bytes> all = capacities(machine, keepReserve);
    all.insert(all.begin(), machine.ram.available);
    return all;
}

std::vector<Candidate> considerUnder(const Task &task, bool keepReserve, size_t &best)
{
    Candidates candidates(task, keepReserve);
    const Placer placer(task.shape, task.layouter, capacities(task.machine, keepReserve), fastestFirst(task.machine));
    if (!task.machine.gpus.empty()) {
        candidates.add(AlternativeKind::WholeLayers, placer.mostLayers());
        if (hasExperts(task.shape))
            candidates.add(AlternativeKind::ExpertsLast, placer.mostLayersExpertsLast());
    }
    candidates.add(AlternativeKind::AllInRam, hostPlacement(task.shape));
    if (!task.machine.gpus.empty()) {
        const Optimizer optimizer(task.layouter, task.speed, allCapacities(task.machine, keepReserve));
        // Mixers of all layers taken from RAM one by one would gain next to nothing over whole blocks.
        const size_t seeds = std::max<size_t>(candidates.all().size() - 1, 1);
        for (size_t i = 0; i < seeds; ++i)
            candidates.add(AlternativeKind::Filled, optimizer.improved(candidates.all()[i].placement));
        if (optimizer.units() <= fewUnits && task.speed.devices() <= fewDevices)
            candidates.add(AlternativeKind::EveryPiece, optimizer.best(candidates.all()[candidates.best()].placement));
    }
    best = candidates.best();
    return std::move(candidates.all());
}

Placement chooseAuto(const Task &task, std::vector<Alternative> &considered)
{
    size_t best = 0;
    std::vector<Candidate> candidates = considerUnder(task, true, best);
    if (!candidates[best].alternative.fits) {
        size_t other = 0;
        std::vector<Candidate> without = considerUnder(task, false, other);
        if (without[other].alternative.fits) {
            candidates = std::move(without);
            best = other;
        }
    }
    candidates[best].alternative.chosen = true;
    for (const Candidate &candidate : candidates)
        considered.push_back(candidate.alternative);
    return std::move(candidates[best].placement);
}

/// Blocks whose routed experts may leave RAM.
uint32_t withExperts(const Task &task)
{
    const uint32_t layers = task.shape.layers();
    return task.request.expertsInRam ? 0 : layers - std::min(task.request.expertLayersInRam, layers);
}

void keepExpertsInRam(const Task &task, Placement &placement)
{
    const std::vector<Piece> &pieces = task.layouter.pieces();
    const uint32_t inRam = task.shape.layers() - withExperts(task);
    for (size_t i = 0; i < pieces.size(); ++i) {
        if (pieces[i].kind == PieceKind::Experts && static_cast<uint32_t>(pieces[i].layer) < inRam)
            placement.devices[i] = hostDevice;
    }
}

Placement chooseLayers(const Task &task)
{
    const PlanRequest &request = task.request;
    if (task.machine.gpus.empty())
        return hostPlacement(task.shape);
    if (request.shares.empty()) {
        for (const bool keepReserve : {true, false}) {
            const Placer placer(task.shape, task.layouter, capacities(task.machine, keepReserve), asListed(task.machine));
            if (auto placement = placer.place(request.gpuLayers, withExperts(task))) {
                keepSharedCaches(task.shape, *placement);
                return std::move(*placement);
            }
        }
    }
    std::vector<double> shares = request.shares;
    if (shares.empty()) {
        for (const Gpu &gpu : task.machine.gpus)
            shares.push_back(static_cast<double>((gpu.free - gpu.overhead).value));
    }
    Placement placement = layerPlacement(task.shape, request.gpuLayers, shares);
    keepExpertsInRam(task, placement);
    return placement;
}

} // namespace

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

Placement choose(const Task &task, std::vector<Alternative> &considered)
{
    switch (task.request.offload) {
    case OffloadMode::Auto: return chooseAuto(task, considered);
    case OffloadMode::Layers: return chooseLayers(task);
    case OffloadMode::ByHand: return task.request.byHand;
    case OffloadMode::CpuOnly: break;
    }
    return hostPlacement(task.shape);
}

} // namespace plimsoll
