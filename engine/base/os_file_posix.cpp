// SPDX-License-Identifier: Apache-2.0
#include "file.h"

#include <plimsoll/units/bytes.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
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
    const int code = errno;
    if (file.m_descriptor >= 0) {
#ifdef O_DIRECT
        file.m_direct = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
#endif
        return file;
    }
    if (code == ENOENT || code == ENOTDIR)
        return Error{ErrorCode::FileNotFound, {path}};
    return Error{ErrorCode::FileUnreadable, {path, std::strerror(code)}};
}

InputFile::InputFile(InputFile &&other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1)), m_direct(std::exchange(other.m_direct, -1))
{
}

InputFile &InputFile::operator=(InputFile &&other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_direct, other.m_direct);
    return *this;
}

InputFile::~InputFile()
{
    for (const int descriptor : {m_descriptor, m_direct}) {
        if (descriptor >= 0)
            close(descriptor);
    }
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

Status InputFile::readOnce(uint64_t offset, std::span<std::byte> out) const
{
    const uint64_t before = offset % blockBytes;
    assert(reinterpret_cast<uintptr_t>(out.data()) % blockBytes == before);
    if (m_direct < 0 || out.empty() || isCached(offset, out.size()))
        return read(offset, out);
    const size_t length = std::min(roundUp(before + out.size(), blockBytes), uint64_t{mostAtOnce});
    ssize_t count = 0;
    do
        count = pread(m_direct, out.data() - before, length, static_cast<off_t>(offset - before));
    while (count < 0 && errno == EINTR);
    // What is missing, at the end of the file or because the file system refused all the same, comes through the cache, or its error does.
    const uint64_t arrived = count < 0 ? 0 : static_cast<uint64_t>(count);
    const uint64_t got = std::min<uint64_t>(arrived > before ? arrived - before : 0, out.size());
    return read(offset + got, out.subspan(got));
}

/// Whether the page cache holds at least half of a range. The system tells it of files that the user may write, and calls all others
/// cached.
bool InputFile::isCached(uint64_t offset, uint64_t bytes) const
{
    const uint64_t page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    const uint64_t begin = offset / page * page;
    const uint64_t length = roundUp(offset + bytes, page) - begin;
    void *const mapped = mmap(nullptr, length, PROT_READ, MAP_SHARED, m_descriptor, static_cast<off_t>(begin));
    if (mapped == MAP_FAILED)
        return true;
    std::vector<unsigned char> present(length / page);
    const bool told = mincore(mapped, length, present.data()) == 0;
    munmap(mapped, length);
    const auto held = std::count_if(present.begin(), present.end(), [](unsigned char flags) { return flags & 1; });
    return !told || 2 * static_cast<uint64_t>(held) >= present.size();
}

} // namespace plimsoll::engine
