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

private:
    InputFile() = default;

    std::string m_path;
    int m_descriptor = -1;
};

} // namespace plimsoll::engine
