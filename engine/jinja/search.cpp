// SPDX-License-Identifier: Apache-2.0
#include "search.h"

#include <algorithm>

namespace plimsoll::engine::jinja {

size_t search(std::string_view text, std::string_view wanted, Budget &budget, bool fromRight)
{
    constexpr size_t bytesOfStep = 16;
    size_t compared = 0;
    const size_t places = text.size() < wanted.size() ? 0 : text.size() - wanted.size() + 1;
    for (size_t i = 0; i < places; ++i) {
        const size_t at = fromRight ? places - 1 - i : i;
        const auto differs = std::mismatch(wanted.begin(), wanted.end(), text.begin() + static_cast<std::ptrdiff_t>(at)).first;
        compared += 1 + static_cast<size_t>(differs - wanted.begin());
        budget.step(compared / bytesOfStep);
        compared %= bytesOfStep;
        if (differs == wanted.end())
            return at;
    }
    return std::string_view::npos;
}

} // namespace plimsoll::engine::jinja
