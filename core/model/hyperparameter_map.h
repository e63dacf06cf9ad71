// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace plimsoll {

/// A dimension of a model as GGUF metadata or a catalogue entry holds it. Arrays of numbers only, at most Limits::blocks.
using HyperparameterValue = std::variant<int64_t, double, bool, std::string, std::vector<double>>;

/// By GGUF's keys, the architecture's prefix left out: "block_count", "attention.head_count_kv", …
using HyperparameterMap = std::map<std::string, HyperparameterValue, std::less<>>;

} // namespace plimsoll
