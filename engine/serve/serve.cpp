// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include "http_service.h"
#include "requests.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <istream>
#include <ostream>
#include <thread>

namespace plimsoll::engine {

namespace {

constexpr size_t longestLine = 4096;   // bytes of the handshake

/// The first line, without its end; what is longer than a handshake may be is cut off, and so not accepted.
std::string firstLine(std::istream &input)
{
    std::string line;
    for (int c = input.get(); c != std::istream::traits_type::eof() && c != '\n' && line.size() < longestLine; c = input.get())
        line += static_cast<char>(c);
    return line;
}

/// Ends the process when `input` ends, whatever its other threads are doing; the system takes back all memory. A last event tells the
/// streams, if there is time.
void endWithInput(std::istream &input, const std::shared_ptr<EventHub> &events)
{
    std::thread([&input, events] {
        while (input.get() != std::istream::traits_type::eof()) {
        }
        events->state(ServiceState::Stopping, 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        std::_Exit(EXIT_SUCCESS);
    }).detach();
}

void writeLine(std::ostream &output, const std::string &line)
{
    output << line << '\n';
    output.flush();
}

Status failed(const ServeOptions &options, std::ostream &output, const Error &error)
{
    if (options.handshake)
        writeLine(output, failedLine(error));
    return error;
}

std::string modelName(const ServeOptions &options)
{
    return options.modelName.empty() ? std::filesystem::path(options.modelPath).stem().string() : options.modelName;
}

/// Requests that may be here at once.
size_t mostRequests(const ServeOptions &options)
{
    return size_t{options.queueLimit} + std::max(options.load.run.sequences, 1u) - 1;
}

/// Loads and answers until loading fails; nothing else ends it but the end of the process.
Error runService(const ServeOptions &options, HttpService &http, EventHub &events)
{
    std::optional<Error> error;
    {
        Scheduler scheduler(sessionLoader(options.modelPath, options.load), events, mostRequests(options), [&](const Error &why) {
            error = why;
            http.stop();
        });
        http.run(scheduler, events);
    }
    return error.value_or(Error{ErrorCode::Internal, {"http"}});
}

} // namespace

Status serve(const ServeOptions &options, std::istream &input, std::ostream &output)
{
    std::string token;
    if (options.handshake) {
        auto given = readHandshake(firstLine(input));
        if (!given)
            return failed(options, output, given.error());
        token = std::move(*given);
    }
    const auto events = std::make_shared<EventHub>(options.eventStreams);
    HttpService http({token, modelName(options), mostRequests(options), options.eventStreams, options.describe});
    const auto port = http.bind(options.port);
    if (!port)
        return failed(options, output, port.error());
    if (options.handshake) {
        endWithInput(input, events);
        writeLine(output, listeningLine(options.version, *port));
    } else {
        writeLine(output, "http://127.0.0.1:" + std::to_string(*port));
    }
    return failed(options, output, runService(options, http, *events));
}

} // namespace plimsoll::engine
