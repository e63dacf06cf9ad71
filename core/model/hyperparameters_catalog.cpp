// SPDX-License-Identifier: Apache-2.0
#include "hyperparameters.h"

#include <nlohmann/json.hpp>

namespace plimsoll {

using nlohmann::json;

namespace {

Error field(const std::string &where, const char *name, const char *what)
{
    return {ErrorCode::JsonField, {where, name, what}};
}

} // namespace

Result<Hyperparameters> Hyperparameters::fromCatalog(const json &entry, const std::string &where)
{
    Hyperparameters result;
    result.m_fromFile = false;
    result.m_where = where;
    if (!entry.is_object())
        return field(where, "", "type");
    const auto architecture = entry.find("architecture");
    if (architecture == entry.end() || !architecture->is_string())
        return field(where, "architecture", architecture == entry.end() ? "missing" : "type");
    result.m_architecture = architecture->get<std::string>();
    if (const auto name = entry.find("name"); name != entry.end() && name->is_string())
        result.m_name = name->get<std::string>();
    const auto values = entry.find("hyperparameters");
    if (values == entry.end() || !values->is_object())
        return field(where, "hyperparameters", values == entry.end() ? "missing" : "type");

    for (const auto &[key, value] : values->items()) {
        Value &kept = result.m_values[key];
        if (value.is_number_unsigned() && value.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX))
            return field(where, key.c_str(), "range");
        if (value.is_number_integer())
            kept = value.get<int64_t>();
        else if (value.is_number_float())
            kept = value.get<double>();
        else if (value.is_boolean())
            kept = value.get<bool>();
        else if (value.is_string())
            kept = value.get<std::string>();
        else if (value.is_array() && value.size() <= Limits::blocks) {
            std::vector<double> numbers;
            for (const json &element : value) {
                if (!element.is_number())
                    return field(where, key.c_str(), "type");
                numbers.push_back(element.get<double>());
            }
            kept = std::move(numbers);
        } else {
            return field(where, key.c_str(), "type");
        }
    }
    return result;
}

} // namespace plimsoll
