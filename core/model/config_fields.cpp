// SPDX-License-Identifier: Apache-2.0
#include "config_fields.h"

#include <cmath>

namespace plimsoll {

using nlohmann::json;

void ConfigFields::fail(const std::string &key, const char *what)
{
    if (m_status.ok())
        m_status = Error{ErrorCode::JsonField, {m_where, key, what}};
}

const json *ConfigFields::find(const json &object, const char *key)
{
    const auto it = object.find(key);
    return it == object.end() || it->is_null() ? nullptr : &*it;
}

const json *ConfigFields::single(const char *key)
{
    const json *value = find(key);
    if (!value || !value->is_array() || value->empty())
        return value;
    for (const json &each : *value) {
        if (each != value->front())
            fail(key, "value");
    }
    return &value->front();
}

void ConfigFields::take(const RenamedKey &key, bool must)
{
    const json *value = must ? find(key.theirs) : single(key.theirs);
    if (!value) {
        if (must)
            fail(key.theirs, "missing");
    } else if (value->is_number_unsigned() && value->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)) {
        fail(key.theirs, "range");
    } else if (!value->is_number() && !value->is_boolean()) {
        fail(key.theirs, "type");
    } else {
        values[key.ours] = *value;
    }
}

uint64_t ConfigFields::count(const char *key, uint64_t fallback)
{
    const json *value = single(key);
    if (!value)
        return fallback;
    if (!value->is_number_integer()) {
        fail(key, "type");
        return fallback;
    }
    // A number beyond 63 bits reads as negative.
    const int64_t number = value->get<int64_t>();
    if (number < 1 || number > 1'000'000) {
        fail(key, "range");
        return fallback;
    }
    return static_cast<uint64_t>(number);
}

double ConfigFields::positive(const json &object, const char *key, double fallback)
{
    const json *value = find(object, key);
    if (!value)
        return fallback;
    if (!value->is_number()) {
        fail(key, "type");
        return fallback;
    }
    const double number = value->get<double>();
    if (!std::isfinite(number) || number <= 0 || number > 1e9) {
        fail(key, "range");
        return fallback;
    }
    return number;
}

bool ConfigFields::flag(const char *key, bool fallback)
{
    const json *value = find(key);
    if (value && !value->is_boolean())
        fail(key, "type");
    return value && value->is_boolean() ? value->get<bool>() : fallback;
}

std::vector<std::string> ConfigFields::perLayer(const char *key)
{
    const json *list = find(key);
    if (!list)
        return {};
    std::vector<std::string> words;
    if (!list->is_array()) {
        fail(key, "type");
        return words;
    }
    for (const json &word : *list) {
        if (!word.is_string()) {
            fail(key, "type");
            return {};
        }
        words.push_back(word.get<std::string>());
    }
    if (words.size() != count("num_hidden_layers", 0)) {
        fail(key, "range");
        return {};
    }
    return words;
}

} // namespace plimsoll
