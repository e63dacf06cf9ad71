// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gguf.h"

namespace plimsoll::gguf {

/// Where a string lies in the header.
struct TextPlace
{
    uint64_t at = 0;
    uint64_t length = 0;
};

/// One key and where its value lies; for arrays the elements start at `at`.
struct ScannedValue
{
    TextPlace key;
    ValueType type = ValueType::U8;
    uint64_t at = 0;
    ValueType elementType = ValueType::U8;   // arrays only, as are the next three
    uint64_t count = 0;
    uint64_t rawBytes = 0;
    std::vector<uint32_t> offsets;           // strings: each length field, from `at`
};

struct ScannedTensor
{
    TextPlace name;
    uint32_t dimensions = 0;
    std::array<uint64_t, 4> dims{1, 1, 1, 1};
    uint32_t type = 0;
    uint64_t offset = 0;   // from the start of the tensor data
};

/// A header walked once from front to back: every place in it lies inside `bytes`. The meaning of the tensors is not checked yet.
struct Scan
{
    std::vector<std::byte> bytes;   // the header, no more
    uint32_t version = 0;
    std::vector<ScannedValue> values;
    std::vector<ScannedTensor> tensors;
};

/// Reads `source` in steps of about 1 MiB, no further than the header reaches.
Result<Scan> scan(ByteSource &source);

/// Bytes of one number or bool; 0 for strings and arrays.
constexpr uint64_t widthOf(ValueType type)
{
    switch (type) {
    case ValueType::U8:
    case ValueType::I8:
    case ValueType::Bool:
        return 1;
    case ValueType::U16:
    case ValueType::I16:
        return 2;
    case ValueType::U32:
    case ValueType::I32:
    case ValueType::F32:
        return 4;
    case ValueType::U64:
    case ValueType::I64:
    case ValueType::F64:
        return 8;
    case ValueType::String:
    case ValueType::Array:
        break;
    }
    return 0;
}

} // namespace plimsoll::gguf
