// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>

namespace plimsoll {

/// Bytes per second; 0 means not known.
struct Bandwidth
{
    double bytesPerSecond = 0;

    static constexpr Bandwidth gbPerSecond(double gb) { return {gb * 1e9}; }
    constexpr double gbPerSecond() const { return bytesPerSecond / 1e9; }
    constexpr bool known() const { return bytesPerSecond > 0; }
    constexpr auto operator<=>(const Bandwidth &) const = default;
};

/// Operations per second (a multiply-add counts two); 0 means not known.
struct Throughput
{
    double operationsPerSecond = 0;

    static constexpr Throughput tera(double t) { return {t * 1e12}; }
    constexpr double tera() const { return operationsPerSecond / 1e12; }
    constexpr bool known() const { return operationsPerSecond > 0; }
    constexpr auto operator<=>(const Throughput &) const = default;
};

/// A predicted rate in tokens per second with its band. All 0: no prediction.
struct RateEstimate
{
    double low = 0;
    double expected = 0;
    double high = 0;

    constexpr bool known() const { return expected > 0; }
};

} // namespace plimsoll
