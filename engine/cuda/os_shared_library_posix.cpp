// SPDX-License-Identifier: Apache-2.0
#include "shared_library.h"

#include <dlfcn.h>

#include <utility>

namespace plimsoll::engine {

SharedLibrary::SharedLibrary(const std::string &name)
{
    m_handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (m_handle)
        return;
    const char *reason = dlerror();
    m_reason = reason ? reason : name;
}

SharedLibrary::SharedLibrary(SharedLibrary &&other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr))
    , m_reason(std::move(other.m_reason))
{
}

SharedLibrary &SharedLibrary::operator=(SharedLibrary &&other) noexcept
{
    std::swap(m_handle, other.m_handle);
    std::swap(m_reason, other.m_reason);
    return *this;
}

SharedLibrary::~SharedLibrary()
{
    if (m_handle)
        dlclose(m_handle);
}

void *SharedLibrary::address(const char *symbol) const
{
    return m_handle ? dlsym(m_handle, symbol) : nullptr;
}

} // namespace plimsoll::engine
