// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plimsoll {

/// a + b, or nothing where 64 bits do not hold it. For lengths that come from a file.
constexpr std::optional<uint64_t> checkedAdd(uint64_t a, uint64_t b)
{
    uint64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        return std::nullopt;
    return sum;
}

/// a * b, or nothing where 64 bits do not hold it.
constexpr std::optional<uint64_t> checkedMultiply(uint64_t a, uint64_t b)
{
    uint64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product))
        return std::nullopt;
    return product;
}

/// The next multiple of `step` (a power of two or not, never 0) at or above `value`; saturates.
constexpr uint64_t roundUp(uint64_t value, uint64_t step)
{
    // Steps are powers of two nearly always, and dividing takes long.
    const uint64_t rest = (step & (step - 1)) == 0 ? value & (step - 1) : value % step;
    if (rest == 0)
        return value;
    return checkedAdd(value, step - rest).value_or(UINT64_MAX);
}

/// An amount of memory or file. Sums and products saturate at `overflow()`, and stay there: a quantity
/// that cannot be represented never looks small. Differences stop at zero.
struct Bytes
{
    uint64_t value = 0;

    static constexpr Bytes overflow() { return {UINT64_MAX}; }
    constexpr bool overflowed() const { return value == UINT64_MAX; }
    constexpr double gib() const { return static_cast<double>(value) / 1073741824.0; }
    constexpr double mib() const { return static_cast<double>(value) / 1048576.0; }
    constexpr double gb() const { return static_cast<double>(value) / 1e9; }

    constexpr auto operator<=>(const Bytes &) const = default;

    constexpr Bytes &operator+=(Bytes other)
    {
        value = checkedAdd(value, other.value).value_or(UINT64_MAX);
        return *this;
    }
    friend constexpr Bytes operator+(Bytes a, Bytes b) { return a += b; }
    friend constexpr Bytes operator-(Bytes a, Bytes b) { return {a.value > b.value ? a.value - b.value : 0}; }
    friend constexpr Bytes operator*(Bytes a, uint64_t n)
    {
        return {checkedMultiply(a.value, n).value_or(UINT64_MAX)};
    }
};

constexpr Bytes kib(uint64_t n) { return Bytes{1024} * n; }
constexpr Bytes mib(uint64_t n) { return Bytes{1048576} * n; }
constexpr Bytes gib(uint64_t n) { return Bytes{1073741824} * n; }

/// Reads "32GiB", "16 GB", "512 MiB", "1.5g" (g, m, k and t alone are binary, as memory is), "4096".
/// Nothing for negative, empty, unknown unit, or more than 64 bits hold.
std::optional<Bytes> parseBytes(std::string_view text);

/// "12.3 GiB", "512.0 MiB", "17 B": for tables and logs. The window formats through QLocale instead.
std::string toText(Bytes bytes);

} // namespace plimsoll
