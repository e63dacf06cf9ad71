// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/probe/probe.h>
#include <plimsoll/machine/machine.h>

#include <iosfwd>

namespace plimsoll::engine {

/// Adds the read bandwidth of the RAM, measured over a small piece, and of the disk that holds the program: about a tenth of a second each.
/// What cannot be measured stays "not known".
void measureQuickly(Machine &machine);
/// The same over a gibibyte: seconds, and a steadier figure.
void measureThoroughly(Machine &machine);

/// Processor, RAM, GPUs and disks in a few aligned lines.
void printMachine(std::ostream &out, const Machine &machine);

} // namespace plimsoll::engine
