// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace plimsoll::app {

/// What a part of a device's memory is used for, as the bars show it. The order is the order in a bar.
enum class SegmentRole : uint8_t { Others, Weights, Kv, State, Compute, Overhead, Headroom, Shortage };
inline constexpr int segmentRoles = 8;

} // namespace plimsoll::app
