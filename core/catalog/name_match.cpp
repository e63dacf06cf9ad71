// SPDX-License-Identifier: Apache-2.0
#include "name_match.h"

#include <algorithm>
#include <numeric>

namespace plimsoll {

std::string comparableName(std::string_view name)
{
    std::string result;
    for (const char c : name) {
        if (c == ' ' || c == '-' || c == '_' || c == '.')
            continue;
        result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return result;
}

std::string bareName(std::string_view name)
{
    constexpr std::string_view words[] = {"nvidia", "amd", "intel", "tesla", "geforce", "quadro", "radeon", "rtx", "gtx", "rx"};
    for (const std::string_view word : words) {
        if (name.starts_with(word))
            name.remove_prefix(word.size());
    }
    return std::string(name);
}

bool sameName(const std::string &name, const std::string &key, const std::string &)
{
    return name == key;
}

bool sameBareName(const std::string &name, const std::string &, const std::string &bareKey)
{
    return bareKey.size() >= 2 && bareName(name) == bareKey;
}

namespace {

/// Letters to change, add or drop (Levenshtein); texts are cut to 64 letters.
size_t distance(std::string_view a, std::string_view b)
{
    a = a.substr(0, 64);
    b = b.substr(0, 64);
    std::vector<size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

} // namespace

std::string nearestNames(std::string_view wanted, const std::vector<std::string> &known, size_t most)
{
    const std::string key = bareName(comparableName(wanted));
    std::vector<std::pair<size_t, size_t>> order;   // distance, index
    for (size_t i = 0; i < known.size(); ++i) {
        const std::string name = bareName(comparableName(known[i]));
        const bool contained = !key.empty() && (name.find(key) != std::string::npos || key.find(name) != std::string::npos);
        order.emplace_back(contained ? 0 : distance(key, name), i);
    }
    std::sort(order.begin(), order.end());
    std::string joined;
    for (size_t i = 0; i < order.size() && i < most; ++i)
        joined += (i ? ", " : "") + known[order[i].second];
    return joined;
}

} // namespace plimsoll
