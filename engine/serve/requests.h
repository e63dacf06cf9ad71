// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "served_model.h"

#include <string_view>

namespace plimsoll::engine {

/// What a client asked for, checked.
struct CompletionRequest
{
    Prompt prompt;
    Session::GenerateOptions options;   // without callbacks
    bool stream = false;
    bool separatesThoughts = true;      // "reasoning_format": "none" leaves them in the text, with their marks
};

/// Reads the body of /v1/completions, or of /v1/chat/completions with `chat`. Fields that are not known are left alone.
/// Errors: JsonInvalid, JsonField (path is "request").
Result<CompletionRequest> readRequest(std::string_view body, bool chat);

/// Reads the first line of a handshake from `line`: the token.
/// Errors: JsonInvalid, JsonField (path is "handshake").
Result<std::string> readHandshake(std::string_view line);

} // namespace plimsoll::engine
