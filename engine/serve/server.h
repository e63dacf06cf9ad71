// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/run/session.h>
#include <plimsoll/result/result.h>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace plimsoll::engine {

/// What `plimsoll-engine serve` was asked for.
struct ServeOptions
{
    std::string modelPath;
    std::string modelName;      // as /v1/models names it; empty: the file's name without its ending
    LoadOptions load;           // progress and cancel are set by serve()
    uint16_t port = 0;          // 0: any that is free
    bool handshake = false;     // speak with a parent process over standard input and output
    std::string version;        // of the program, for the handshake
    uint32_t queueLimit = 16;   // requests waiting or running with one sequence, one more for each other; more are refused with 429
    uint32_t eventStreams = 8;  // event streams open at once; more are refused with 503
    /// The words for people in an error's answer; empty: the code and its arguments.
    std::function<std::string(const Error &)> describe;
};

/// Serves the model on 127.0.0.1 until the process is ended.
///
/// With `handshake` it reads one line `{"protocol":1,"token":"…"}` from `input`, writes one line `{"event":"listening",…}` to `output`,
/// and the end of `input` ends the whole process at once with exit status 0. When loading fails, one line `{"event":"failed",…}` was
/// written to `output` before the error is returned: the caller leaves with status 3. Without `handshake` it writes the address for
/// people, reads nothing, and leaves errors to the caller's words.
///
/// Errors: those of Session::load; PortUnavailable; JsonField and JsonInvalid (the handshake line).
Status serve(const ServeOptions &options, std::istream &input, std::ostream &output);

} // namespace plimsoll::engine
