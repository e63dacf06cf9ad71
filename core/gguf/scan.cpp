// SPDX-License-Identifier: Apache-2.0
#include "scan.h"

#include "little_endian.h"

#include <plimsoll/units/bytes.h>

#include <algorithm>

namespace plimsoll::gguf {

namespace {

constexpr uint64_t step = 1 << 20;
constexpr uint64_t usualHeaderBytes = 16ull << 20;
// Real headers stay below 20 MiB (vocabularies of 260,000 entries with their merges), 100 keys and 20,000 tensors. A hole in a
// file costs its maker nothing, so these limits, and not the file's size, bound what a hostile header takes.
constexpr uint64_t maxHeaderBytes = 64ull << 20;
constexpr uint64_t maxKeys = 65536;
constexpr uint64_t maxTensors = 1u << 18;
constexpr uint64_t maxElements = 1u << 21;
constexpr uint64_t maxTextBytes = 16ull << 20;
constexpr uint64_t maxKeyLength = 65535;
constexpr uint64_t maxTensorNameLength = 127;   // the format says 64; some writers go beyond
constexpr uint32_t magic = 0x46554747;          // "GGUF"

/// Walks the source from its start; what it has passed stays in bytes().
class Cursor
{
public:
    explicit Cursor(ByteSource &source) : m_source(source) { m_bytes.reserve(std::min(source.size(), usualHeaderBytes)); }

    uint64_t position() const { return m_position; }
    const std::byte *at(uint64_t position) const { return m_bytes.data() + position; }
    Error error(ErrorCode code, std::vector<std::string> rest) const
    {
        rest.insert(rest.begin(), m_source.name());
        return {code, std::move(rest)};
    }

    /// Moves past `count` bytes, which are in memory afterwards. `what` is being read.
    Status skip(uint64_t count, const char *what)
    {
        const auto end = checkedAdd(m_position, count);
        if (!end || *end > m_source.size())
            return error(ErrorCode::GgufTruncated, {what, std::to_string(m_position), std::to_string(count)});
        if (*end > maxHeaderBytes)
            return error(ErrorCode::GgufCount, {"header bytes", std::to_string(*end)});
        while (m_bytes.size() < *end) {
            const uint64_t have = m_bytes.size();
            const uint64_t wanted = std::min(step, m_source.size() - have);
            m_bytes.resize(have + wanted);
            if (Status read = m_source.read(have, std::span(m_bytes).subspan(have)); !read)
                return read;
        }
        m_position = *end;
        return {};
    }

    template <typename T>
    Status number(T &value, const char *what)
    {
        if (Status status = skip(sizeof value, what); !status)
            return status;
        value = load<T>(at(m_position - sizeof value));
        return {};
    }

    Status text(TextPlace &place, uint64_t longest, const char *what)
    {
        if (Status status = number(place.length, what); !status)
            return status;
        if (place.length > longest)
            return error(ErrorCode::GgufStringTooLong, {what, std::to_string(place.length)});
        place.at = m_position;
        return skip(place.length, what);
    }

    std::string string(TextPlace place) const { return {reinterpret_cast<const char *>(at(place.at)), place.length}; }

    std::vector<std::byte> take() &&
    {
        m_bytes.resize(m_position);
        m_bytes.shrink_to_fit();
        return std::move(m_bytes);
    }

private:
    ByteSource &m_source;
    std::vector<std::byte> m_bytes;
    uint64_t m_position = 0;
};

Status scanStrings(Cursor &cursor, ScannedValue &value)
{
    // Each string takes at least its length field, so a wrong count runs out of bytes before it runs out of memory.
    for (uint64_t i = 0; i < value.count; ++i) {
        value.offsets.push_back(static_cast<uint32_t>(cursor.position() - value.at));
        TextPlace place;
        if (Status status = cursor.text(place, maxTextBytes, "string of an array"); !status)
            return status;
    }
    return {};
}

Status scanArray(Cursor &cursor, ScannedValue &value)
{
    uint32_t type = 0;
    if (Status status = cursor.number(type, "array type"); !status)
        return status;
    // Arrays of arrays are allowed by the format and written by nobody.
    if (type > static_cast<uint32_t>(ValueType::F64) || type == static_cast<uint32_t>(ValueType::Array))
        return cursor.error(ErrorCode::GgufValueType, {cursor.string(value.key), std::to_string(type)});
    if (Status status = cursor.number(value.count, "array length"); !status)
        return status;
    if (value.count > maxElements)
        return cursor.error(ErrorCode::GgufCount, {cursor.string(value.key), std::to_string(value.count)});
    value.elementType = static_cast<ValueType>(type);
    value.at = cursor.position();
    Status status = value.elementType == ValueType::String ? scanStrings(cursor, value)
                                                           : cursor.skip(value.count * widthOf(value.elementType), "array");
    value.rawBytes = cursor.position() - value.at;
    return status;
}

Status scanValue(Cursor &cursor, ScannedValue &value)
{
    if (Status status = cursor.text(value.key, maxKeyLength, "key"); !status)
        return status;
    uint32_t type = 0;
    if (Status status = cursor.number(type, "value type"); !status)
        return status;
    if (type > static_cast<uint32_t>(ValueType::F64))
        return cursor.error(ErrorCode::GgufValueType, {cursor.string(value.key), std::to_string(type)});
    value.type = static_cast<ValueType>(type);
    value.at = cursor.position();
    if (value.type == ValueType::Array)
        return scanArray(cursor, value);
    if (value.type == ValueType::String) {
        TextPlace place;
        return cursor.text(place, maxTextBytes, "string");
    }
    return cursor.skip(widthOf(value.type), "value");
}

Status scanTensor(Cursor &cursor, ScannedTensor &tensor)
{
    if (Status status = cursor.text(tensor.name, maxTensorNameLength, "tensor name"); !status)
        return status;
    if (Status status = cursor.number(tensor.dimensions, "tensor dimensions"); !status)
        return status;
    if (tensor.dimensions < 1 || tensor.dimensions > tensor.dims.size())
        return cursor.error(ErrorCode::GgufTensorShape, {cursor.string(tensor.name), "dimensions"});
    for (uint32_t i = 0; i < tensor.dimensions; ++i)
        if (Status status = cursor.number(tensor.dims[i], "tensor dimensions"); !status)
            return status;
    if (Status status = cursor.number(tensor.type, "tensor type"); !status)
        return status;
    return cursor.number(tensor.offset, "tensor offset");
}

/// Magic, version and the two counts.
Status scanStart(Cursor &cursor, uint32_t &version, uint64_t &tensorCount, uint64_t &keyCount)
{
    uint32_t found = 0;
    if (!cursor.number(found, "magic") || found != magic)
        return cursor.error(ErrorCode::GgufNotGguf, {});
    if (Status status = cursor.number(version, "version"); !status)
        return status;
    if ((version & 0xffff) == 0 && version != 0)
        return cursor.error(ErrorCode::GgufBigEndian, {});
    if (version != 2 && version != 3)
        return cursor.error(ErrorCode::GgufVersion, {std::to_string(version)});
    if (Status status = cursor.number(tensorCount, "tensor count"); !status)
        return status;
    if (tensorCount > maxTensors)
        return cursor.error(ErrorCode::GgufCount, {"tensors", std::to_string(tensorCount)});
    if (Status status = cursor.number(keyCount, "key count"); !status)
        return status;
    if (keyCount > maxKeys)
        return cursor.error(ErrorCode::GgufCount, {"keys", std::to_string(keyCount)});
    return {};
}

} // namespace

Result<Scan> scan(ByteSource &source)
{
    Cursor cursor(source);
    Scan result;
    uint64_t tensorCount = 0;
    uint64_t keyCount = 0;
    if (Status status = scanStart(cursor, result.version, tensorCount, keyCount); !status)
        return status.error();
    for (uint64_t i = 0; i < keyCount; ++i)
        if (Status status = scanValue(cursor, result.values.emplace_back()); !status)
            return status.error();
    for (uint64_t i = 0; i < tensorCount; ++i)
        if (Status status = scanTensor(cursor, result.tensors.emplace_back()); !status)
            return status.error();
    result.bytes = std::move(cursor).take();
    return result;
}

} // namespace plimsoll::gguf
