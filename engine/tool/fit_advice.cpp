// SPDX-License-Identifier: Apache-2.0
#include "fit_advice.h"

#include "messages.h"
#include "text.h"

#include <plimsoll/model/mix.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace plimsoll::engine {
namespace {

std::string sentence(const Change &change, const Machine &machine)
{
    switch (change.code) {
    case ChangeCode::KvType: return "KV cache as " + change.value;
    case ChangeCode::Context: return "context " + grouped(change.to) + " in place of " + grouped(change.from);
    case ChangeCode::Sequences: return grouped(change.to) + " sequences in place of " + grouped(change.from);
    case ChangeCode::Quantization: return "quantization " + change.value;
    case ChangeCode::ExpertsInRam: return "routed experts of " + grouped(change.to) + " layers in RAM";
    case ChangeCode::LayersInRam: return grouped(change.to) + " layers in RAM";
    case ChangeCode::Smaller: return "a smaller model: " + change.value + " at Q4_K_M";
    case ChangeCode::FreeMemory:
        return "free the " + toText(change.memory) + " that others use on " + deviceText(change.device, machine);
    case ChangeCode::OtherGpu: return "another GPU: " + change.value;
    case ChangeCode::SecondGpu: return "one more GPU: " + change.value;
    }
    return {};
}

std::vector<uint32_t> contextsFor(const ModelShape &shape)
{
    std::vector<uint32_t> contexts;
    const uint32_t most = shape.contextTrained > 0 ? shape.contextTrained : 131072;
    for (uint64_t context = 2048; context < most; context *= 2)
        contexts.push_back(static_cast<uint32_t>(context));
    contexts.push_back(most);
    return contexts;
}

} // namespace

FitAdvice adviceFor(const Catalog &catalog, const std::string &model, const FitSubject &subject, const Machine &machine,
    const PlanRequest &request, const Plan &plan)
{
    Surroundings surroundings;
    for (const CatalogGpu &gpu : catalog.gpus)
        surroundings.gpus.push_back(gpu.gpu);
    surroundings.quantizations = catalog.quantizations;
    for (const CatalogModel *each : catalog.siblings(model))
        surroundings.siblings.push_back({each->id, &each->shape});
    const Subject asked{subject.shape, subject.types};
    FitAdvice advice;
    advice.changes = smallestChanges(asked, machine, request, plan, surroundings);
    advice.hardware = hardwareFor(asked, machine, request, surroundings.gpus, plan.decode.expected);
    // As far as it runs at all; from disk only where it does already.
    const Verdict least = plan.verdict == Verdict::RunsFromDisk ? plan.verdict : Verdict::CpuOnly;
    advice.maxima = maximaOf(asked, machine, request, catalog.quantizations, least);
    advice.curve = memoryByContext(asked, machine, request, contextsFor(subject.shape));
    return advice;
}

void printAdvice(std::ostream &out, const FitAdvice &advice, const Machine &machine)
{
    if (!advice.changes.empty()) {
        out << "\nWhat would change it:\n";
        for (const Change &change : advice.changes)
            out << "  • " << printable(sentence(change, machine)) << ": " << shortText(change.verdict) << ", " << rateText(change.decode)
                << '\n';
    }
    if (!advice.hardware.empty()) {
        out << "\nSmallest hardware that runs it wholly on GPU, no slower:\n";
        for (const Hardware &hardware : advice.hardware)
            out << "  • " << hardware.count << " x " << hardware.gpu.name << " (" << toText(hardware.gpu.total) << " each): "
                << rateText(hardware.decode) << '\n';
    }
    const Maxima &m = advice.maxima;
    if (m.context > 0)
        out << "\nLongest context here: " << grouped(m.context) << " tokens; most sequences: " << m.sequences << "; largest quantization: "
            << (m.quantization ? std::string(name(*m.quantization)) : "none") << '\n';
}

void addJson(nlohmann::json &json, const FitAdvice &advice)
{
    for (const char *list : {"changes", "hardware", "memoryByContext"})
        json[list] = nlohmann::json::array();
    for (const Change &change : advice.changes)
        json["changes"].push_back(plimsoll::toJson(change));
    for (const Hardware &hardware : advice.hardware)
        json["hardware"].push_back(plimsoll::toJson(hardware));
    for (const ContextPoint &point : advice.curve)
        json["memoryByContext"].push_back(plimsoll::toJson(point));
    json["maxima"] = plimsoll::toJson(advice.maxima);
}

namespace {

struct Companion
{
    std::string model;
    std::string quantization;
    std::string context;
};

/// "qwen3-30b-a3b:Q8_0:8192".
Companion companionFrom(const std::string &text)
{
    Companion result;
    const size_t scheme = text.find("://");
    const size_t first = std::min(text.find(':', scheme == std::string::npos ? 0 : scheme + 1), text.size());
    result.model = text.substr(0, first);
    if (first == text.size())
        return result;
    const size_t second = std::min(text.find(':', first + 1), text.size());
    result.quantization = text.substr(first + 1, second - first - 1);
    if (second < text.size())
        result.context = text.substr(second + 1);
    return result;
}

void printScenario(std::ostream &out, const Scenario &scenario, const Machine &machine)
{
    Table models({"Model", "Verdict", "Generation"});
    models.left(1);
    for (size_t i = 0; i < scenario.plans.size(); ++i)
        models.row({printable(scenario.names[i]), shortText(scenario.plans[i].verdict), rateText(scenario.plans[i].decode)});
    models.print(out);
    out << '\n';
    std::vector<std::string> header{"Device", "Total", "In use"};
    for (size_t i = 0; i < scenario.names.size(); ++i)
        header.push_back("Model " + std::to_string(i + 1));
    header.insert(header.end(), {"Together", "Left", "Short"});
    Table devices(header);
    for (DeviceIndex i = 0; i < scenario.budgets.size(); ++i) {
        const DeviceBudget &budget = scenario.budgets[i];
        std::vector<std::string> cells{deviceText(i, machine), toText(budget.total), toText(budget.usedByOthers)};
        for (const Bytes &share : scenario.shares[i])
            cells.push_back(toText(share));
        cells.insert(cells.end(), {toText(budget.needed), toText(budget.headroom), toText(budget.shortage)});
        devices.row(std::move(cells));
    }
    devices.print(out);
}

} // namespace

int fitTogether(Context &context, const FitOptions &options, const Machine &machine, const Catalog &)
{
    std::vector<Companion> companions{{options.model, options.quantization, ""}};
    for (const std::string &text : options.with)
        companions.push_back(companionFrom(text));
    std::vector<FitSubject> subjects;
    std::vector<ScenarioModel> models;
    subjects.reserve(companions.size());
    for (const Companion &companion : companions) {
        auto subject = subjectFrom(context, companion.model, companion.quantization);
        if (!subject)
            return fail(context, subject.error());
        subjects.push_back(std::move(*subject));
        FitOptions own = options;
        if (!companion.context.empty())
            own.run.context = companion.context;
        auto request = requestFor(own, subjects.back().shape, machine);
        if (!request)
            return fail(context, request.error());
        models.push_back({subjects.back().shape.name + " " + subjects.back().quantization, &subjects.back().shape, &subjects.back().types,
            std::move(*request)});
    }
    const auto scenario = planScenario(models, machine);
    if (!scenario)
        return fail(context, scenario.error());
    if (context.json)
        return printJson(plimsoll::toJson(*scenario));
    printScenario(std::cout, *scenario, machine);
    return finished();
}

int fitCluster(Context &context, const FitOptions &options, const Machine &machine, const Catalog &)
{
    const auto nodes = countFrom("--nodes", options.nodes, 1, 1024);
    if (!nodes)
        return fail(context, nodes.error());
    if (machine.gpus.empty())
        return fail(context, {ErrorCode::InvalidArgument, {"--nodes", options.nodes, "servers with GPUs: name them with --gpu"}});
    const auto stored = checkpointFromName(options.quantization);
    const auto subject = subjectFrom(context, options.model, stored ? "F16" : options.quantization);
    if (!subject)
        return fail(context, subject.error());
    const auto request = requestFor(options, subject->shape, machine);
    if (!request)
        return fail(context, request.error());
    const Cluster cluster{machine.gpus.front(), static_cast<uint32_t>(machine.gpus.size()), static_cast<uint32_t>(*nodes)};
    const TensorBytes bytes = stored ? bytesAt(subject->shape, *stored) : bytesAt(subject->shape, subject->types);
    const Bytes weights = stored ? checkpointBytes(subject->shape, *stored) : weightBytes(subject->shape, subject->types);
    const auto all = divisions(subject->shape, bytes, request->options, cluster);
    const ClusterPlan *cards = fewestCards(all);
    const ClusterPlan *servers = fewestNodes(all, cluster.gpusPerNode);
    if (context.json) {
        nlohmann::json json = {{"model", subject->shape.name}, {"gpu", cluster.gpu.name}, {"gpusPerNode", cluster.gpusPerNode},
            {"weights", weights.value}, {"cardsByBytes", cardsByBytes(weights, cluster.gpu)},
            {"cachePerToken", cachePerToken(subject->shape, request->options, 1).value}, {"context", request->options.context},
            {"fewestCards", cards ? plimsoll::toJson(*cards) : nlohmann::json(nullptr)},
            {"fewestNodes", servers ? plimsoll::toJson(*servers) : nlohmann::json(nullptr)}, {"divisions", nlohmann::json::array()}};
        for (const ClusterPlan &plan : all)
            json["divisions"].push_back(plimsoll::toJson(plan));
        return printJson(json);
    }
    std::cout << printable(subject->shape.name) << ": weights " << toText(weights) << " (" << rateNumber(weights.gb())
              << " GB); by bytes alone " << cardsByBytes(weights, cluster.gpu) << " x " << cluster.gpu.name << "\n\n";
    Table table({"Cards", "Tensor x stages", "Servers", "Weights", "Overhead", "Left for cache", "Sequences", "Fits"});
    for (const ClusterPlan &plan : all) {
        if (plan.tensorParallel > 1 || plan.cards == 1)
            table.row({std::to_string(plan.cards), std::to_string(plan.tensorParallel) + " x " + std::to_string(plan.stages),
                std::to_string(plan.nodes), toText(plan.weights), toText(plan.overhead + plan.compute), toText(plan.left),
                grouped(plan.sequences), plan.fits ? "yes" : "no"});
    }
    table.print(std::cout);
    if (cards)
        std::cout << "\nFewest cards: " << cards->cards << " (" << cards->tensorParallel << " x " << cards->stages << " stages)\n";
    if (servers)
        std::cout << "Fewest whole servers: " << servers->nodes << " (" << servers->cards << " cards)\n";
    if (!cards)
        std::cout << "\nDoes not fit on " << *nodes << (*nodes == 1 ? " server\n" : " servers\n");
    return finished();
}

namespace {

/// One model and what it weighs at each precision.
struct PrecisionLine
{
    std::string id;
    std::string name;
    uint64_t parameters = 0;
    std::vector<Bytes> weights;   // in the order of precisions()
};

PrecisionLine precisionLine(std::string id, const ModelShape &shape)
{
    PrecisionLine line{std::move(id), shape.name, shape.parameters(), {}};
    for (const Precision &precision : precisions())
        line.weights.push_back(checkpointBytes(shape, precision.stored));
    return line;
}

void printPrecisions(std::ostream &out, const std::vector<PrecisionLine> &lines)
{
    const std::span<const Precision> columns = precisions();
    std::vector<std::string> header{"Model", "Parameters"};
    for (const Precision &precision : columns)
        header.emplace_back(precision.name);
    header.push_back(std::string(columns.front().name) + " x 1.4");
    header.push_back(std::string(columns.back().name) + " x 1.4");
    Table table(header);
    const auto gigabytes = [](double gb) { return rateNumber(gb) + " GB"; };
    for (const PrecisionLine &line : lines) {
        std::vector<std::string> cells{printable(line.name), countText(line.parameters)};
        for (const Bytes weights : line.weights)
            cells.push_back(gigabytes(weights.gb()));
        cells.push_back(gigabytes(line.weights.front().gb() * customaryOverhead));
        cells.push_back(gigabytes(line.weights.back().gb() * customaryOverhead));
        table.row(std::move(cells));
    }
    table.print(out);
}

} // namespace

int fitPrecisions(Context &context, const FitOptions &options, const Catalog &catalog)
{
    std::vector<PrecisionLine> lines;
    if (options.model.empty()) {
        for (const CatalogModel &model : catalog.models)
            lines.push_back(precisionLine(model.id, model.shape));
    } else {
        const auto shape = shapeOf(context, options.model);
        if (!shape)
            return fail(context, shape.error());
        lines.push_back(precisionLine(options.model, *shape));
    }
    std::stable_sort(lines.begin(), lines.end(), [](const auto &a, const auto &b) { return a.parameters > b.parameters; });
    if (!context.json) {
        printPrecisions(std::cout, lines);
        return finished();
    }
    nlohmann::json json = {{"customaryOverhead", customaryOverhead}, {"models", nlohmann::json::array()}};
    for (const PrecisionLine &line : lines) {
        nlohmann::json sizes;
        for (size_t i = 0; i < line.weights.size(); ++i)
            sizes[std::string(precisions()[i].name)] = line.weights[i].value;
        json["models"].push_back({{"id", line.id}, {"parameters", line.parameters}, {"weights", std::move(sizes)}});
    }
    return printJson(json);
}

} // namespace plimsoll::engine
