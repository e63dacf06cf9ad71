// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan.h"

#include <plimsoll/quant/file_type.h>

#include <optional>
#include <span>
#include <vector>

/// Which quantization of a model to take on a machine.
namespace plimsoll {

/// Good ones have from four to nine bits per weight in the format of most tensors: below, quality falls quickly; above, nothing is gained
/// but bytes.
enum class RecommendationReason : uint8_t {
    None,           // nothing runs
    PreciseOnGpu,   // of the good ones, the largest that lies on GPUs as a whole
    FastEnough,     // no good one does: the largest that reaches 85 % of the predicted decode rate of the fastest that runs
    LastResort,     // no good one runs: the largest of the others that does
};

/// One quantization as it was planned.
struct QuantizationOutcome
{
    FileType type = FileType::Q4_K_M;
    Bytes size;                 // of all tensors
    Verdict verdict = Verdict::Unknown;
    RateEstimate decode;
};

struct Recommendation
{
    std::optional<size_t> index;   // of the outcomes
    RecommendationReason why = RecommendationReason::None;
};

/// The rule, for outcomes in any order. Of two as large, the newer format.
Recommendation recommended(std::span<const QuantizationOutcome> outcomes);

/// Whether what has this verdict can be run; from disk only where that was asked for.
bool runs(Verdict verdict);

struct RecommendedPlan
{
    FileType type = FileType::Q4_K_M;
    Bytes size;
    Plan plan;
    RecommendationReason why = RecommendationReason::None;   // None: this is the smallest
};

/// Plans `quantizations`, the good ones first, from the largest, and stops where the rest can't change the answer. Errors: those of
/// makePlan(); InvalidArgument where there is no quantization.
Result<RecommendedPlan> recommend(
    const ModelShape &shape, const Machine &machine, const PlanRequest &request, const std::vector<FileType> &quantizations);

std::string_view name(RecommendationReason reason);   // "precise-on-gpu"

} // namespace plimsoll
