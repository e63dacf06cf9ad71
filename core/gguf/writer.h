// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gguf.h"

#include <functional>
#include <unordered_set>

namespace plimsoll::gguf {

/// A value as a file holds it, with its type before it.
struct EncodedValue
{
    std::vector<std::byte> bytes;
};

/// All metadata of a header, of the first part of a split one, by key, in file order: to be written again as it was.
/// Errors: those of reading, as the header is walked once more.
Result<std::vector<std::pair<std::string, EncodedValue>>> encodedMetadata(const Header &header);

/// What a value to be written holds; integer types keep the width the format's readers expect.
using OutValue = std::variant<uint32_t, int32_t, uint64_t, float, bool, std::string, std::vector<std::string>,
    std::vector<float>, std::vector<int32_t>, std::vector<uint32_t>, EncodedValue, uint16_t>;

struct OutTensor
{
    std::string name;
    GgmlType type = GgmlType::F32;
    std::vector<uint64_t> dims;   // 1 to 4, dims[0] the row length, divisible by the block
};

/// Writes GGUF v3. Tensor data is asked for piece by piece, so a file may be larger than memory.
class Writer
{
public:
    /// A key that is set again takes the new value. "general.alignment" is written by itself, and must not be set here.
    void set(std::string key, OutValue value);
    /// GgufTensorShape or GgufDuplicate, with an empty path.
    Status add(OutTensor tensor);

    /// Hands out the bytes of tensor `index` in order of `add`: fill `out`, which starts at byte `offset` of the tensor.
    /// Each piece is of whole rows, about 4 MiB.
    using Fill = std::function<Status(size_t index, uint64_t offset, std::span<std::byte> out)>;

    /// Writes to `path` through a temporary name beside it, renamed when whole; a failure leaves nothing behind.
    /// `alignment` is a power of two, at least 8.
    Status write(const std::string &path, const Fill &fill, uint32_t alignment = 32) const;

    /// The same as several files, "NAME-00001-of-000NN.gguf" for a path "NAME.gguf" (as llama.cpp splits): tensors in order, at most
    /// `mostBytes` of them in a part unless one alone is larger; all metadata in the first. Returns the paths. A failure leaves none.
    /// Errors: those of write(); InvalidArgument (more than 65535 parts).
    Result<std::vector<std::string>> writeParts(const std::string &path, uint64_t mostBytes, const Fill &fill) const;

    /// Header alone, padded to the alignment.
    std::vector<std::byte> header(uint32_t alignment = 32) const;

private:
    std::vector<std::pair<std::string, OutValue>> m_values;
    std::vector<OutTensor> m_tensors;
    std::unordered_set<std::string> m_names;   // of m_tensors
};

} // namespace plimsoll::gguf
