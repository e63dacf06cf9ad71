// SPDX-License-Identifier: Apache-2.0
#include "fit_report.h"

#include "messages.h"
#include "text.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace plimsoll::engine {
namespace {

std::string amount(Bytes bytes)
{
    return bytes.value == 0 ? "-" : toText(bytes);
}

/// Of the driver; as in the window, what is not measured is marked.
std::string overheadAmount(const DeviceLayout &layout)
{
    for (const Segment &segment : layout.segments) {
        if (segment.kind == SegmentKind::Overhead)
            return (segment.estimated ? "≈ " : "") + amount(segment.bytes);
    }
    return amount({});
}

void printBudgets(std::ostream &out, const Plan &plan, const Machine &machine)
{
    Table table({"Device", "Total", "In use", "Weights", "KV cache", "Compute", "Overhead", "Needed", "Left", "Short"});
    for (DeviceIndex i = 0; i < plan.budgets.size(); ++i) {
        const DeviceBudget &budget = plan.budgets[i];
        const DeviceLayout layout = i < plan.layout.devices.size() ? plan.layout.devices[i] : DeviceLayout();
        const Bytes cache = layout.of(SegmentKind::Kv) + layout.of(SegmentKind::State);
        const Bytes compute = layout.of(SegmentKind::Compute) + layout.of(SegmentKind::Output) + layout.of(SegmentKind::Staging);
        table.row({deviceText(i, machine), toText(budget.total), amount(budget.usedByOthers),
            amount(layout.of(SegmentKind::Weights) - layout.disk()), amount(cache), amount(compute),
            overheadAmount(layout), amount(budget.needed), amount(budget.headroom), amount(budget.shortage)});
    }
    if (const Bytes disk = plan.layout.devices.front().disk(); disk.value > 0)
        table.row({"Disk", "-", "-", amount(disk), "-", "-", "-", "-", "-", "-"});
    table.print(out);
}

std::string titleOf(const FitSubject &subject, const PlanRequest &request)
{
    const RunOptions &options = request.options;
    std::string text = printable(subject.shape.name.empty() ? subject.shape.architecture : subject.shape.name);
    text += subject.quantization.empty() ? "" : ", " + subject.quantization;
    text += ", context " + grouped(options.context) + ", batch " + grouped(options.batch);
    text += options.sequences > 1 ? ", " + std::to_string(options.sequences) + " sequences" : "";
    text += ", KV cache " + std::string(name(options.kvTypeK));
    return options.kvTypeV == options.kvTypeK ? text : text + " and " + std::string(name(options.kvTypeV));
}

std::string speedText(const RateEstimate &rate)
{
    return rate.known() ? rateNumber(rate.expected) + " t/s" : "-";
}

} // namespace

void printPlan(std::ostream &out, const FitSubject &subject, const Machine &machine, const PlanRequest &request, const Plan &plan)
{
    out << titleOf(subject, request) << '\n' << countText(subject.shape.parameters()) << " parameters, weights "
        << toText(weightBytes(subject.shape, subject.types)) << "\n\n";
    out << sentence(plan, subject.shape, machine) << "\n\n";
    printBudgets(out, plan, machine);
    out << '\n';
    for (const Reason &reason : plan.reasons)
        out << "  • " << sentence(reason, plan, machine) << '\n';
    out << "\nPredicted generation: " << rateText(plan.decode) << "\nPredicted prefill:    " << rateText(plan.prefill) << '\n';
}

void printOverview(std::ostream &out, const std::vector<FitLine> &lines, const Machine &machine)
{
    const bool models = !lines.empty() && !lines.front().id.empty();
    std::vector<std::string> header = models ? std::vector<std::string>{"Model", "Parameters", "Quant"} : std::vector<std::string>{"Quant"};
    const size_t verdictColumn = header.size() + 1;
    header.insert(header.end(), {"Weights", "Verdict", "RAM"});
    for (size_t i = 0; i < machine.gpus.size(); ++i)
        header.push_back("GPU " + std::to_string(i + 1));
    header.push_back("Generation");
    Table table(header);
    table.left(verdictColumn);
    if (models)
        table.left(2);
    for (const FitLine &line : lines) {
        std::vector<std::string> cells = models ? std::vector<std::string>{line.name, countText(line.parameters), line.quantization}
                                                : std::vector<std::string>{line.quantization};
        cells.insert(cells.end(), {toText(line.weights), shortText(line.plan.verdict)});
        for (const DeviceBudget &budget : line.plan.budgets)
            cells.push_back(amount(budget.needed));
        cells.resize(header.size() - 1);
        cells.push_back(speedText(line.plan.decode));
        table.row(std::move(cells));
    }
    table.print(out);
}

nlohmann::json toJson(const FitLine &line)
{
    nlohmann::json devices = nlohmann::json::array();
    for (const DeviceBudget &budget : line.plan.budgets) {
        devices.push_back({{"name", budget.name}, {"total", budget.total.value}, {"usedByOthers", budget.usedByOthers.value},
            {"needed", budget.needed.value}, {"headroom", budget.headroom.value}, {"shortage", budget.shortage.value}});
    }
    const auto rate = [](const RateEstimate &r) { return nlohmann::json{{"low", r.low}, {"expected", r.expected}, {"high", r.high}}; };
    nlohmann::json json = {{"quantization", line.quantization}, {"parameters", line.parameters}, {"weightBytes", line.weights.value},
        {"verdict", name(line.plan.verdict)}, {"gpuLayers", line.plan.gpuLayers}, {"devices", std::move(devices)},
        {"decode", rate(line.plan.decode)}, {"prefill", rate(line.plan.prefill)}, {"name", line.name}};
    if (!line.id.empty())
        json["id"] = line.id;
    if (line.why)
        json["recommended"] = name(*line.why);
    return json;
}

} // namespace plimsoll::engine
