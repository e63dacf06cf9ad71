// SPDX-License-Identifier: Apache-2.0
#include "bytes.h"

#include <charconv>
#include <cmath>
#include <utility>

namespace plimsoll {

namespace {

constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

std::optional<uint64_t> unitFromName(std::string_view name)
{
    std::string lowered;
    for (const char c : name)
        lowered += lower(c);
    if (lowered.empty() || lowered == "b")
        return 1;
    uint64_t binary = 1;
    uint64_t decimal = 1;
    for (const char prefix : {'k', 'm', 'g', 't'}) {
        binary *= 1024;
        decimal *= 1000;
        if (lowered.front() != prefix)
            continue;
        const std::string_view rest = std::string_view(lowered).substr(1);
        if (rest.empty() || rest == "i" || rest == "ib")
            return binary;
        if (rest == "b")
            return decimal;
    }
    return std::nullopt;
}

/// Takes the digits at the front of `text` as those behind a decimal point.
double takeFraction(std::string_view &text)
{
    double value = 0;
    double place = 0.1;
    while (!text.empty() && isDigit(text.front())) {
        value += place * (text.front() - '0');
        place /= 10;
        text.remove_prefix(1);
    }
    return value;
}

} // namespace

std::optional<Bytes> parseBytes(std::string_view text)
{
    text = trimmed(text);
    if (text.empty() || !isDigit(text.front()))
        return std::nullopt;
    uint64_t whole = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (failure != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));

    double fraction = 0;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (text.empty() || !isDigit(text.front()))
            return std::nullopt;
        fraction = takeFraction(text);
    }
    const auto unit = unitFromName(trimmed(text));
    if (!unit)
        return std::nullopt;
    const auto scaled = checkedMultiply(whole, *unit);
    if (!scaled)
        return std::nullopt;
    const auto sum = checkedAdd(*scaled, static_cast<uint64_t>(std::llround(fraction * static_cast<double>(*unit))));
    if (!sum || *sum == Bytes::overflow().value)
        return std::nullopt;
    return Bytes{*sum};
}

std::string toText(Bytes bytes)
{
    if (bytes.value < 1024)
        return std::to_string(bytes.value) + " B";
    constexpr std::pair<double, std::string_view> units[] = {{1024.0, " KiB"}, {1048576.0, " MiB"}, {1073741824.0, " GiB"}};
    size_t chosen = 0;
    // 1023.95 would be printed as 1024.0: the next unit takes over there.
    while (chosen < 2 && static_cast<double>(bytes.value) / units[chosen].first >= 1023.95)
        ++chosen;
    char buffer[32];
    const auto written = std::to_chars(buffer, buffer + sizeof buffer, static_cast<double>(bytes.value) / units[chosen].first,
                                       std::chars_format::fixed, 1);
    return std::string(buffer, written.ptr) + std::string(units[chosen].second);
}

} // namespace plimsoll
