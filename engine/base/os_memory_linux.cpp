// SPDX-License-Identifier: Apache-2.0
#include "memory.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace plimsoll::engine {

namespace {

constexpr uint64_t hugePage = uint64_t{2} << 20;

uint64_t pageSize()
{
    static const uint64_t size = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    return size;
}

/// Huge pages for the interior that is aligned to them, and never at the edges: a huge page that reached past the arena would make more
/// resident than was asked for. Advice only; a system without it runs all the same.
void adviseHugePages(std::byte *begin, uint64_t length)
{
    madvise(begin, length, MADV_NOHUGEPAGE);
    const uint64_t address = reinterpret_cast<uint64_t>(begin);
    const uint64_t first = roundUp(address, hugePage);
    const uint64_t last = (address + length) / hugePage * hugePage;
    if (last > first)
        madvise(reinterpret_cast<void *>(first), last - first, MADV_HUGEPAGE);
}

void touchEveryPage(std::byte *begin, uint64_t length)
{
#ifdef MADV_POPULATE_WRITE
    if (madvise(begin, length, MADV_POPULATE_WRITE) == 0)
        return;
#endif
    for (uint64_t at = 0; at < length; at += pageSize())
        *const_cast<volatile std::byte *>(begin + at) = std::byte{0};
}

/// Anonymous pages whose start is aligned to huge pages when there is room for one. Null where the system refuses.
std::byte *mapAnonymous(uint64_t length, int protection)
{
    const uint64_t slack = length >= hugePage ? hugePage : 0;
    if (length + slack < length)
        return nullptr;
    void *const raw = mmap(nullptr, length + slack, protection, MAP_PRIVATE | MAP_ANONYMOUS | (protection == PROT_NONE ? MAP_NORESERVE : 0), -1, 0);
    if (raw == MAP_FAILED)
        return nullptr;
    std::byte *const begin = static_cast<std::byte *>(raw);
    if (slack == 0)
        return begin;
    const uint64_t address = reinterpret_cast<uint64_t>(begin);
    const uint64_t head = roundUp(address, hugePage) - address;
    if (head > 0)
        munmap(begin, head);
    if (slack - head > 0)
        munmap(begin + head + length, slack - head);
    return begin + head;
}

/// A file at an address that its huge pages can be mapped to, where the page cache holds some: with the advice the system reads in huge
/// pages what it did not hold yet, and streaming through weights misses fewer translations. Null, and errno, where the system refuses.
const std::byte *mapFile(int descriptor, uint64_t length)
{
    std::byte *const place = mapAnonymous(roundUp(length, pageSize()), PROT_NONE);
    if (!place)
        return nullptr;
    if (mmap(place, length, PROT_READ, MAP_SHARED | MAP_FIXED, descriptor, 0) == MAP_FAILED) {
        const int code = errno;
        munmap(place, roundUp(length, pageSize()));
        errno = code;
        return nullptr;
    }
    madvise(place, length, MADV_HUGEPAGE);
    return place;
}

Error unreadable(const std::string &path, int code)
{
    if (code == ENOENT || code == ENOTDIR)
        return {ErrorCode::FileNotFound, {path}};
    return {ErrorCode::FileUnreadable, {path, std::strerror(code)}};
}

} // namespace

Result<Arena> Arena::make(Bytes bytes, const std::string &piece)
{
    Arena arena;
    if (bytes.value == 0)
        return arena;
    const Error failed{ErrorCode::AllocationFailed, {"RAM", piece, std::to_string(bytes.value)}};
    const uint64_t length = roundUp(bytes.value, pageSize());
    if (bytes.overflowed() || length == UINT64_MAX)
        return failed;
    std::byte *const begin = mapAnonymous(length, PROT_READ | PROT_WRITE);
    if (!begin)
        return failed;
    adviseHugePages(begin, length);
    touchEveryPage(begin, length);
    arena.m_bytes = {begin, length};
    return arena;
}

Arena::Arena(Arena &&other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}

Arena &Arena::operator=(Arena &&other) noexcept
{
    std::swap(m_bytes, other.m_bytes);
    return *this;
}

Arena::~Arena()
{
    if (!m_bytes.empty())
        munmap(m_bytes.data(), m_bytes.size());
}

Result<MappedFile> MappedFile::open(const std::string &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return unreadable(path, errno);
    struct stat status{};
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0) {
        const int code = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        close(descriptor);
        return unreadable(path, code);
    }
    const uint64_t length = static_cast<uint64_t>(status.st_size);
    const std::byte *const begin = mapFile(descriptor, length);
    const int code = errno;
    close(descriptor);
    if (!begin)
        return unreadable(path, code);
    MappedFile file;
    file.m_bytes = {begin, length};
    return file;
}

MappedFile::MappedFile(MappedFile &&other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}

MappedFile &MappedFile::operator=(MappedFile &&other) noexcept
{
    std::swap(m_bytes, other.m_bytes);
    return *this;
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty())
        munmap(const_cast<std::byte *>(m_bytes.data()), m_bytes.size());
}

} // namespace plimsoll::engine
