// SPDX-License-Identifier: Apache-2.0
#include "process.h"

#include <algorithm>
#include <cstdio>

namespace plimsoll::engine {

std::optional<std::string> outputOf(const std::string &command)
{
    constexpr size_t most = 16u << 20;
    std::FILE *const pipe = popen(command.c_str(), "re");
    if (!pipe)
        return std::nullopt;
    std::string output;
    char part[4096];
    while (const size_t got = std::fread(part, 1, sizeof part, pipe))
        output.append(part, std::min(got, most - output.size()));
    return pclose(pipe) == 0 ? std::optional(std::move(output)) : std::nullopt;
}

} // namespace plimsoll::engine
