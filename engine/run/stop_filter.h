// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::engine {

/// Lets text through up to the first of several stop texts. What may be the beginning of one is held back until it is known.
class StopFilter
{
public:
    explicit StopFilter(std::vector<std::string> stops);

    /// The text that is certain by now; nothing more after stopped().
    std::string push(std::string_view text);
    /// What was held back, at the end of the text.
    std::string finish();
    bool stopped() const { return m_stopped; }

private:
    size_t heldBack() const;

    std::vector<std::string> m_stops;
    std::string m_pending;
    bool m_stopped = false;
};

} // namespace plimsoll::engine
