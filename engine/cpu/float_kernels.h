// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels.h"

#include <cmath>
#include <cstring>

/// Everything that computes in float32, written once over a vector type V (lanes_*.h) and compiled by each instruction set.
namespace {

using namespace plimsoll;
using namespace plimsoll::engine;
using namespace plimsoll::engine::cpu;

constexpr uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/// Calls full(offset) for each whole vector of n elements, then rest(offset, elements) for what is left, if anything.
template <typename V, typename Full, typename Rest>
void overLanes(uint32_t n, Full full, Rest rest)
{
    uint32_t i = 0;
    for (; i + V::width <= n; i += V::width)
        full(i);
    if (i < n)
        rest(i, n - i);
}

/// out[i] = f(x[i], y[i]) over n elements; y may be null where f ignores it.
template <typename V, typename Function>
void mapRows(const float *x, const float *y, uint32_t n, float *out, Function f)
{
    overLanes<V>(
        n, [&](uint32_t i) { V::store(out + i, f(V::load(x + i), y ? V::load(y + i) : V::zero())); },
        [&](uint32_t i, uint32_t rest) {
            float a[V::width] = {};
            float b[V::width] = {};
            std::memcpy(a, x + i, rest * sizeof(float));
            if (y)
                std::memcpy(b, y + i, rest * sizeof(float));
            V::store(a, f(V::load(a), V::load(b)));
            std::memcpy(out + i, a, rest * sizeof(float));
        });
}

/// e^x to about 2 units in the last place; 0 below -88, finite above 88. x = n·ln 2 + r, |r| ≤ ln 2 / 2, and a Taylor polynomial
/// of degree 7 for e^r, whose remainder r^8/8! is below 6e-9.
template <typename V>
typename V::F exponential(typename V::F x)
{
    const auto bounded = V::min(V::max(x, V::set(-88.03f)), V::set(88.37f));
    const auto n = V::round(V::mul(bounded, V::set(1.44269504f)));
    // ln 2 in two parts, the first with zeros at its end so that n times it is exact.
    auto r = V::fma(n, V::set(-0.693359375f), bounded);
    r = V::fma(n, V::set(2.12194440e-4f), r);
    auto p = V::set(1.0f / 5040);
    p = V::fma(p, r, V::set(1.0f / 720));
    p = V::fma(p, r, V::set(1.0f / 120));
    p = V::fma(p, r, V::set(1.0f / 24));
    p = V::fma(p, r, V::set(1.0f / 6));
    p = V::fma(p, r, V::set(0.5f));
    p = V::fma(p, r, V::set(1.0f));
    p = V::fma(p, r, V::set(1.0f));
    return V::mul(p, V::pow2(n));
}

/// x / (1 + e^-kx)
template <typename V>
typename V::F swish(typename V::F x, float k)
{
    return V::div(x, V::add(V::set(1.0f), exponential<V>(V::mul(x, V::set(-k)))));
}

template <typename V>
typename V::F hyperbolicTangent(typename V::F x)
{
    const auto e = exponential<V>(V::mul(x, V::set(2.0f)));
    return V::sub(V::set(1.0f), V::div(V::set(2.0f), V::add(e, V::set(1.0f))));
}

template <typename V>
void activate(Activation activation, const float *gate, const float *up, uint32_t n, float *out)
{
    using F = typename V::F;
    const auto times = [up](F a, F u) { return up ? V::mul(a, u) : a; };
    switch (activation) {
    case Activation::Silu:
        return mapRows<V>(gate, up, n, out, [&](F g, F u) { return times(swish<V>(g, 1.0f), u); });
    case Activation::Gelu:
        // The tanh form: x/2·(1 + tanh z) = x / (1 + e^-2z), z = √(2/π)·(x + 0.044715 x³)
        return mapRows<V>(gate, up, n, out, [&](F g, F u) {
            const F cubed = V::mul(V::mul(g, g), V::mul(g, V::set(0.044715f)));
            const F z = V::mul(V::add(g, cubed), V::set(-2.0f * 0.797884561f));
            return times(V::div(g, V::add(V::set(1.0f), exponential<V>(z))), u);
        });
    case Activation::SquaredRelu:
        return mapRows<V>(gate, up, n, out, [&](F g, F u) {
            const F positive = V::max(g, V::zero());
            return times(V::mul(positive, positive), u);
        });
    case Activation::ClampedSwiglu:
        return mapRows<V>(gate, up, n, out, [&](F g, F u) {
            const F limit = V::set(7.0f);
            const F bounded = V::min(V::max(u, V::set(-7.0f)), limit);
            return V::mul(swish<V>(V::min(g, limit), 1.702f), V::add(bounded, V::set(1.0f)));
        });
    }
}

template <typename V>
void addScaled(const float *x, float scale, uint32_t n, float *out)
{
    mapRows<V>(x, out, n, out, [&](auto a, auto b) { return V::fma(a, V::set(scale), b); });
}

template <typename V>
void softcap(float cap, uint32_t n, float *x)
{
    mapRows<V>(x, nullptr, n, x, [&](auto a, auto) {
        return V::mul(V::set(cap), hyperbolicTangent<V>(V::mul(a, V::set(1.0f / cap))));
    });
}

/// Σ x
template <typename V>
float sumOf(const float *x, uint32_t n)
{
    auto sum = V::zero();
    float rest = 0;
    overLanes<V>(
        n, [&](uint32_t i) { sum = V::add(sum, V::load(x + i)); },
        [&](uint32_t i, uint32_t left) {
            for (uint32_t e = 0; e < left; ++e)
                rest += x[i + e];
        });
    return V::sum(sum) + rest;
}

/// The largest of x and `least`.
template <typename V>
float largestOf(const float *x, uint32_t n, float least)
{
    auto most = V::set(least);
    float lanes[V::width];
    overLanes<V>(
        n, [&](uint32_t i) { most = V::max(most, V::load(x + i)); },
        [&](uint32_t i, uint32_t left) {
            for (uint32_t e = 0; e < left; ++e)
                least = x[i + e] > least ? x[i + e] : least;
        });
    V::store(lanes, most);
    for (const float lane : lanes)
        least = lane > least ? lane : least;
    return least;
}

template <typename V>
float sumOfSquares(const float *x, float shift, uint32_t n)
{
    auto sum = V::zero();
    float rest = 0;
    overLanes<V>(
        n,
        [&](uint32_t i) {
            const auto d = V::sub(V::load(x + i), V::set(shift));
            sum = V::fma(d, d, sum);
        },
        [&](uint32_t i, uint32_t left) {
            for (uint32_t e = 0; e < left; ++e)
                rest += (x[i + e] - shift) * (x[i + e] - shift);
        });
    return V::sum(sum) + rest;
}

template <typename V>
void normalize(const Norm &norm, const float *x, uint32_t n, float *out)
{
    const float count = static_cast<float>(n);
    const float mean = norm.kind == NormKind::Layer ? sumOf<V>(x, n) / count : 0.0f;
    const float scale = 1.0f / std::sqrt(sumOfSquares<V>(x, mean, n) / count + norm.epsilon);
    mapRows<V>(x, norm.weight, n, out, [&](auto a, auto w) {
        const auto normed = V::mul(V::sub(a, V::set(mean)), V::set(scale));
        return norm.weight ? V::mul(normed, w) : normed;
    });
    if (norm.bias)
        mapRows<V>(out, norm.bias, n, out, [](auto a, auto b) { return V::add(a, b); });
}

/// How plain numbers of each format become float32.
template <typename V>
struct ReadF32
{
    using Number = float;
    static typename V::F load(const Number *p) { return V::load(p); }
};

template <typename V>
struct ReadF16
{
    using Number = uint16_t;
    static typename V::F load(const Number *p) { return V::loadHalf(p); }
};

template <typename V>
struct ReadBF16
{
    using Number = uint16_t;
    static typename V::F load(const Number *p) { return V::loadBf(p); }
};

/// The first n numbers of a vector, zero beyond.
template <typename V, typename Read>
typename V::F loadUpTo(const typename Read::Number *p, uint32_t n)
{
    if (n >= V::width)
        return Read::load(p);
    typename Read::Number in[V::width] = {};
    std::memcpy(in, p, n * sizeof in[0]);
    return Read::load(in);
}

/// out[i · stride + k] = number i of row k, for as many rows as a vector is wide; load(k, i) is the vector of row k from number i on.
template <typename V, typename Load>
void transposeRows(uint32_t n, float *out, uint32_t stride, Load load)
{
    for (uint32_t i = 0; i < n; i += V::width) {
        typename V::F v[V::width];
        for (uint32_t k = 0; k < V::width; ++k)
            v[k] = load(k, i);
        V::transpose(v);
        for (uint32_t e = 0; e < V::width && i + e < n; ++e)
            V::store(out + (i + e) * stride, v[e]);
    }
}

/// row · x[r] for `Rows` float32 vectors at once; the row is read once.
template <typename V, typename Read, uint32_t Rows>
void dotRow(const typename Read::Number *row, const float *const *x, uint32_t n, float *out)
{
    // Several chains of sums for few vectors, so that the latency of the addition does not decide.
    constexpr uint32_t chains = Rows > 2 ? 1 : 4 / Rows;
    typename V::F sum[Rows][chains];
    for (uint32_t r = 0; r < Rows; ++r)
        for (uint32_t c = 0; c < chains; ++c)
            sum[r][c] = V::zero();
    uint32_t i = 0;
    for (; i + V::width * chains <= n; i += V::width * chains)
        for (uint32_t c = 0; c < chains; ++c) {
            const auto w = Read::load(row + i + c * V::width);
            for (uint32_t r = 0; r < Rows; ++r)
                sum[r][c] = V::fma(w, V::load(x[r] + i + c * V::width), sum[r][c]);
        }
    for (uint32_t r = 0; r < Rows; ++r) {
        for (uint32_t c = 1; c < chains; ++c)
            sum[r][0] = V::add(sum[r][0], sum[r][c]);
        out[r] = V::sum(sum[r][0]);
    }
    for (; i < n; i += V::width) {
        const uint32_t rest = smaller(V::width, n - i);
        float wide[V::width];
        V::store(wide, loadUpTo<V, Read>(row + i, rest));
        for (uint32_t r = 0; r < Rows; ++r)
            for (uint32_t e = 0; e < rest; ++e)
                out[r] += wide[e] * x[r][i + e];
    }
}

/// Columns of a panel are rows of weights, keys, or elements of values, side by side.
/// out[t][0..width) = Σ_i x[t][i] · panel[i · stride + 0..width), or added to it; width = V::panelWidth, t < Tokens.
template <typename V, uint32_t Tokens>
void panelTile(const float *panel, uint64_t stride, const float *const *x, uint32_t n, bool add, float *const *out)
{
    constexpr uint32_t vectors = V::panelWidth / V::width;
    typename V::F sum[Tokens][vectors];
    for (uint32_t t = 0; t < Tokens; ++t)
        for (uint32_t v = 0; v < vectors; ++v)
            sum[t][v] = add ? V::load(out[t] + v * V::width) : V::zero();
    for (uint32_t i = 0; i < n; ++i) {
        typename V::F column[vectors];
        for (uint32_t v = 0; v < vectors; ++v)
            column[v] = V::load(panel + i * stride + v * V::width);
        for (uint32_t t = 0; t < Tokens; ++t)
            for (uint32_t v = 0; v < vectors; ++v)
                sum[t][v] = V::fma(V::set(x[t][i]), column[v], sum[t][v]);
    }
    for (uint32_t t = 0; t < Tokens; ++t)
        for (uint32_t v = 0; v < vectors; ++v)
            V::store(out[t] + v * V::width, sum[t][v]);
}

/// Cuts [0, count) into tiles of Most, then of half as many and so on down to 1: body.template operator()<tile>(begin). Few sizes, so
/// that little code is made.
template <uint32_t Most, typename Body>
void inTiles(uint32_t count, Body body, uint32_t begin = 0)
{
    for (; begin + Most <= count; begin += Most)
        body.template operator()<Most>(begin);
    if constexpr (Most > 1) {
        if (begin < count)
            inTiles<(Most + 1) / 2>(count, body, begin);
    }
}

/// panelTile for any number of rows of x and out.
template <typename V>
void panelTiles(const float *panel, uint64_t stride, const float *const *x, uint32_t n, bool add, float *const *out, uint32_t tokens)
{
    inTiles<V::tileTokens>(tokens, [&]<uint32_t Tokens>(uint32_t t) { panelTile<V, Tokens>(panel, stride, x + t, n, add, out + t); });
}

} // namespace
