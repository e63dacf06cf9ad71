// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plimsoll::engine::jinja {

/// What a template did wrong. Thrown inside this room, and turned into an Error at its edge (template.cpp).
struct Failure
{
    const char *reason;   // word: syntax|undefined|type|value|unsupported|limit|raised
    std::string detail;   // a name, a value, or the template's own message
};

[[noreturn]] inline void fail(const char *reason, std::string detail)
{
    throw Failure{reason, std::move(detail)};
}

} // namespace plimsoll::engine::jinja
