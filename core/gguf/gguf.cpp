// SPDX-License-Identifier: Apache-2.0
#include "gguf.h"

#include "little_endian.h"
#include "scan.h"

#include <plimsoll/units/bytes.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace plimsoll::gguf {

namespace {

/// A float to the nearest integer towards zero; what no integer holds becomes the nearest limit, and NaN becomes 0.
int64_t toInteger(double value)
{
    if (std::isnan(value))
        return 0;
    if (value >= 9223372036854775808.0)
        return INT64_MAX;
    if (value <= -9223372036854775808.0)
        return INT64_MIN;
    return static_cast<int64_t>(value);
}

/// Positions of `items` ordered by `nameOf`, or the position of a name that appears twice.
template <typename Items, typename NameOf>
std::pair<std::vector<uint32_t>, std::optional<size_t>> orderByName(const Items &items, NameOf nameOf)
{
    std::vector<uint32_t> order(items.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return nameOf(items[a]) < nameOf(items[b]); });
    const auto twice = std::adjacent_find(order.begin(), order.end(),
                                          [&](uint32_t a, uint32_t b) { return nameOf(items[a]) == nameOf(items[b]); });
    if (twice != order.end())
        return {std::move(order), *twice};
    return {std::move(order), std::nullopt};
}

template <typename Items, typename NameOf>
auto findByName(const Items &items, const std::vector<uint32_t> &order, std::string_view name, NameOf nameOf) -> decltype(&items[0])
{
    const auto place = std::lower_bound(order.begin(), order.end(), name,
                                        [&](uint32_t i, std::string_view wanted) { return nameOf(items[i]) < wanted; });
    return place != order.end() && nameOf(items[*place]) == name ? &items[*place] : nullptr;
}

constexpr auto keyOf = [](const std::pair<std::string_view, Value> &entry) { return entry.first; };
constexpr auto tensorName = [](const TensorInfo &tensor) { return tensor.name; };

} // namespace

std::string_view Array::string(uint64_t i) const
{
    assert(m_type == ValueType::String && i < m_count);
    const std::byte *at = m_raw.data() + m_offsets[i];
    return {reinterpret_cast<const char *>(at + 8), load<uint64_t>(at)};
}

int64_t Array::integer(uint64_t i) const
{
    assert(i < m_count);
    const std::byte *at = m_raw.data() + i * widthOf(m_type);
    switch (m_type) {
    case ValueType::U8: return load<uint8_t>(at);
    case ValueType::I8: return load<int8_t>(at);
    case ValueType::U16: return load<uint16_t>(at);
    case ValueType::I16: return load<int16_t>(at);
    case ValueType::U32: return load<uint32_t>(at);
    case ValueType::I32: return load<int32_t>(at);
    case ValueType::F32: return toInteger(load<float>(at));
    case ValueType::Bool: return load<uint8_t>(at) != 0;
    case ValueType::U64: return static_cast<int64_t>(load<uint64_t>(at));
    case ValueType::I64: return load<int64_t>(at);
    case ValueType::F64: return toInteger(load<double>(at));
    case ValueType::String:
    case ValueType::Array: break;
    }
    return 0;
}

double Array::real(uint64_t i) const
{
    assert(i < m_count);
    const std::byte *at = m_raw.data() + i * widthOf(m_type);
    if (m_type == ValueType::F32)
        return load<float>(at);
    if (m_type == ValueType::F64)
        return load<double>(at);
    if (m_type == ValueType::U64)
        return static_cast<double>(load<uint64_t>(at));
    return static_cast<double>(integer(i));
}

Status Header::index()
{
    auto [keys, doubleKey] = orderByName(metadata, keyOf);
    if (doubleKey)
        return Error{ErrorCode::GgufDuplicate, {path(), "key", std::string(metadata[*doubleKey].first)}};
    auto [names, doubleTensor] = orderByName(tensors, tensorName);
    if (doubleTensor)
        return Error{ErrorCode::GgufDuplicate, {path(), "tensor", std::string(tensors[*doubleTensor].name)}};
    m_keyOrder = std::move(keys);
    m_tensorOrder = std::move(names);
    return {};
}

const Value *Header::find(std::string_view key) const
{
    const auto *entry = findByName(metadata, m_keyOrder, key, keyOf);
    return entry ? &entry->second : nullptr;
}

const TensorInfo *Header::tensor(std::string_view name) const
{
    return findByName(tensors, m_tensorOrder, name, tensorName);
}

Result<std::optional<uint64_t>> Header::unsignedAt(std::string_view key) const
{
    const Value *value = find(key);
    if (!value)
        return std::optional<uint64_t>();
    if (const auto *number = std::get_if<uint64_t>(value))
        return std::optional(*number);
    const auto *number = std::get_if<int64_t>(value);
    if (!number)
        return Error{ErrorCode::GgufKeyType, {path(), std::string(key)}};
    if (*number < 0)
        return Error{ErrorCode::GgufKeyRange, {path(), std::string(key), std::to_string(*number)}};
    return std::optional(static_cast<uint64_t>(*number));
}

Result<std::optional<double>> Header::realAt(std::string_view key) const
{
    const Value *value = find(key);
    if (!value)
        return std::optional<double>();
    if (const auto *number = std::get_if<double>(value))
        return std::optional(*number);
    if (const auto *number = std::get_if<uint64_t>(value))
        return std::optional(static_cast<double>(*number));
    if (const auto *number = std::get_if<int64_t>(value))
        return std::optional(static_cast<double>(*number));
    return Error{ErrorCode::GgufKeyType, {path(), std::string(key)}};
}

Result<std::optional<bool>> Header::boolAt(std::string_view key) const
{
    const Value *value = find(key);
    if (!value)
        return std::optional<bool>();
    if (const auto *truth = std::get_if<bool>(value))
        return std::optional(*truth);
    return Error{ErrorCode::GgufKeyType, {path(), std::string(key)}};
}

Result<std::optional<std::string_view>> Header::stringAt(std::string_view key) const
{
    const Value *value = find(key);
    if (!value)
        return std::optional<std::string_view>();
    if (const auto *text = std::get_if<std::string_view>(value))
        return std::optional(*text);
    return Error{ErrorCode::GgufKeyType, {path(), std::string(key)}};
}

Result<const Array *> Header::arrayAt(std::string_view key) const
{
    const Value *value = find(key);
    if (!value)
        return static_cast<const Array *>(nullptr);
    if (const auto *array = std::get_if<Array>(value))
        return array;
    return Error{ErrorCode::GgufKeyType, {path(), std::string(key)}};
}

uint64_t Header::fileBytes() const
{
    Bytes sum;
    for (const Part &part : parts)
        sum += Bytes{part.fileBytes};
    return sum.value;
}

uint64_t Header::tensorBytes() const
{
    Bytes sum;
    for (const TensorInfo &tensor : tensors)
        sum += Bytes{tensor.bytes};
    return sum.value;
}

} // namespace plimsoll::gguf
