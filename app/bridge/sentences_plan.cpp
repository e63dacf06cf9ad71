// SPDX-License-Identifier: GPL-3.0-or-later
#include "sentences.h"

#include "format.h"

#include <algorithm>

namespace plimsoll::app {

namespace {

/// The GPU with the least headroom; null without GPUs.
const DeviceBudget *tightestGpu(const Plan &plan)
{
    if (plan.budgets.size() < 2)
        return nullptr;
    return &*std::min_element(plan.budgets.begin() + 1, plan.budgets.end(),
        [](const DeviceBudget &a, const DeviceBudget &b) { return a.headroom < b.headroom; });
}

Bytes neededOnHost(const Plan &plan)
{
    return plan.budgets.empty() ? Bytes{} : plan.budgets.front().needed;
}

int small(uint64_t number)
{
    return static_cast<int>(std::min<uint64_t>(number, 1000000000));
}

} // namespace

QString Sentences::title(Verdict verdict)
{
    switch (verdict) {
    case Verdict::FitsOnGpu:
        return tr("Fits on the GPU");
    case Verdict::Tight:
        return tr("Tight");
    case Verdict::FitsWithOffload:
        return tr("Fits with offload");
    case Verdict::CpuOnly:
        return tr("CPU only");
    case Verdict::DoesNotFit:
        return tr("Does not fit");
    case Verdict::RunsFromDisk:
        return tr("Runs from disk");
    case Verdict::Unknown:
        return tr("Not known");
    }
    return {};
}

QString Sentences::of(const Plan &plan)
{
    const DeviceBudget *gpu = tightestGpu(plan);
    const QString headroom = gpu ? format::memory(gpu->headroom) : format::unknown();
    switch (plan.verdict) {
    case Verdict::FitsOnGpu:
        return tr("The whole model fits on the GPU, with %1 of VRAM to spare.").arg(headroom);
    case Verdict::Tight:
        return tr("The model fits, but only %1 of VRAM remain; another program may need them.").arg(headroom);
    case Verdict::FitsWithOffload:
        return tr("The model fits: %n layer(s) go to the GPU, and %1 stay in RAM.", "", small(plan.gpuLayers))
            .arg(format::memory(neededOnHost(plan)));
    case Verdict::CpuOnly:
        return tr("The model runs on the CPU and takes %1 of RAM.").arg(format::memory(neededOnHost(plan)));
    case Verdict::DoesNotFit:
        return ofShortage(plan);
    case Verdict::RunsFromDisk:
        return tr("The model runs, but reads its weights from disk again and again.");
    case Verdict::Unknown:
        return tr("Whether the model fits is not known.");
    }
    return {};
}

QString Sentences::ofShortage(const Plan &plan)
{
    const auto worst = std::max_element(
        plan.budgets.begin(), plan.budgets.end(), [](const DeviceBudget &a, const DeviceBudget &b) { return a.shortage < b.shortage; });
    if (worst == plan.budgets.end() || worst->shortage.value == 0)
        return tr("The model does not fit into the memory of this computer.");
    return tr("The model does not fit: it needs %1 in %2, where %3 are free.")
        .arg(format::memory(worst->needed), deviceName(static_cast<DeviceIndex>(worst - plan.budgets.begin()), plan),
            format::memory(worst->total - worst->usedByOthers));
}

QString Sentences::ofRunningAnyway(const Plan &plan)
{
    if (plan.fromDisk.value == 0)
        return tr("Run anyway, the engine would refuse to load it for lack of memory.");
    const QString bytes = format::memory(plan.fromDisk);
    if (!plan.decode.known())
        return tr("Run anyway, it reads %1 of weights that RAM does not hold from disk for every token, which is very slow.").arg(bytes);
    return tr("Run anyway, it reads %1 of weights that RAM does not hold from disk for every token and reaches %2.")
        .arg(bytes, format::tokenRate(plan.decode));
}

QString Sentences::of(const Reason &reason, const Plan &plan)
{
    const QString device = deviceName(reason.device, plan);
    const QString bytes = format::memory(reason.bytes);
    const QString total = format::count(reason.total);
    switch (reason.code) {
    case ReasonCode::EverythingOnGpu:
        return tr("All layers are on GPUs; %1 keeps %2 of headroom.").arg(device, bytes);
    case ReasonCode::HeadroomBelowReserve:
        return tr("%1 is %2 short of the reserve that should stay free.").arg(device, bytes);
    case ReasonCode::LayersInRam:
        //: The number before is how many layers are in RAM, %1 is how many the model has.
        return tr("%n of %1 layers are in RAM.", "", small(reason.count)).arg(total);
    case ReasonCode::ExpertsInRam:
        //: The number before is in how many layers the experts are in RAM, %1 is how many layers have experts.
        return tr("The experts of %n of %1 layers are in RAM.", "", small(reason.count)).arg(total);
    case ReasonCode::NoGpu:
        return tr("There is no GPU, so the CPU does all the work.");
    case ReasonCode::GpuTooSmall:
        return tr("%1 is too small: one layer with its buffers needs %2.").arg(device, bytes);
    case ReasonCode::ShortOnDevice:
        return tr("%1 lacks %2.").arg(device, bytes);
    case ReasonCode::ShortInTotal:
        return tr("All free memory taken together is %1 too small.").arg(bytes);
    case ReasonCode::LargestPart:
        return tr("The largest part is “%1”: %2 in %3.").arg(name(reason.segment), bytes, device);
    case ReasonCode::PagesFromDisk:
        return tr("The system could still read %1 of weights from disk again and again, which is very slow.").arg(bytes);
    case ReasonCode::WeightsOnDisk:
        return tr("As chosen, %1 of weights stay on disk and are read again whenever they are used.").arg(bytes);
    case ReasonCode::WeightsStreamed:
        //: The number before is how many tokens of a prompt are computed at once, %1 is a GPU.
        return tr("From %n prompt token(s) at once, %1 computes with the weights in RAM as well; they pass through buffers of %2 there.",
            "", small(reason.count))
            .arg(device, bytes);
    case ReasonCode::CacheUnknown:
        return tr("This architecture is not known in full, so its KV cache is not counted.");
    case ReasonCode::ContextBeyondTraining:
        return tr("The context of %1 tokens is longer than the %2 that the model was trained on.").arg(format::count(reason.count), total);
    }
    return {};
}

QString Sentences::of(const Change &change, const Plan &plan, const QString &modelName)
{
    const QString value = QString::fromStdString(change.value);
    switch (change.code) {
    case ChangeCode::KvType:
        return tr("Store the KV cache as %1").arg(value.toLower());
    case ChangeCode::Context:
        return tr("Shorten the context from %1 to %2 tokens").arg(format::count(change.from), format::count(change.to));
    case ChangeCode::Sequences:
        //: %1 is how many there are now.
        return tr("Run %n parallel sequence(s) instead of %1", "", small(change.to)).arg(format::count(change.from));
    case ChangeCode::Quantization:
        return tr("Use the smaller quantization %1").arg(value);
    case ChangeCode::ExpertsInRam:
        return tr("Keep the experts of %n layer(s) in RAM", "", small(change.to));
    case ChangeCode::LayersInRam:
        return tr("Keep %n layer(s) in RAM", "", small(change.to));
    case ChangeCode::Smaller:
        return tr("Use the smaller model %1").arg(modelName);
    case ChangeCode::FreeMemory:
        return tr("Close what else uses %1: %2").arg(deviceName(change.device, plan), format::memory(change.memory));
    case ChangeCode::OtherGpu:
        return tr("Use a %1 in place of the first GPU").arg(value);
    case ChangeCode::SecondGpu:
        return plan.budgets.size() > 1 ? tr("Add a %1").arg(value) : tr("Use a %1 as GPU").arg(value);
    }
    return {};
}

QString Sentences::name(SegmentKind kind)
{
    switch (kind) {
    case SegmentKind::Weights:
        return tr("Weights");
    case SegmentKind::Kv:
        return tr("KV cache");
    case SegmentKind::State:
        return tr("Recurrent state");
    case SegmentKind::Compute:
        return tr("Compute buffers");
    case SegmentKind::Output:
        return tr("Output buffers");
    case SegmentKind::Staging:
        return tr("Transfer buffers");
    case SegmentKind::Overhead:
        return tr("Driver overhead");
    }
    return {};
}

QString Sentences::deviceName(DeviceIndex device, const Plan &plan)
{
    if (device == hostDevice)
        return tr("RAM");
    return device < plan.budgets.size() ? QString::fromStdString(plan.budgets[device].name) : format::unknown();
}

} // namespace plimsoll::app
