// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.h"

#include <plimsoll/engine/run/session.h>

#include <string>
#include <vector>

namespace plimsoll::engine {

/// How the next token is chosen, and what a text must follow; empty: the default.
struct SamplerArguments
{
    std::string temperature, topK, topP, minP, typical;
    std::string repeatPenalty, repeatWindow, frequency, presence;
    std::string dry, dryBase, dryLength, dryWindow;
    std::string seed, logprobs;
    std::string grammarFile, schemaFile;
    std::vector<std::string> bias, stop;

    void addTo(const Command &command);
    /// Over `options`, what was given. Errors: InvalidArgument, JsonInvalid, those of reading a file.
    Status apply(Session::GenerateOptions &options) const;
};

} // namespace plimsoll::engine
