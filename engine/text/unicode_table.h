// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace plimsoll::engine::unicode {

/// Flags (see unicode.h) of the first 128 code points.
extern const std::array<uint8_t, 128> asciiFlags;

/// Where the flags change, ascending: first code point << 8 | flags from there on. The first entry is for code point 0.
extern const std::span<const uint32_t> rangeStarts;

} // namespace plimsoll::engine::unicode
