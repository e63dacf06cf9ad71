// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/model_list.h"

#include <plimsoll/plan/advice.h>
#include <plimsoll/plan/cluster.h>

#include <atomic>
#include <optional>

namespace plimsoll::app {

/// What advice is asked about: a plan, all it was made from, and what may be proposed instead.
struct AdviceInput
{
    ModelEntry model;
    WeightTypes types;
    Machine machine;
    PlanRequest request;
    Plan plan;
    std::vector<Gpu> gpus;
    std::vector<FileType> quantizations;   // small to large; none for a file, which is what it is
    std::vector<ModelEntry> siblings;      // the same
};

/// Memory and speed over the context, everything else as asked.
struct ContextCurve
{
    std::vector<DeviceBudget> budgets;   // by DeviceIndex, of the plan as asked
    std::vector<ContextPoint> points;
    uint32_t asked = 0;              // tokens
    uint32_t largest = 0;            // that fits; 0: none does

};

/// Divided over equal cards of the first GPU's kind, tensor parallel inside servers of `perServer`.
struct Servers
{
    uint32_t perServer = 8;
    std::optional<ClusterPlan> fewestCards;    // nothing: not even the most that are considered
    std::optional<ClusterPlan> fewestServers;
};

struct Advice
{
    std::vector<Change> changes;
    Maxima maxima;
    ContextCurve curve;
    std::optional<Servers> servers;            // only where the machine has a GPU
};

/// Takes some 100 ms. Stops early, with less in it, once `cancelled`.
Advice adviceFor(const AdviceInput &input, const std::atomic<bool> &cancelled);

} // namespace plimsoll::app
