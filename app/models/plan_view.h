// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_data.h"

#include <plimsoll/plan/plan.h>

namespace plimsoll::app {

/// One bar per GPU, then one for RAM.
QVector<BarData> barsOf(const Plan &plan);

/// Where each layer of the plan lies.
StripData stripOf(const Plan &plan, const ModelShape &shape);

} // namespace plimsoll::app
