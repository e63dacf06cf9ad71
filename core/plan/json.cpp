// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include <nlohmann/json.hpp>

namespace plimsoll {

using nlohmann::json;

std::string_view name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::FitsOnGpu: return "fits-on-gpu";
    case Verdict::Tight: return "tight";
    case Verdict::FitsWithOffload: return "fits-with-offload";
    case Verdict::CpuOnly: return "cpu-only";
    case Verdict::DoesNotFit: return "does-not-fit";
    case Verdict::RunsFromDisk: return "runs-from-disk";
    case Verdict::Unknown: break;
    }
    return "unknown";
}

std::string_view name(ReasonCode code)
{
    switch (code) {
    case ReasonCode::EverythingOnGpu: return "everything-on-gpu";
    case ReasonCode::HeadroomBelowReserve: return "headroom-below-reserve";
    case ReasonCode::LayersInRam: return "layers-in-ram";
    case ReasonCode::ExpertsInRam: return "experts-in-ram";
    case ReasonCode::NoGpu: return "no-gpu";
    case ReasonCode::GpuTooSmall: return "gpu-too-small";
    case ReasonCode::ShortOnDevice: return "short-on-device";
    case ReasonCode::ShortInTotal: return "short-in-total";
    case ReasonCode::LargestPart: return "largest-part";
    case ReasonCode::PagesFromDisk: return "pages-from-disk";
    case ReasonCode::WeightsOnDisk: return "weights-on-disk";
    case ReasonCode::WeightsStreamed: return "weights-streamed";
    case ReasonCode::CacheUnknown: return "cache-unknown";
    case ReasonCode::ContextBeyondTraining: return "context-beyond-training";
    }
    return "";
}

std::string_view name(SegmentKind kind)
{
    switch (kind) {
    case SegmentKind::Weights: return "weights";
    case SegmentKind::Kv: return "kv";
    case SegmentKind::State: return "state";
    case SegmentKind::Compute: return "compute";
    case SegmentKind::Output: return "output";
    case SegmentKind::Staging: return "staging";
    case SegmentKind::Overhead: return "overhead";
    }
    return "";
}

std::string_view name(AlternativeKind kind)
{
    switch (kind) {
    case AlternativeKind::WholeLayers: return "whole-layers";
    case AlternativeKind::ExpertsLast: return "experts-last";
    case AlternativeKind::Filled: return "filled";
    case AlternativeKind::EveryPiece: return "every-piece";
    case AlternativeKind::AllInRam: return "all-in-ram";
    }
    return "";
}

namespace {

json alternativeJson(const Alternative &a)
{
    return {{"kind", name(a.kind)}, {"fits", a.fits}, {"chosen", a.chosen}, {"keepsReserve", a.keepsReserve}, {"decode", a.decode},
        {"gpuLayers", a.gpuLayers}, {"expertsInRam", a.expertsInRam}};
}

json rateJson(const RateEstimate &rate)
{
    if (!rate.known())
        return nullptr;
    return {{"low", rate.low}, {"expected", rate.expected}, {"high", rate.high}};
}

std::string_view name(Backing backing)
{
    switch (backing) {
    case Backing::Mapped: return "mapped";
    case Backing::Owned: return "owned";
    case Backing::Disk: break;
    }
    return "disk";
}

json deviceJson(const Plan &plan, size_t index)
{
    const DeviceBudget &budget = plan.budgets[index];
    const DeviceLayout &layout = plan.layout.devices[index];
    json result = {
        {"device", index},
        {"kind", index == hostDevice ? "ram" : "gpu"},
        {"name", budget.name},
        {"total", budget.total.value},
        {"usedByOthers", budget.usedByOthers.value},
        {"free", (budget.total - budget.usedByOthers).value},
        {"reserve", budget.reserve.value},
        {"needed", budget.needed.value},
        {"headroom", budget.headroom.value},
        {"shortage", budget.shortage.value},
        {"owned", layout.owned().value},
        {"mapped", layout.mapped().value},
        {"disk", layout.disk().value},
        {"segments", json::array()},
    };
    for (const auto kind : {SegmentKind::Weights, SegmentKind::Kv, SegmentKind::State, SegmentKind::Compute, SegmentKind::Output,
             SegmentKind::Staging, SegmentKind::Overhead}) {
        result["bytes"][std::string(name(kind))] = {{"owned", layout.of(kind, Backing::Owned).value},
            {"mapped", layout.of(kind, Backing::Mapped).value}, {"disk", layout.of(kind, Backing::Disk).value}};
    }
    for (const Segment &segment : layout.segments) {
        result["segments"].push_back({
            {"kind", name(segment.kind)},
            {"backing", name(segment.backing)},
            {"bytes", segment.bytes.value},
            {"estimated", segment.estimated},
        });
    }
    return result;
}

json placementJson(const Plan &plan, const ModelShape &shape)
{
    json result = {{"layers", json::array()}};
    const std::vector<Piece> pieces = piecesOf(shape);
    for (size_t i = 0; i < pieces.size() && i < plan.placement.devices.size(); ++i) {
        const std::string kind(name(pieces[i].kind));
        const json place = plan.placement.onDisk(i) ? json("disk") : json(plan.placement.devices[i]);
        if (pieces[i].layer < 0) {
            result[kind] = place;
            continue;
        }
        json &layers = result["layers"];
        if (layers.size() <= static_cast<size_t>(pieces[i].layer))
            layers.push_back(json::object());
        layers.back()[kind] = place;
    }
    if (const Streaming &streaming = plan.placement.streaming)
        result["streaming"] = {{"device", streaming.device}, {"fromTokens", streaming.fromTokens}};
    return result;
}

json reasonJson(const Reason &reason)
{
    return {
        {"code", name(reason.code)},
        {"device", reason.device},
        {"segment", name(reason.segment)},
        {"bytes", reason.bytes.value},
        {"count", reason.count},
        {"total", reason.total},
    };
}

} // namespace

json toJson(const Plan &plan, const ModelShape &shape, const Machine &machine)
{
    json result = {
        {"model",
            {
                {"architecture", shape.architecture},
                {"name", shape.name},
                {"layers", shape.layers()},
                {"parameters", shape.parameters()},
                {"activeParameters", shape.activeParameters()},
                {"contextTrained", shape.contextTrained},
            }},
        {"machine", {{"name", machine.name}, {"pretended", machine.pretended}, {"gpuNotice", machine.gpuNotice}}},
        {"verdict", name(plan.verdict)},
        {"reasons", json::array()},
        {"devices", json::array()},
        {"gpuLayers", plan.gpuLayers},
        {"placement", placementJson(plan, shape)},
        {"decode", rateJson(plan.decode)},
        {"prefill", rateJson(plan.prefill)},
        {"fromDisk", plan.fromDisk.value},
    };
    for (const Reason &reason : plan.reasons)
        result["reasons"].push_back(reasonJson(reason));
    result["alternatives"] = json::array();
    for (const Alternative &alternative : plan.alternatives)
        result["alternatives"].push_back(alternativeJson(alternative));
    for (size_t i = 0; i < plan.budgets.size(); ++i)
        result["devices"].push_back(deviceJson(plan, i));
    return result;
}

} // namespace plimsoll
