// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Who may speak with the service: programs on this machine that know the token, and no web page.
namespace plimsoll::engine {

/// Whether both are the same, in a time that depends on the length of `given` only.
bool sameSecret(std::string_view expected, std::string_view given);

/// The value of "Authorization: Bearer …"; empty where there is none.
std::string_view bearerToken(std::string_view authorization);

/// Whether a Host header names this server: 127.0.0.1 or localhost, with its port. A page that had its own name resolved to
/// this machine cannot pretend that.
bool isOwnHost(std::string_view host, int port);

/// Whether an Origin header is one of this machine.
bool isLoopbackOrigin(std::string_view origin);

} // namespace plimsoll::engine
