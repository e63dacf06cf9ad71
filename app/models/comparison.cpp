// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/comparison.h"

#include "models/plan_view.h"

#include <plimsoll/model/mix.h>

#include <algorithm>

namespace plimsoll::app {

namespace {

/// Contexts are offered in steps of this many tokens.
constexpr uint32_t contextStep = 256;

/// Plans of one case at other contexts.
class Planner
{
public:
    Planner(const ComparedCase &one, const PlanRequest &request)
        : m_case(one), m_request(request), m_types(one.types.empty() ? mixTypes(*one.shape, one.type) : one.types)
    {
    }

    std::optional<Plan> at(uint32_t context) const
    {
        PlanRequest request = m_request;
        request.options.context = context;
        auto plan = makePlan(*m_case.shape, m_types, m_case.machine, request);
        return plan ? std::optional(std::move(*plan)) : std::nullopt;
    }

    bool fits(uint32_t context) const
    {
        const auto plan = at(context);
        return plan && plan->verdict != Verdict::DoesNotFit && plan->verdict != Verdict::Unknown;
    }

    /// More context never takes less memory, so halving the range finds the last that fits.
    uint32_t largestContext() const
    {
        const uint32_t trained = m_case.shape->contextTrained;
        if (fits(trained))
            return trained;
        uint32_t fitting = 0;
        for (uint32_t low = 1, high = trained / contextStep; low <= high;) {
            const uint32_t middle = low + (high - low) / 2;
            if (fits(middle * contextStep)) {
                fitting = middle * contextStep;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return fitting;
    }

    const WeightTypes &types() const { return m_types; }

private:
    const ComparedCase &m_case;
    const PlanRequest &m_request;
    WeightTypes m_types;
};

void addContexts(ComparedRow &row, const ComparedCase &one, const PlanRequest &request)
{
    const Planner planner(one, request);
    row.largestContext = planner.largestContext();
    for (const uint32_t context : speedContexts(*one.shape)) {
        SpeedAt speed{context, {}};
        if (context <= row.largestContext)
            if (const auto there = planner.at(context))
                speed.decode = there->decode;
        row.speeds << speed;
    }
}

} // namespace

QVector<ComparedCase> casesOf(const QString &key, const std::shared_ptr<const ModelShape> &shape, const Machine &machine,
    const std::vector<FileType> &quantizations)
{
    QVector<ComparedCase> cases;
    for (const FileType type : quantizations) {
        const std::string_view name = plimsoll::name(type);
        cases << ComparedCase{QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())), key, shape, type, {}, machine};
    }
    return cases;
}

ComparedRow planned(const ComparedCase &one, const PlanRequest &request)
{
    const Planner planner(one, request);
    ComparedRow row;
    row.type = one.type;
    row.name = one.name;
    row.size = weightBytes(*one.shape, planner.types());
    if (const uint64_t parameters = one.shape->parameters(); parameters > 0)
        row.bitsPerWeight = 8.0 * static_cast<double>(row.size.value) / static_cast<double>(parameters);
    const auto plan = planner.at(request.options.context);
    if (!plan)
        return row;
    row.verdict = plan->verdict;
    row.bars = barsOf(*plan);
    if (row.runs()) {
        row.decode = plan->decode;
        row.prefill = plan->prefill;
    }
    return row;
}

QVector<uint32_t> speedContexts(const ModelShape &shape)
{
    QVector<uint32_t> contexts;
    for (uint64_t context = 1024; context <= shape.contextTrained; context *= 2)
        contexts << static_cast<uint32_t>(context);
    if (contexts.isEmpty() || contexts.last() < shape.contextTrained)
        contexts << shape.contextTrained;
    return contexts;
}

Comparison compare(ComparisonInput input, const std::atomic<bool> &cancelled)
{
    Comparison comparison;
    comparison.input = std::move(input);
    for (int i = 0; i < comparison.input.cases.size() && !cancelled; ++i) {
        const ComparedCase &one = comparison.input.cases[i];
        ComparedRow row = planned(one, comparison.input.request);
        row.index = i;
        for (const PublishedQuality &each : comparison.input.quality)
            if (each.type == row.type && one.types.empty())
                row.quality = each;
        if (!row.bars.isEmpty())
            addContexts(row, one, comparison.input.request);
        comparison.rows << row;
    }
    if (comparison.input.by == ComparedBy::Machine)
        return comparison;
    std::stable_sort(comparison.rows.begin(), comparison.rows.end(), [](const auto &a, const auto &b) { return a.size < b.size; });
    if (comparison.input.by == ComparedBy::Model)
        return comparison;
    std::vector<QuantizationOutcome> outcomes;
    for (const ComparedRow &row : comparison.rows)
        outcomes.push_back({row.type, row.size, row.verdict, row.decode});
    const Recommendation best = plimsoll::recommended(outcomes);
    comparison.recommended = best.index ? static_cast<int>(*best.index) : -1;
    comparison.why = best.why;
    return comparison;
}

} // namespace plimsoll::app
