// SPDX-License-Identifier: Apache-2.0
#include "fit_runtime.h"

#include "text.h"

#include <plimsoll/runtime/launch_command.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace plimsoll::engine {
namespace {

/// The file a command names: the one that was asked about, or what a download of it would be called.
std::string modelFile(const FitOptions &options, const FitSubject &subject)
{
    return namesFile(options.model) ? options.model : options.model + "-" + subject.quantization + ".gguf";
}

/// Where a server downloads the checkpoint from.
std::string repositoryOf(const FitOptions &options, const Catalog &catalog)
{
    if (namesFile(options.model))
        return options.model;
    const auto model = catalog.model(options.model);
    return model && !(*model)->repository.empty() ? (*model)->repository : options.model;
}

Result<RuntimeProfile> llamaProfile(RuntimeProfile profile, const FitOptions &options, const FitSubject &subject,
    const Machine &machine, const PlanRequest &request, const Plan &plan)
{
    LlamaOptions llama = llamaOptions(subject.shape, request.options);
    llama.flashAttention = options.flashAttention != "off";
    auto devices = llamaMemory(subject.shape, subject.types, plan.placement, machine.gpus.size() + 1, llama);
    if (!devices)
        return devices.error();
    profile.devices = std::move(*devices);
    profile.command = llamaCommand(modelFile(options, subject), llama, llamaPlacementOptions(subject.shape, plan.placement));
    return profile;
}

Result<RuntimeProfile> serverProfile(RuntimeProfile profile, const FitOptions &options, const FitSubject &subject,
    const Machine &machine, const Catalog &catalog, const PlanRequest &request)
{
    if (machine.gpus.empty())
        return Error{ErrorCode::InvalidArgument, {"--runtime", "vllm", "a machine with a GPU"}};
    PagedServerOptions server;
    server.tensorParallel = profile.cards = tensorParallelCards(subject.shape, machine.gpus.size());
    server.context = request.options.context;
    server.sequences = request.options.sequences;
    std::vector<Bytes> weights;
    for (size_t i = 0; i < subject.shape.tensors.size(); ++i)
        weights.push_back(subject.shape.tensors[i].bytes(subject.types[i]));
    const auto smallest = std::min_element(machine.gpus.begin(), machine.gpus.end(),
        [](const Gpu &a, const Gpu &b) { return a.total < b.total; });
    auto card = pagedServerMemory(subject.shape, weights, smallest->total, smallest->overhead, server);
    if (!card)
        return card.error();
    profile.card = std::move(*card);
    profile.command = vllmCommand({repositoryOf(options, catalog), "", 8000}, server);
    return profile;
}

nlohmann::json toJson(const LlamaDeviceMemory &memory)
{
    return {{"weights", memory.weights.value}, {"kv", memory.kv.value}, {"state", memory.state.value}, {"compute", memory.compute.value},
        {"output", memory.output.value}, {"total", memory.total().value}};
}

nlohmann::json toJson(const PagedServerMemory &card)
{
    return {{"budget", card.budget.value}, {"weights", card.weights.value}, {"activations", card.activations.value},
        {"overhead", card.overhead.value}, {"pool", card.pool.value}, {"cachePerSequence", card.cachePerSequence.value},
        {"tokens", card.tokens}, {"concurrency", card.concurrency}, {"fits", card.fits}, {"shortage", card.shortage.value}};
}

} // namespace

Result<RuntimeProfile> runtimeProfile(const FitOptions &options, const FitSubject &subject, const Machine &machine, const Catalog &catalog,
    const PlanRequest &request, const Plan &plan)
{
    const auto runtime = runtimeFrom(options);
    if (!runtime)
        return runtime.error();
    RuntimeProfile profile;
    profile.runtime = *runtime;
    if (profile.runtime == "llama.cpp")
        return llamaProfile(std::move(profile), options, subject, machine, request, plan);
    if (profile.runtime == "vllm")
        return serverProfile(std::move(profile), options, subject, machine, catalog, request);
    const bool outputOnGpu = !plan.placement.devices.empty() && plan.placement.devices.back() != hostDevice;
    profile.command = plimsollCommand(modelFile(options, subject), request.options, plan.gpuLayers + (outputOnGpu ? 1 : 0));
    return profile;
}

void addJson(nlohmann::json &json, const RuntimeProfile &profile, const Machine &machine)
{
    nlohmann::json &out = json["runtime"] = {{"name", profile.runtime}, {"command", profile.command}};
    for (size_t i = 0; i < profile.devices.size(); ++i) {
        nlohmann::json device = toJson(profile.devices[i]);
        device["device"] = i == 0 ? "RAM" : machine.gpus[i - 1].name;
        device["overhead"] = i == 0 ? 0 : machine.gpus[i - 1].overhead.value;
        out["devices"].push_back(std::move(device));
    }
    if (profile.card) {
        out["card"] = toJson(*profile.card);
        out["cards"] = profile.cards;
    }
}

void printRuntime(std::ostream &out, const RuntimeProfile &profile, const Machine &machine)
{
    out << '\n';
    if (!profile.devices.empty()) {
        Table table({profile.runtime, "Weights", "KV cache", "State", "Compute", "Output", "Total"});
        for (size_t i = 0; i < profile.devices.size(); ++i) {
            const LlamaDeviceMemory &memory = profile.devices[i];
            table.row({i == 0 ? "RAM" : printable(machine.gpus[i - 1].name), toText(memory.weights), toText(memory.kv),
                toText(memory.state), toText(memory.compute), toText(memory.output), toText(memory.total())});
        }
        table.print(out);
    }
    if (profile.card) {
        const PagedServerMemory &card = *profile.card;
        out << profile.runtime << ", each of " << profile.cards << " cards: weights " << toText(card.weights) << ", activations "
            << toText(card.activations) << ", overhead " << toText(card.overhead) << "; " << toText(card.pool) << " of "
            << toText(card.budget) << " are left for the cache, " << grouped(card.tokens) << " tokens.\n";
        if (!card.fits)
            out << "Not one sequence of that context fits: " << toText(card.shortage) << " are missing on each card.\n";
    }
    out << "Start it: " << profile.command << '\n';
}

} // namespace plimsoll::engine
