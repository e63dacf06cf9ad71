// SPDX-License-Identifier: Apache-2.0
#include "hyperparameters.h"

#include <cmath>

namespace plimsoll {

namespace {

constexpr int64_t whole53 = int64_t{1} << 53;   // whole numbers a double holds exactly

} // namespace

const Hyperparameters::Value *Hyperparameters::find(std::string_view key) const
{
    const auto it = m_values.find(key);
    return it == m_values.end() ? nullptr : &it->second;
}

bool Hyperparameters::perLayer(std::string_view key) const
{
    const Value *value = find(key);
    return value && std::holds_alternative<std::vector<double>>(*value);
}

uint32_t Hyperparameters::wholeNumber(std::string_view key, const Value &value, uint64_t least, uint64_t most)
{
    const int64_t *number = std::get_if<int64_t>(&value);
    if (!number) {
        wrongType(key);
        return 0;
    }
    if (*number < 0 || static_cast<uint64_t>(*number) < least || static_cast<uint64_t>(*number) > most) {
        outOfRange(key, std::to_string(*number));
        return 0;
    }
    return static_cast<uint32_t>(*number);
}

uint32_t Hyperparameters::layerNumber(std::string_view key, const Value &value, uint32_t layer, uint64_t most)
{
    const auto *array = std::get_if<std::vector<double>>(&value);
    if (!array)
        return wholeNumber(key, value, 0, most);
    if (layer >= array->size()) {
        outOfRange(key, "[" + std::to_string(array->size()) + "]");
        return 0;
    }
    const double number = (*array)[layer];
    if (!(number >= 0) || number > static_cast<double>(most) || number != std::floor(number)) {
        outOfRange(key, std::to_string(number));
        return 0;
    }
    return static_cast<uint32_t>(number);
}

uint32_t Hyperparameters::count(std::string_view key, uint64_t most)
{
    const Value *value = find(key);
    if (!value) {
        missing(key);
        return 0;
    }
    return wholeNumber(key, *value, 1, most);
}

uint32_t Hyperparameters::countOr(std::string_view key, uint32_t fallback, uint64_t most)
{
    const Value *value = find(key);
    return value ? wholeNumber(key, *value, 0, most) : fallback;
}

uint32_t Hyperparameters::countAt(std::string_view key, uint32_t layer, uint64_t most)
{
    const Value *value = find(key);
    if (!value) {
        missing(key);
        return 0;
    }
    return layerNumber(key, *value, layer, most);
}

uint32_t Hyperparameters::countAtOr(std::string_view key, uint32_t layer, uint32_t fallback, uint64_t most)
{
    const Value *value = find(key);
    return value ? layerNumber(key, *value, layer, most) : fallback;
}

float Hyperparameters::real(std::string_view key)
{
    const Value *value = find(key);
    if (!value) {
        missing(key);
        return 0;
    }
    double number = 0;
    if (const double *asReal = std::get_if<double>(value))
        number = *asReal;
    else if (const int64_t *asWhole = std::get_if<int64_t>(value))
        number = static_cast<double>(*asWhole);
    else
        wrongType(key);
    if (!std::isfinite(number) || std::fabs(number) > 3e38) {
        outOfRange(key, std::to_string(number));
        return 0;
    }
    return static_cast<float>(number);
}

float Hyperparameters::realOr(std::string_view key, float fallback)
{
    return has(key) ? real(key) : fallback;
}

bool Hyperparameters::flagOr(std::string_view key, bool fallback)
{
    const Value *value = find(key);
    if (!value)
        return fallback;
    if (const bool *flag = std::get_if<bool>(value))
        return *flag;
    wrongType(key);
    return fallback;
}

std::string Hyperparameters::textOr(std::string_view key, std::string_view fallback)
{
    const Value *value = find(key);
    if (!value)
        return std::string(fallback);
    if (const std::string *text = std::get_if<std::string>(value))
        return *text;
    wrongType(key);
    return std::string(fallback);
}

void Hyperparameters::fail(Error error)
{
    if (m_status.ok())
        m_status = std::move(error);
}

void Hyperparameters::invalid(std::string what, uint64_t value)
{
    fail({ErrorCode::ModelInvalid, {std::move(what), std::to_string(value)}});
}

void Hyperparameters::missing(std::string_view key)
{
    if (m_fromFile)
        fail({ErrorCode::GgufKeyMissing, {m_where, m_architecture + "." + std::string(key)}});
    else
        fail({ErrorCode::JsonField, {m_where, std::string(key), "missing"}});
}

void Hyperparameters::wrongType(std::string_view key)
{
    if (m_fromFile)
        fail({ErrorCode::GgufKeyType, {m_where, m_architecture + "." + std::string(key)}});
    else
        fail({ErrorCode::JsonField, {m_where, std::string(key), "type"}});
}

void Hyperparameters::outOfRange(std::string_view key, std::string value)
{
    if (m_fromFile)
        fail({ErrorCode::GgufKeyRange, {m_where, m_architecture + "." + std::string(key), std::move(value)}});
    else
        fail({ErrorCode::JsonField, {m_where, std::string(key), "range"}});
}

namespace {

/// Numbers of an array, one per layer at most; empty for anything else.
std::vector<double> numbersOf(const gguf::Array &array)
{
    using gguf::ValueType;
    if (array.count() > Limits::blocks || array.type() == ValueType::String || array.type() == ValueType::Array)
        return {};
    const bool isReal = array.type() == ValueType::F32 || array.type() == ValueType::F64;
    std::vector<double> numbers;
    numbers.reserve(array.count());
    for (uint64_t i = 0; i < array.count(); ++i)
        numbers.push_back(isReal ? array.real(i) : static_cast<double>(array.integer(i)));
    return numbers;
}

} // namespace

Result<Hyperparameters> Hyperparameters::fromGguf(const gguf::Header &header)
{
    Hyperparameters result;
    result.m_where = header.path();
    const auto architecture = header.stringAt("general.architecture");
    if (!architecture.ok())
        return architecture.error();
    if (!*architecture || (*architecture)->empty())
        return Error{ErrorCode::GgufKeyMissing, {header.path(), "general.architecture"}};
    result.m_architecture = **architecture;
    if (const auto name = header.stringAt("general.name"); name.ok() && *name)
        result.m_name = **name;

    const std::string prefix = result.m_architecture + ".";
    for (const auto &[key, value] : header.metadata) {
        if (!key.starts_with(prefix))
            continue;
        Value &kept = result.m_values[std::string(key.substr(prefix.size()))];
        if (const auto *u = std::get_if<uint64_t>(&value))
            kept = *u > static_cast<uint64_t>(INT64_MAX) ? INT64_MAX : static_cast<int64_t>(*u);
        else if (const auto *i = std::get_if<int64_t>(&value))
            kept = *i;
        else if (const auto *d = std::get_if<double>(&value))
            kept = *d;
        else if (const auto *b = std::get_if<bool>(&value))
            kept = *b;
        else if (const auto *s = std::get_if<std::string_view>(&value))
            kept = std::string(*s);
        else if (const auto *a = std::get_if<gguf::Array>(&value))
            kept = numbersOf(*a);
    }
    if (const auto tokens = header.arrayAt("tokenizer.ggml.tokens"); tokens.ok() && *tokens && (*tokens)->count() > 0
        && (*tokens)->count() < static_cast<uint64_t>(whole53))
        result.m_values["vocab_size"] = static_cast<int64_t>((*tokens)->count());
    return result;
}

} // namespace plimsoll
