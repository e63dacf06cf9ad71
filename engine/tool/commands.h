// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.h"
#include "context.h"

/// The subcommands, one file each. Each adds its options to the command line and, where it was chosen, sets Context::command.
/// `context` outlives both.
namespace plimsoll::engine {

void addDevices(const Command &app, Context &context);
void addInspect(const Command &app, Context &context);
void addFit(const Command &app, Context &context);
void addRun(const Command &app, Context &context);
void addServe(const Command &app, Context &context);
void addBench(const Command &app, Context &context);
void addSynth(const Command &app, Context &context);
void addQuantize(const Command &app, Context &context);
void addTokenize(const Command &app, Context &context);
void addLogits(const Command &app, Context &context);
void addSelftest(const Command &app, Context &context);

} // namespace plimsoll::engine
