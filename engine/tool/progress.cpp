// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include <algorithm>
#include <iostream>

namespace plimsoll::engine {

Progress::Progress(std::string what, bool wanted) : m_what(std::move(what)), m_active(wanted && errorIsTerminal()) {}

std::function<void(double)> Progress::function()
{
    if (!m_active)
        return {};
    return [this](double part) {
        const int percent = static_cast<int>(std::clamp(part, 0.0, 1.0) * 100);
        if (percent == m_percent || !m_active)
            return;
        m_percent = percent;
        std::cerr << '\r' << m_what << ' ' << percent << " %" << std::flush;
    };
}

void Progress::end()
{
    if (m_active && m_percent >= 0)
        std::cerr << '\r' << std::string(m_what.size() + 8, ' ') << '\r' << std::flush;
    m_active = false;
}

} // namespace plimsoll::engine
