// SPDX-License-Identifier: Apache-2.0
#include "blocks.h"
#include "reference.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

/// Writing blocks. Every scale is chosen by trying a few and keeping the one with the smallest squared error.
namespace plimsoll::engine {

namespace {

int nearest(float x, int low, int high)
{
    // Written so that NaN and infinities end inside the range too.
    if (!(x > static_cast<float>(low)))
        return low;
    return x < static_cast<float>(high) ? static_cast<int>(std::lround(x)) : high;
}

float inverse(float x)
{
    return x != 0 ? 1.0f / x : 0.0f;
}

/// Largest by magnitude, with its sign.
float extreme(std::span<const float> x)
{
    float found = 0;
    for (const float v : x)
        if (std::fabs(v) > std::fabs(found))
            found = v;
    return found;
}

/// The scale s for which s·round(x/s), with numbers from -range to range-1, is nearest to x in the sum of squares. The extreme value
/// lies near -range; for each candidate the least-squares scale of its numbers is taken.
float symmetricScale(std::span<const float> x, int range)
{
    const float top = extreme(x);
    if (top == 0)
        return 0;
    float best = top / static_cast<float>(-range);
    float bestGain = -1;
    for (int step = -9; step <= 9; ++step) {
        const float id = -(static_cast<float>(range) + 0.1f * static_cast<float>(step)) / top;
        float xq = 0;
        float qq = 0;
        for (const float v : x) {
            const auto q = static_cast<float>(nearest(v * id, -range, range - 1));
            xq += v * q;
            qq += q * q;
        }
        // With scale xq/qq the error is Σx² − xq²/qq.
        if (qq > 0 && xq * xq > bestGain * qq) {
            bestGain = xq * xq / qq;
            best = xq / qq;
        }
    }
    return best;
}

struct Affine
{
    float scale = 0;
    float min = 0;   // subtracted; never negative
};

/// scale·q − min with q from 0 to `top`: from the range of the values, then refined by least squares over a few starting scales.
Affine affineScale(std::span<const float> x, int top)
{
    const auto [lowest, highest] = std::minmax_element(x.begin(), x.end());
    const float low = std::min(*lowest, 0.0f);
    const float range = *highest - low;
    if (!(range > 0))
        return {0, -low};
    const auto n = static_cast<float>(x.size());
    Affine best{range / static_cast<float>(top), -low};
    float bestError = INFINITY;
    for (int step = -5; step <= 5; ++step) {
        const float id = (static_cast<float>(top) + 0.2f * static_cast<float>(step)) / range;
        float sq = 0, sqq = 0, sx = 0, sxq = 0;
        for (const float v : x) {
            const auto q = static_cast<float>(nearest((v - low) * id, 0, top));
            sq += q;
            sqq += q * q;
            sx += v;
            sxq += v * q;
        }
        const float determinant = n * sqq - sq * sq;
        if (!(determinant > 0))
            continue;
        Affine fit{(n * sxq - sx * sq) / determinant, (sq * sxq - sqq * sx) / determinant};
        if (fit.min < 0)
            fit = {sxq / sqq, 0};
        float error = 0;
        for (const float v : x) {
            const auto q = static_cast<float>(nearest((v + fit.min) * inverse(fit.scale), 0, top));
            const float miss = fit.scale * q - fit.min - v;
            error += miss * miss;
        }
        if (fit.scale > 0 && error < bestError) {
            bestError = error;
            best = fit;
        }
    }
    return best;
}

void compress(std::span<const float> x, BlockQ8_0 &block)
{
    const float d = std::fabs(extreme(x)) / 127;
    block.d = floatToHalf(d);
    const float id = inverse(d);
    for (int i = 0; i < 32; ++i)
        block.q[i] = static_cast<int8_t>(nearest(x[i] * id, -127, 127));
}

void compress(std::span<const float> x, BlockQ4_0 &block)
{
    block.d = floatToHalf(symmetricScale(x, 8));
    const float id = inverse(halfToFloat(block.d));
    for (int i = 0; i < 16; ++i)
        block.nibbles[i] = static_cast<uint8_t>((nearest(x[i] * id, -8, 7) + 8) | (nearest(x[i + 16] * id, -8, 7) + 8) << 4);
}

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
    switch (type) {
    case GgmlType::F32:
    case GgmlType::F16:
    case GgmlType::BF16:
    case GgmlType::Q8_0:
    case GgmlType::Q4_0:
    case GgmlType::Q4_K:
    case GgmlType::Q5_K:
    case GgmlType::Q6_K:
        return true;
    default:
        return false;
    }
}

void quantize(GgmlType type, std::span<const float> values, std::byte *blocks)
{
    switch (type) {
    case GgmlType::F32:
        std::memcpy(blocks, values.data(), values.size_bytes());
        return;
    case GgmlType::F16: return roundAll<floatToHalf>(values, blocks);
    case GgmlType::BF16: return roundAll<floatToBfloat>(values, blocks);
    case GgmlType::Q8_0: return compressAll<BlockQ8_0, 32>(values, blocks);
    case GgmlType::Q4_0: return compressAll<BlockQ4_0, 32>(values, blocks);
    case GgmlType::Q4_K: return compressAll<BlockQ4_K, 256>(values, blocks);
    case GgmlType::Q5_K: return compressAll<BlockQ5_K, 256>(values, blocks);
    case GgmlType::Q6_K: return compressAll<BlockQ6_K, 256>(values, blocks);
    default: assert(!"this format cannot be written");
    }
}

} // namespace plimsoll::engine
