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

/// All tables below ascend by their first member.
struct LowerCase
{
    uint32_t codePoint;
    uint32_t lower;
};
extern const std::span<const LowerCase> lowerCases;

/// One step of a canonical decomposition; second is 0 where it is a single character.
struct Decomposition
{
    uint32_t codePoint;
    uint32_t first;
    uint32_t second;
};
extern const std::span<const Decomposition> decompositions;

/// Both ends belong to it.
struct Span
{
    uint32_t first;
    uint32_t last;
};
extern const std::span<const Span> nonspacingMarks;

} // namespace plimsoll::engine::unicode
