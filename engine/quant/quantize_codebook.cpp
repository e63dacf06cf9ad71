// SPDX-License-Identifier: Apache-2.0
#include "compress.h"
#include "scale_search.h"

#include <cstring>

/// Writing blocks whose elements are indices into 16 values, or one of two to four values.
namespace plimsoll::engine {

namespace {

/// Index of the nearest of a power of two of values, ascending.
template <size_t Count>
uint32_t nearestOf(const int8_t (&values)[Count], float x)
{
    uint32_t at = 0;
    for (uint32_t step = Count / 2; step > 0; step /= 2)
        if (2 * x > static_cast<float>(values[at + step - 1] + values[at + step]))
            at += step;
    return at;
}

uint32_t nearestIq4(float x)
{
    return nearestOf(valuesIq4, x);
}

uint32_t nearestE2m1(float x)
{
    static constexpr int8_t magnitudes[8] = {0, 1, 2, 3, 4, 6, 8, 12};
    return nearestOf(magnitudes, std::fabs(x)) | (x < 0 ? 8 : 0);
}

/// Two ways of numbering 16 values.
struct Codebook
{
    const int8_t (&values)[16];
    uint32_t (*nearest)(float);

    void operator()(std::span<const float> x, float scale, int8_t *q) const
    {
        for (size_t i = 0; i < x.size(); ++i)
            q[i] = values[nearest(x[i] * inverse(scale))];
    }
    float errorAt(std::span<const float> x, float scale) const
    {
        int8_t q[32];
        (*this)(x, scale, q);
        return squaredError(x, scale, q);
    }
    /// The first half of x in the low nibbles.
    void pack(std::span<const float> x, float scale, uint8_t *nibbles) const
    {
        for (size_t i = 0; i < x.size() / 2; ++i)
            nibbles[i] = static_cast<uint8_t>(nearest(x[i] * inverse(scale)) | nearest(x[i + x.size() / 2] * inverse(scale)) << 4);
    }
};

constexpr Codebook iq4{valuesIq4, nearestIq4};
constexpr Codebook e2m1{valuesE2m1, nearestE2m1};

/// The values of IQ4 are not symmetric: either end may be the better one for the extreme value.
float iq4Scale(std::span<const float> x)
{
    const float one = searchedScale(x, 127, closeReach, iq4);
    const float other = searchedScale(x, 113, closeReach, [](std::span<const float> v, float scale, int8_t *q) { iq4(v, -scale, q); });
    return iq4.errorAt(x, one) <= iq4.errorAt(x, other) ? one : other;
}

/// Whole numbers from `low` to `high`.
struct WholeNumbers
{
    int low;
    int high;

    void operator()(std::span<const float> x, float scale, int8_t *q) const
    {
        for (size_t i = 0; i < x.size(); ++i)
            q[i] = static_cast<int8_t>(nearest(x[i] * inverse(scale), low, high));
    }
};

/// -1, 0 and 1 as 0, 1 and 2, and their scale.
uint16_t ternary(std::span<const float> x, uint8_t *digits)
{
    const WholeNumbers numbers{-1, 1};
    const uint16_t d = floatToHalf(std::fabs(searchedScale(x, 1, wideReach, numbers)));
    int8_t q[256];
    numbers(x, halfToFloat(d), q);
    for (size_t i = 0; i < x.size(); ++i)
        digits[i] = static_cast<uint8_t>(q[i] + 1);
    return d;
}

/// The nearest scale NVFP4 has. Codes from 0 to 126 ascend.
uint8_t nearestUe4m3(float half)
{
    uint8_t code = 0;
    for (uint8_t step = 64; step > 0; step /= 2)
        if (code + step < 127 && halfOfUe4m3(static_cast<uint8_t>(code + step)) <= half)
            code = static_cast<uint8_t>(code + step);
    return code < 126 && halfOfUe4m3(static_cast<uint8_t>(code + 1)) - half < half - halfOfUe4m3(code) ? static_cast<uint8_t>(code + 1) : code;
}

} // namespace

void compress(std::span<const float> x, BlockIQ4_NL &block)
{
    block.d = floatToHalf(iq4Scale(x));
    iq4.pack(x, halfToFloat(block.d), block.nibbles);
}

void compress(std::span<const float> x, BlockIQ4_XS &block)
{
    float scales[8];
    for (uint32_t j = 0; j < 8; ++j)
        scales[j] = iq4Scale(x.subspan(32 * j, 32));
    block.d = floatToHalf(extreme(scales) / -32);
    const float d = halfToFloat(block.d);
    block.high = 0;
    std::memset(block.low, 0, sizeof block.low);
    for (uint32_t j = 0; j < 8; ++j) {
        const int scale = nearest(scales[j] * inverse(d), -32, 31);
        block.low[j / 2] |= static_cast<uint8_t>(((scale + 32) & 15) << (j % 2 * 4));
        block.high = static_cast<uint16_t>(block.high | (scale + 32) >> 4 << (2 * j));
        iq4.pack(x.subspan(32 * j, 32), d * static_cast<float>(scale), block.nibbles + 16 * j);
    }
}

void compress(std::span<const float> x, BlockMXFP4 &block)
{
    // The exponent that puts the extreme value just inside the range, or one of its neighbours.
    const float top = std::fabs(extreme(x)) / 12;
    const int middle = top > 0 && std::isfinite(top) ? std::ilogb(top) + 128 : 0;
    float best = INFINITY;
    block.exponent = 0;
    for (int exponent = middle - 1; exponent <= middle + 2; ++exponent) {
        const auto e = static_cast<uint8_t>(std::clamp(exponent, 0, 254));
        const float error = e2m1.errorAt(x, halfOfE8m0(e));
        if (error < best) {
            best = error;
            block.exponent = e;
        }
    }
    e2m1.pack(x, halfOfE8m0(block.exponent), block.nibbles);
}

void compress(std::span<const float> x, BlockNVFP4 &block)
{
    for (uint32_t s = 0; s < 4; ++s) {
        const std::span<const float> part = x.subspan(16 * s, 16);
        // The upper values lie far apart, so that which of them the extreme one becomes makes a difference.
        block.scales[s] = nearestUe4m3(std::fabs(searchedScale(part, 12, Reach{0.5f, 1.5f, 1.04f}, e2m1)));
        e2m1.pack(part, halfOfUe4m3(block.scales[s]), block.nibbles + 8 * s);
    }
}

void compress(std::span<const float> x, BlockTQ1_0 &block)
{
    uint8_t digits[256];
    block.d = ternary(x, digits);
    // Five digits as a fraction of 3^5, rounded up to a byte; `last` has four, so its fifth is 0.
    const auto pack = [&](uint8_t *out, uint32_t bytes, uint32_t from, uint32_t count) {
        for (uint32_t i = 0; i < bytes; ++i) {
            uint32_t whole = 0;
            for (uint32_t n = 0; n < 5; ++n)
                whole = 3 * whole + (n < count ? digits[from + bytes * n + i] : 0);
            out[i] = static_cast<uint8_t>((256 * whole + 242) / 243);
        }
    };
    pack(block.first, 32, 0, 5);
    pack(block.second, 16, 160, 5);
    pack(block.last, 4, 240, 4);
}

void compress(std::span<const float> x, BlockTQ2_0 &block)
{
    uint8_t digits[256];
    block.d = ternary(x, digits);
    std::memset(block.pairs, 0, sizeof block.pairs);
    for (uint32_t i = 0; i < 256; ++i)
        block.pairs[i / 128 * 32 + i % 32] |= static_cast<uint8_t>(digits[i] << (i % 128 / 32 * 2));
}

void compress(std::span<const float> x, BlockQ1_0 &block)
{
    float sum = 0;
    std::memset(block.bits, 0, sizeof block.bits);
    for (uint32_t i = 0; i < 128; ++i) {
        sum += std::fabs(x[i]);
        if (x[i] >= 0)
            block.bits[i / 8] |= static_cast<uint8_t>(1u << (i % 8));
    }
    block.d = floatToHalf(sum / 128);
}

void compress(std::span<const float> x, BlockQ2_0 &block)
{
    const WholeNumbers numbers{-1, 2};
    block.d = floatToHalf(searchedScale(x, 2, wideReach, numbers));
    int8_t q[64];
    numbers(x, halfToFloat(block.d), q);
    std::memset(block.pairs, 0, sizeof block.pairs);
    for (uint32_t i = 0; i < 64; ++i)
        block.pairs[i / 4] |= static_cast<uint8_t>((q[i] + 1) << (i % 4 * 2));
}

} // namespace plimsoll::engine
