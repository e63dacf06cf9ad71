// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/result/result.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace plimsoll::engine {

/// A file to be read by ranges, from several threads at once. Movable owner; the calls stand in os_file_*.cpp.
class InputFile
{
public:
    /// Errors: FileNotFound, FileUnreadable.
    static Result<InputFile> open(const std::string &path);
    InputFile(InputFile &&other) noexcept;
    InputFile &operator=(InputFile &&other) noexcept;
    ~InputFile();

    /// Fills `out` from `offset`. Errors: FileUnreadable, also where the file ends before.
    Status read(uint64_t offset, std::span<std::byte> out) const;

    /// Reads past the page cache begin and end at multiples of this.
    static constexpr uint64_t blockBytes = 4096;
    /// As read(), for what is wanted once: where most of it is not in the page cache, it goes past it, if the file system can. `out` lies as
    /// far behind a multiple of blockBytes as `offset` does, and from the multiple before it to the one after it the memory is the
    /// caller's: it may be overwritten.
    Status readOnce(uint64_t offset, std::span<std::byte> out) const;

private:
    InputFile() = default;
    bool isCached(uint64_t offset, uint64_t bytes) const;

    std::string m_path;
    int m_descriptor = -1;
    int m_direct = -1;   // the same file, read past the page cache; -1: its file system cannot
};

} // namespace plimsoll::engine
