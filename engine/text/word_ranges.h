// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "word_patterns.h"

#include <algorithm>
#include <array>

/// Brackets of a regular expression that list characters one by one.
namespace plimsoll::engine::words {

struct Range
{
    uint32_t first = 0;
    uint32_t last = 0;
};

/// Whether a character lies in one of the ascending ranges; white space lies in none.
template <size_t Count>
bool isIn(const std::array<Range, Count> &ranges, const Characters &text, size_t at)
{
    const uint32_t code = text.code[at];
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), code, [](uint32_t c, const Range &range) { return c < range.first; });
    return after != ranges.begin() && code <= (after - 1)->last && !(text.flags[at] & unicode::Space);
}

template <const auto &Ranges>
size_t rangeRun(const Characters &text, size_t at, size_t end)
{
    return run(text, at, end, [](const Characters &t, size_t i) { return isIn(Ranges, t, i); });
}

} // namespace plimsoll::engine::words
