// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source.h"

#include <plimsoll/quant/ggml_type.h>
#include <plimsoll/result/result.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// GGUF v2 and v3 (little-endian), after the format's specification: header, metadata, tensor table, data.
/// Everything read is hostile: each count, length and offset is checked against the bytes that are there before it is used.
namespace plimsoll::gguf {

enum class ValueType : uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64 };

/// Array elements stay where they lie in the header and are decoded on demand: a vocabulary of 250,000 strings costs
/// one offset each, and numbers nothing.
class Array
{
public:
    Array() = default;
    /// `raw` holds the elements as the file does; for strings `offsets` gives the place of each length field.
    Array(ValueType type, uint64_t count, std::span<const std::byte> raw, std::vector<uint32_t> offsets)
        : m_type(type), m_count(count), m_raw(raw), m_offsets(std::move(offsets))
    {
    }

    ValueType type() const { return m_type; }
    uint64_t count() const { return m_count; }
    /// Element i of a string array; i < count().
    std::string_view string(uint64_t i) const;
    /// Element i of an array of numbers or bools, converted; i < count().
    int64_t integer(uint64_t i) const;
    double real(uint64_t i) const;

private:
    ValueType m_type = ValueType::U8;
    uint64_t m_count = 0;
    std::span<const std::byte> m_raw;
    std::vector<uint32_t> m_offsets;
};

/// Unsigned integers widen to uint64_t, signed to int64_t, floats to double. Strings point into the header.
using Value = std::variant<uint64_t, int64_t, double, bool, std::string_view, Array>;

struct TensorInfo
{
    std::string_view name;
    GgmlType type = GgmlType::F32;
    std::array<uint64_t, 4> dims{1, 1, 1, 1};   // dims[0] is the contiguous row length
    uint32_t dimensions = 0;                    // as written, 1 to 4
    uint32_t part = 0;                          // which file of a split
    uint64_t offset = 0;                        // absolute in that file
    uint64_t bytes = 0;

    uint64_t elements() const { return dims[0] * dims[1] * dims[2] * dims[3]; }   // checked when read
};

/// Metadata and tensor table of a model: one file, or all parts of a split one as a whole. Movable, not copyable; values
/// and names point into it.
class Header
{
public:
    struct Part
    {
        std::string path;
        uint64_t fileBytes = 0;
        uint64_t dataOffset = 0;
        std::vector<std::byte> bytes;   // the header itself, up to the tensor data
    };

    uint32_t version = 0;
    uint32_t alignment = 32;
    std::vector<Part> parts;
    std::vector<TensorInfo> tensors;                            // in file order, part by part
    std::vector<std::pair<std::string_view, Value>> metadata;   // of the first part, in file order

    Header() = default;
    Header(Header &&) = default;
    Header &operator=(Header &&) = default;
    Header(const Header &) = delete;
    Header &operator=(const Header &) = delete;

    const Value *find(std::string_view key) const;
    const TensorInfo *tensor(std::string_view name) const;

    // Typed look-ups. Absent: nothing. Present with another type, or out of range of the result: GgufKeyType, GgufKeyRange.
    Result<std::optional<uint64_t>> unsignedAt(std::string_view key) const;
    Result<std::optional<double>> realAt(std::string_view key) const;
    Result<std::optional<bool>> boolAt(std::string_view key) const;
    Result<std::optional<std::string_view>> stringAt(std::string_view key) const;
    Result<const Array *> arrayAt(std::string_view key) const;   // null where absent

    const std::string &path() const { return parts.front().path; }
    uint64_t fileBytes() const;     // all parts
    uint64_t tensorBytes() const;   // sum over tensors, saturating

    /// Builds the look-up tables after parts, tensors and metadata were filled; finds duplicates.
    Status index();

private:
    // Positions in metadata and tensors, ordered by name: no file can choose names that make a look-up slow.
    std::vector<uint32_t> m_keyOrder;
    std::vector<uint32_t> m_tensorOrder;
};

/// Reads the header of a file. Where its name ends in `-00001-of-000NN.gguf` and it says it is split, the other parts are read from
/// beside it. A part other than the first is refused with the name of the first.
Result<Header> readHeader(const std::string &path);

/// Reads one file's header from any source, in steps of about 1 MiB; parts of a split are not followed.
Result<Header> readHeader(ByteSource &source);

} // namespace plimsoll::gguf
