// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace plimsoll::app {

/// The engine's program: $PLIMSOLL_ENGINE (taken as it is, so that a wrong value is reported and not hidden), beside this program,
/// then on the PATH. Empty where there is none.
QString locateEngine();

} // namespace plimsoll::app
