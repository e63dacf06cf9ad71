// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/quant/blocks.h>
#include <plimsoll/engine/quant/blocks_codebook.h>

#include <cstdint>

namespace plimsoll::engine::cuda {

/// What the kernels may rely on in the sub-blocks that a reader makes of a format (PackedSubBlock); where nothing is said, one scale serves
/// all 32 elements and there is no offset.
struct BlockTraits
{
    uint32_t zero = 0;      // offsets are -zero · scale
    bool minimum = false;   // offsets of any size
    bool halves = false;    // the first and the second 16 elements have scales of their own
};

template <typename Block>
inline constexpr BlockTraits traitsOf{};
template <>
inline constexpr BlockTraits traitsOf<BlockQ4_0>{.zero = 8};
template <>
inline constexpr BlockTraits traitsOf<BlockQ4_1>{.minimum = true};
template <>
inline constexpr BlockTraits traitsOf<BlockQ5_0>{.zero = 16};
template <>
inline constexpr BlockTraits traitsOf<BlockQ5_1>{.minimum = true};
template <>
inline constexpr BlockTraits traitsOf<BlockQ2_K>{.minimum = true, .halves = true};
template <>
inline constexpr BlockTraits traitsOf<BlockQ3_K>{.zero = 4, .halves = true};
template <>
inline constexpr BlockTraits traitsOf<BlockQ4_K>{.minimum = true};
template <>
inline constexpr BlockTraits traitsOf<BlockQ5_K>{.minimum = true};
template <>
inline constexpr BlockTraits traitsOf<BlockQ6_K>{.zero = 32, .halves = true};
template <>
inline constexpr BlockTraits traitsOf<BlockNVFP4>{.halves = true};
template <>
inline constexpr BlockTraits traitsOf<BlockIQ2_XS>{.halves = true};
template <>
inline constexpr BlockTraits traitsOf<BlockIQ2_S>{.halves = true};
template <>
inline constexpr BlockTraits traitsOf<BlockIQ1_M>{.halves = true};
template <>
inline constexpr BlockTraits traitsOf<BlockTQ1_0>{.zero = 1};
template <>
inline constexpr BlockTraits traitsOf<BlockTQ2_0>{.zero = 1};
template <>
inline constexpr BlockTraits traitsOf<BlockQ1_0>{.minimum = true};
template <>
inline constexpr BlockTraits traitsOf<BlockQ2_0>{.zero = 1};

} // namespace plimsoll::engine::cuda
