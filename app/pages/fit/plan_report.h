// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/report.h"

#include <plimsoll/plan/advice.h>

namespace plimsoll::app {

class FitState;
class ModelList;

/// The plan of a state as a document in the chosen language, with the changes that were found to help. Empty without a plan.
Report reportOf(const FitState &state, const std::vector<Change> &changes, const ModelList &models);

} // namespace plimsoll::app
