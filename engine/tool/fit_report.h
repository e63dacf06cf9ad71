// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fit_subject.h"

#include <plimsoll/plan/recommend.h>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::engine {

/// One plan: the verdict as a sentence, every device's account, the reasons, the predicted speed.
void printPlan(std::ostream &out, const FitSubject &subject, const Machine &machine, const PlanRequest &request, const Plan &plan);

/// One line of an overview: a model, or a quantization of one.
struct FitLine
{
    std::string name;
    std::string id;             // of the catalogue; empty in the overview of one model's quantizations
    std::string quantization;
    uint64_t parameters = 0;
    Bytes weights;
    Plan plan;
    std::optional<RecommendationReason> why;   // where it is recommended, or nothing is to be
};

/// Memory per device in columns of their own: devices are never added up.
void printOverview(std::ostream &out, const std::vector<FitLine> &lines, const Machine &machine);
nlohmann::json toJson(const FitLine &line);

} // namespace plimsoll::engine
