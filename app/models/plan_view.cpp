// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/plan_view.h"

#include <QCoreApplication>

namespace plimsoll::app {

namespace {

struct Names
{
    Q_DECLARE_TR_FUNCTIONS(plimsoll::app::PlanView)

public:
    static QString of(DeviceIndex device, const DeviceBudget &budget)
    {
        if (device == hostDevice)
            return tr("RAM");
        return tr("GPU %1 · %2", "number and name").arg(QString::number(device - 1), QString::fromStdString(budget.name));
    }
};

BarData barOf(DeviceIndex device, const DeviceLayout &layout, const DeviceBudget &budget)
{
    BarData bar{Names::of(device, budget), budget.total, budget.reserve, {}};
    const auto add = [&bar](SegmentRole role, Bytes bytes, bool estimated = false) {
        if (bytes.value > 0)
            bar.segments << BarSegment{role, bytes, estimated};
    };
    bool estimatedOverhead = false;
    for (const Segment &segment : layout.segments)
        estimatedOverhead |= segment.kind == SegmentKind::Overhead && segment.estimated;

    add(SegmentRole::Others, budget.usedByOthers);
    add(SegmentRole::WeightsMapped, layout.of(SegmentKind::Weights, Backing::Mapped));
    add(SegmentRole::Weights, layout.of(SegmentKind::Weights, Backing::Owned));
    add(SegmentRole::Kv, layout.of(SegmentKind::Kv));
    add(SegmentRole::State, layout.of(SegmentKind::State));
    add(SegmentRole::Compute, layout.of(SegmentKind::Compute) + layout.of(SegmentKind::Output) + layout.of(SegmentKind::Staging));
    add(SegmentRole::Overhead, layout.of(SegmentKind::Overhead), estimatedOverhead);
    add(SegmentRole::Headroom, budget.headroom);
    add(SegmentRole::Shortage, budget.shortage);
    return bar;
}

} // namespace

QString deviceTitle(DeviceIndex device, const DeviceBudget &budget)
{
    return Names::of(device, budget);
}

QVector<BarData> barsOf(const Plan &plan)
{
    QVector<BarData> bars;
    const auto devices = static_cast<DeviceIndex>(std::min(plan.budgets.size(), plan.layout.devices.size()));
    for (DeviceIndex device = 1; device < devices; ++device)
        bars << barOf(device, plan.layout.devices[device], plan.budgets[device]);
    if (devices > 0)
        bars << barOf(hostDevice, plan.layout.devices[hostDevice], plan.budgets[hostDevice]);
    return bars;
}

Placement withLayerMoved(const Placement &placement, const ModelShape &shape, int layer, DeviceIndex gpus)
{
    const std::vector<Piece> pieces = piecesOf(shape);
    DeviceIndex mixer = hostDevice;
    DeviceIndex experts = hostDevice;
    bool hasExperts = false;
    for (size_t i = 0; i < pieces.size() && i < placement.devices.size(); ++i) {
        if (pieces[i].layer != layer)
            continue;
        if (pieces[i].kind == PieceKind::Mixer)
            mixer = placement.devices[i];
        if (pieces[i].kind == PieceKind::Experts) {
            hasExperts = true;
            experts = placement.devices[i];
        }
    }
    DeviceIndex next = mixer < gpus ? mixer + 1 : hostDevice;
    DeviceIndex nextExperts = next;
    if (hasExperts && gpus > 0 && mixer == gpus && experts == mixer) {
        next = mixer;   // its experts go first
        nextExperts = hostDevice;
    } else if (hasExperts && mixer != hostDevice && experts == hostDevice) {
        next = hostDevice;
        nextExperts = hostDevice;
    }
    Placement moved = placement;
    for (size_t i = 0; i < pieces.size() && i < moved.devices.size(); ++i)
        if (pieces[i].layer == layer)
            moved.devices[i] = pieces[i].kind == PieceKind::Experts ? nextExperts : next;
    return moved;
}

StripData stripOf(const Plan &plan, const ModelShape &shape)
{
    StripData strip;
    strip.layers.resize(static_cast<qsizetype>(shape.layers()));
    for (DeviceIndex device = 0; device < plan.budgets.size(); ++device)
        strip.devices << Names::of(device, plan.budgets[device]);

    const std::vector<Piece> pieces = piecesOf(shape);
    for (size_t i = 0; i < pieces.size() && i < plan.placement.devices.size(); ++i) {
        const DeviceIndex device = plan.placement.devices[i];
        const LayerPlace place = device == hostDevice ? LayerPlace::Cpu : LayerPlace::Gpu;
        if (pieces[i].kind == PieceKind::Output)
            strip.output = {place, device};
        if (pieces[i].layer < 0 || pieces[i].layer >= strip.layers.size())
            continue;
        LayerCell &cell = strip.layers[pieces[i].layer];
        if (pieces[i].kind == PieceKind::Mixer)
            cell = {place, device};
        else if (pieces[i].kind == PieceKind::Experts && device == hostDevice && cell.place == LayerPlace::Gpu)
            cell.place = LayerPlace::ExpertsInRam;
    }
    return strip;
}

} // namespace plimsoll::app
