// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "advice.h"

namespace plimsoll {

/// One of several models that run at the same time, each in a process of its own.
struct ScenarioModel
{
    std::string name;
    const ModelShape *shape = nullptr;
    const WeightTypes *types = nullptr;
    PlanRequest request;
};

/// Models together on one machine: each plan sees as used what those before it took.
struct Scenario
{
    std::vector<std::string> names;
    std::vector<Plan> plans;                   // in the order of the models
    std::vector<DeviceBudget> budgets;         // by device, all models together
    std::vector<std::vector<Bytes>> shares;    // [device][model]
    Verdict verdict = Verdict::Unknown;        // the worst of them
};

/// Errors: those of makePlan().
Result<Scenario> planScenario(const std::vector<ScenarioModel> &models, const Machine &machine);

nlohmann::json toJson(const Scenario &scenario);

} // namespace plimsoll
