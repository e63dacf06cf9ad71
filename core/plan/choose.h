// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan.h"

#include <plimsoll/layout/layouter.h>
#include <plimsoll/speed/speed.h>

namespace plimsoll {

/// Everything the choice of a placement looks at. All but `options` must outlive it.
struct Task
{
    const ModelShape &shape;
    const Machine &machine;
    const PlanRequest &request;
    RunOptions options;            // settled
    const Layouter &layouter;
    const SpeedModel &speed;       // decode at half the context
};

/// Where the speed is predicted.
inline uint32_t halfContext(const RunOptions &options)
{
    return options.context / 2;
}

/// Owned bytes each GPU may take.
std::vector<Bytes> capacities(const Machine &machine, bool keepReserve);

/// GPUs in their order.
std::vector<DeviceIndex> asListed(const Machine &machine);

/// The placement the request asks for; with Auto what was considered is listed.
Placement choose(const Task &task, std::vector<Alternative> &considered);

} // namespace plimsoll
