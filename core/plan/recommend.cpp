// SPDX-License-Identifier: Apache-2.0
#include "recommend.h"

#include <plimsoll/model/mix.h>

#include <algorithm>
#include <tuple>

namespace plimsoll {

namespace {

constexpr double leastBits = 4.0;
constexpr double mostBits = 9.0;
constexpr double fastEnough = 0.85;

bool isGood(FileType type)
{
    const double bits = info(info(type).base).bitsPerWeight();
    return bits >= leastBits && bits <= mostBits;
}

struct Candidate
{
    bool good = false;
    FileType type = FileType::Q4_K_M;
    WeightTypes types;
    Bytes size;
};

} // namespace

bool runs(Verdict verdict)
{
    return verdict != Verdict::DoesNotFit && verdict != Verdict::Unknown;
}

Recommendation recommended(std::span<const QuantizationOutcome> outcomes)
{
    double fastest = 0;
    for (const QuantizationOutcome &each : outcomes) {
        if (isGood(each.type) && runs(each.verdict))
            fastest = std::max(fastest, each.decode.expected);
    }
    const auto largest = [&](RecommendationReason why, auto eligible) {
        Recommendation best;
        for (size_t i = 0; i < outcomes.size(); ++i) {
            const auto order = [&](size_t index) { return std::tuple(outcomes[index].size, outcomes[index].type); };
            if (eligible(outcomes[i]) && (!best.index || order(i) > order(*best.index)))
                best = {i, why};
        }
        return best;
    };
    Recommendation best = largest(RecommendationReason::PreciseOnGpu,
        [](const QuantizationOutcome &o) { return isGood(o.type) && o.verdict == Verdict::FitsOnGpu; });
    if (!best.index)
        best = largest(RecommendationReason::FastEnough, [&](const QuantizationOutcome &o) {
            return isGood(o.type) && runs(o.verdict) && o.decode.expected >= fastEnough * fastest;
        });
    if (!best.index)
        best = largest(RecommendationReason::LastResort, [](const QuantizationOutcome &o) { return runs(o.verdict); });
    return best;
}

Result<RecommendedPlan> recommend(
    const ModelShape &shape, const Machine &machine, const PlanRequest &request, const std::vector<FileType> &quantizations)
{
    if (quantizations.empty())
        return Error{ErrorCode::InvalidArgument, {"quantizations", "0", "1 or more"}};
    std::vector<Candidate> candidates;
    for (const FileType type : quantizations) {
        candidates.push_back({isGood(type), type, mixTypes(shape, type), {}});
        candidates.back().size = weightBytes(shape, candidates.back().types);
    }
    std::sort(candidates.begin(), candidates.end(),
        [](const Candidate &a, const Candidate &b) { return std::tuple(a.good, a.size, a.type) > std::tuple(b.good, b.size, b.type); });
    std::vector<QuantizationOutcome> outcomes;
    std::vector<Plan> plans;
    bool goodRuns = false;
    for (const Candidate &each : candidates) {
        if (!each.good && goodRuns)
            break;
        auto plan = makePlan(shape, each.types, machine, request);
        if (!plan)
            return plan.error();
        outcomes.push_back({each.type, each.size, plan->verdict, plan->decode});
        plans.push_back(std::move(*plan));
        if (each.good && plans.back().verdict == Verdict::FitsOnGpu)
            break;   // all that follow are smaller
        goodRuns = goodRuns || (each.good && runs(plans.back().verdict));
    }
    const Recommendation best = recommended(outcomes);
    const size_t index = best.index.value_or(plans.size() - 1);
    return RecommendedPlan{outcomes[index].type, outcomes[index].size, std::move(plans[index]), best.why};
}

std::string_view name(RecommendationReason reason)
{
    switch (reason) {
    case RecommendationReason::None: break;
    case RecommendationReason::PreciseOnGpu: return "precise-on-gpu";
    case RecommendationReason::FastEnough: return "fast-enough";
    case RecommendationReason::LastResort: return "last-resort";
    }
    return "none";
}

} // namespace plimsoll
