// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/result/error.h>

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace plimsoll::engine {

using Json = nlohmann::ordered_json;   // templates see the members of messages and tools in the order in which they were sent

inline Error fieldError(const char *path, const std::string &field, const std::string &wrong)
{
    return {ErrorCode::JsonField, {path, field, wrong}};
}

/// Takes fields out of an object one by one and remembers the first that is wrong. Null counts as absent.
class Fields
{
public:
    explicit Fields(const Json &object) : m_object(object) {}

    const Json *find(const char *name) const
    {
        const auto at = m_object.find(name);
        return at == m_object.end() || at->is_null() ? nullptr : &*at;
    }

    void wrong(const std::string &name, const std::string &what)
    {
        if (!m_error)
            m_error = fieldError("request", name, what);
    }

    void integer(const char *name, int64_t low, int64_t high, uint32_t &value)
    {
        const Json *json = find(name);
        if (!json)
            return;
        if (!json->is_number_integer() || (json->is_number_unsigned() && json->get<uint64_t>() > static_cast<uint64_t>(high))
            || json->get<int64_t>() < low || json->get<int64_t>() > high)
            return wrong(name, "range");
        value = static_cast<uint32_t>(json->get<int64_t>());
    }

    void real(const char *name, double low, double high, float &value)
    {
        const Json *json = find(name);
        if (!json)
            return;
        if (!json->is_number() || !(json->get<double>() >= low && json->get<double>() <= high))
            return wrong(name, "range");
        value = json->get<float>();
    }

    void boolean(const char *name, bool &value)
    {
        const Json *json = find(name);
        if (json && !json->is_boolean())
            return wrong(name, "bool");
        value = json ? json->get<bool>() : value;
    }

    const std::optional<Error> &error() const { return m_error; }

private:
    const Json &m_object;
    std::optional<Error> m_error;
};

} // namespace plimsoll::engine
