// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace plimsoll::app {

/// What a part of a device's memory is used for, as the bars show it. The order is the order in a bar. Mapped weights are file-backed:
/// the system may drop and reread them; all else of a model is owned.
enum class SegmentRole : uint8_t { Others, WeightsMapped, Weights, Kv, State, Compute, Overhead, Headroom, Shortage };
inline constexpr int segmentRoles = 9;

} // namespace plimsoll::app
