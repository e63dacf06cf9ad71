// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/advice.h"

#include <algorithm>

namespace plimsoll::app {

namespace {

/// From 1,024 to what the model was trained for, two points per doubling, and the one that is asked.
std::vector<uint32_t> contextsFor(const ModelShape &shape, uint32_t asked)
{
    const uint64_t most = std::max<uint64_t>(shape.contextTrained > 0 ? shape.contextTrained : 131072, asked);
    std::vector<uint32_t> contexts{asked, static_cast<uint32_t>(most)};
    for (uint64_t context = 1024; context < most; context *= 2)
        for (const uint64_t each : {context, context + context / 2})
            if (each < most)
                contexts.push_back(static_cast<uint32_t>(each));
    std::sort(contexts.begin(), contexts.end());
    contexts.erase(std::unique(contexts.begin(), contexts.end()), contexts.end());
    return contexts;
}

Servers serversFor(const AdviceInput &input)
{
    Servers servers;
    const Cluster cluster{input.machine.gpus.front(), servers.perServer, 8};
    const auto plans = divisions(*input.model.shape, bytesAt(*input.model.shape, input.types), input.request.options, cluster);
    if (const ClusterPlan *cards = fewestCards(plans))
        servers.fewestCards = *cards;
    if (const ClusterPlan *nodes = fewestNodes(plans, servers.perServer))
        servers.fewestServers = *nodes;
    return servers;
}

} // namespace

Advice adviceFor(const AdviceInput &input, const std::atomic<bool> &cancelled)
{
    Advice advice;
    const Subject subject{*input.model.shape, input.types};
    const uint32_t asked = input.request.options.context;
    advice.curve.asked = asked;
    advice.curve.budgets = input.plan.budgets;
    advice.curve.points = memoryByContext(subject, input.machine, input.request, contextsFor(subject.shape, asked));
    if (cancelled)
        return advice;
    advice.maxima = maximaOf(subject, input.machine, input.request, input.quantizations, Verdict::CpuOnly);
    advice.curve.largest = advice.maxima.context;
    Surroundings surroundings{input.gpus, input.quantizations, {}};
    for (const ModelEntry &each : input.siblings)
        surroundings.siblings.push_back({each.key.toStdString(), each.shape.get()});
    if (!cancelled && !input.machine.gpus.empty())
        advice.servers = serversFor(input);
    if (!cancelled)
        advice.changes = smallestChanges(subject, input.machine, input.request, input.plan, surroundings);
    return advice;
}

} // namespace plimsoll::app
