// SPDX-License-Identifier: Apache-2.0
#include "messages.h"
#include "offload.h"
#include "options.h"
#include "subcommand.h"

#include <plimsoll/engine/serve/server.h>

#include <iostream>

namespace plimsoll::engine {
namespace {

struct ServeArguments
{
    std::string model;
    RunArguments run;
    std::string port = "0";
    DeviceArguments devices;
    bool handshake = false;
};

Result<ServeOptions> serveOptions(Context &context, const ServeArguments &arguments)
{
    ServeOptions options;
    options.modelPath = arguments.model;
    options.load.run.context = 0;
    options.load.run.batch = 0;
    options.load.run.threads = 0;
    if (const Status status = arguments.run.apply(options.load.run); !status)
        return status.error();
    options.load.place = arguments.devices.placing(context);
    const auto port = countFrom("--port", arguments.port, 0, 65535);
    if (!port)
        return port.error();
    options.port = static_cast<uint16_t>(*port);
    options.handshake = arguments.handshake;
    options.version = PLIMSOLL_VERSION;
    options.describe = [](const Error &error) { return sentence(error); };
    return options;
}

int runServe(Context &context, const ServeArguments &arguments)
{
    const auto options = serveOptions(context, arguments);
    if (!options)
        return fail(context, options.error());
    const Status served = serve(*options, std::cin, std::cout);
    if (served)
        return exitOk;
    if (!arguments.handshake)
        return fail(context, served.error());
    std::cerr << sentence(served.error()) << '\n';   // standard output belongs to the protocol
    return exitLoading;
}

} // namespace

void addServe(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<ServeArguments>(app, context, "serve", "Serve a model over HTTP on 127.0.0.1", runServe);
    command.addOption("-m,--model", options->model, "GGUF file").required().typeName("FILE");
    options->run.addTo(command, true);
    options->devices.addTo(command);
    command.addOption("--port", options->port, "Port; 0: any that is free").typeName("N").showDefault();
    command.addFlag("--handshake", options->handshake, "Speak with a parent process over standard input and output");
}

} // namespace plimsoll::engine
