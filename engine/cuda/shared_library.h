// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plimsoll::engine {

/// A library opened at run time, closed with the object. Movable owner; the calls stand in os_shared_library_*.cpp.
class SharedLibrary
{
public:
    SharedLibrary() = default;
    /// `name` is a path, or a file name that the system's loader looks for. A failure leaves the object closed and `reason()` filled.
    explicit SharedLibrary(const std::string &name);
    SharedLibrary(SharedLibrary &&other) noexcept;
    SharedLibrary &operator=(SharedLibrary &&other) noexcept;
    ~SharedLibrary();

    explicit operator bool() const { return m_handle != nullptr; }
    /// The system's words for why it did not open.
    const std::string &reason() const { return m_reason; }

    /// Null where the library has no such function.
    template <typename Function>
    Function find(const char *symbol) const
    {
        return reinterpret_cast<Function>(address(symbol));
    }

private:
    void *address(const char *symbol) const;

    void *m_handle = nullptr;
    std::string m_reason;
};

} // namespace plimsoll::engine
