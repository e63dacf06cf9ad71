// SPDX-License-Identifier: Apache-2.0
#include "fit_advice.h"
#include "fit_report.h"
#include "fit_runtime.h"
#include "machine_report.h"
#include "messages.h"
#include "options.h"
#include "subcommand.h"

#include <plimsoll/model/mix.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace plimsoll::engine {
namespace {

nlohmann::json optionsJson(const FitOptions &options, const PlanRequest &request)
{
    const RunOptions &run = request.options;
    return {{"context", run.context}, {"batch", run.batch}, {"sequences", run.sequences}, {"threads", run.threads},
        {"kvTypeK", name(run.kvTypeK)}, {"kvTypeV", name(run.kvTypeV)}, {"flashAttention", options.flashAttention != "off"}};
}

int fitOne(Context &context, const FitOptions &options, const Machine &machine, const Catalog &catalog)
{
    std::string quantization = options.quantization;
    if (!options.bitsPerWeight.empty()) {
        const auto bits = realFrom("--bpw", options.bitsPerWeight, 0.5, 64);
        if (!bits)
            return fail(context, bits.error());
        const auto shape = shapeOf(context, options.model);
        if (!shape)
            return fail(context, shape.error());
        const auto nearest = quantizationNear(*shape, *bits);
        if (!nearest)
            return fail(context, nearest.error());
        quantization = name(*nearest);
    }
    const auto subject = subjectFrom(context, options.model, quantization);
    if (!subject)
        return fail(context, subject.error());
    auto request = requestFor(options, subject->shape, machine);
    if (!request)
        return fail(context, request.error());
    auto besides = besidesOf(options, *subject, machine, *request);
    if (!besides)
        return fail(context, besides.error());
    request->besides = std::move(*besides);
    const auto plan = makePlan(subject->shape, subject->types, machine, *request);
    if (!plan)
        return fail(context, plan.error());
    const auto profile = runtimeProfile(options, *subject, machine, catalog, *request, *plan);
    if (!profile)
        return fail(context, profile.error());
    const FitAdvice advice = adviceFor(catalog, options.model, *subject, machine, *request, *plan);
    if (context.json) {
        nlohmann::json json = toJson(*plan, subject->shape, machine);
        json["quantization"] = subject->quantization;
        json["weightBytes"] = weightBytes(subject->shape, subject->types).value;
        json["options"] = optionsJson(options, *request);
        addJson(json, advice);
        addJson(json, *profile, machine);
        return printJson(json);
    }
    printPlan(std::cout, *subject, machine, *request, *plan);
    printAdvice(std::cout, advice, machine);
    printRuntime(std::cout, *profile, machine);
    return finished();
}

/// Every quantization on offer for one model of which no file was named.
int fitQuantizations(Context &context, const FitOptions &options, const Machine &machine, const Catalog &catalog)
{
    const auto shape = shapeOf(context, options.model);
    if (!shape)
        return fail(context, shape.error());
    const auto request = requestFor(options, *shape, machine);
    if (!request)
        return fail(context, request.error());
    std::vector<FitLine> lines;
    std::vector<QuantizationOutcome> outcomes;
    for (FileType type : catalog.quantizations) {
        const WeightTypes types = mixTypes(*shape, type);
        auto plan = makePlan(*shape, types, machine, *request);
        if (!plan)
            return fail(context, plan.error());
        lines.push_back({shape->name, "", std::string(name(type)), shape->parameters(), weightBytes(*shape, types), std::move(*plan), {}});
        outcomes.push_back({type, lines.back().weights, lines.back().plan.verdict, lines.back().plan.decode});
    }
    const Recommendation best = recommended(outcomes);
    if (best.index)
        lines[*best.index].why = best.why;
    if (context.json) {
        nlohmann::json json = {{"model", shape->name}, {"machine", toJson(machine)}, {"quantizations", nlohmann::json::array()}};
        for (const FitLine &line : lines)
            json["quantizations"].push_back(toJson(line));
        return printJson(json);
    }
    std::cout << shape->name << ", " << request->options.context << " tokens of context\n\n";
    printOverview(std::cout, lines, machine);
    std::cout << '\n' << recommendationText(best.why, best.index ? lines[*best.index].quantization : "") << '\n';
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
        auto best = recommend(model.shape, machine, *request, catalog.quantizations);
        if (!best)
            return fail(context, best.error());
        lines.push_back({model.name, model.id, std::string(name(best->type)), model.shape.parameters(), best->size, std::move(best->plan),
            best->why});
    }
    std::stable_sort(lines.begin(), lines.end(), [](const FitLine &a, const FitLine &b) { return a.parameters < b.parameters; });
    if (context.json) {
        nlohmann::json json = {{"machine", toJson(machine)}, {"models", nlohmann::json::array()}};
        for (const FitLine &line : lines)
            json["models"].push_back(toJson(line));
        return printJson(json);
    }
    printMachine(std::cout, machine);
    std::cout << "\nWhat it can run, each model at the quantization to recommend:\n\n";
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
    if (options.precisions)
        return fitPrecisions(context, options, **catalog);
    if (options.model.empty() && !(options.with.empty() && options.nodes.empty()))
        return fail(context, {ErrorCode::InvalidArgument, {"--model", "", "a model"}});
    if (!options.with.empty())
        return fitTogether(context, options, *machine, **catalog);
    if (!options.nodes.empty())
        return fitCluster(context, options, *machine, **catalog);
    if (options.model.empty())
        return fitAll(context, options, *machine, **catalog);
    if (options.quantization.empty() && options.bitsPerWeight.empty() && sourceOf(options.model) != ModelSource::Gguf)
        return fitQuantizations(context, options, *machine, **catalog);
    return fitOne(context, options, *machine, **catalog);
}

} // namespace

void addFit(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<FitOptions>(app, context, "fit", "Check what fits this machine, or one you imagine", runFit);
    const auto text = [command = command](const char *names, std::string &target, const char *type, const char *about) {
        return command.addOption(names, target, about).typeName(type);
    };
    text("-m,--model", options->model, "NAME|FILE|URL",
        "A model of the catalogue; a GGUF file or a config.json, here or at an address; a folder with a config.json. "
        "Every model of the catalogue unless given");
    text("-q,--quant", options->quantization, "NAME", "Quantization, such as Q4_K_M; with --nodes also FP16, FP8, INT8, INT4");
    text("--bpw", options->bitsPerWeight, "BITS", "The quantization that comes nearest to so many bits per weight");
    options->run.addTo(command, true);
    text("--ubatch", options->ubatch, "N", "Most tokens in one forward call, where --batch is what is submitted at once");
    text("--flash-attn", options->flashAttention, "on|off", "Whether the other runtimes use it; Plimsoll never keeps the score matrix");
    command.addOption("--gpu", options->machine.gpus, "Pretend this GPU (may be repeated), optionally with so much free; 'none' for no GPU")
        .typeName("NAME[:GiB]");
    text("--ram", options->machine.ram, "SIZE", "Pretend so much free RAM");
    text("--machine", options->machine.file, "FILE", "A machine as 'devices --json' writes it, edited or invented");
    options->offload.addTo(command);
    text("--runtime", options->runtime, "NAME", "What will run it: plimsoll, llama.cpp, vllm");
    text("--nodes", options->nodes, "N", "Divide the model over up to so many servers, each with the GPUs named");
    command.addOption("--with", options->with, "Run this model beside it (may be repeated)")
        .typeName("NAME[:QUANT[:CTX]]");
    text("--mmproj", options->projector, "FILE|URL", "A vision projector that is loaded too (with --runtime llama.cpp)");
    command.addFlag("--mtp", options->prediction, "Blocks that predict several tokens are loaded and run (with --runtime llama.cpp)");
    command.addFlag("--from-disk", options->fromDisk, "Run what RAM does not hold from disk, with every token read anew");
    command.addFlag("--precisions", options->precisions, "Sizes of the catalogue's models at 16, 8 and 4 bits");
}

} // namespace plimsoll::engine
