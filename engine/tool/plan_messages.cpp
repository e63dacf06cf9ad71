// SPDX-License-Identifier: Apache-2.0
#include "messages.h"

#include "text.h"

namespace plimsoll::engine {
namespace {

std::string of(uint64_t count, uint64_t total)
{
    return std::to_string(count) + " of " + std::to_string(total);
}

std::string segmentText(SegmentKind kind)
{
    switch (kind) {
    case SegmentKind::Weights: return "weights";
    case SegmentKind::Kv: return "KV cache";
    case SegmentKind::State: return "recurrent state";
    case SegmentKind::Compute: return "compute buffers";
    case SegmentKind::Output: return "output buffers";
    case SegmentKind::Staging: return "staging buffers";
    case SegmentKind::Overhead: return "driver overhead";
    }
    return "memory";
}

/// "GPU 1 (Tesla T4): 40.2 GiB needed, 15.6 GiB free": one clause per device that takes part. Devices are never added up.
std::string needs(const Plan &plan, const Machine &machine)
{
    std::string text;
    for (DeviceIndex i = 0; i < plan.budgets.size(); ++i) {
        const DeviceBudget &budget = plan.budgets[i];
        if (budget.needed.value == 0)
            continue;
        text += text.empty() ? "" : "; ";
        text += deviceText(i, machine) + ": " + toText(budget.needed) + " needed, " + toText(budget.total - budget.usedByOthers) + " free";
    }
    return text;
}

} // namespace

std::string deviceText(DeviceIndex device, const Machine &machine)
{
    if (device == hostDevice)
        return "RAM";
    const std::string number = "GPU " + std::to_string(device);
    return device <= machine.gpus.size() ? number + " (" + printable(machine.gpus[device - 1].name) + ")" : number;
}

std::string rateText(const RateEstimate &rate)
{
    if (!rate.known())
        return "not known";
    return rateNumber(rate.expected) + " tokens/s (" + rateNumber(rate.low) + " to " + rateNumber(rate.high) + ")";
}

std::string shortText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::FitsOnGpu: return "fits on GPU";
    case Verdict::Tight: return "tight";
    case Verdict::FitsWithOffload: return "fits with offload";
    case Verdict::CpuOnly: return "CPU only";
    case Verdict::DoesNotFit: return "does not fit";
    case Verdict::RunsFromDisk: return "runs from disk";
    case Verdict::Unknown: break;
    }
    return "unknown";
}

std::string recommendationText(RecommendationReason why, const std::string &quantization)
{
    switch (why) {
    case RecommendationReason::PreciseOnGpu:
        return "Recommended: " + quantization + ", the most precise one below 16 bits that lies on GPU as a whole.";
    case RecommendationReason::FastEnough:
        return "Recommended: " + quantization + ", the most precise one that is nearly as fast as any of at least four bits per weight; none "
            "of these lies on GPU as a whole.";
    case RecommendationReason::LastResort:
        return "Of at least four bits per weight none runs here; " + quantization + " loses least of those that do.";
    case RecommendationReason::None: break;
    }
    return "No quantization of this model fits this machine.";
}

std::string sentence(const Plan &plan, const ModelShape &shape, const Machine &machine)
{
    const std::string figures = needs(plan, machine);
    switch (plan.verdict) {
    case Verdict::FitsOnGpu:
        return "Fits on GPU, with the reserve kept. " + figures + ".";
    case Verdict::Tight:
        return "Tight: everything fits on GPU, but less than the reserve stays free. " + figures + ".";
    case Verdict::FitsWithOffload:
        return "Fits with offload: " + of(plan.gpuLayers, shape.layers()) + " layers on GPU, the rest in RAM. " + figures + ".";
    case Verdict::CpuOnly:
        return "Fits in RAM and runs on the CPU only. " + figures + ".";
    case Verdict::DoesNotFit:
        return "Does not fit. " + figures + ".";
    case Verdict::RunsFromDisk:
        return "Runs from disk: weights that RAM does not hold are read again for every token. " + figures + ".";
    case Verdict::Unknown:
        break;
    }
    return "Unknown: the architecture '" + printable(shape.architecture) + "' is not listed, so only its weights are counted. " + figures
        + ".";
}

std::string sentence(const Reason &reason, const Plan &plan, const Machine &machine)
{
    const std::string device = deviceText(reason.device, machine);
    const std::string amount = toText(reason.bytes);
    switch (reason.code) {
    case ReasonCode::EverythingOnGpu:
        return "Everything is on " + device + "; " + amount + " stay free.";
    case ReasonCode::HeadroomBelowReserve:
        return "On " + device + " the reserve falls short by " + amount + ". Close other programs that use it, or shorten the context.";
    case ReasonCode::LayersInRam:
        return of(reason.count, reason.total) + " layers stay in RAM, which is slower than VRAM.";
    case ReasonCode::ExpertsInRam:
        return "The routed experts of " + of(reason.count, reason.total) + " layers stay in RAM.";
    case ReasonCode::NoGpu:
        return "This machine has no usable GPU; the CPU computes everything.";
    case ReasonCode::GpuTooSmall:
        return "Not even one layer fits on " + device + ": with its buffers it would need " + amount + ".";
    case ReasonCode::ShortOnDevice:
        return device + " is short by " + amount + ".";
    case ReasonCode::ShortInTotal:
        return "With every device used to the full, " + amount + " still find no place. Choose a smaller quantization, model or context.";
    case ReasonCode::LargestPart:
        return "The largest part on " + device + ": " + segmentText(reason.segment) + ", " + amount + ".";
    case ReasonCode::PagesFromDisk:
        return "The system could page " + amount + " of weights from disk" + (plan.decode.known()
                ? ", at about " + rateNumber(plan.decode.expected) + " tokens/s." : ", which is very slow.");
    case ReasonCode::WeightsOnDisk:
        return "As asked, " + amount + " of weights stay on disk and are read from there whenever they are used.";
    case ReasonCode::WeightsStreamed:
        return device + " computes prompts of " + std::to_string(reason.count) + " tokens or more with the weights in RAM as well: they pass "
            "through buffers of " + amount + " there.";
    case ReasonCode::CacheUnknown:
        return "The architecture is not listed: its KV cache is not counted.";
    case ReasonCode::ContextBeyondTraining:
        return "A context of " + std::to_string(reason.count) + " tokens was asked for; the model was trained with "
            + std::to_string(reason.total) + ". Beyond that its answers get worse.";
    }
    return std::string(name(reason.code));
}

} // namespace plimsoll::engine
