// SPDX-License-Identifier: Apache-2.0
#include "fit_request.h"

#include <algorithm>

namespace plimsoll::engine {
namespace {

constexpr uint32_t defaultContext = 4096;

Error invalid(const char *option, const std::string &text, std::string accepted)
{
    return Error{ErrorCode::InvalidArgument, {option, text, std::move(accepted)}};
}

/// Formats of a cache that some program has.
constexpr GgmlType cacheTypes[] = {GgmlType::F32, GgmlType::F16, GgmlType::BF16, GgmlType::Q8_0, GgmlType::Q5_1, GgmlType::Q5_0,
    GgmlType::Q4_1, GgmlType::Q4_0, GgmlType::IQ4_NL};

Status applyRun(const FitOptions &options, const ModelShape &shape, RunOptions &run)
{
    if (const Status status = options.run.apply(run, cacheTypes); !status)
        return status;
    if (shape.contextTrained > 0 && run.context > shape.contextTrained)
        return Error{ErrorCode::ContextTooLong, {std::to_string(run.context), std::to_string(shape.contextTrained)}};
    if (!options.ubatch.empty()) {
        const auto ubatch = countFrom("--ubatch", options.ubatch, 1, mostBatch);
        if (!ubatch)
            return ubatch.error();
        run.batch = options.run.batch.empty() ? static_cast<uint32_t>(*ubatch) : std::min(run.batch, static_cast<uint32_t>(*ubatch));
    }
    if (options.flashAttention.empty() || options.flashAttention == "on" || options.flashAttention == "off")
        return {};
    return invalid("--flash-attn", options.flashAttention, "on, off");
}

struct Place
{
    std::string kind;
    uint64_t first = 0;
    uint64_t last = UINT64_MAX;
    DeviceIndex device = hostDevice;
};

/// "experts:0-19=0", "mixer:3=1", "output=2".
Result<Place> placeFrom(const std::string &text, size_t gpus)
{
    const std::string accepted = "KIND[:FIRST[-LAST]]=DEVICE, where KIND is mixer, ffn, experts or output and DEVICE 0 (RAM) to "
        + std::to_string(gpus);
    const size_t equals = text.find('=');
    if (equals == std::string::npos)
        return invalid("--place", text, accepted);
    const auto device = countFrom("--place", text.substr(equals + 1), 0, gpus);
    const std::string what = text.substr(0, equals);
    const size_t colon = std::min(what.find(':'), what.size());
    Place place;
    place.kind = what.substr(0, colon);
    const bool known = place.kind == "mixer" || place.kind == "ffn" || place.kind == "experts" || place.kind == "output";
    if (!device || !known)
        return invalid("--place", text, accepted);
    place.device = static_cast<DeviceIndex>(*device);
    if (colon < what.size()) {
        const std::string range = what.substr(colon + 1);
        const size_t dash = std::min(range.find('-'), range.size());
        const auto first = countFrom("--place", range.substr(0, dash), 0, 100000);
        const auto last = dash < range.size() ? countFrom("--place", range.substr(dash + 1), 0, 100000) : first;
        if (!first || !last)
            return invalid("--place", text, accepted);
        place.first = *first;
        place.last = *last;
    }
    return place;
}

/// By hand over what the other options choose; a cache goes with its mixer.
Status applyPlaces(const FitOptions &options, const ModelShape &shape, const Machine &machine, PlanRequest &request)
{
    if (options.places.empty())
        return {};
    Placement placement = hostPlacement(shape);
    if (request.offload == OffloadMode::Layers)
        placement = layerPlacement(shape, request.gpuLayers, request.shares, request.expertsInRam);
    const std::vector<Piece> pieces = piecesOf(shape);
    for (const std::string &text : options.places) {
        const auto place = placeFrom(text, machine.gpus.size());
        if (!place)
            return place.error();
        for (size_t i = 0; i < pieces.size(); ++i) {
            const bool here = pieces[i].layer < 0
                || (static_cast<uint64_t>(pieces[i].layer) >= place->first && static_cast<uint64_t>(pieces[i].layer) <= place->last);
            const std::string_view kind = pieces[i].kind == PieceKind::Kv ? name(PieceKind::Mixer) : name(pieces[i].kind);
            if (here && kind == place->kind)
                placement.devices[i] = place->device;
        }
    }
    request.offload = OffloadMode::ByHand;
    request.byHand = std::move(placement);
    return {};
}

} // namespace

Result<std::string> runtimeFrom(const FitOptions &options)
{
    if (options.runtime.empty())
        return std::string("plimsoll");
    for (const char *known : {"plimsoll", "llama.cpp", "vllm"}) {
        if (options.runtime == known)
            return options.runtime;
    }
    return invalid("--runtime", options.runtime, "plimsoll, llama.cpp, vllm");
}

Result<PlanRequest> requestFor(const FitOptions &options, const ModelShape &shape, const Machine &machine)
{
    PlanRequest request;
    request.options.context = shape.contextTrained ? std::min(defaultContext, shape.contextTrained) : defaultContext;
    request.options.threads = machine.cpu.physicalCores;
    const auto runtime = runtimeFrom(options);
    if (!runtime)
        return runtime.error();
    request.runtime = *runtime == "vllm" ? SpeedRuntime::Vllm : SpeedRuntime::LlamaCpp;
    request.fromDisk = options.fromDisk;
    if (const Status status = applyRun(options, shape, request.options); !status)
        return status.error();
    if (const Status status = options.offload.apply(shape, machine.gpus.size(), request); !status)
        return status.error();
    if (const Status status = applyPlaces(options, shape, machine, request); !status)
        return status.error();
    return request;
}

} // namespace plimsoll::engine
