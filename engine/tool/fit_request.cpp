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
    if (*runtime != "plimsoll")
        request.streamFrom = 0;   // others do that in their own way
    return request;
}

} // namespace plimsoll::engine
