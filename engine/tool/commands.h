// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

namespace CLI {
class App;
}

/// The subcommands, one file each. Each adds its options to the command line and, where it was chosen, sets Context::command.
/// `context` outlives both.
namespace plimsoll::engine {

void addDevices(CLI::App &app, Context &context);
void addInspect(CLI::App &app, Context &context);
void addFit(CLI::App &app, Context &context);
void addRun(CLI::App &app, Context &context);
void addServe(CLI::App &app, Context &context);
void addBench(CLI::App &app, Context &context);
void addSynth(CLI::App &app, Context &context);
void addQuantize(CLI::App &app, Context &context);
void addTokenize(CLI::App &app, Context &context);
void addLogits(CLI::App &app, Context &context);
void addSelftest(CLI::App &app, Context &context);

} // namespace plimsoll::engine
