// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace plimsoll::engine {

/// Wall time since it was made or last restarted, on the steady clock.
class Timer
{
public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - m_start).count(); }
    void restart() { m_start = Clock::now(); }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point m_start = Clock::now();
};

} // namespace plimsoll::engine
