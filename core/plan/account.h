// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan.h"

#include <plimsoll/layout/layouter.h>

namespace plimsoll {

/// What every device has, needs and keeps.
std::vector<DeviceBudget> budgetsOf(const std::vector<DeviceTotal> &totals, const Machine &machine);

/// The machine without what is loaded besides, for a plan of the model alone; and the plan's accounts with it again, as weights.
Machine without(Machine machine, const std::vector<Bytes> &besides);
void addBesides(Plan &plan, const Machine &machine, const std::vector<Bytes> &besides);

/// Mapped weights the system could page from disk where RAM is too small, if nothing else is short; otherwise 0.
Bytes pageable(const Plan &plan);

/// True where no device needs more than it has free.
bool fits(const std::vector<DeviceBudget> &budgets);
bool fits(const std::vector<DeviceTotal> &totals, const Machine &machine);

/// True where a GPU needs more than it has free.
bool gpuShort(const std::vector<DeviceBudget> &budgets);

/// Blocks wholly on GPUs.
uint32_t blocksOnGpu(const std::vector<Piece> &pieces, const Placement &placement);

/// Judges a plan whose placement, layout and budgets are set: sets verdict and reasons. `pieces`: those of the shape.
/// `oneLayer`: by GPU, what the smallest useful part would need there.
void judge(Plan &plan, const ModelShape &shape, const std::vector<Piece> &pieces, const Machine &machine, const PlanRequest &request,
    const std::vector<Bytes> &oneLayer);

} // namespace plimsoll
