// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace plimsoll::engine {

/// Instruction sets that matter for the arithmetic of language models and that processor and system both allow, from old to new.
std::vector<std::string> cpuInstructionSets();

} // namespace plimsoll::engine
