// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/result/result.h>

#include <cstdint>
#include <iosfwd>
#include <string>

namespace plimsoll::engine {

/// All of a file, of any kind that can be read; "-" is standard input. Errors: FileNotFound, FileUnreadable (also above `most` bytes).
Result<std::string> readInput(const std::string &path, uint64_t most);

} // namespace plimsoll::engine
