// SPDX-License-Identifier: Apache-2.0
#include "file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace plimsoll::engine {

namespace {

constexpr size_t mostAtOnce = size_t{1} << 30;   // systems end a read before 2 GiB

} // namespace

Result<InputFile> InputFile::open(const std::string &path)
{
    InputFile file;
    file.m_path = path;
    file.m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file.m_descriptor >= 0)
        return file;
    const int code = errno;
    if (code == ENOENT || code == ENOTDIR)
        return Error{ErrorCode::FileNotFound, {path}};
    return Error{ErrorCode::FileUnreadable, {path, std::strerror(code)}};
}

InputFile::InputFile(InputFile &&other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

InputFile &InputFile::operator=(InputFile &&other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

InputFile::~InputFile()
{
    if (m_descriptor >= 0)
        close(m_descriptor);
}

Status InputFile::read(uint64_t offset, std::span<std::byte> out) const
{
    while (!out.empty()) {
        const ssize_t count = pread(m_descriptor, out.data(), std::min(out.size(), mostAtOnce), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return Error{ErrorCode::FileUnreadable, {m_path, std::strerror(count < 0 ? errno : EIO)}};
        offset += static_cast<uint64_t>(count);
        out = out.subspan(static_cast<size_t>(count));
    }
    return {};
}

} // namespace plimsoll::engine
