// SPDX-License-Identifier: Apache-2.0
#include "writer.h"

#include <plimsoll/units/bytes.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace plimsoll::gguf {

namespace {

constexpr uint64_t pieceBytes = 4u << 20;

/// The header as it grows.
class Out
{
public:
    template <typename T>
    void number(T value)
    {
        const auto *from = reinterpret_cast<const std::byte *>(&value);
        m_bytes.insert(m_bytes.end(), from, from + sizeof value);
    }
    void type(ValueType value) { number(static_cast<uint32_t>(value)); }
    void text(std::string_view value)
    {
        number(uint64_t{value.size()});
        const auto *from = reinterpret_cast<const std::byte *>(value.data());
        m_bytes.insert(m_bytes.end(), from, from + value.size());
    }
    std::vector<std::byte> paddedTo(uint32_t alignment) &&
    {
        m_bytes.resize(roundUp(m_bytes.size(), alignment));
        return std::move(m_bytes);
    }

    void value(uint16_t v) { type(ValueType::U16), number(v); }
    void value(uint32_t v) { type(ValueType::U32), number(v); }
    void value(int32_t v) { type(ValueType::I32), number(v); }
    void value(uint64_t v) { type(ValueType::U64), number(v); }
    void value(float v) { type(ValueType::F32), number(v); }
    void value(bool v) { type(ValueType::Bool), number(static_cast<uint8_t>(v)); }
    void value(const std::string &v) { type(ValueType::String), text(v); }
    void value(const std::vector<std::string> &v)
    {
        array(ValueType::String, v.size());
        for (const std::string &element : v)
            text(element);
    }
    void value(const std::vector<float> &v) { numbers(ValueType::F32, v); }
    void value(const std::vector<int32_t> &v) { numbers(ValueType::I32, v); }
    void value(const std::vector<uint32_t> &v) { numbers(ValueType::U32, v); }
    void value(const EncodedValue &v) { m_bytes.insert(m_bytes.end(), v.bytes.begin(), v.bytes.end()); }

private:
    void array(ValueType element, size_t count)
    {
        type(ValueType::Array);
        type(element);
        number(uint64_t{count});
    }
    template <typename T>
    void numbers(ValueType element, const std::vector<T> &values)
    {
        array(element, values.size());
        for (const T v : values)
            number(v);
    }

    std::vector<std::byte> m_bytes;
};

struct Extent
{
    uint64_t row = 0;     // bytes of one row
    uint64_t bytes = 0;   // of the whole tensor
};

std::optional<Extent> extentOf(const OutTensor &tensor)
{
    const auto row = rowBytes(tensor.type, tensor.dims.front());
    std::optional<uint64_t> bytes = row;
    for (size_t i = 1; i < tensor.dims.size() && bytes; ++i)
        bytes = checkedMultiply(*bytes, tensor.dims[i]);
    if (!bytes || *bytes > INT64_MAX)
        return std::nullopt;
    return Extent{*row, *bytes};
}

Error unwritable(const std::string &path)
{
    return {ErrorCode::FileUnwritable, {path, std::generic_category().message(errno != 0 ? errno : EIO)}};
}

/// Removes an unfinished file, unless it was kept.
class TemporaryFile
{
public:
    explicit TemporaryFile(std::string path) : m_path(std::move(path)) {}
    ~TemporaryFile()
    {
        std::error_code ignored;
        if (!m_kept)
            std::filesystem::remove(m_path, ignored);
    }
    const std::string &path() const { return m_path; }
    void keep() { m_kept = true; }

private:
    std::string m_path;
    bool m_kept = false;
};

Status put(std::ofstream &out, const std::string &path, std::span<const std::byte> bytes)
{
    errno = 0;
    out.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out)
        return unwritable(path);
    return {};
}

/// Asks for whole rows, about 4 MiB at a time, and pads the end.
Status putTensor(std::ofstream &out, const std::string &path, size_t index, Extent extent, const Writer::Fill &fill, uint32_t alignment)
{
    const uint64_t most = std::max(extent.row, pieceBytes / extent.row * extent.row);
    std::vector<std::byte> piece;
    for (uint64_t offset = 0; offset < extent.bytes; offset += piece.size()) {
        piece.resize(std::min(most, extent.bytes - offset));
        if (Status status = fill(index, offset, piece); !status)
            return status;
        if (Status status = put(out, path, piece); !status)
            return status;
    }
    piece.assign(roundUp(extent.bytes, alignment) - extent.bytes, std::byte{0});
    return put(out, path, piece);
}

/// Of each part the first tensor, and behind them how many there are.
std::vector<size_t> partBegins(const std::vector<OutTensor> &tensors, uint64_t mostBytes)
{
    std::vector<size_t> begins{0};
    uint64_t held = 0;
    for (size_t i = 0; i < tensors.size(); ++i) {
        const uint64_t bytes = extentOf(tensors[i])->bytes;
        if (held > 0 && (bytes > mostBytes || held > mostBytes - bytes)) {
            begins.push_back(i);
            held = 0;
        }
        held += bytes;
    }
    begins.push_back(tensors.size());
    return begins;
}

/// Of part `number`, from 1.
std::string partPath(const std::string &path, size_t number, size_t count)
{
    constexpr std::string_view ending = ".gguf";
    const std::string stem = path.ends_with(ending) ? path.substr(0, path.size() - ending.size()) : path;
    char tail[32];
    std::snprintf(tail, sizeof tail, "-%05zu-of-%05zu.gguf", number, count);
    return stem + tail;
}

} // namespace

void Writer::set(std::string key, OutValue value)
{
    const auto same = std::find_if(m_values.begin(), m_values.end(), [&](const auto &entry) { return entry.first == key; });
    if (same != m_values.end())
        same->second = std::move(value);
    else
        m_values.emplace_back(std::move(key), std::move(value));
}

Status Writer::add(OutTensor tensor)
{
    if (tensor.dims.empty() || tensor.dims.size() > 4)
        return Error{ErrorCode::GgufTensorShape, {"", tensor.name, "dimensions"}};
    if (std::find(tensor.dims.begin(), tensor.dims.end(), 0u) != tensor.dims.end())
        return Error{ErrorCode::GgufTensorShape, {"", tensor.name, "zero"}};
    if (tensor.dims.front() % info(tensor.type).blockElements != 0)
        return Error{ErrorCode::GgufTensorShape, {"", tensor.name, "block"}};
    if (!extentOf(tensor))
        return Error{ErrorCode::GgufTensorShape, {"", tensor.name, "overflow"}};
    if (!m_names.insert(tensor.name).second)
        return Error{ErrorCode::GgufDuplicate, {"", "tensor", tensor.name}};
    m_tensors.push_back(std::move(tensor));
    return {};
}

std::vector<std::byte> Writer::header(uint32_t alignment) const
{
    constexpr uint32_t usualAlignment = 32;
    const bool namesAlignment = alignment != usualAlignment;
    Out out;
    out.number(uint32_t{0x46554747});   // "GGUF"
    out.number(uint32_t{3});
    out.number(uint64_t{m_tensors.size()});
    out.number(uint64_t{m_values.size() + namesAlignment});
    if (namesAlignment) {
        out.text("general.alignment");
        out.value(alignment);
    }
    for (const auto &[key, value] : m_values) {
        out.text(key);
        std::visit([&](const auto &held) { out.value(held); }, value);
    }
    uint64_t offset = 0;
    for (const OutTensor &tensor : m_tensors) {
        out.text(tensor.name);
        out.number(static_cast<uint32_t>(tensor.dims.size()));
        for (const uint64_t dim : tensor.dims)
            out.number(dim);
        out.number(static_cast<uint32_t>(tensor.type));
        out.number(offset);
        offset += roundUp(extentOf(tensor)->bytes, alignment);
    }
    return std::move(out).paddedTo(alignment);
}

Status Writer::write(const std::string &path, const Fill &fill, uint32_t alignment) const
{
    errno = 0;
    TemporaryFile temporary(path + ".part");
    std::ofstream out(temporary.path(), std::ios::binary | std::ios::trunc);
    if (!out)
        return unwritable(path);
    if (Status status = put(out, path, header(alignment)); !status)
        return status;
    for (size_t i = 0; i < m_tensors.size(); ++i)
        if (Status status = putTensor(out, path, i, *extentOf(m_tensors[i]), fill, alignment); !status)
            return status;
    errno = 0;
    out.close();
    if (!out)
        return unwritable(path);
    std::error_code failure;
    std::filesystem::rename(temporary.path(), path, failure);
    if (failure)
        return Error{ErrorCode::FileUnwritable, {path, failure.message()}};
    temporary.keep();
    return {};
}

Result<std::vector<std::string>> Writer::writeParts(const std::string &path, uint64_t mostBytes, const Fill &fill) const
{
    const std::vector<size_t> begins = partBegins(m_tensors, mostBytes);
    const size_t count = begins.size() - 1;
    if (count > UINT16_MAX)
        return Error{ErrorCode::InvalidArgument, {"split", std::to_string(mostBytes), "at most 65535 parts"}};
    std::vector<std::string> paths;
    for (size_t number = 0; number < count; ++number) {
        Writer part;
        if (number == 0)
            part.m_values = m_values;
        part.set("split.no", static_cast<uint16_t>(number));
        part.set("split.count", static_cast<uint16_t>(count));
        part.set("split.tensors.count", static_cast<int32_t>(m_tensors.size()));
        const auto begin = m_tensors.begin() + static_cast<std::ptrdiff_t>(begins[number]);
        part.m_tensors.assign(begin, m_tensors.begin() + static_cast<std::ptrdiff_t>(begins[number + 1]));
        const auto ofWhole = [&](size_t index, uint64_t offset, std::span<std::byte> out) {
            return fill(begins[number] + index, offset, out);
        };
        const std::string to = partPath(path, number + 1, count);
        if (Status status = part.write(to, ofWhole); !status) {
            std::error_code ignored;
            for (const std::string &written : paths)
                std::filesystem::remove(written, ignored);
            return status.error();
        }
        paths.push_back(to);
    }
    return paths;
}

} // namespace plimsoll::gguf
