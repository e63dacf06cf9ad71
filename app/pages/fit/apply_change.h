// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/fit/fit_state.h"

#include <plimsoll/plan/advice.h>

namespace plimsoll::app {

/// Makes a proposed change; the model has so many layers. False, and nothing changed, where it is one of the machine.
bool applyTo(FitRequest &request, const Change &change, uint32_t layers);

/// The same for one of the machine, which is pretended afterwards. GPUs come from the catalogue.
bool applyTo(Machine &machine, const Change &change, const Catalog &catalog);

} // namespace plimsoll::app
