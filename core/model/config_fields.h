// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config_types.h"

#include <plimsoll/result/result.h>

#include <nlohmann/json.hpp>

#include <string>

namespace plimsoll {

/// Reads fields of a config.json and gathers what they are in GGUF. The first that is wrong is kept as the error (JsonField).
class ConfigFields
{
public:
    ConfigFields(const nlohmann::json &config, std::string where) : m_config(config), m_where(std::move(where)) {}

    const nlohmann::json &config() const { return m_config; }
    const Status &status() const { return m_status; }
    void fail(const std::string &key, const char *what);

    /// Null where it is absent or null.
    static const nlohmann::json *find(const nlohmann::json &object, const char *key);
    const nlohmann::json *find(const char *key) const { return find(m_config, key); }

    /// The value, or what every element of a list is: some configurations list by layer what all layers have in common.
    const nlohmann::json *single(const char *key);
    /// A number or a flag under GGUF's name.
    void take(const RenamedKey &key, bool must);
    /// From 1 to a million; `fallback` where it is absent.
    uint64_t count(const char *key, uint64_t fallback);
    /// Above 0, finite; `fallback` where it is absent.
    double positive(const nlohmann::json &object, const char *key, double fallback);
    bool flag(const char *key, bool fallback);

    /// The words of a list as long as the model has layers, in the order of the layers; empty where it is absent or wrong.
    std::vector<std::string> perLayer(const char *key);

    nlohmann::json values = nlohmann::json::object();   // GGUF's names

private:
    const nlohmann::json &m_config;
    std::string m_where;
    Status m_status;
};

/// Fills what tells the layers of a hybrid apart: key-value heads and widths of FFNs by layer, and the sizes of states.
/// `architecture` becomes another where the kind of FFN decides it.
void takeHybridLayers(ConfigFields &fields, ConfigLayers kind, std::string &architecture);

/// Gemma 4: what layers with a window and the others have apart, caches that the last layers share, inputs of their own for each layer.
void takeWindowsApart(ConfigFields &fields);

} // namespace plimsoll
