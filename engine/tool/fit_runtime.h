// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fit_request.h"

#include <plimsoll/catalog/catalog.h>
#include <plimsoll/runtime/llama_memory.h>
#include <plimsoll/runtime/paged_server.h>

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <optional>

namespace plimsoll::engine {

/// What the program that will load the model takes, where that is not Plimsoll, and the command that realises the plan.
struct RuntimeProfile
{
    std::string runtime;                         // "plimsoll", "llama.cpp", "vllm"
    std::vector<LlamaDeviceMemory> devices;      // llama.cpp: by DeviceIndex
    std::optional<PagedServerMemory> card;       // vLLM: one card, the fullest
    uint32_t cards = 0;                          // vLLM: that share every layer
    std::string command;
};

/// What the runtime loads beside the model, by device: a vision projector, prediction blocks and the context they run in.
/// Errors: those of reading the projector; InvalidArgument (not asked of llama.cpp, no projector, a model without such blocks).
Result<std::vector<Bytes>> besidesOf(const FitOptions &options, const FitSubject &subject, const Machine &machine,
    const PlanRequest &request);

/// `plan` is the plan of this request. Errors: InvalidArgument (an unknown runtime, vLLM without a GPU, what the runtime itself refuses).
Result<RuntimeProfile> runtimeProfile(const FitOptions &options, const FitSubject &subject, const Machine &machine, const Catalog &catalog,
    const PlanRequest &request, const Plan &plan);

/// Adds "runtime": see core/plan/README.md.
void addJson(nlohmann::json &json, const RuntimeProfile &profile, const Machine &machine);

void printRuntime(std::ostream &out, const RuntimeProfile &profile, const Machine &machine);

} // namespace plimsoll::engine
