// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// The block formats of ggml as they lie in a file: little-endian, no padding. `d` and `dmin` are half floats. Each drawing says which
/// element of the block a number belongs to. Everything that reads blocks, fast or slow, reads these structs. Functions here are static:
/// files compiled for different instruction sets include them, and must not share one copy.
namespace plimsoll::engine {

/// 32 elements: d·(nibble − 8). Byte i holds element i (low nibble) and element 16+i (high nibble).
struct BlockQ4_0
{
    uint16_t d;
    uint8_t nibbles[16];
};
static_assert(sizeof(BlockQ4_0) == 18);

/// As Q4_0 with a minimum instead of an offset: d·nibble + m.
struct BlockQ4_1
{
    uint16_t d;
    uint16_t m;
    uint8_t nibbles[16];
};
static_assert(sizeof(BlockQ4_1) == 20);

/// As Q4_0 with a fifth bit, d·(q − 16): bit i of the four bytes of `high`, lowest first, belongs to element i.
struct BlockQ5_0
{
    uint16_t d;
    uint8_t high[4];
    uint8_t nibbles[16];
};
static_assert(sizeof(BlockQ5_0) == 22);

/// As Q4_1 with the fifth bit of Q5_0.
struct BlockQ5_1
{
    uint16_t d;
    uint16_t m;
    uint8_t high[4];
    uint8_t nibbles[16];
};
static_assert(sizeof(BlockQ5_1) == 24);

/// 32 elements: d·q.
struct BlockQ8_0
{
    uint16_t d;
    int8_t q[32];
};
static_assert(sizeof(BlockQ8_0) == 34);

/// 256 elements in 16 sub-blocks of 16, sub-block s: d·(low nibble of scales[s])·pair − dmin·(its high nibble). Two halves of 128 elements,
/// each with 32 bytes of bit pairs: element 32k+i of a half has bits 2k and 2k+1 of byte i.
struct BlockQ2_K
{
    uint8_t scales[16];
    uint8_t pairs[64];
    uint16_t d;
    uint16_t dmin;
};
static_assert(sizeof(BlockQ2_K) == 84);

/// 256 elements in 16 sub-blocks of 16, sub-block s: d·(scale_s − 32)·(q − 4). Bit pairs as Q2_K; the third bit of element i of the run j of
/// 32 is bit j of high[i]. Scales of 6 bits in 12 bytes: scale s has its low four bits in a nibble of byte s % 8 (low ones for s < 8), its
/// high two in byte 8 + s % 4 at bit 2·(s / 4).
struct BlockQ3_K
{
    uint8_t high[32];
    uint8_t pairs[64];
    uint8_t scales[12];
    uint16_t d;
};
static_assert(sizeof(BlockQ3_K) == 110);

/// 256 elements in 8 sub-blocks of 32, sub-block j: d·scale_j·nibble − dmin·min_j.
/// Nibbles: four runs of 32 bytes; run c holds sub-block 2c in its low nibbles and 2c+1 in its high ones.
/// Scales and mins, 6 bits each, in 12 bytes:
///     bytes 0–3   low 6 bits: scale 0–3    high 2 bits: top of scale 4–7
///     bytes 4–7   low 6 bits: min 0–3      high 2 bits: top of min 4–7
///     bytes 8–11  low nibble: low bits of scale 4–7    high nibble: low bits of min 4–7
struct BlockQ4_K
{
    uint16_t d;
    uint16_t dmin;
    uint8_t scales[12];
    uint8_t nibbles[128];
};
static_assert(sizeof(BlockQ4_K) == 144);

/// As Q4_K with a fifth bit: bit j of high[i] belongs to element i of sub-block j.
struct BlockQ5_K
{
    uint16_t d;
    uint16_t dmin;
    uint8_t scales[12];
    uint8_t high[32];
    uint8_t nibbles[128];
};
static_assert(sizeof(BlockQ5_K) == 176);

/// 256 elements in 16 sub-blocks of 16, sub-block s: d·scale_s·(q − 32), q of 6 bits. Two halves of 128 elements, each with 64 bytes of
/// nibbles and 32 bytes of bit pairs. In a half, with i from 0 to 31:
///     element i        low nibble of byte i        bits 0–1 of pair byte i
///     element 32+i     low nibble of byte 32+i     bits 2–3
///     element 64+i     high nibble of byte i       bits 4–5
///     element 96+i     high nibble of byte 32+i    bits 6–7
struct BlockQ6_K
{
    uint8_t nibbles[128];
    uint8_t pairs[64];
    int8_t scales[16];
    uint16_t d;
};
static_assert(sizeof(BlockQ6_K) == 210);

/// Scale and min of sub-block j of Q4_K and Q5_K.
struct SixBits
{
    uint8_t scale;
    uint8_t min;
};

static constexpr SixBits sixBits(const uint8_t (&packed)[12], uint32_t j)
{
    if (j < 4)
        return {static_cast<uint8_t>(packed[j] & 63), static_cast<uint8_t>(packed[j + 4] & 63)};
    return {static_cast<uint8_t>((packed[j + 4] & 15) | ((packed[j - 4] >> 6) << 4)),
        static_cast<uint8_t>((packed[j + 4] >> 4) | ((packed[j] >> 6) << 4))};
}

static constexpr uint8_t nibbleOf(uint8_t byte, uint32_t high)
{
    return high ? byte >> 4 : byte & 15;
}

static constexpr uint32_t scaleOf(const BlockQ3_K &block, uint32_t s)
{
    return nibbleOf(block.scales[s % 8], s / 8) | (block.scales[8 + s % 4] >> (2 * (s / 4)) & 3u) << 4;
}

static inline void splitNibbles(const uint8_t (&nibbles)[16], uint8_t *q)
{
    for (uint32_t i = 0; i < 16; ++i) {
        q[i] = nibbles[i] & 15;
        q[16 + i] = nibbles[i] >> 4;
    }
}

static inline void addFifthBits(const uint8_t (&high)[4], uint8_t *q)
{
    for (uint32_t i = 0; i < 32; ++i)
        q[i] |= static_cast<uint8_t>((high[i / 8] >> (i % 8) & 1) << 4);
}

/// Sub-block j of 32 of bit pairs laid out as in Q2_K.
static inline void splitPairs(const uint8_t (&pairs)[64], uint32_t j, uint8_t *q)
{
    for (uint32_t i = 0; i < 32; ++i)
        q[i] = pairs[j / 4 * 32 + i] >> (2 * (j % 4)) & 3;
}

/// The 32 unsigned numbers of sub-block j as the format stores them, before scale, min and offset.
static inline void numbers(const BlockQ4_0 &block, uint32_t, uint8_t *q)
{
    splitNibbles(block.nibbles, q);
}

static inline void numbers(const BlockQ4_1 &block, uint32_t, uint8_t *q)
{
    splitNibbles(block.nibbles, q);
}

static inline void numbers(const BlockQ5_0 &block, uint32_t, uint8_t *q)
{
    splitNibbles(block.nibbles, q);
    addFifthBits(block.high, q);
}

static inline void numbers(const BlockQ5_1 &block, uint32_t, uint8_t *q)
{
    splitNibbles(block.nibbles, q);
    addFifthBits(block.high, q);
}

static inline void numbers(const BlockQ2_K &block, uint32_t j, uint8_t *q)
{
    splitPairs(block.pairs, j, q);
}

static inline void numbers(const BlockQ3_K &block, uint32_t j, uint8_t *q)
{
    splitPairs(block.pairs, j, q);
    for (uint32_t i = 0; i < 32; ++i)
        q[i] |= static_cast<uint8_t>((block.high[i] >> j & 1) << 2);
}

static inline void numbers(const BlockQ4_K &block, uint32_t j, uint8_t *q)
{
    for (uint32_t i = 0; i < 32; ++i)
        q[i] = nibbleOf(block.nibbles[j / 2 * 32 + i], j & 1);
}

static inline void numbers(const BlockQ5_K &block, uint32_t j, uint8_t *q)
{
    for (uint32_t i = 0; i < 32; ++i)
        q[i] = static_cast<uint8_t>(nibbleOf(block.nibbles[j / 2 * 32 + i], j & 1) | ((block.high[i] >> j & 1) << 4));
}

/// Sub-block j of 32: half j / 4, quarter j % 4 of it.
static inline void numbers(const BlockQ6_K &block, uint32_t j, uint8_t *q)
{
    const uint32_t half = j / 4;
    const uint32_t quarter = j % 4;
    const uint8_t *nibbles = block.nibbles + half * 64 + (quarter & 1) * 32;
    for (uint32_t i = 0; i < 32; ++i)
        q[i] = static_cast<uint8_t>(nibbleOf(nibbles[i], quarter / 2) | ((block.pairs[half * 32 + i] >> (2 * quarter) & 3) << 4));
}

} // namespace plimsoll::engine
