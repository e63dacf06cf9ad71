// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/layout/layout.h>
#include <plimsoll/layout/place_rule.h>
#include <plimsoll/machine/machine.h>
#include <plimsoll/speed/rates.h>
#include <plimsoll/units/rates.h>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

/// Where the pieces of a model go on a machine, whether it fits, and why.
namespace plimsoll {

enum class OffloadMode : uint8_t {
    Auto,      // the placement with the least predicted time per token under the budgets
    Layers,    // PlanRequest::gpuLayers blocks on the GPUs
    CpuOnly,
    ByHand,    // PlanRequest::byHand
};

struct PlanRequest
{
    RunOptions options;
    OffloadMode offload = OffloadMode::Auto;
    uint32_t gpuLayers = 0;             // counts blocks; one more than the model has: the output too
    bool expertsInRam = false;          // with Layers: routed experts of all blocks
    uint32_t expertLayersInRam = 0;     // with Layers: of so many blocks, from the first
    std::vector<double> shares;         // with Layers: one weight per GPU; empty: by free memory
    Placement byHand;                   // with ByHand: one device per piece
    std::vector<PlaceRule> places;      // over what the others choose; only these and byHand ever leave a piece on disk
    std::vector<BackendTraits> traits;  // per device; empty: cpuTraits() and cudaTraits()
    /// From how many tokens per call weights in RAM are streamed to a GPU, which then keeps room for that; 0: never; nothing: from where the
    /// prediction says that it pays, if there is room left.
    std::optional<uint32_t> streamFrom;
    bool fromDisk = false;              // weights that RAM does not hold may be read from disk for every token
    std::vector<Bytes> besides;         // by device: what is loaded there too, such as a vision projector
    SpeedRuntime runtime = SpeedRuntime::LlamaCpp;   // whose launches and reads are predicted
};

enum class Verdict : uint8_t { FitsOnGpu, Tight, FitsWithOffload, CpuOnly, DoesNotFit, RunsFromDisk, Unknown };

enum class ReasonCode : uint8_t {
    EverythingOnGpu,       // headroom bytes on `device`
    HeadroomBelowReserve,  // `bytes` short of the reserve on `device`
    LayersInRam,           // `count` of `total` layers in RAM
    ExpertsInRam,          // routed experts of `count` of `total` layers in RAM
    NoGpu,                 // the machine has none
    GpuTooSmall,           // not even one layer fits `device`: `bytes` is what one layer and its buffers would need
    ShortOnDevice,         // `bytes` more needed on `device` than is free
    ShortInTotal,          // mapped + owned exceed all free memory by `bytes`
    LargestPart,           // `segment` is the largest: `bytes` on `device`
    PagesFromDisk,         // the system could page (with PlanRequest::fromDisk: will) `bytes` of weights from disk, at the predicted speed
    WeightsOnDisk,         // by choice `bytes` of weights of `count` pieces are read from disk at every use
    WeightsStreamed,       // prompts of `count` tokens or more are computed on `device`, through `bytes` of buffers there
    CacheUnknown,          // the architecture is not listed: cache not counted
    ContextBeyondTraining, // `count` asked, `total` trained
};

struct Reason
{
    ReasonCode code = ReasonCode::EverythingOnGpu;
    DeviceIndex device = hostDevice;
    SegmentKind segment = SegmentKind::Weights;
    Bytes bytes;
    uint64_t count = 0;
    uint64_t total = 0;
};

enum class AlternativeKind : uint8_t {
    WholeLayers,    // as many whole blocks on GPUs as fit, from the last
    ExpertsLast,    // first everything but the routed experts, then the experts of as many blocks as fit
    Filled,         // one of these, and single pieces where room was left
    EveryPiece,     // the best of every assignment of pieces (small models)
    AllInRam,
};

/// A placement that Auto considered: why the chosen one was chosen.
struct Alternative
{
    AlternativeKind kind = AlternativeKind::AllInRam;
    bool fits = false;
    bool chosen = false;
    bool keepsReserve = true;
    double decode = 0;             // predicted tokens per second, 0 where not known
    uint32_t gpuLayers = 0;        // blocks wholly on GPUs
    uint32_t expertsInRam = 0;     // blocks whose routed experts stay in RAM and whose mixer does not
};

/// One device's account: what is there, what this plan takes, what remains.
struct DeviceBudget
{
    std::string name;
    Bytes total;
    Bytes usedByOthers;
    Bytes reserve;
    Bytes needed;        // owned; on the host also what is mapped, but for what stays on disk
    Bytes headroom;      // free - needed, 0 when short
    Bytes shortage;      // needed - free, 0 when there is room
};

struct Plan
{
    Placement placement;
    Layout layout;
    Verdict verdict = Verdict::Unknown;
    std::vector<Reason> reasons;           // the most important first
    std::vector<DeviceBudget> budgets;     // by DeviceIndex
    uint32_t gpuLayers = 0;                // blocks wholly on GPUs
    std::vector<Alternative> alternatives; // with Auto
    Bytes fromDisk;                        // mapped weights that RAM is too small for, where that is all that is missing
    RateEstimate decode;                   // tokens/s at the end of half the context
    RateEstimate prefill;
};

/// Errors: InvalidArgument, UnsupportedByEngine; a model that does not fit is a plan with that verdict, not an error.
Result<Plan> makePlan(const ModelShape &shape, const WeightTypes &types, const Machine &machine, const PlanRequest &request);

std::string_view name(Verdict verdict);        // "fits-on-gpu"
std::string_view name(ReasonCode code);        // "layers-in-ram"
std::string_view name(SegmentKind kind);       // "weights"
std::string_view name(AlternativeKind kind);   // "experts-last"

/// The answer of `fit --json`: see core/plan/README.md.
nlohmann::json toJson(const Plan &plan, const ModelShape &shape, const Machine &machine);

} // namespace plimsoll
