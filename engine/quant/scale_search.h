// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

/// Finding the scale of a few numbers that are to be stored with few bits: a few are tried and the one with the smallest squared error
/// is kept.
namespace plimsoll::engine {

static inline int nearest(float x, int low, int high)
{
    // Written so that NaN and infinities end inside the range too.
    if (!(x > static_cast<float>(low)))
        return low;
    return x < static_cast<float>(high) ? static_cast<int>(std::lround(x)) : high;
}

static inline float inverse(float x)
{
    return x != 0 ? 1.0f / x : 0.0f;
}

/// Largest by magnitude, with its sign.
static inline float extreme(std::span<const float> x)
{
    float found = 0;
    for (const float v : x)
        if (std::fabs(v) > std::fabs(found))
            found = v;
    return found;
}

/// The scale s for which s·round(x/s), with numbers from -range to range-1, is nearest to x in the sum of squares. The extreme value
/// lies near -range; for each candidate the least-squares scale of its numbers is taken.
static inline float symmetricScale(std::span<const float> x, int range)
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
    float min = 0;   // subtracted
};

/// scale·q − min with q from 0 to `top`: from the range of the values, then refined by least squares over a few starting scales.
/// Where the format holds no negative minimum, zero is taken instead.
static inline Affine affineScale(std::span<const float> x, int top, bool anyMin = false)
{
    const auto [lowest, highest] = std::minmax_element(x.begin(), x.end());
    const float low = anyMin ? *lowest : std::min(*lowest, 0.0f);
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
        if (fit.min < 0 && !anyMin)
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

/// Scales to try: those that put the extreme value at these multiples of the largest number, each `ratio` times the one before.
struct Reach
{
    float from;
    float to;
    float ratio;
};
/// For numbers of few values, which may serve best with the extreme one deep inside their range or well beyond it.
inline constexpr Reach wideReach{0.06f, 1.7f, 1.12f};
/// For numbers of many.
inline constexpr Reach closeReach{0.8f, 1.25f, 1.02f};

/// The scale for which scale·q is nearest to x, where encode(x, scale, q) finds the numbers a format has for it. `largest`: of their
/// magnitudes. The extreme value keeps its sign; for each scale tried, the least-squares scale of its numbers is taken.
template <typename Encode>
float searchedScale(std::span<const float> x, float largest, const Reach &reach, Encode &&encode)
{
    const float top = extreme(x);
    if (top == 0)
        return 0;
    float best = top / largest;
    float bestGain = -1;
    const auto attempt = [&](float scale) {
        int8_t q[256];
        encode(x, scale, q);
        float xq = 0;
        float qq = 0;
        for (size_t i = 0; i < x.size(); ++i) {
            xq += x[i] * static_cast<float>(q[i]);
            qq += static_cast<float>(q[i]) * static_cast<float>(q[i]);
        }
        if (!(qq > 0 && xq * xq > bestGain * qq))
            return;
        bestGain = xq * xq / qq;
        best = xq / qq;
    };
    for (float multiple = reach.from; multiple < reach.to; multiple *= reach.ratio)
        attempt(top / (largest * multiple));
    const float rest = (reach.ratio - 1) / 4;
    for (const float step : {-2.0f, -1.0f, 0.0f, 1.0f, 2.0f})
        attempt(best * (1 + rest * step));
    return best;
}

static inline float squaredError(std::span<const float> x, float scale, const int8_t *q)
{
    float error = 0;
    for (size_t i = 0; i < x.size(); ++i) {
        const float miss = scale * static_cast<float>(q[i]) - x[i];
        error += miss * miss;
    }
    return error;
}

} // namespace plimsoll::engine
