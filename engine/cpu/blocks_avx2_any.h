// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blocks_avx2_codebook.h"

#include <plimsoll/engine/quant/sub_block.h>

/// Every block format in the form of blocks_avx2.h.
namespace {

/// A format without minima, read by its plain loop: for those too rare to have a form of their own.
template <typename BlockType, uint32_t Elements>
struct FormatByReader
{
    using Block = BlockType;
    static constexpr uint32_t elements = Elements;
    static constexpr uint32_t halves = 2;
    static constexpr bool isSigned = true;
    static constexpr uint32_t zero = 0;
    static constexpr uint32_t largest = 9;   // of IQ1; all others have less

    static constexpr uint32_t each = Elements / 32;

    static __m256i numbers(const Block *blocks, uint32_t j) { return load256(subBlock(blocks[j / each], j % each).q); }
    static GroupScales scales(const Block *blocks, uint32_t count)
    {
        alignas(32) float scale[2][groupBlocks] = {};
        for (uint32_t j = 0; j < count; ++j) {
            const SubBlock sub = subBlock(blocks[j / each], j % each);
            scale[0][j] = sub.scale[0];
            scale[1][j] = sub.scale[1];
        }
        GroupScales out;
        out.scale[0] = _mm256_load_ps(scale[0]);
        out.scale[1] = _mm256_load_ps(scale[1]);
        return out;
    }
};

template <typename Block, uint32_t Elements>
struct FormatOf
{
    using Type = FormatByReader<Block, Elements>;
};

template <> struct FormatOf<BlockQ4_0, 32> { using Type = FormatQ4_0; };
template <> struct FormatOf<BlockQ4_1, 32> { using Type = FormatNibbles<BlockQ4_1, false>; };
template <> struct FormatOf<BlockQ5_0, 32> { using Type = FormatNibbles<BlockQ5_0, true>; };
template <> struct FormatOf<BlockQ5_1, 32> { using Type = FormatNibbles<BlockQ5_1, true>; };
template <> struct FormatOf<BlockQ8_0, 32> { using Type = FormatQ8_0; };
template <> struct FormatOf<BlockQ2_K, 256> { using Type = FormatQ2_K; };
template <> struct FormatOf<BlockQ3_K, 256> { using Type = FormatQ3_K; };
template <> struct FormatOf<BlockQ4_K, 256> { using Type = FormatQ4_K; };
template <> struct FormatOf<BlockQ5_K, 256> { using Type = FormatQ5_K; };
template <> struct FormatOf<BlockQ6_K, 256> { using Type = FormatQ6_K; };
template <> struct FormatOf<BlockIQ4_NL, 32> { using Type = FormatIQ4_NL; };
template <> struct FormatOf<BlockIQ4_XS, 256> { using Type = FormatIQ4_XS; };
template <> struct FormatOf<BlockMXFP4, 32> { using Type = FormatMXFP4; };
template <> struct FormatOf<BlockNVFP4, 64> { using Type = FormatNVFP4; };
template <> struct FormatOf<BlockIQ2_XXS, 256> { using Type = FormatIQ2_XXS; };
template <> struct FormatOf<BlockIQ2_XS, 256> { using Type = FormatIQ2_XS; };
template <> struct FormatOf<BlockIQ2_S, 256> { using Type = FormatIQ2_S; };
template <> struct FormatOf<BlockIQ3_XXS, 256> { using Type = FormatIQ3_XXS; };
template <> struct FormatOf<BlockIQ3_S, 256> { using Type = FormatIQ3_S; };
template <> struct FormatOf<BlockTQ2_0, 256> { using Type = FormatTQ2_0; };

} // namespace
