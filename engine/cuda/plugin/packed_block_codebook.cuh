// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "packed_block.cuh"

#include <plimsoll/engine/quant/blocks_codebook.h>

namespace plimsoll::engine::cuda {

/// Differences and sums of the four bytes of two words, each wrapping by itself.
__device__ inline uint32_t subtractBytes(uint32_t a, uint32_t b)
{
    return ((a | 0x80808080u) - (b & 0x7f7f7f7fu)) ^ ((a ^ ~b) & 0x80808080u);
}

__device__ inline uint32_t addBytes(uint32_t a, uint32_t b)
{
    return ((a & 0x7f7f7f7fu) + (b & 0x7f7f7f7fu)) ^ ((a ^ b) & 0x80808080u);
}

/// Sixteen signed bytes, four to a word.
struct ByteTable
{
    uint32_t words[4];
};

/// valuesIq4 and valuesE2m1 of engine/quant.
__device__ inline ByteTable tableIq4()
{
    return {{0xbfad9881u, 0xf6eaddcfu, 0x26190d01u, 0x71594535u}};
}

__device__ inline ByteTable tableE2m1()
{
    return {{0x03020100u, 0x0c080604u, 0xfdfeff00u, 0xf4f8fafcu}};
}

/// The entries that the four bytes of `indices` (0 to 15 each) name.
__device__ inline uint32_t lookUp(const ByteTable &table, uint32_t indices)
{
    uint32_t selector = (indices | indices >> 4) & 0x00ff00ffu;
    selector = (selector | selector >> 8) & 0xffffu;
    const uint32_t low = __byte_perm(table.words[0], table.words[1], selector & 0x7777u);
    const uint32_t high = __byte_perm(table.words[2], table.words[3], selector & 0x7777u);
    return __byte_perm(low, high, 0x3210u | (selector & 0x8888u) >> 1);
}

template <uint32_t Align>
__device__ inline void readValues(PackedSubBlock &sub, const uint8_t *nibbles, const ByteTable &table)
{
    readNibbles<Align>(sub, nibbles);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] = lookUp(table, sub.q[i]);
}

__device__ inline void read(const BlockIQ4_NL &block, uint32_t, const GridTables *, PackedSubBlock &sub)
{
    readValues<2>(sub, block.nibbles, tableIq4());
    setScale(sub, fromHalf(block.d));
}

__device__ inline void read(const BlockIQ4_XS &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    readValues<8>(sub, block.nibbles + 16 * j, tableIq4());
    const uint32_t scale = (block.low[j / 2] >> (4 * (j & 1)) & 15u) | (block.high >> (2 * j) & 3u) << 4;
    setScale(sub, fromHalf(block.d) * (static_cast<float>(scale) - 32));
}

__device__ inline void read(const BlockMXFP4 &block, uint32_t, const GridTables *, PackedSubBlock &sub)
{
    readValues<1>(sub, block.nibbles, tableE2m1());
    const uint32_t exponent = block.exponent;
    setScale(sub, __uint_as_float(exponent < 2 ? 0x00200000u << exponent : (exponent - 1u) << 23));
}

/// Half of an unsigned number of 4 exponent and 3 fraction bits; see halfOfUe4m3.
__device__ inline float halfOfScale(uint32_t bits)
{
    const uint32_t exponent = bits >> 3 & 15u;
    const auto fraction = static_cast<float>(bits & 7u);
    if (bits == 0x7f)
        return 0;
    return exponent == 0 ? fraction * 0x1p-10f : __uint_as_float((exponent + 119) << 23) * (1 + fraction / 8);
}

/// Two sub-blocks of 16, whose 8 bytes hold elements 0–7 in the low and 8–15 in the high nibbles.
__device__ inline void read(const BlockNVFP4 &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    uint32_t words[4];
    loadWords<4>(block.nibbles + 16 * j, words);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] = lookUp(tableE2m1(), words[i / 4 * 2 + i % 2] >> (4 * (i / 2 % 2)) & 0x0f0f0f0fu);
    setScales(sub, halfOfScale(block.scales[2 * j]), halfOfScale(block.scales[2 * j + 1]));
}

/// An entry of eight elements.
__device__ inline void setEntry(PackedSubBlock &sub, uint32_t l, int64_t entry)
{
    sub.q[2 * l] = static_cast<uint32_t>(entry);
    sub.q[2 * l + 1] = static_cast<uint32_t>(static_cast<uint64_t>(entry) >> 32);
}

/// Element i is negated where bit i is set.
__device__ inline void setSigns(PackedSubBlock &sub, uint32_t signs)
{
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i) {
        const uint32_t mask = spreadBits<0>(signs >> (4 * i)) * 0xffu;
        sub.q[i] = subtractBytes(sub.q[i] ^ mask, mask);
    }
}

/// 32 sign bits from the lowest 28; see evenSigns.
__device__ inline uint32_t signsOfSevens(uint32_t word)
{
    const uint32_t sevens = (word & 127) | (word << 1 & 127u << 8) | (word << 2 & 127u << 16) | (word << 3 & 127u << 24);
    uint32_t parity = sevens ^ (sevens >> 4 & 0x07070707u);
    parity ^= parity >> 2 & 0x03030303u;
    parity ^= parity >> 1 & 0x01010101u;
    return sevens | (parity & 0x01010101u) << 7;
}

__device__ inline float halfStep(float d, uint32_t s, float step)
{
    return d * (static_cast<float>(s) + 0.5f) * step;
}

__device__ inline void read(const BlockIQ2_XXS &block, uint32_t j, const GridTables *grids, PackedSubBlock &sub)
{
    const uint32_t indices = loadWord<2>(block.q + 8 * j);
    const uint32_t word = loadWord<2>(block.q + 8 * j + 4);
#pragma unroll
    for (uint32_t l = 0; l < 4; ++l)
        setEntry(sub, l, grids->iq2Xxs[indices >> (8 * l) & 255u]);
    setSigns(sub, signsOfSevens(word));
    setScale(sub, halfStep(fromHalf(block.d), word >> 28, 0.25f));
}

__device__ inline void setQuarterScales(PackedSubBlock &sub, uint16_t d, uint32_t scales)
{
    setScales(sub, halfStep(fromHalf(d), scales & 15u, 0.25f), halfStep(fromHalf(d), scales >> 4, 0.25f));
}

__device__ inline void read(const BlockIQ2_XS &block, uint32_t j, const GridTables *grids, PackedSubBlock &sub)
{
    uint32_t sevens = 0;
#pragma unroll
    for (uint32_t l = 0; l < 4; ++l) {
        const uint32_t word = block.q[4 * j + l];
        setEntry(sub, l, grids->iq2Xs[word & 511u]);
        sevens |= word >> 9 << (7 * l);
    }
    setSigns(sub, signsOfSevens(sevens));
    setQuarterScales(sub, block.d, block.scales[j]);
}

__device__ inline void read(const BlockIQ2_S &block, uint32_t j, const GridTables *grids, PackedSubBlock &sub)
{
#pragma unroll
    for (uint32_t l = 0; l < 4; ++l)
        setEntry(sub, l, grids->iq2S[block.q[4 * j + l] | (block.high[j] >> (2 * l) & 3u) << 8]);
    setSigns(sub, loadWord<2>(block.signs + 4 * j));
    setQuarterScales(sub, block.d, block.scales[j]);
}

__device__ inline void read(const BlockIQ3_XXS &block, uint32_t j, const GridTables *grids, PackedSubBlock &sub)
{
#pragma unroll
    for (uint32_t l = 0; l < 8; ++l)
        sub.q[l] = static_cast<uint32_t>(grids->iq3Xxs[block.q[8 * j + l]]);
    const uint32_t word = loadWord<2>(block.words + 4 * j);
    setSigns(sub, signsOfSevens(word));
    setScale(sub, halfStep(fromHalf(block.d), word >> 28, 0.5f));
}

__device__ inline void read(const BlockIQ3_S &block, uint32_t j, const GridTables *grids, PackedSubBlock &sub)
{
#pragma unroll
    for (uint32_t l = 0; l < 8; ++l)
        sub.q[l] = static_cast<uint32_t>(grids->iq3S[block.q[8 * j + l] | (block.high[j] >> l & 1u) << 8]);
    setSigns(sub, loadWord<2>(block.signs + 4 * j));
    setScale(sub, fromHalf(block.d) * static_cast<float>(1 + 2 * (block.scales[j / 2] >> (4 * (j & 1)) & 15u)));
}

/// An entry of gridIq1 moved by an eighth, up or down.
__device__ inline void setShifted(PackedSubBlock &sub, uint32_t l, int64_t entry, bool down)
{
    const uint32_t shift = down ? 0xffffffffu : 0x01010101u;
    setEntry(sub, l, entry);
    sub.q[2 * l] = addBytes(sub.q[2 * l], shift);
    sub.q[2 * l + 1] = addBytes(sub.q[2 * l + 1], shift);
}

/// d·(2s + 1) in eighths.
__device__ inline float oddEighths(uint16_t d, uint32_t s)
{
    return fromHalf(d) * static_cast<float>(2 * (s & 7u) + 1) * 0.125f;
}

__device__ inline void read(const BlockIQ1_S &block, uint32_t j, const GridTables *grids, PackedSubBlock &sub)
{
    const uint32_t high = block.high[j];
#pragma unroll
    for (uint32_t l = 0; l < 4; ++l)
        setShifted(sub, l, grids->iq1[block.q[4 * j + l] | (high >> (3 * l) & 7u) << 8], high >> 15);
    setScale(sub, oddEighths(block.d, high >> 12));
}

__device__ inline void read(const BlockIQ1_M &block, uint32_t j, const GridTables *grids, PackedSubBlock &sub)
{
#pragma unroll
    for (uint32_t l = 0; l < 4; ++l) {
        const uint32_t high = block.high[2 * j + l / 2] >> (4 * (l & 1)) & 15u;
        setShifted(sub, l, grids->iq1[block.q[4 * j + l] | (high & 7u) << 8], high >> 3);
    }
    uint32_t d = 0;
#pragma unroll
    for (uint32_t i = 0; i < 4; ++i)
        d |= (block.scales[2 * i + 1] >> 4 & 15u) << (4 * i);
    const uint32_t scales = load<uint16_t>(block.scales + j / 2 * 2) >> (6 * (j % 2));
    const auto half = static_cast<uint16_t>(d);
    setScales(sub, oddEighths(half, scales), oddEighths(half, scales >> 3));
}

__device__ inline void read(const BlockTQ1_0 &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    constexpr uint32_t powers = 81u << 24 | 27u << 16 | 9u << 8 | 3u;   // and 1 before them
#pragma unroll
    for (uint32_t word = 0; word < 8; ++word) {
        sub.q[word] = 0;
#pragma unroll
        for (uint32_t byte = 0; byte < 4; ++byte) {
            const uint32_t i = 4 * word + byte;
            const uint32_t at = 32 * j + i;
            const uint32_t packed = at < 160 ? block.first[i] : at < 240 ? block.second[at % 16] : block.last[at % 4];
            const uint32_t digit = at < 160 ? j : at < 240 ? (at - 160) / 16 : (at - 240) / 4;
            const uint32_t power = digit == 0 ? 1u : powers >> (8 * (digit - 1)) & 255u;
            sub.q[word] |= ((packed * power & 255u) * 3 >> 8) << (8 * byte);
        }
    }
    const float d = fromHalf(block.d);
    setScale(sub, d, -d);
}

__device__ inline void read(const BlockTQ2_0 &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    loadWords<2>(block.pairs + j / 4 * 32, sub.q);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] = sub.q[i] >> (2 * (j % 4)) & 0x03030303u;
    const float d = fromHalf(block.d);
    setScale(sub, d, -d);
}

__device__ inline void read(const BlockQ1_0 &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    const uint32_t bits = loadWord<2>(block.bits + 4 * j);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i)
        sub.q[i] = spreadBits<0>(bits >> (4 * i));
    const float d = fromHalf(block.d);
    setScale(sub, 2 * d, -d);
}

/// Four neighbours in a byte.
__device__ inline void read(const BlockQ2_0 &block, uint32_t j, const GridTables *, PackedSubBlock &sub)
{
    uint32_t words[2];
    loadWords<2>(block.pairs + 8 * j, words);
#pragma unroll
    for (uint32_t i = 0; i < 8; ++i) {
        const uint32_t four = words[i / 4] >> (8 * (i % 4));
        sub.q[i] = (four & 3u) | (four >> 2 & 3u) << 8 | (four >> 4 & 3u) << 16 | (four >> 6 & 3u) << 24;
    }
    const float d = fromHalf(block.d);
    setScale(sub, d, -d);
}

} // namespace plimsoll::engine::cuda
