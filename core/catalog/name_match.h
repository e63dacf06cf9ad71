// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {

/// Lower case, without spaces, '-', '_' and '.': what two spellings of one name share.
std::string comparableName(std::string_view name);

/// A comparable name without the maker's and the series' words before it: "nvidiageforcertx4090" → "4090".
std::string bareName(std::string_view comparable);

/// `name` and `key` are comparable names, `bareKey` is bareName(key).
bool sameName(const std::string &name, const std::string &key, const std::string &bareKey);
/// The same beyond maker and series, where what is left still says something.
bool sameBareName(const std::string &name, const std::string &key, const std::string &bareKey);

/// Up to `most` of `known` that are closest to what was asked, comma separated.
std::string nearestNames(std::string_view wanted, const std::vector<std::string> &known, size_t most);

} // namespace plimsoll
