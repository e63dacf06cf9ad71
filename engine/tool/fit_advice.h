// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fit_request.h"

#include <plimsoll/plan/advice.h>
#include <plimsoll/plan/cluster.h>
#include <plimsoll/plan/scenario.h>

#include <iosfwd>

namespace plimsoll::engine {

/// Beyond the plan: what would help, which hardware would do, how far it goes.
struct FitAdvice
{
    std::vector<Change> changes;
    std::vector<Hardware> hardware;
    Maxima maxima;
    std::vector<ContextPoint> curve;
};
FitAdvice adviceFor(const Catalog &catalog, const std::string &model, const FitSubject &subject, const Machine &machine,
    const PlanRequest &request, const Plan &plan);

void printAdvice(std::ostream &out, const FitAdvice &advice, const Machine &machine);
void addJson(nlohmann::json &json, const FitAdvice &advice);

/// `fit --with`: several models at once.
int fitTogether(Context &context, const FitOptions &options, const Machine &machine, const Catalog &catalog);
/// `fit --nodes`: servers of the machine's cards.
int fitCluster(Context &context, const FitOptions &options, const Machine &machine, const Catalog &catalog);
/// `fit --precisions`: sizes at 16, 8 and 4 bits.
int fitPrecisions(Context &context, const FitOptions &options, const Catalog &catalog);

} // namespace plimsoll::engine
