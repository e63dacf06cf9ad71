// SPDX-License-Identifier: Apache-2.0
#include "gguf.h"

#include "little_endian.h"
#include "scan.h"

#include <plimsoll/units/bytes.h>

#include <algorithm>
#include <bit>

namespace plimsoll::gguf {

namespace {

std::string_view textAt(const std::vector<std::byte> &bytes, TextPlace place)
{
    return {reinterpret_cast<const char *>(bytes.data() + place.at), place.length};
}

Value decode(const std::vector<std::byte> &bytes, ScannedValue &scanned)
{
    const std::byte *at = bytes.data() + scanned.at;
    switch (scanned.type) {
    case ValueType::U8: return uint64_t{load<uint8_t>(at)};
    case ValueType::I8: return int64_t{load<int8_t>(at)};
    case ValueType::U16: return uint64_t{load<uint16_t>(at)};
    case ValueType::I16: return int64_t{load<int16_t>(at)};
    case ValueType::U32: return uint64_t{load<uint32_t>(at)};
    case ValueType::I32: return int64_t{load<int32_t>(at)};
    case ValueType::F32: return double{load<float>(at)};
    case ValueType::Bool: return load<uint8_t>(at) != 0;
    case ValueType::String: return textAt(bytes, {scanned.at + 8, load<uint64_t>(at)});
    case ValueType::U64: return load<uint64_t>(at);
    case ValueType::I64: return load<int64_t>(at);
    case ValueType::F64: return load<double>(at);
    case ValueType::Array: break;
    }
    return Array(scanned.elementType, scanned.count, std::span(bytes).subspan(scanned.at, scanned.rawBytes), std::move(scanned.offsets));
}

Status readAlignment(Header &header)
{
    const auto alignment = header.unsignedAt("general.alignment");
    if (!alignment)
        return alignment.error();
    if (!*alignment)
        return {};
    const uint64_t value = **alignment;
    if (value < 8 || value > UINT32_MAX || !std::has_single_bit(value))
        return Error{ErrorCode::GgufAlignment, {header.path(), std::to_string(value)}};
    header.alignment = static_cast<uint32_t>(value);
    return {};
}

/// Type, shape and bytes of one tensor; its offset becomes absolute.
Result<TensorInfo> readTensor(const Header &header, const ScannedTensor &scanned)
{
    const Header::Part &part = header.parts.front();
    TensorInfo tensor;
    tensor.name = textAt(part.bytes, scanned.name);
    tensor.dims = scanned.dims;
    tensor.dimensions = scanned.dimensions;
    const auto fail = [&](ErrorCode code, std::vector<std::string> rest) {
        rest.insert(rest.begin(), {part.path, std::string(tensor.name)});
        return Error{code, std::move(rest)};
    };

    const GgmlTypeInfo *type = findGgmlType(scanned.type);
    if (!type)
        return fail(ErrorCode::GgufTensorType, {std::to_string(scanned.type)});
    tensor.type = type->type;
    if (std::find(tensor.dims.begin(), tensor.dims.end(), 0u) != tensor.dims.end())
        return fail(ErrorCode::GgufTensorShape, {"zero"});
    std::optional<uint64_t> rows = 1;
    for (size_t i = 1; i < tensor.dims.size() && rows; ++i)
        rows = checkedMultiply(*rows, tensor.dims[i]);
    const auto elements = rows ? checkedMultiply(*rows, tensor.dims[0]) : std::nullopt;
    if (!elements || *elements > INT64_MAX)
        return fail(ErrorCode::GgufTensorShape, {"overflow"});
    if (tensor.dims[0] % type->blockElements != 0)
        return fail(ErrorCode::GgufTensorShape, {"block"});
    const auto row = rowBytes(tensor.type, tensor.dims[0]);
    const auto bytes = row ? checkedMultiply(*row, *rows) : std::nullopt;
    if (!bytes)
        return fail(ErrorCode::GgufTensorShape, {"overflow"});
    tensor.bytes = *bytes;

    const auto offset = checkedAdd(part.dataOffset, scanned.offset);
    if (scanned.offset % header.alignment != 0 || !offset)
        return fail(ErrorCode::GgufTensorOffset, {std::to_string(scanned.offset)});
    tensor.offset = *offset;
    const uint64_t end = checkedAdd(*offset, *bytes).value_or(UINT64_MAX);
    if (end > part.fileBytes)
        return fail(ErrorCode::GgufTensorPastEnd, {std::to_string(end), std::to_string(part.fileBytes)});
    return tensor;
}

/// No two tensors share bytes.
Status checkOverlap(const Header &header)
{
    std::vector<const TensorInfo *> order;
    for (const TensorInfo &tensor : header.tensors)
        order.push_back(&tensor);
    std::sort(order.begin(), order.end(), [](const TensorInfo *a, const TensorInfo *b) { return a->offset < b->offset; });
    for (size_t i = 1; i < order.size(); ++i)
        if (order[i]->offset < order[i - 1]->offset + order[i - 1]->bytes)
            return Error{ErrorCode::GgufTensorOffset,
                         {header.path(), std::string(order[i]->name), std::to_string(order[i]->offset - header.parts.front().dataOffset)}};
    return {};
}

} // namespace

Result<Header> readHeader(ByteSource &source)
{
    Result<Scan> scanned = scan(source);
    if (!scanned)
        return scanned.error();

    Header header;
    header.version = scanned->version;
    header.parts.push_back({source.name(), source.size(), 0, std::move(scanned->bytes)});
    Header::Part &part = header.parts.front();
    header.metadata.reserve(scanned->values.size());
    for (ScannedValue &value : scanned->values)
        header.metadata.emplace_back(textAt(part.bytes, value.key), decode(part.bytes, value));
    if (Status status = header.index(); !status)
        return status.error();
    if (Status status = readAlignment(header); !status)
        return status.error();

    part.dataOffset = roundUp(part.bytes.size(), header.alignment);
    header.tensors.reserve(scanned->tensors.size());
    for (const ScannedTensor &tensor : scanned->tensors) {
        Result<TensorInfo> read = readTensor(header, tensor);
        if (!read)
            return read.error();
        header.tensors.push_back(*read);
    }
    if (Status status = checkOverlap(header); !status)
        return status.error();
    if (Status status = header.index(); !status)
        return status.error();
    return header;
}

} // namespace plimsoll::gguf
