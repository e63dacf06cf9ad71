// SPDX-License-Identifier: Apache-2.0
#include "compress.h"
#include "scale_search.h"

#include <cassert>
#include <cstring>

/// Writing blocks of packed numbers.
namespace plimsoll::engine {

void compress(std::span<const float> x, BlockQ8_0 &block)
{
    const float d = std::fabs(extreme(x)) / 127;
    block.d = floatToHalf(d);
    const float id = inverse(d);
    for (int i = 0; i < 32; ++i)
        block.q[i] = static_cast<int8_t>(nearest(x[i] * id, -127, 127));
}

namespace {

/// The low four bits of 32 numbers, and their fifth bits where the block has a place for them.
template <typename Block>
void packFive(const uint8_t (&q)[32], Block &block)
{
    for (uint32_t i = 0; i < 16; ++i)
        block.nibbles[i] = static_cast<uint8_t>((q[i] & 15) | (q[i + 16] & 15) << 4);
    if constexpr (requires { block.high; }) {
        std::memset(block.high, 0, sizeof block.high);
        for (uint32_t i = 0; i < 32; ++i)
            block.high[i / 8] |= static_cast<uint8_t>(q[i] >> 4 << (i % 8));
    }
}

/// Q4_0 (zero 8) and Q5_0 (zero 16).
template <typename Block>
void compressSymmetric(std::span<const float> x, int zero, Block &block)
{
    block.d = floatToHalf(symmetricScale(x, zero));
    const float id = inverse(halfToFloat(block.d));
    uint8_t q[32];
    for (uint32_t i = 0; i < 32; ++i)
        q[i] = static_cast<uint8_t>(nearest(x[i] * id, -zero, zero - 1) + zero);
    packFive(q, block);
}

/// Q4_1 (top 15) and Q5_1 (top 31).
template <typename Block>
void compressAffine(std::span<const float> x, int top, Block &block)
{
    const Affine fit = affineScale(x, top, true);
    block.d = floatToHalf(fit.scale);
    block.m = floatToHalf(-fit.min);
    const float id = inverse(halfToFloat(block.d));
    uint8_t q[32];
    for (uint32_t i = 0; i < 32; ++i)
        q[i] = static_cast<uint8_t>(nearest((x[i] - halfToFloat(block.m)) * id, 0, top));
    packFive(q, block);
}

} // namespace

void compress(std::span<const float> x, BlockQ4_0 &block)
{
    compressSymmetric(x, 8, block);
}

void compress(std::span<const float> x, BlockQ5_0 &block)
{
    compressSymmetric(x, 16, block);
}

void compress(std::span<const float> x, BlockQ4_1 &block)
{
    compressAffine(x, 15, block);
}

void compress(std::span<const float> x, BlockQ5_1 &block)
{
    compressAffine(x, 31, block);
}

namespace {

/// Element i of a block of 256 gets two bits, as Q2_K lays them out.
void setPair(uint8_t (&pairs)[64], uint32_t i, int bits)
{
    pairs[i / 128 * 32 + i % 32] |= static_cast<uint8_t>(bits << (i % 128 / 32 * 2));
}

} // namespace

void compress(std::span<const float> x, BlockQ2_K &block)
{
    Affine parts[16];
    float scale = 0;
    float min = 0;
    for (uint32_t s = 0; s < 16; ++s) {
        parts[s] = affineScale(x.subspan(16 * s, 16), 3);
        scale = std::max(scale, parts[s].scale);
        min = std::max(min, parts[s].min);
    }
    block.d = floatToHalf(scale / 15);
    block.dmin = floatToHalf(min / 15);
    const float d = halfToFloat(block.d);
    const float dmin = halfToFloat(block.dmin);
    std::memset(block.pairs, 0, sizeof block.pairs);
    for (uint32_t s = 0; s < 16; ++s) {
        const int m = nearest(parts[s].min * inverse(dmin), 0, 15);
        const int sc = nearest(parts[s].scale * inverse(d), 0, 15);
        block.scales[s] = static_cast<uint8_t>(sc | m << 4);
        const float id = inverse(d * static_cast<float>(sc));
        for (uint32_t i = 16 * s; i < 16 * s + 16; ++i)
            setPair(block.pairs, i, nearest((x[i] + dmin * static_cast<float>(m)) * id, 0, 3));
    }
}

void compress(std::span<const float> x, BlockQ3_K &block)
{
    float scales[16];
    for (uint32_t s = 0; s < 16; ++s)
        scales[s] = symmetricScale(x.subspan(16 * s, 16), 4);
    block.d = floatToHalf(extreme(scales) / -32);
    const float d = halfToFloat(block.d);
    std::memset(block.scales, 0, sizeof block.scales);
    std::memset(block.high, 0, sizeof block.high);
    std::memset(block.pairs, 0, sizeof block.pairs);
    for (uint32_t s = 0; s < 16; ++s) {
        const int scale = nearest(scales[s] * inverse(d), -32, 31);
        block.scales[s % 8] |= static_cast<uint8_t>(((scale + 32) & 15) << (s / 8 * 4));
        block.scales[8 + s % 4] |= static_cast<uint8_t>((scale + 32) >> 4 << (s / 4 * 2));
        for (uint32_t i = 16 * s; i < 16 * s + 16; ++i) {
            const int q = nearest(x[i] * inverse(d * static_cast<float>(scale)), -4, 3) + 4;
            setPair(block.pairs, i, q & 3);
            block.high[i % 32] |= static_cast<uint8_t>(q >> 2 << (i / 32));
        }
    }
}

namespace {

/// Scales and mins of the 8 sub-blocks, rounded to 6 bits of a common d and dmin, packed as BlockQ4_K says.
template <typename Block>
void packScales(const Affine (&parts)[8], Block &block)
{
    float scale = 0;
    float min = 0;
    for (const Affine &part : parts) {
        scale = std::max(scale, part.scale);
        min = std::max(min, part.min);
    }
    block.d = floatToHalf(scale / 63);
    block.dmin = floatToHalf(min / 63);
    const float id = inverse(halfToFloat(block.d));
    const float idmin = inverse(halfToFloat(block.dmin));
    std::memset(block.scales, 0, sizeof block.scales);
    for (int j = 0; j < 8; ++j) {
        const int s = nearest(parts[j].scale * id, 0, 63);
        const int m = nearest(parts[j].min * idmin, 0, 63);
        if (j < 4) {
            block.scales[j] |= static_cast<uint8_t>(s);
            block.scales[j + 4] |= static_cast<uint8_t>(m);
        } else {
            block.scales[j + 4] |= static_cast<uint8_t>((s & 15) | (m & 15) << 4);
            block.scales[j - 4] |= static_cast<uint8_t>(s >> 4 << 6);
            block.scales[j] |= static_cast<uint8_t>(m >> 4 << 6);
        }
    }
}

/// Q4_K (top 15) and Q5_K (top 31): the scales, then q[256] for them as they were rounded.
template <typename Block>
void compressWithMins(std::span<const float> x, int top, Block &block, uint8_t (&q)[256])
{
    Affine parts[8];
    for (uint32_t j = 0; j < 8; ++j)
        parts[j] = affineScale(x.subspan(32 * j, 32), top);
    packScales(parts, block);
    for (uint32_t i = 0; i < 256; ++i) {
        const SixBits bits = sixBits(block.scales, i / 32);
        const float min = halfToFloat(block.dmin) * bits.min;
        q[i] = static_cast<uint8_t>(nearest((x[i] + min) * inverse(halfToFloat(block.d) * bits.scale), 0, top));
    }
    for (uint32_t c = 0; c < 4; ++c)
        for (uint32_t i = 0; i < 32; ++i)
            block.nibbles[32 * c + i] = static_cast<uint8_t>((q[64 * c + i] & 15) | (q[64 * c + 32 + i] & 15) << 4);
}

} // namespace

void compress(std::span<const float> x, BlockQ4_K &block)
{
    uint8_t q[256];
    compressWithMins(x, 15, block, q);
}

void compress(std::span<const float> x, BlockQ5_K &block)
{
    uint8_t q[256];
    compressWithMins(x, 31, block, q);
    std::memset(block.high, 0, sizeof block.high);
    for (uint32_t i = 0; i < 256; ++i)
        block.high[i % 32] |= static_cast<uint8_t>(q[i] >> 4 << (i / 32));
}

void compress(std::span<const float> x, BlockQ6_K &block)
{
    float scales[16];
    for (uint32_t s = 0; s < 16; ++s)
        scales[s] = symmetricScale(x.subspan(16 * s, 16), 32);
    const float top = extreme(scales);
    block.d = floatToHalf(top / -128);
    const float d = halfToFloat(block.d);
    const float id = inverse(d);
    for (uint32_t s = 0; s < 16; ++s)
        block.scales[s] = static_cast<int8_t>(nearest(scales[s] * id, -128, 127));
    std::memset(block.nibbles, 0, sizeof block.nibbles);
    std::memset(block.pairs, 0, sizeof block.pairs);
    for (uint32_t i = 0; i < 256; ++i) {
        const int q = nearest(x[i] * inverse(d * block.scales[i / 16]), -32, 31) + 32;
        const uint32_t half = i / 128;
        const uint32_t quarter = i % 128 / 32;
        block.nibbles[64 * half + (quarter & 1) * 32 + i % 32] |= static_cast<uint8_t>((q & 15) << (quarter / 2 * 4));
        block.pairs[32 * half + i % 32] |= static_cast<uint8_t>(q >> 4 << (2 * quarter));
    }
}

namespace {

template <typename Block, uint32_t Elements>
void compressAll(std::span<const float> values, std::byte *blocks)
{
    assert(values.size() % Elements == 0);
    for (size_t i = 0; i < values.size(); i += Elements, blocks += sizeof(Block)) {
        Block block;
        compress(values.subspan(i, Elements), block);
        std::memcpy(blocks, &block, sizeof block);
    }
}

template <uint16_t Round(float)>
void roundAll(std::span<const float> values, std::byte *out)
{
    for (size_t i = 0; i < values.size(); ++i) {
        const uint16_t bits = Round(values[i]);
        std::memcpy(out + 2 * i, &bits, sizeof bits);
    }
}

} // namespace

bool canQuantize(GgmlType type)
{
    return hasReference(type);
}

void quantize(GgmlType type, std::span<const float> values, std::byte *blocks)
{
    switch (type) {
    case GgmlType::F32:
        std::memcpy(blocks, values.data(), values.size_bytes());
        return;
    case GgmlType::F16: return roundAll<floatToHalf>(values, blocks);
    case GgmlType::BF16: return roundAll<floatToBfloat>(values, blocks);
    default: break;
    }
    const bool known = withBlock(type, [&]<typename Block, uint32_t Elements>() { compressAll<Block, Elements>(values, blocks); });
    assert(known);
    static_cast<void>(known);
}

} // namespace plimsoll::engine
