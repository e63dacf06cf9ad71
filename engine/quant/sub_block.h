// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blocks.h"
#include "blocks_codebook.h"
#include "reference.h"

/// What all block formats have in common, so that a plain loop can read any of them. Functions are static, as in blocks.h.
namespace plimsoll::engine {

/// 32 neighbouring elements: element i is scale[i / 16] · q[i] + offset[i / 16], each operation rounded.
struct SubBlock
{
    int8_t q[32];
    float scale[2];
    float offset[2];
};

static inline void setScale(SubBlock &sub, float scale, float offset = 0)
{
    sub.scale[0] = sub.scale[1] = scale;
    sub.offset[0] = sub.offset[1] = offset;
}

static inline void setScales(SubBlock &sub, float first, float second)
{
    sub.scale[0] = first;
    sub.scale[1] = second;
    sub.offset[0] = sub.offset[1] = 0;
}

/// Stored numbers, less `zero`.
template <typename Block>
static inline void setNumbers(SubBlock &sub, const Block &block, uint32_t j, int zero)
{
    uint8_t q[32];
    numbers(block, j, q);
    for (uint32_t i = 0; i < 32; ++i)
        sub.q[i] = static_cast<int8_t>(q[i] - zero);
}

static inline SubBlock subBlock(const BlockQ4_0 &block, uint32_t)
{
    SubBlock sub;
    setNumbers(sub, block, 0, 8);
    setScale(sub, halfToFloat(block.d));
    return sub;
}

static inline SubBlock subBlock(const BlockQ4_1 &block, uint32_t)
{
    SubBlock sub;
    setNumbers(sub, block, 0, 0);
    setScale(sub, halfToFloat(block.d), halfToFloat(block.m));
    return sub;
}

static inline SubBlock subBlock(const BlockQ5_0 &block, uint32_t)
{
    SubBlock sub;
    setNumbers(sub, block, 0, 16);
    setScale(sub, halfToFloat(block.d));
    return sub;
}

static inline SubBlock subBlock(const BlockQ5_1 &block, uint32_t)
{
    SubBlock sub;
    setNumbers(sub, block, 0, 0);
    setScale(sub, halfToFloat(block.d), halfToFloat(block.m));
    return sub;
}

static inline SubBlock subBlock(const BlockQ8_0 &block, uint32_t)
{
    SubBlock sub;
    std::memcpy(sub.q, block.q, sizeof sub.q);
    setScale(sub, halfToFloat(block.d));
    return sub;
}

static inline SubBlock subBlock(const BlockQ2_K &block, uint32_t j)
{
    SubBlock sub;
    setNumbers(sub, block, j, 0);
    for (uint32_t h = 0; h < 2; ++h) {
        const uint8_t packed = block.scales[2 * j + h];
        sub.scale[h] = halfToFloat(block.d) * static_cast<float>(packed & 15);
        sub.offset[h] = -halfToFloat(block.dmin) * static_cast<float>(packed >> 4);
    }
    return sub;
}

static inline SubBlock subBlock(const BlockQ3_K &block, uint32_t j)
{
    SubBlock sub;
    setNumbers(sub, block, j, 4);
    const auto scale = [&](uint32_t s) { return halfToFloat(block.d) * (static_cast<float>(scaleOf(block, s)) - 32); };
    setScales(sub, scale(2 * j), scale(2 * j + 1));
    return sub;
}

/// Q4_K and Q5_K.
template <typename Block>
static inline SubBlock subBlockWithMin(const Block &block, uint32_t j)
{
    SubBlock sub;
    setNumbers(sub, block, j, 0);
    const SixBits bits = sixBits(block.scales, j);
    setScale(sub, halfToFloat(block.d) * bits.scale, -halfToFloat(block.dmin) * bits.min);
    return sub;
}

static inline SubBlock subBlock(const BlockQ4_K &block, uint32_t j)
{
    return subBlockWithMin(block, j);
}

static inline SubBlock subBlock(const BlockQ5_K &block, uint32_t j)
{
    return subBlockWithMin(block, j);
}

static inline SubBlock subBlock(const BlockQ6_K &block, uint32_t j)
{
    SubBlock sub;
    setNumbers(sub, block, j, 32);
    setScales(sub, halfToFloat(block.d) * block.scales[2 * j], halfToFloat(block.d) * block.scales[2 * j + 1]);
    return sub;
}

/// Nibbles as indices into a table of 16.
static inline void setValues(SubBlock &sub, const uint8_t *nibbles, const int8_t (&values)[16])
{
    for (uint32_t i = 0; i < 16; ++i) {
        sub.q[i] = values[nibbles[i] & 15];
        sub.q[16 + i] = values[nibbles[i] >> 4];
    }
}

static inline SubBlock subBlock(const BlockIQ4_NL &block, uint32_t)
{
    SubBlock sub;
    setValues(sub, block.nibbles, valuesIq4);
    setScale(sub, halfToFloat(block.d));
    return sub;
}

static inline SubBlock subBlock(const BlockIQ4_XS &block, uint32_t j)
{
    SubBlock sub;
    setValues(sub, block.nibbles + 16 * j, valuesIq4);
    const int scale = nibbleOf(block.low[j / 2], j & 1) | (block.high >> (2 * j) & 3) << 4;
    setScale(sub, halfToFloat(block.d) * static_cast<float>(scale - 32));
    return sub;
}

static inline SubBlock subBlock(const BlockMXFP4 &block, uint32_t)
{
    SubBlock sub;
    setValues(sub, block.nibbles, valuesE2m1);
    setScale(sub, halfOfE8m0(block.exponent));
    return sub;
}

static inline SubBlock subBlock(const BlockNVFP4 &block, uint32_t j)
{
    SubBlock sub;
    for (uint32_t i = 0; i < 32; ++i)
        sub.q[i] = valuesE2m1[nibbleOf(block.nibbles[16 * j + i / 16 * 8 + i % 8], i / 8 & 1)];
    setScales(sub, halfOfUe4m3(block.scales[2 * j]), halfOfUe4m3(block.scales[2 * j + 1]));
    return sub;
}

/// Entry l of the sub-block; its size says how many elements it has.
template <typename Entry>
static inline void setEntry(SubBlock &sub, uint32_t l, Entry entry)
{
    std::memcpy(sub.q + l * sizeof entry, &entry, sizeof entry);
}

static inline void setSigns(SubBlock &sub, uint32_t signs)
{
    for (uint32_t i = 0; i < 32; ++i)
        sub.q[i] = static_cast<int8_t>(signs >> i & 1 ? -sub.q[i] : sub.q[i]);
}

/// d·(s + ½)·step of a scale of 4 bits.
static inline float halfStepScale(uint16_t d, uint32_t s, float step)
{
    return halfToFloat(d) * (static_cast<float>(s) + 0.5f) * step;
}

static inline SubBlock subBlock(const BlockIQ2_XXS &block, uint32_t j)
{
    SubBlock sub;
    for (uint32_t l = 0; l < 4; ++l)
        setEntry(sub, l, gridIq2Xxs[block.q[8 * j + l]]);
    const auto word = wordAt<uint32_t>(block.q + 8 * j + 4);
    setSigns(sub, evenSigns(word));
    setScale(sub, halfStepScale(block.d, word >> 28, 0.25f));
    return sub;
}

static inline SubBlock subBlock(const BlockIQ2_XS &block, uint32_t j)
{
    SubBlock sub;
    uint32_t sevens = 0;
    for (uint32_t l = 0; l < 4; ++l) {
        setEntry(sub, l, gridIq2Xs[block.q[4 * j + l] & 511]);
        sevens |= static_cast<uint32_t>(block.q[4 * j + l] >> 9) << (7 * l);
    }
    setSigns(sub, evenSigns(sevens));
    setScales(sub, halfStepScale(block.d, block.scales[j] & 15, 0.25f), halfStepScale(block.d, block.scales[j] >> 4, 0.25f));
    return sub;
}

static inline SubBlock subBlock(const BlockIQ2_S &block, uint32_t j)
{
    SubBlock sub;
    for (uint32_t l = 0; l < 4; ++l)
        setEntry(sub, l, gridIq2S[block.q[4 * j + l] | (block.high[j] >> (2 * l) & 3u) << 8]);
    setSigns(sub, wordAt<uint32_t>(block.signs + 4 * j));
    setScales(sub, halfStepScale(block.d, block.scales[j] & 15, 0.25f), halfStepScale(block.d, block.scales[j] >> 4, 0.25f));
    return sub;
}

static inline SubBlock subBlock(const BlockIQ3_XXS &block, uint32_t j)
{
    SubBlock sub;
    for (uint32_t l = 0; l < 8; ++l)
        setEntry(sub, l, gridIq3Xxs[block.q[8 * j + l]]);
    const auto word = wordAt<uint32_t>(block.words + 4 * j);
    setSigns(sub, evenSigns(word));
    setScale(sub, halfStepScale(block.d, word >> 28, 0.5f));
    return sub;
}

static inline SubBlock subBlock(const BlockIQ3_S &block, uint32_t j)
{
    SubBlock sub;
    for (uint32_t l = 0; l < 8; ++l)
        setEntry(sub, l, gridIq3S[block.q[8 * j + l] | (block.high[j] >> l & 1u) << 8]);
    setSigns(sub, wordAt<uint32_t>(block.signs + 4 * j));
    setScale(sub, halfToFloat(block.d) * static_cast<float>(1 + 2 * nibbleOf(block.scales[j / 2], j & 1)));
    return sub;
}

/// An entry of gridIq1 moved by an eighth, up or down.
static inline void setShifted(SubBlock &sub, uint32_t l, uint32_t index, bool down)
{
    setEntry(sub, l, gridIq1[index]);
    for (uint32_t i = 8 * l; i < 8 * l + 8; ++i)
        sub.q[i] = static_cast<int8_t>(sub.q[i] + (down ? -1 : 1));
}

/// d·(2s + 1) in eighths.
static inline float oddScale(uint16_t d, uint32_t s)
{
    return halfToFloat(d) * static_cast<float>(2 * (s & 7) + 1) * 0.125f;
}

static inline SubBlock subBlock(const BlockIQ1_S &block, uint32_t j)
{
    SubBlock sub;
    const uint32_t high = block.high[j];
    for (uint32_t l = 0; l < 4; ++l)
        setShifted(sub, l, block.q[4 * j + l] | (high >> (3 * l) & 7) << 8, high >> 15);
    setScale(sub, oddScale(block.d, high >> 12));
    return sub;
}

static inline SubBlock subBlock(const BlockIQ1_M &block, uint32_t j)
{
    SubBlock sub;
    for (uint32_t l = 0; l < 4; ++l) {
        const uint32_t high = nibbleOf(block.high[2 * j + l / 2], l & 1);
        setShifted(sub, l, block.q[4 * j + l] | (high & 7) << 8, high >> 3);
    }
    const uint32_t scales = wordAt<uint16_t>(block.scales + j / 2 * 2) >> (6 * (j % 2));
    setScales(sub, oddScale(scaleOf(block), scales), oddScale(scaleOf(block), scales >> 3));
    return sub;
}

static inline SubBlock subBlock(const BlockTQ1_0 &block, uint32_t j)
{
    static constexpr uint8_t powers[5] = {1, 3, 9, 27, 81};
    SubBlock sub;
    for (uint32_t i = 0; i < 32; ++i) {
        const uint32_t at = 32 * j + i;
        const bool inFirst = at < 160;
        const bool inSecond = at < 240;
        const uint8_t packed = inFirst ? block.first[i] : inSecond ? block.second[at % 16] : block.last[at % 4];
        const uint32_t digit = inFirst ? j : inSecond ? (at - 160) / 16 : (at - 240) / 4;
        // Multiplying by a power of 3 moves the digit before the point of the fraction; the byte keeps what is behind.
        const auto fraction = static_cast<uint8_t>(packed * powers[digit]);
        sub.q[i] = static_cast<int8_t>((fraction * 3 >> 8) - 1);
    }
    setScale(sub, halfToFloat(block.d));
    return sub;
}

static inline SubBlock subBlock(const BlockTQ2_0 &block, uint32_t j)
{
    SubBlock sub;
    uint8_t q[32];
    splitPairs(block.pairs, j, q);
    for (uint32_t i = 0; i < 32; ++i)
        sub.q[i] = static_cast<int8_t>(q[i] - 1);
    setScale(sub, halfToFloat(block.d));
    return sub;
}

static inline SubBlock subBlock(const BlockQ1_0 &block, uint32_t j)
{
    SubBlock sub;
    for (uint32_t i = 0; i < 32; ++i)
        sub.q[i] = block.bits[4 * j + i / 8] >> (i % 8) & 1 ? 1 : -1;
    setScale(sub, halfToFloat(block.d));
    return sub;
}

static inline SubBlock subBlock(const BlockQ2_0 &block, uint32_t j)
{
    SubBlock sub;
    for (uint32_t i = 0; i < 32; ++i)
        sub.q[i] = static_cast<int8_t>((block.pairs[8 * j + i / 4] >> (2 * (i % 4)) & 3) - 1);
    setScale(sub, halfToFloat(block.d));
    return sub;
}

/// body.template operator()<Block, Elements>() for the format's struct; returns whether it is a format of blocks.
template <typename Body>
static inline bool withBlock(GgmlType type, Body &&body)
{
    switch (type) {
    case GgmlType::Q4_0: return body.template operator()<BlockQ4_0, 32>(), true;
    case GgmlType::Q4_1: return body.template operator()<BlockQ4_1, 32>(), true;
    case GgmlType::Q5_0: return body.template operator()<BlockQ5_0, 32>(), true;
    case GgmlType::Q5_1: return body.template operator()<BlockQ5_1, 32>(), true;
    case GgmlType::Q8_0: return body.template operator()<BlockQ8_0, 32>(), true;
    case GgmlType::Q2_K: return body.template operator()<BlockQ2_K, 256>(), true;
    case GgmlType::Q3_K: return body.template operator()<BlockQ3_K, 256>(), true;
    case GgmlType::Q4_K: return body.template operator()<BlockQ4_K, 256>(), true;
    case GgmlType::Q5_K: return body.template operator()<BlockQ5_K, 256>(), true;
    case GgmlType::Q6_K: return body.template operator()<BlockQ6_K, 256>(), true;
    case GgmlType::IQ4_NL: return body.template operator()<BlockIQ4_NL, 32>(), true;
    case GgmlType::IQ4_XS: return body.template operator()<BlockIQ4_XS, 256>(), true;
    case GgmlType::MXFP4: return body.template operator()<BlockMXFP4, 32>(), true;
    case GgmlType::NVFP4: return body.template operator()<BlockNVFP4, 64>(), true;
    case GgmlType::IQ2_XXS: return body.template operator()<BlockIQ2_XXS, 256>(), true;
    case GgmlType::IQ2_XS: return body.template operator()<BlockIQ2_XS, 256>(), true;
    case GgmlType::IQ2_S: return body.template operator()<BlockIQ2_S, 256>(), true;
    case GgmlType::IQ3_XXS: return body.template operator()<BlockIQ3_XXS, 256>(), true;
    case GgmlType::IQ3_S: return body.template operator()<BlockIQ3_S, 256>(), true;
    case GgmlType::IQ1_S: return body.template operator()<BlockIQ1_S, 256>(), true;
    case GgmlType::IQ1_M: return body.template operator()<BlockIQ1_M, 256>(), true;
    case GgmlType::TQ1_0: return body.template operator()<BlockTQ1_0, 256>(), true;
    case GgmlType::TQ2_0: return body.template operator()<BlockTQ2_0, 256>(), true;
    case GgmlType::Q1_0: return body.template operator()<BlockQ1_0, 128>(), true;
    case GgmlType::Q2_0: return body.template operator()<BlockQ2_0, 64>(), true;
    default: return false;
    }
}

} // namespace plimsoll::engine
