// SPDX-License-Identifier: Apache-2.0
#include "access.h"

#include <algorithm>

namespace plimsoll::engine {

bool sameSecret(std::string_view expected, std::string_view given)
{
    unsigned difference = expected.size() == given.size() ? 0 : 1;
    for (size_t i = 0; i < given.size(); ++i)
        difference |= static_cast<unsigned char>(given[i] ^ (expected.empty() ? '\0' : expected[i % expected.size()]));
    return difference == 0;
}

std::string_view bearerToken(std::string_view authorization)
{
    const std::string_view scheme = "Bearer ";
    return authorization.starts_with(scheme) ? authorization.substr(scheme.size()) : std::string_view();
}

bool isOwnHost(std::string_view host, int port)
{
    const std::string suffix = ":" + std::to_string(port);
    return host == "127.0.0.1" + suffix || host == "localhost" + suffix;
}

bool isLoopbackOrigin(std::string_view origin)
{
    for (const std::string_view start : {"http://127.0.0.1", "http://localhost", "http://[::1]", "https://127.0.0.1", "https://localhost",
             "https://[::1]"}) {
        if (!origin.starts_with(start))
            continue;
        std::string_view rest = origin.substr(start.size());
        if (rest.empty())
            return true;
        if (rest.size() < 2 || rest.size() > 6 || rest.front() != ':')
            return false;
        rest.remove_prefix(1);
        return std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; });
    }
    return false;
}

} // namespace plimsoll::engine
