// SPDX-License-Identifier: Apache-2.0
#include "scenario.h"

#include <nlohmann/json.hpp>

namespace plimsoll {

namespace {

void take(Machine &machine, const Plan &plan)
{
    machine.ram.available = machine.ram.available - plan.budgets[hostDevice].needed;
    for (size_t i = 0; i < machine.gpus.size(); ++i)
        machine.gpus[i].free = machine.gpus[i].free - plan.budgets[i + 1].needed;
}

DeviceBudget emptyBudget(std::string name, Bytes total, Bytes free, Bytes reserve)
{
    DeviceBudget budget;
    budget.name = std::move(name);
    budget.total = total;
    budget.usedByOthers = total - free;
    budget.reserve = reserve;
    budget.headroom = free;
    return budget;
}

} // namespace

Result<Scenario> planScenario(const std::vector<ScenarioModel> &models, const Machine &machine)
{
    Scenario scenario;
    scenario.budgets.push_back(emptyBudget("RAM", machine.ram.total, machine.ram.available, machine.ram.reserve));
    for (const Gpu &gpu : machine.gpus)
        scenario.budgets.push_back(emptyBudget(gpu.name, gpu.total, gpu.free, gpu.reserve));
    scenario.shares.resize(scenario.budgets.size());
    Machine left = machine;
    for (const ScenarioModel &model : models) {
        auto plan = makePlan(*model.shape, *model.types, left, model.request);
        if (!plan)
            return plan.error();
        take(left, *plan);
        for (size_t i = 0; i < scenario.budgets.size(); ++i) {
            DeviceBudget &all = scenario.budgets[i];
            const Bytes free = all.total - all.usedByOthers;
            all.needed += plan->budgets[i].needed;
            all.headroom = free - all.needed;
            all.shortage = all.needed - free;
            scenario.shares[i].push_back(plan->budgets[i].needed);
        }
        if (scenario.plans.empty() || rank(plan->verdict) > rank(scenario.verdict))
            scenario.verdict = plan->verdict;
        scenario.names.push_back(model.name);
        scenario.plans.push_back(std::move(*plan));
    }
    return scenario;
}

nlohmann::json toJson(const Scenario &scenario)
{
    using nlohmann::json;
    json result = {{"verdict", name(scenario.verdict)}, {"models", json::array()}, {"devices", json::array()}};
    for (size_t i = 0; i < scenario.plans.size(); ++i) {
        const Plan &plan = scenario.plans[i];
        result["models"].push_back({{"name", scenario.names[i]}, {"verdict", name(plan.verdict)}, {"gpuLayers", plan.gpuLayers},
            {"decode", plan.decode.known() ? json{{"low", plan.decode.low}, {"expected", plan.decode.expected}, {"high", plan.decode.high}}
                                           : json(nullptr)}});
    }
    for (size_t i = 0; i < scenario.budgets.size(); ++i) {
        const DeviceBudget &budget = scenario.budgets[i];
        json shares = json::array();
        for (const Bytes &share : scenario.shares[i])
            shares.push_back(share.value);
        result["devices"].push_back({{"device", i}, {"name", budget.name}, {"total", budget.total.value},
            {"usedByOthers", budget.usedByOthers.value}, {"needed", budget.needed.value}, {"headroom", budget.headroom.value},
            {"shortage", budget.shortage.value}, {"shares", std::move(shares)}});
    }
    return result;
}

} // namespace plimsoll
