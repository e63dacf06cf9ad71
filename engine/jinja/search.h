// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "budget.h"

#include <string_view>

namespace plimsoll::engine::jinja {

/// Where `wanted` is in `text` for the first time, or for the last time `fromRight`; npos where it is not. A text that almost matches
/// everywhere makes this quadratic, so that the budget counts what is compared. Throws Failure "limit".
size_t search(std::string_view text, std::string_view wanted, Budget &budget, bool fromRight = false);

} // namespace plimsoll::engine::jinja
