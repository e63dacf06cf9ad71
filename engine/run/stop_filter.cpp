// SPDX-License-Identifier: Apache-2.0
#include "stop_filter.h"

#include <algorithm>
#include <utility>

namespace plimsoll::engine {

StopFilter::StopFilter(std::vector<std::string> stops) : m_stops(std::move(stops))
{
    std::erase_if(m_stops, [](const std::string &stop) { return stop.empty(); });
}

std::string StopFilter::push(std::string_view text)
{
    if (m_stopped)
        return {};
    m_pending += text;
    size_t first = std::string::npos;
    for (const std::string &stop : m_stops)
        first = std::min(first, m_pending.find(stop));
    if (first != std::string::npos) {
        m_stopped = true;
        m_pending.resize(first);
        return std::exchange(m_pending, {});
    }
    const size_t held = heldBack();
    std::string certain = m_pending.substr(0, m_pending.size() - held);
    m_pending.erase(0, certain.size());
    return certain;
}

std::string StopFilter::finish()
{
    return std::exchange(m_pending, {});
}

/// Length of the longest end of the pending text that a stop text begins with.
size_t StopFilter::heldBack() const
{
    size_t held = 0;
    for (const std::string &stop : m_stops) {
        for (size_t length = std::min(stop.size() - 1, m_pending.size()); length > held; --length) {
            if (m_pending.compare(m_pending.size() - length, length, stop, 0, length) == 0)
                held = length;
        }
    }
    return held;
}

} // namespace plimsoll::engine
