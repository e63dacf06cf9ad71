// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "float_kernels.h"

#include <plimsoll/engine/quant/blocks.h>
#include <plimsoll/engine/quant/reference.h>

/// The number formats of KV cells: how a row is written, and how attention reads one, turned to float32 in registers. A format is a type
/// with load(cell, at), one vector of numbers from a multiple of the width on, and loadUpTo(cell, at, n), zero from n on.
namespace {

template <typename V, typename Read>
struct PlainCells
{
    using Number = typename Read::Number;

    static typename V::F load(const std::byte *cell, uint32_t at) { return Read::load(reinterpret_cast<const Number *>(cell) + at); }
    static typename V::F loadUpTo(const std::byte *cell, uint32_t at, uint32_t n)
    {
        return ::loadUpTo<V, Read>(reinterpret_cast<const Number *>(cell) + at, n - at);
    }
};

inline constexpr uint32_t cellBlock = 32;   // elements of the block formats below

/// Numbers [at, at + width) of a block, without its scale. No vector crosses the middle, where Q4_0 goes over to its high nibbles.
template <typename V>
typename V::F numbersOf(const BlockQ8_0 &block, uint32_t at)
{
    return V::loadBytes(block.q + at);
}

template <typename V>
typename V::F numbersOf(const BlockQ4_0 &block, uint32_t at)
{
    constexpr uint32_t half = cellBlock / 2;
    return at < half ? V::loadLowNibbles(block.nibbles + at) : V::loadHighNibbles(block.nibbles + (at - half));
}

/// Rows are multiples of the block.
template <typename V, typename Block>
struct BlockCells
{
    static typename V::F load(const std::byte *cell, uint32_t at)
    {
        const Block &block = reinterpret_cast<const Block *>(cell)[at / cellBlock];
        return V::mul(numbersOf<V>(block, at % cellBlock), V::setHalf(block.d));
    }
    static typename V::F loadUpTo(const std::byte *cell, uint32_t at, uint32_t) { return load(cell, at); }
};

/// Calls body.template operator()<Cells>() with the format of `type`; any other was refused when the model was loaded.
template <typename V, typename Body>
void withCells(GgmlType type, Body body)
{
    switch (type) {
    case GgmlType::F32: return body.template operator()<PlainCells<V, ReadF32<V>>>();
    case GgmlType::Q8_0: return body.template operator()<BlockCells<V, BlockQ8_0>>();
    case GgmlType::Q4_0: return body.template operator()<BlockCells<V, BlockQ4_0>>();
    default: return body.template operator()<PlainCells<V, ReadF16<V>>>();
    }
}

/// The largest finite half float: a scale beyond it is held there, and the largest numbers of such a block are cut off.
inline constexpr float largestHalf = 65504.0f;

/// out[i] = x[i] / d rounded to nearest even, held between low and high; what is no number becomes `low`. 0 where d is.
template <typename V>
void roundBlock(const float *x, uint16_t d, float low, float high, int32_t *out)
{
    const float scale = halfToFloat(d);
    const float inverse = scale != 0 ? 1 / scale : 0;
    float rounded[cellBlock];
    mapRows<V>(x, nullptr, cellBlock, rounded, [&](auto a, auto) {
        return V::min(V::max(V::round(V::mul(a, V::set(inverse))), V::set(low)), V::set(high));
    });
    for (uint32_t i = 0; i < cellBlock; ++i)
        out[i] = static_cast<int32_t>(rounded[i]);
}

/// The numbers of lowest and highest value.
struct Extremes
{
    float low;
    float high;
};

Extremes extremesOf(const float *x)
{
    Extremes found{0, 0};
    for (uint32_t i = 0; i < cellBlock; ++i) {
        found.low = x[i] < found.low ? x[i] : found.low;
        found.high = x[i] > found.high ? x[i] : found.high;
    }
    return found;
}

/// Scale: the largest magnitude / 127.
template <typename V>
void storeBlock(const float *x, BlockQ8_0 &block)
{
    const Extremes found = extremesOf(x);
    const float top = -found.low > found.high ? -found.low : found.high;
    const float d = top / 127;
    block.d = floatToHalf(d < largestHalf ? d : largestHalf);
    int32_t q[cellBlock];
    roundBlock<V>(x, block.d, -127, 127, q);
    for (uint32_t i = 0; i < cellBlock; ++i)
        block.q[i] = static_cast<int8_t>(q[i]);
}

/// Scale: the number of largest magnitude, with its sign, / −8, so that it falls on the end of the range that is one longer.
template <typename V>
void storeBlock(const float *x, BlockQ4_0 &block)
{
    const Extremes found = extremesOf(x);
    const float d = (-found.low > found.high ? found.low : found.high) / -8;
    const float held = d < largestHalf ? d : largestHalf;
    block.d = floatToHalf(held > -largestHalf ? held : -largestHalf);
    int32_t q[cellBlock];
    roundBlock<V>(x, block.d, -8, 7, q);
    for (uint32_t i = 0; i < cellBlock / 2; ++i)
        block.nibbles[i] = static_cast<uint8_t>((q[i] + 8) | (q[i + cellBlock / 2] + 8) << 4);
}

template <typename V, typename Block>
void storeBlocks(const float *x, uint32_t n, std::byte *out)
{
    auto *block = reinterpret_cast<Block *>(out);
    for (uint32_t i = 0; i < n; i += cellBlock, ++block)
        storeBlock<V>(x + i, *block);
}

template <typename V>
void storeHalves(const float *x, uint32_t n, uint16_t *out)
{
    overLanes<V>(
        n, [&](uint32_t i) { V::storeHalf(out + i, V::load(x + i)); },
        [&](uint32_t i, uint32_t rest) {
            float a[V::width] = {};
            uint16_t h[V::width];
            std::memcpy(a, x + i, rest * sizeof(float));
            V::storeHalf(h, V::load(a));
            std::memcpy(out + i, h, rest * sizeof(uint16_t));
        });
}

template <typename V>
void storeCells(const float *x, uint32_t n, GgmlType type, std::byte *out)
{
    switch (type) {
    case GgmlType::F32: std::memcpy(out, x, n * sizeof(float)); return;
    case GgmlType::Q8_0: return storeBlocks<V, BlockQ8_0>(x, n, out);
    case GgmlType::Q4_0: return storeBlocks<V, BlockQ4_0>(x, n, out);
    default: return storeHalves<V>(x, n, reinterpret_cast<uint16_t *>(out));
    }
}

} // namespace
