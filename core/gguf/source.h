// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/result/result.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace plimsoll::gguf {

/// Something whose bytes can be asked for by range: a file, a block of memory, a remote file.
class ByteSource
{
public:
    virtual ~ByteSource() = default;

    /// What errors call it: a path or an address.
    virtual const std::string &name() const = 0;
    /// Total size in bytes.
    virtual uint64_t size() const = 0;
    /// Fills `out` from `offset`; the range lies inside [0, size()).
    virtual Status read(uint64_t offset, std::span<std::byte> out) = 0;
};

/// Reads with positioned reads; nothing is mapped.
Result<std::unique_ptr<ByteSource>> openFile(const std::string &path);

/// `bytes` must outlive the source.
std::unique_ptr<ByteSource> fromMemory(std::string name, std::span<const std::byte> bytes);

} // namespace plimsoll::gguf
