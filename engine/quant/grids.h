// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

/// The codebooks of the IQ formats: the points of a small lattice that a format allows, in ascending order of their codes. Element i of an
/// entry is its byte i, lowest first.
namespace plimsoll::engine {

/// Eight magnitudes out of 8, 25 and 43.
extern const std::array<int64_t, 256> gridIq2Xxs;
extern const std::array<int64_t, 512> gridIq2Xs;
extern const std::array<int64_t, 1024> gridIq2S;
/// Eight of -8, 0 and 8, as int8: eighths, so that the shift of an eighth that IQ1 adds is whole.
extern const std::array<int64_t, 2048> gridIq1;
/// Four magnitudes out of 4, 12, 20, 28, 36, 44, 52 and 62.
extern const std::array<int32_t, 256> gridIq3Xxs;
/// Four odd magnitudes up to 15.
extern const std::array<int32_t, 512> gridIq3S;

} // namespace plimsoll::engine
