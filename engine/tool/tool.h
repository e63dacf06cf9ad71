// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plimsoll::engine {

/// The program plimsoll-engine. Gives its exit status.
int runTool(int argc, char **argv);

} // namespace plimsoll::engine
