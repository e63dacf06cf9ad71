// SPDX-License-Identifier: Apache-2.0
#include "fit_report.h"
#include "machine_report.h"
#include "options.h"
#include "subcommand.h"

#include <plimsoll/model/mix.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace plimsoll::engine {
namespace {

struct FitOptions
{
    std::string model;
    std::string quantization;
    RunArguments run;
    MachineArguments machine;
    std::string gpuLayers;
    bool cpuExperts = false;
};

constexpr uint32_t defaultContext = 4096;

/// The request for one model; its context is at most what it was trained with unless one was asked for.
Result<PlanRequest> requestFor(const FitOptions &options, const ModelShape &shape, const Machine &machine)
{
    PlanRequest request;
    request.options.context = shape.contextTrained ? std::min(defaultContext, shape.contextTrained) : defaultContext;
    request.options.threads = machine.cpu.physicalCores;
    if (const Status status = options.run.apply(request.options); !status)
        return status.error();
    if (!options.gpuLayers.empty()) {
        const auto layers = countFrom("--gpu-layers", options.gpuLayers, 0, 10000);
        if (!layers)
            return layers.error();
        request.offload = *layers == 0 ? OffloadMode::CpuOnly : OffloadMode::Layers;
        request.gpuLayers = static_cast<uint32_t>(*layers);
    } else if (options.cpuExperts) {
        request.offload = OffloadMode::Layers;
        request.gpuLayers = shape.layers() + 1;
    }
    request.expertsInRam = options.cpuExperts;
    return request;
}

int fitOne(Context &context, const FitOptions &options, const Machine &machine)
{
    const auto subject = subjectFrom(context, options.model, options.quantization);
    if (!subject)
        return fail(context, subject.error());
    const auto request = requestFor(options, subject->shape, machine);
    if (!request)
        return fail(context, request.error());
    const auto plan = makePlan(subject->shape, subject->types, machine, *request);
    if (!plan)
        return fail(context, plan.error());
    if (context.json) {
        nlohmann::json json = toJson(*plan, subject->shape, machine);
        json["quantization"] = subject->quantization;
        return printJson(json);
    }
    printPlan(std::cout, *subject, machine, *request, *plan);
    return finished();
}

/// Every quantization on offer for one model of the catalogue.
int fitQuantizations(Context &context, const FitOptions &options, const Machine &machine, const Catalog &catalog)
{
    const auto shape = shapeOf(context, options.model);
    if (!shape)
        return fail(context, shape.error());
    const auto request = requestFor(options, *shape, machine);
    if (!request)
        return fail(context, request.error());
    std::vector<FitLine> lines;
    for (FileType type : catalog.quantizations) {
        const WeightTypes types = mixTypes(*shape, type);
        auto plan = makePlan(*shape, types, machine, *request);
        if (!plan)
            return fail(context, plan.error());
        lines.push_back({shape->name, "", std::string(name(type)), shape->parameters(), weightBytes(*shape, types), std::move(*plan)});
    }
    if (context.json) {
        nlohmann::json json = {{"model", shape->name}, {"machine", toJson(machine)}, {"quantizations", nlohmann::json::array()}};
        for (const FitLine &line : lines)
            json["quantizations"].push_back(toJson(line));
        return printJson(json);
    }
    std::cout << shape->name << ", " << request->options.context << " tokens of context\n\n";
    printOverview(std::cout, lines, machine);
    return finished();
}

/// This machine, and of every model in the catalogue the quantization to recommend.
int fitAll(Context &context, const FitOptions &options, const Machine &machine, const Catalog &catalog)
{
    std::vector<FitLine> lines;
    for (const CatalogModel &model : catalog.models) {
        const auto request = requestFor(options, model.shape, machine);
        if (!request)
            return fail(context, request.error());
        auto best = recommend(catalog, model.shape, machine, *request);
        if (!best)
            return fail(context, best.error());
        lines.push_back({model.name, model.id, std::string(name(best->quantization)), model.shape.parameters(), best->weights,
            std::move(best->plan)});
    }
    std::stable_sort(lines.begin(), lines.end(), [](const FitLine &a, const FitLine &b) { return a.parameters < b.parameters; });
    if (context.json) {
        nlohmann::json json = {{"machine", toJson(machine)}, {"models", nlohmann::json::array()}};
        for (const FitLine &line : lines)
            json["models"].push_back(toJson(line));
        return printJson(json);
    }
    printMachine(std::cout, machine);
    std::cout << "\nWhat it can run, each model at the best quantization that fits:\n\n";
    printOverview(std::cout, lines, machine);
    std::cout << "\nOne model and why: plimsoll-engine fit --model NAME --quant NAME [--ctx N]\n";
    return finished();
}

int runFit(Context &context, const FitOptions &options)
{
    const auto machine = machineFrom(context, options.machine);
    if (!machine)
        return fail(context, machine.error());
    const auto catalog = context.catalog();
    if (!catalog)
        return fail(context, catalog.error());
    if (options.model.empty())
        return fitAll(context, options, *machine, **catalog);
    if (options.quantization.empty() && !namesFile(options.model))
        return fitQuantizations(context, options, *machine, **catalog);
    return fitOne(context, options, *machine);
}

} // namespace

void addFit(CLI::App &app, Context &context)
{
    auto [command, options] = addSubcommand<FitOptions>(app, context, "fit", "Check what fits this machine, or one you imagine", runFit);
    command->add_option("-m,--model", options->model, "A model of the catalogue or a GGUF file; every model of the catalogue unless given")
        ->type_name("NAME|FILE");
    command->add_option("-q,--quant", options->quantization, "Quantization, such as Q4_K_M")->type_name("NAME");
    options->run.addTo(*command, true);
    command
        ->add_option("--gpu", options->machine.gpus, "Pretend this GPU (may be repeated), optionally with so much free; 'none' for no GPU")
        ->type_name("NAME[:GiB]")
        ->expected(1)
        ->take_all();
    command->add_option("--ram", options->machine.ram, "Pretend so much free RAM")->type_name("SIZE");
    command->add_option("--gpu-layers", options->gpuLayers, "So many layers on the GPUs; chosen automatically unless given")
        ->type_name("N");
    command->add_flag("--cpu-moe", options->cpuExperts, "Keep the routed experts in RAM");
}

} // namespace plimsoll::engine
