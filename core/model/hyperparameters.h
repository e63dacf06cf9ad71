// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hyperparameter_map.h"

#include <plimsoll/gguf/gguf.h>
#include <plimsoll/result/result.h>

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {

/// Largest values a shape may have: far beyond any model, and small enough that no product of a shape overflows 64 bits.
struct Limits
{
    static constexpr uint64_t blocks = 1024;
    static constexpr uint64_t embedding = 1u << 18;
    static constexpr uint64_t width = 1u << 20;      // of a feed-forward network, a rank
    static constexpr uint64_t heads = 1u << 12;
    static constexpr uint64_t headDim = 1u << 12;
    static constexpr uint64_t experts = 1u << 12;
    static constexpr uint64_t vocabulary = 1u << 24;
    static constexpr uint64_t context = 1u << 30;
};

/// The dimensions a family needs to build a shape, under the names of GGUF's metadata keys (the architecture's prefix left out:
/// "block_count", "attention.head_count_kv", …). Filled from GGUF metadata or from a catalogue entry, so that each family is written
/// once. Reading never stops half-way: the first failure is kept, and status() tells it; failed look-ups give 0.
class Hyperparameters
{
public:
    /// Errors: GgufKeyMissing, GgufKeyType (general.architecture).
    static Result<Hyperparameters> fromGguf(const gguf::Header &header);
    /// Errors: JsonField. `where` is what errors call the entry.
    static Result<Hyperparameters> fromCatalog(const nlohmann::json &entry, const std::string &where);

    const std::string &architecture() const { return m_architecture; }
    const std::string &name() const { return m_name; }
    const HyperparameterMap &values() const { return m_values; }

    bool has(std::string_view key) const { return find(key) != nullptr; }
    /// Whether the key holds one value per layer.
    bool perLayer(std::string_view key) const;
    /// A whole number from 1 to `most`; must be there.
    uint32_t count(std::string_view key, uint64_t most);
    /// A whole number from 0 to `most`; `fallback` where it is absent.
    uint32_t countOr(std::string_view key, uint32_t fallback, uint64_t most);
    /// The same for keys that may hold one number for all layers, or one per layer.
    uint32_t countAt(std::string_view key, uint32_t layer, uint64_t most);
    uint32_t countAtOr(std::string_view key, uint32_t layer, uint32_t fallback, uint64_t most);
    /// Finite; must be there.
    float real(std::string_view key);
    float realOr(std::string_view key, float fallback);
    bool flagOr(std::string_view key, bool fallback);
    std::string textOr(std::string_view key, std::string_view fallback);

    /// ModelInvalid with what contradicts; only the first failure is kept.
    void invalid(std::string what, uint64_t value);
    void fail(Error error);
    const Status &status() const { return m_status; }

private:
    using Value = HyperparameterValue;

    const Value *find(std::string_view key) const;
    void missing(std::string_view key);
    void wrongType(std::string_view key);
    void outOfRange(std::string_view key, std::string value);
    uint32_t wholeNumber(std::string_view key, const Value &value, uint64_t least, uint64_t most);
    uint32_t layerNumber(std::string_view key, const Value &value, uint32_t layer, uint64_t most);

    bool m_fromFile = true;
    std::string m_where;          // path, or what errors call the catalogue entry
    std::string m_architecture;
    std::string m_name;
    HyperparameterMap m_values;
    Status m_status;
};

} // namespace plimsoll
