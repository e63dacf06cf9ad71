// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/result/result.h>
#include <plimsoll/units/bytes.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

/// Operating-system memory behind one small interface; the calls themselves stand in os_memory_*.cpp.
namespace plimsoll::engine {

/// Anonymous memory, page-aligned, zeroed, every page present (so that it is paid for at load and counted). Movable owner.
class Arena
{
public:
    Arena() = default;
    /// Errors: AllocationFailed.
    static Result<Arena> make(Bytes bytes, const std::string &piece);
    Arena(Arena &&other) noexcept;
    Arena &operator=(Arena &&other) noexcept;
    ~Arena();

    std::span<std::byte> bytes() const { return m_bytes; }

private:
    std::span<std::byte> m_bytes;
};

/// A whole file mapped read-only, shared; in huge pages where the system can, read in those when first touched.
class MappedFile
{
public:
    MappedFile() = default;
    /// Errors: FileNotFound, FileUnreadable.
    static Result<MappedFile> open(const std::string &path);
    MappedFile(MappedFile &&other) noexcept;
    MappedFile &operator=(MappedFile &&other) noexcept;
    ~MappedFile();

    std::span<const std::byte> bytes() const { return m_bytes; }

private:
    std::span<const std::byte> m_bytes;
};

/// Resident memory of this process, bytes.
struct ProcessMemory
{
    uint64_t anonymous = 0;   // RssAnon
    uint64_t file = 0;        // RssFile
};
ProcessMemory processMemory();

/// RAM of the system that can be taken without swapping, and all of it (also the limit of a control group where one is set).
struct SystemMemory
{
    uint64_t total = 0;
    uint64_t available = 0;
};
SystemMemory systemMemory();

/// Physical cores this process may run on: those of its affinity mask, siblings of one core counted once, at most what a control
/// group's CPU quota allows; at least 1.
uint32_t physicalCores();

} // namespace plimsoll::engine
