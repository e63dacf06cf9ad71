// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/result/result.h>
#include <plimsoll/units/bytes.h>

#include <nlohmann/json.hpp>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll {

/// Reads one JSON object strictly: a field has the type and range it should have, or JsonField{where, field, missing|type|range} is
/// kept in a status that all readers of the document share. Only the first failure is kept; failed fields read as empty. Unknown fields
/// are ignored, so that newer writers stay readable.
class JsonReader
{
public:
    static constexpr size_t longestText = 4096;

    JsonReader(const nlohmann::json &object, std::string where, std::string path, Status &status)
        : m_object(object), m_where(std::move(where)), m_path(std::move(path)), m_status(status)
    {
        if (!object.is_object())
            fail("", "type");
    }

    void fail(const std::string &name, const char *what)
    {
        if (m_status.ok())
            m_status = Error{ErrorCode::JsonField, {m_where, joined(name), what}};
    }

    std::string text(const char *name, bool needed = false)
    {
        const nlohmann::json *value = find(name, needed);
        return value ? textOf(*value, name) : std::string();
    }

    std::vector<std::string> texts(const char *name, size_t most)
    {
        std::vector<std::string> result;
        const nlohmann::json *value = array(name, most);
        for (size_t i = 0; value && i < value->size(); ++i)
            result.push_back(textOf((*value)[i], name));
        return result;
    }

    bool flag(const char *name)
    {
        const nlohmann::json *value = find(name, false);
        if (value && !value->is_boolean())
            fail(name, "type");
        return value && value->is_boolean() && value->get<bool>();
    }

    /// 0 to `most`.
    uint64_t whole(const char *name, uint64_t most, bool needed = false)
    {
        const nlohmann::json *value = find(name, needed);
        if (!value)
            return 0;
        if (!value->is_number_unsigned()) {
            fail(name, value->is_number() ? "range" : "type");
            return 0;
        }
        const uint64_t number = value->get<uint64_t>();
        if (number > most) {
            fail(name, "range");
            return 0;
        }
        return number;
    }

    /// At most 2^60, so that sums over devices stay exact.
    Bytes bytes(const char *name, bool needed = false) { return {whole(name, uint64_t{1} << 60, needed)}; }
    Bytes bytesOr(const char *name, Bytes fallback) { return has(name) ? bytes(name) : fallback; }

    /// Finite, `least` to `most`.
    std::optional<double> optionalNumber(const char *name, double least, double most)
    {
        const nlohmann::json *value = find(name, false);
        if (!value)
            return std::nullopt;
        if (!value->is_number()) {
            fail(name, "type");
            return std::nullopt;
        }
        const double number = value->get<double>();
        if (!std::isfinite(number) || number < least || number > most) {
            fail(name, "range");
            return std::nullopt;
        }
        return number;
    }
    /// Finite, not negative; 0 where it is absent.
    double number(const char *name) { return optionalNumber(name, 0, 1e24).value_or(0); }

    template <typename Read>
    void object(const char *name, bool needed, Read read)
    {
        if (const nlohmann::json *value = find(name, needed)) {
            JsonReader inner(*value, m_where, joined(name), m_status);
            read(inner);
        }
    }

    template <typename Read>
    void forEach(const char *name, size_t most, Read read)
    {
        const nlohmann::json *value = array(name, most);
        for (size_t i = 0; value && i < value->size(); ++i) {
            JsonReader inner((*value)[i], m_where, joined(name) + "[" + std::to_string(i) + "]", m_status);
            read(inner);
        }
    }

private:
    bool has(const char *name) const { return m_object.is_object() && m_object.contains(name); }

    std::string joined(const std::string &name) const { return m_path.empty() || name.empty() ? m_path + name : m_path + "." + name; }

    const nlohmann::json *find(const char *name, bool needed)
    {
        if (has(name))
            return &*m_object.find(name);
        if (needed)
            fail(name, "missing");
        return nullptr;
    }

    const nlohmann::json *array(const char *name, size_t most)
    {
        const nlohmann::json *value = find(name, false);
        if (!value)
            return nullptr;
        if (!value->is_array() || value->size() > most) {
            fail(name, value->is_array() ? "range" : "type");
            return nullptr;
        }
        return value;
    }

    std::string textOf(const nlohmann::json &value, const char *name)
    {
        if (!value.is_string()) {
            fail(name, "type");
            return {};
        }
        if (value.get_ref<const std::string &>().size() > longestText) {
            fail(name, "range");
            return {};
        }
        return value.get<std::string>();
    }

    const nlohmann::json &m_object;
    std::string m_where;
    std::string m_path;
    Status &m_status;
};

} // namespace plimsoll
