// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include "sub_block.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>

namespace plimsoll::engine {

float halfToFloat(uint16_t half)
{
    const uint32_t sign = uint32_t{half & 0x8000u} << 16;
    const uint32_t exponent = half >> 10 & 31u;
    const uint32_t fraction = half & 1023u;
    if (exponent == 31)
        return std::bit_cast<float>(sign | 0x7f800000u | (fraction << 13));
    if (exponent != 0)
        return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
}

uint16_t floatToHalf(float value)
{
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    const auto sign = static_cast<uint16_t>(bits >> 16 & 0x8000u);
    const uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u)
        return sign | 0x7e00;
    if (magnitude >= 0x477ff000u)   // 65520: rounds to 65536, which a half does not hold
        return sign | 0x7c00;
    if (magnitude < 0x38800000u) {  // below 2^-14: a multiple of 2^-24; the sum rounds to even in its last bit
        const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
        return static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(shifted) - 0x3f000000u));
    }
    const uint32_t rounded = magnitude + 0xfffu + (magnitude >> 13 & 1u);
    return static_cast<uint16_t>(sign | ((rounded - 0x38000000u) >> 13));
}

float bfloatToFloat(uint16_t bf)
{
    return std::bit_cast<float>(uint32_t{bf} << 16);
}

uint16_t floatToBfloat(float value)
{
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return static_cast<uint16_t>(bits >> 16 | 64);
    return static_cast<uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

namespace {

uint16_t read16(const std::byte *at)
{
    uint16_t bits;
    std::memcpy(&bits, at, sizeof bits);
    return bits;
}

/// Blocks in a file are not aligned for anything: each is copied out before it is read.
template <typename Block, uint32_t Elements>
void expandAll(const std::byte *blocks, std::span<float> out)
{
    assert(out.size() % Elements == 0);
    for (size_t i = 0; i < out.size(); i += Elements, blocks += sizeof(Block)) {
        Block block;
        std::memcpy(&block, blocks, sizeof block);
        for (uint32_t j = 0; j < Elements / 32; ++j) {
            const SubBlock sub = subBlock(block, j);
            for (uint32_t e = 0; e < 32; ++e)
                out[i + 32 * j + e] = sub.scale[e / 16] * static_cast<float>(sub.q[e]) + sub.offset[e / 16];
        }
    }
}

} // namespace

bool hasReference(GgmlType type)
{
    if (type == GgmlType::F32 || type == GgmlType::F16 || type == GgmlType::BF16)
        return true;
    return withBlock(type, []<typename Block, uint32_t Elements>() {});
}

void dequantize(GgmlType type, const std::byte *blocks, std::span<float> out)
{
    switch (type) {
    case GgmlType::F32:
        std::memcpy(out.data(), blocks, out.size_bytes());
        return;
    case GgmlType::F16:
        for (size_t i = 0; i < out.size(); ++i)
            out[i] = halfToFloat(read16(blocks + 2 * i));
        return;
    case GgmlType::BF16:
        for (size_t i = 0; i < out.size(); ++i)
            out[i] = bfloatToFloat(read16(blocks + 2 * i));
        return;
    default: break;
    }
    const bool known = withBlock(type, [&]<typename Block, uint32_t Elements>() { expandAll<Block, Elements>(blocks, out); });
    assert(known);
    static_cast<void>(known);
}

double dot(GgmlType type, const std::byte *row, std::span<const float> x)
{
    const GgmlTypeInfo &format = info(type);
    const size_t step = format.blockElements;
    float values[256];
    double sum = 0;
    for (size_t i = 0; i < x.size(); i += step, row += format.blockBytes) {
        dequantize(type, row, {values, step});
        for (size_t e = 0; e < step; ++e)
            sum += double{values[e]} * double{x[i + e]};
    }
    return sum;
}

} // namespace plimsoll::engine
