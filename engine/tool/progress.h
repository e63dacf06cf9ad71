// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace plimsoll::engine {

/// A percentage on standard error that overwrites itself; silent unless `wanted` and standard error is a terminal. The function may be
/// called from one other thread.
class Progress
{
public:
    Progress(std::string what, bool wanted);
    ~Progress() { end(); }

    /// Takes 0 to 1. Valid as long as this object.
    std::function<void(double)> function();
    /// Wipes the line.
    void end();

private:
    std::string m_what;
    bool m_active = false;
    int m_percent = -1;
};

/// Whether standard error is a terminal; stands in os_terminal_*.cpp.
bool errorIsTerminal();

} // namespace plimsoll::engine
