// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_data.h"

#include <plimsoll/plan/plan.h>

namespace plimsoll::app {

/// "RAM", "GPU 0 · GeForce RTX 4070".
QString deviceTitle(DeviceIndex device, const DeviceBudget &budget);

/// One bar per GPU, then one for RAM.
QVector<BarData> barsOf(const Plan &plan);

/// The placement with one layer moved on: from GPU to GPU, then (of a mixture of experts) with its experts in RAM, then all of it in RAM.
Placement withLayerMoved(const Placement &placement, const ModelShape &shape, int layer, DeviceIndex gpus);

/// Where each layer of the plan lies.
StripData stripOf(const Plan &plan, const ModelShape &shape);

} // namespace plimsoll::app
