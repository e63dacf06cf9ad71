// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace plimsoll::engine {

/// A subcommand with --json whose options live in an `Options` as long as the command line does, and which runs as
/// `run(context, options)`.
template <typename Options>
struct Subcommand
{
    CLI::App *app = nullptr;
    std::shared_ptr<Options> options;
};

template <typename Options>
Subcommand<Options> addSubcommand(
    CLI::App &parent, Context &context, const char *name, const char *description, int (*run)(Context &, const Options &))
{
    auto options = std::make_shared<Options>();
    CLI::App *app = parent.add_subcommand(name, description);
    app->add_flag("--json", context.json, "Answer as JSON on standard output");
    app->callback([&context, options, run] { context.command = [&context, options, run] { return run(context, *options); }; });
    return {app, std::move(options)};
}

} // namespace plimsoll::engine
