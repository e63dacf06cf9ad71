// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/probe/probe.h>
#include <plimsoll/machine/machine.h>

#include <iosfwd>

namespace plimsoll::engine {

/// Adds the read bandwidth of the RAM, measured over a small piece for about a tenth of a second; a machine where that fails keeps
/// "not known".
void measureQuickly(Machine &machine);
/// The same over a gibibyte: seconds, and a steadier figure.
void measureThoroughly(Machine &machine);

/// Processor, RAM, GPUs and disks in a few aligned lines.
void printMachine(std::ostream &out, const Machine &machine);

} // namespace plimsoll::engine
