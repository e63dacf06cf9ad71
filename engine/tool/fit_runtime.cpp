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
    const ModelSource source = sourceOf(options.model);
    if (source == ModelSource::Gguf)
        return options.model;
    return (source == ModelSource::Config ? checkpointName(options.model) : options.model) + "-" + subject.quantization + ".gguf";
}

/// Where a server downloads the checkpoint from.
std::string repositoryOf(const FitOptions &options, const Catalog &catalog)
{
    const ModelSource source = sourceOf(options.model);
    if (source == ModelSource::Config)
        return checkpointFolder(options.model);
    if (source == ModelSource::Gguf)
        return options.model;
    const auto model = catalog.model(options.model);
    return model && !(*model)->repository.empty() ? (*model)->repository : options.model;
}

LlamaOptions llamaOptionsFor(const FitOptions &options, const FitSubject &subject, const PlanRequest &request)
{
    LlamaOptions llama = llamaOptions(subject.shape, request.options);
    llama.flashAttention = options.flashAttention != "off";
    llama.predictionContext = options.prediction;
    llama.projector = options.projector;
    return llama;
}

/// Bytes of a projector's tensors.
Result<Bytes> projectorBytes(const std::string &file)
{
    const auto header = headerOf(file);
    if (!header)
        return header.error();
    const auto architecture = header->stringAt("general.architecture");
    if (!architecture || !*architecture || **architecture != "clip")
        return Error{ErrorCode::InvalidArgument, {"--mmproj", file, "a vision projector"}};
    return Bytes{header->tensorBytes()};
}

/// What prediction blocks add on each device where all of the model lies on one GPU, or in RAM.
Result<std::vector<Bytes>> predictionBytes(const FitSubject &subject, const Machine &machine, LlamaOptions llama)
{
    const ModelShape &shape = subject.shape;
    const Placement placement = machine.gpus.empty() ? hostPlacement(shape) : layerPlacement(shape, shape.layers() + 1, {1.0});
    const auto with = llamaMemory(shape, subject.types, placement, machine.gpus.size() + 1, llama);
    llama.predictionContext = false;
    const auto without = llamaMemory(shape, subject.types, placement, machine.gpus.size() + 1, llama);
    if (!with || !without)
        return with ? without.error() : with.error();
    std::vector<Bytes> bytes;
    for (size_t i = 0; i < with->size(); ++i)
        bytes.push_back((*with)[i].total() - (*without)[i].total());
    return bytes;
}

Result<RuntimeProfile> llamaProfile(RuntimeProfile profile, const FitOptions &options, const FitSubject &subject,
    const Machine &machine, const PlanRequest &request, const Plan &plan)
{
    const LlamaOptions llama = llamaOptionsFor(options, subject, request);
    auto devices = llamaMemory(subject.shape, subject.types, plan.placement, machine.gpus.size() + 1, llama);
    if (!devices)
        return devices.error();
    profile.devices = std::move(*devices);
    if (!options.projector.empty()) {
        const auto projector = projectorBytes(options.projector);
        if (!projector)
            return projector.error();
        profile.devices[machine.gpus.empty() ? 0 : 1].projector = *projector;
    }
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
        {"output", memory.output.value}, {"projector", memory.projector.value}, {"total", memory.total().value}};
}

nlohmann::json toJson(const PagedServerMemory &card)
{
    return {{"budget", card.budget.value}, {"weights", card.weights.value}, {"activations", card.activations.value},
        {"overhead", card.overhead.value}, {"pool", card.pool.value}, {"cachePerSequence", card.cachePerSequence.value},
        {"tokens", card.tokens}, {"concurrency", card.concurrency}, {"fits", card.fits}, {"shortage", card.shortage.value}};
}

} // namespace

Result<std::vector<Bytes>> besidesOf(const FitOptions &options, const FitSubject &subject, const Machine &machine,
    const PlanRequest &request)
{
    if (options.projector.empty() && !options.prediction)
        return std::vector<Bytes>{};
    const char *option = options.prediction ? "--mtp" : "--mmproj";
    if (options.runtime != "llama.cpp")
        return Error{ErrorCode::InvalidArgument, {option, options.runtime, "with --runtime llama.cpp"}};
    std::vector<Bytes> besides(machine.gpus.size() + 1);
    if (options.prediction) {
        if (subject.shape.predictionBlocks == 0)
            return Error{ErrorCode::InvalidArgument, {option, subject.shape.name, "a model with prediction blocks"}};
        auto bytes = predictionBytes(subject, machine, llamaOptionsFor(options, subject, request));
        if (!bytes)
            return bytes.error();
        besides = std::move(*bytes);
    }
    if (!options.projector.empty()) {
        const auto bytes = projectorBytes(options.projector);
        if (!bytes)
            return bytes.error();
        besides[machine.gpus.empty() ? 0 : 1] += *bytes;
    }
    return besides;
}

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
    profile.command = plimsollCommand(modelFile(options, subject), request.options, subject.shape, plan.placement);
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
        Table table({profile.runtime, "Weights", "KV cache", "State", "Compute", "Output", "Projector", "Total"});
        for (size_t i = 0; i < profile.devices.size(); ++i) {
            const LlamaDeviceMemory &memory = profile.devices[i];
            table.row({i == 0 ? "RAM" : printable(machine.gpus[i - 1].name), toText(memory.weights), toText(memory.kv),
                toText(memory.state), toText(memory.compute), toText(memory.output), toText(memory.projector), toText(memory.total())});
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
