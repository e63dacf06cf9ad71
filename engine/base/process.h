// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace plimsoll::engine {

/// What a command of the shell writes to standard output until it ends. Nothing where it can't be started or ends with a status other
/// than 0. At most 16 MiB are kept.
std::optional<std::string> outputOf(const std::string &command);

} // namespace plimsoll::engine
