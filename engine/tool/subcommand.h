// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands.h"

#include <memory>

namespace plimsoll::engine {

/// A subcommand with --json whose options live in an `Options` as long as the command line does, and which runs as
/// `run(context, options)`.
template <typename Options>
struct Subcommand
{
    Command command;
    std::shared_ptr<Options> options;
};

template <typename Options>
Subcommand<Options> addSubcommand(
    const Command &parent, Context &context, const char *name, const char *description, int (*run)(Context &, const Options &))
{
    auto options = std::make_shared<Options>();
    const Command command = parent.addSubcommand(name, description);
    command.addFlag("--json", context.json, "Answer as JSON on standard output");
    command.onChosen([&context, options, run] { context.command = [&context, options, run] { return run(context, *options); }; });
    return {command, std::move(options)};
}

} // namespace plimsoll::engine
