// SPDX-License-Identifier: Apache-2.0
#include "tool.h"

#include "commands.h"

#include <plimsoll/engine/probe/probe.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <iostream>
#include <string_view>

namespace plimsoll::engine {
namespace {

constexpr const char *footer = R"(
Examples:
  plimsoll-engine fit                                       what this machine can run
  plimsoll-engine fit --model llama-3.1-8b --quant Q4_K_M   one model, and why
  plimsoll-engine fit --model deepseek-r1-671b --quant Q4_K_M --gpu "Tesla T4" --ram 32GiB
  plimsoll-engine run model.gguf --prompt "Once upon a time"

`plimsoll-engine COMMAND --help` lists the options of a command.
Exit status: 0 done, 1 an error that is said in words, 2 wrong command line.)";

bool asksForJson(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--json")
            return true;
    }
    return false;
}

/// Help and version go to standard output with status 0; a wrong command line to standard error with 2.
int leave(const CLI::App &app, const CLI::ParseError &error, bool json)
{
    const int status = app.exit(error, std::cout, std::cerr) == 0 ? exitOk : exitUsage;
    if (status == exitUsage && json)
        printJson({{"error",
            {{"code", "invalid-argument"}, {"arguments", {"command line", "", error.what()}}, {"message", error.what()}}}});
    std::cout.flush();
    return status;
}

} // namespace

int runTool(int argc, char **argv)
{
#ifdef SIGPIPE
    std::signal(SIGPIPE, SIG_IGN);   // a reader that leaves early is seen as a failed write
#endif
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);   // `serve` reads on one thread and writes on another: reading must not flush

    Context context;
    context.programPath = programPath();

    CLI::App app("Plimsoll's engine: shows what fits this machine, runs language models, and measures them.", "plimsoll-engine");
    app.set_version_flag("--version", std::string("plimsoll-engine " PLIMSOLL_VERSION));
    app.require_subcommand(1);
    app.footer(footer);
    const Command root(app);
    for (const auto add : {addDevices, addInspect, addFit, addRun, addServe, addBench, addSynth, addQuantize, addTokenize, addLogits,
             addSelftest})
        add(root, context);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return leave(app, error, asksForJson(argc, argv));
    }
    try {
        return context.command();
    } catch (const std::bad_alloc &) {
        return fail(context, Error{ErrorCode::AllocationFailed, {"RAM", "the command's own data", "0"}});
    } catch (const std::exception &exception) {
        return fail(context, Error{ErrorCode::Internal, {exception.what()}});
    }
}

} // namespace plimsoll::engine
