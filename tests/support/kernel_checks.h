// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/cpu/kernels.h>
#include <plimsoll/engine/quant/sub_block.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

/// Checks of one table of kernels against plain loops in double, and against the scalar table where the bits must agree. Each returns
/// what went wrong, or nothing.
namespace kernel_checks {

using namespace plimsoll;
using namespace plimsoll::engine;
using namespace plimsoll::engine::cpu;

inline std::vector<std::byte> scratch()
{
    return std::vector<std::byte>(scratchBytes + 64);
}

inline std::byte *aligned(std::vector<std::byte> &bytes)
{
    return bytes.data() + (64 - reinterpret_cast<uintptr_t>(bytes.data()) % 64) % 64;
}

/// Values no kernel may mistake: ordinary ones, then a stretch of zeros, tiny and large ones, alternating signs.
inline std::vector<float> awkward(size_t n, uint32_t seed, float scale = 1.0f)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0f, scale);
    std::vector<float> x(n);
    for (size_t i = 0; i < n; ++i)
        switch (i / 32 % 7) {
        case 3: x[i] = 0; break;
        case 4: x[i] = normal(random) * 1e-20f; break;
        case 5: x[i] = (i & 1 ? -1.0f : 1.0f) * scale; break;
        case 6: x[i] = normal(random) * 100; break;
        default: x[i] = normal(random);
        }
    return x;
}

/// Values of one size.
inline std::vector<float> ordinary(size_t n, uint32_t seed, float scale = 1.0f)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0f, scale);
    std::vector<float> x(n);
    for (float &each : x)
        each = normal(random);
    return x;
}

/// Puts a scale of the block's kind in place of random bits, which could be an infinity.
template <typename Block>
void setRandomScales(Block &block, std::mt19937 &random)
{
    const float halves[] = {0.01f, -0.02f, 0.0f, 3e-7f, 500.0f, -1e-5f};
    const auto half = [&] { return floatToHalf(halves[random() % 6]); };
    if constexpr (requires { block.d; })
        block.d = half();
    if constexpr (requires { block.dmin; })
        block.dmin = half();
    if constexpr (requires { block.m; })
        block.m = half();
    if constexpr (std::is_same_v<Block, BlockMXFP4>)
        block.exponent = random() % 8 == 0 ? static_cast<uint8_t>(random() % 3) : static_cast<uint8_t>(100 + random() % 50);
    if constexpr (std::is_same_v<Block, BlockIQ1_M>) {
        const uint16_t d = half();
        for (uint32_t i = 0; i < 4; ++i)
            block.scales[2 * i + 1] = static_cast<uint8_t>((block.scales[2 * i + 1] & 15) | (d >> (4 * i) & 15) << 4);
    }
}

/// Blocks with every bit pattern of numbers and scales, some with all numbers equal, and scales that are ordinary, zero, subnormal, large
/// or negative.
inline std::vector<std::byte> randomBlocks(GgmlType type, uint64_t count, uint32_t seed)
{
    const GgmlTypeInfo &format = info(type);
    std::mt19937 random(seed);
    std::vector<std::byte> bytes(count * format.blockBytes);
    for (std::byte &each : bytes)
        each = static_cast<std::byte>(random());
    for (uint64_t b = 0; b < count; ++b) {
        std::byte *const at = bytes.data() + b * format.blockBytes;
        if (random() % 8 == 0)
            std::memset(at, random() % 2 == 0 ? 0xff : 0, format.blockBytes);
        withBlock(type, [&]<typename Block, uint32_t Elements>() {
            Block block;
            std::memcpy(&block, at, sizeof block);
            setRandomScales(block, random);
            std::memcpy(at, &block, sizeof block);
        });
    }
    return bytes;
}

inline std::vector<std::byte> weights(GgmlType type, uint32_t rows, uint32_t columns, uint32_t seed)
{
    std::vector<std::byte> bytes(*rowBytes(type, columns) * rows);
    if (info(type).blockElements > 1)
        return randomBlocks(type, uint64_t{rows} * columns / info(type).blockElements, seed);
    quantize(type, awkward(uint64_t{rows} * columns, seed), bytes.data());
    return bytes;
}

/// How far below zero the signed numbers of a format go: fast kernels may store them higher by as much.
inline float lowestNumber(GgmlType type)
{
    switch (type) {
    case GgmlType::Q4_0: return -8;
    case GgmlType::Q5_0: return -16;
    case GgmlType::Q8_0: return -128;
    case GgmlType::Q3_K: return -4;
    case GgmlType::Q6_K: return -32;
    case GgmlType::IQ4_NL:
    case GgmlType::IQ4_XS: return -127;
    case GgmlType::IQ2_XXS:
    case GgmlType::IQ2_XS:
    case GgmlType::IQ2_S: return -43;
    case GgmlType::IQ3_XXS: return -62;
    case GgmlType::IQ3_S: return -15;
    case GgmlType::MXFP4:
    case GgmlType::NVFP4: return -12;
    case GgmlType::IQ1_S:
    case GgmlType::IQ1_M:
    case GgmlType::TQ1_0:
    case GgmlType::TQ2_0:
    case GgmlType::Q1_0:
    case GgmlType::Q2_0: return -9;
    default: return 0;
    }
}

/// What each element would be with the lowest number.
inline std::vector<float> offsets(GgmlType type, const std::byte *row, uint32_t columns)
{
    std::vector<float> out(columns, 0.0f);
    withBlock(type, [&]<typename Block, uint32_t Elements>() {
        for (uint32_t i = 0; i < columns; i += 32) {
            Block block;
            std::memcpy(&block, row + i / Elements * sizeof block, sizeof block);
            const SubBlock sub = subBlock(block, i % Elements / 32);
            for (uint32_t e = 0; e < 32; ++e)
                out[i + e] = sub.scale[e / 16] * lowestNumber(type) + sub.offset[e / 16];
        }
    });
    return out;
}

struct ProductCase
{
    GgmlType type;
    uint32_t rows;
    uint32_t columns;
    uint32_t tokens;
};

/// Activations as the kernel under test sees them, in double.
inline std::vector<double> seen(const ProductCase &c, const std::vector<float> &x, const std::byte *quantized, uint32_t token)
{
    std::vector<double> out(c.columns);
    if (info(c.type).blockElements == 1) {
        std::copy_n(x.begin() + static_cast<ptrdiff_t>(token * c.columns), c.columns, out.begin());
        return out;
    }
    const ActivationRow row = activationRow(quantized + token * activationRowBytes(c.columns), c.columns);
    for (uint32_t i = 0; i < c.columns; ++i)
        out[i] = double{row.scales[i / 32]} * row.q[i];
    return out;
}

/// Rows × tokens against double. Tokens take their activations in reverse order through `tokenRows`, rows come in two calls, and what lies
/// beside the output must stay as it was.
inline std::string checkProduct(const Kernels &kernels, const ProductCase &c)
{
    const bool quantized = info(c.type).blockElements > 1;
    const std::vector<std::byte> w = weights(c.type, c.rows, c.columns, c.rows * 31 + c.columns + c.tokens);
    const std::vector<float> x = awkward(uint64_t{c.tokens} * c.columns, c.tokens + 5);
    std::vector<std::byte> q(quantized ? activationRowBytes(c.columns) * c.tokens : 0);
    for (uint32_t t = 0; quantized && t < c.tokens; ++t)
        kernels.quantizeRow(x.data() + uint64_t{t} * c.columns, c.columns, q.data() + t * activationRowBytes(c.columns));
    std::vector<uint32_t> order(c.tokens);
    for (uint32_t t = 0; t < c.tokens; ++t)
        order[t] = c.tokens - 1 - t;
    constexpr float untouched = -12345.0f;
    const uint32_t stride = c.rows + 3;
    std::vector<float> out(uint64_t{c.tokens} * stride, untouched);
    Product product;
    product.weight = w.data();
    product.type = c.type;
    product.rows = c.rows;
    product.columns = c.columns;
    product.rowBytes = *rowBytes(c.type, c.columns);
    product.x = x.data();
    product.xStride = c.columns;
    product.quantized = q.data();
    product.tokenRows = order.data();
    product.tokens = c.tokens;
    product.out = out.data();
    product.outStride = stride;
    std::vector<std::byte> space = scratch();
    const uint32_t cut = c.rows > 5 ? 5 : 0;
    kernels.multiply(product, 0, cut, aligned(space));
    kernels.multiply(product, cut, c.rows, aligned(space));

    std::vector<float> row(c.columns);
    for (uint32_t t = 0; t < c.tokens; ++t) {
        const std::vector<double> a = seen(c, x, q.data(), order[t]);
        for (uint32_t r = 0; r < c.rows; ++r) {
            const std::byte *const at = w.data() + r * product.rowBytes;
            dequantize(c.type, at, row);
            const std::vector<float> shift = offsets(c.type, at, c.columns);
            double want = 0;
            double magnitude = 0;
            for (uint32_t i = 0; i < c.columns; ++i) {
                want += double{row[i]} * a[i];
                magnitude += (std::fabs(double{row[i]}) + 2 * std::fabs(double{shift[i]})) * std::fabs(a[i]);
            }
            // Every term is rounded a few times (scale, its product with the other scale, the sum of a block) and then takes part in
            // at most columns/8 + 16 additions, each off by half a unit of at most the sum of magnitudes.
            const double tolerance = (c.columns / 8.0 + 16) * 0x1p-24 * magnitude + 1e-37;
            const double got = double{out[uint64_t{t} * stride + r]};
            if (!(std::fabs(got - want) <= tolerance))
                return "row " + std::to_string(r) + " of " + std::to_string(c.rows) + ", token " + std::to_string(t) + " of "
                    + std::to_string(c.tokens) + ", columns " + std::to_string(c.columns) + ": " + std::to_string(got) + ", expected "
                    + std::to_string(want) + " within " + std::to_string(tolerance);
        }
        for (uint32_t r = c.rows; r < stride; ++r)
            if (out[uint64_t{t} * stride + r] != untouched)
                return "wrote beside row " + std::to_string(r);
    }
    return {};
}

inline std::string checkProducts(const Kernels &kernels, GgmlType type)
{
    const uint32_t step = info(type).blockElements;
    std::vector<uint32_t> columns = {step, 3 * step, 5 * 256};
    if (step == 1)
        columns = {1, 7, 64, 172, 520};
    else if (step < 256)
        columns = {step, 3 * step, 33 * step};
    for (const uint32_t n : columns)
        for (const uint32_t rows : {1u, 3u, 16u, 21u, 40u})
            for (const uint32_t tokens : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 10u, 11u, 12u, 13u, 17u}) {
                const std::string wrong = checkProduct(kernels, {type, rows, n, tokens});
                if (!wrong.empty())
                    return wrong;
            }
    return {};
}

/// To the bit as the scalar form, also for zeros, tiny blocks, and one value far above the rest.
inline std::string checkQuantizeRow(const Kernels &kernels)
{
    for (const uint32_t n : {32u, 64u, 224u, 1024u}) {
        std::vector<float> x = awkward(n, n);
        x[n - 1] = -1e30f;
        x[0] = 1e-36f;
        std::vector<std::byte> got(activationRowBytes(n));
        std::vector<std::byte> want(activationRowBytes(n));
        kernels.quantizeRow(x.data(), n, got.data());
        scalarKernels().quantizeRow(x.data(), n, want.data());
        if (got != want)
            return "differs from the scalar form at " + std::to_string(n);
    }
    return {};
}

inline bool near(double got, double want, double relative, double absolute)
{
    return std::fabs(got - want) <= relative * std::fabs(want) + absolute;
}

/// Activations, addition, softcap, norms and storing, at lengths with every remainder.
inline std::string checkRows(const Kernels &kernels)
{
    for (uint32_t n = 1; n < 70; n = n < 20 ? n + 1 : n + 13) {
        const std::vector<float> g = awkward(n, n, 3.0f);
        const std::vector<float> u = awkward(n, n + 100);
        std::vector<float> out(n + 1, 7.0f);
        const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
        const auto each = [&](const char *what, auto expected) -> std::string {
            for (uint32_t i = 0; i < n; ++i) {
                const double want = expected(double{g[i]}, double{u[i]});
                // e^x is good to 2^-22, and enters once; where it is below 1e-38 it is taken as 0.
                if (!near(double{out[i]}, want, 1e-6, 1e-6 * std::fabs(double{u[i]}) + 1e-30))
                    return std::string(what) + " of " + std::to_string(g[i]) + ": " + std::to_string(out[i]) + ", expected "
                        + std::to_string(want);
            }
            return out[n] == 7.0f ? "" : std::string(what) + " wrote past the end";
        };
        std::string wrong;
        kernels.activate(Activation::Silu, g.data(), u.data(), n, out.data());
        wrong += each("silu", [&](double a, double b) { return a * sigmoid(a) * b; });
        kernels.activate(Activation::Gelu, g.data(), u.data(), n, out.data());
        wrong += each("gelu", [&](double a, double b) { return a * sigmoid(2 * std::sqrt(2 / M_PI) * (a + 0.044715 * a * a * a)) * b; });
        kernels.activate(Activation::SquaredRelu, g.data(), nullptr, n, out.data());
        wrong += each("squared relu", [&](double a, double) { return a > 0 ? a * a : 0; });
        kernels.activate(Activation::ClampedSwiglu, g.data(), u.data(), n, out.data());
        wrong += each("clamped swiglu", [&](double a, double b) {
            a = std::min(a, 7.0);
            return a * sigmoid(1.702 * a) * (std::clamp(b, -7.0, 7.0) + 1);
        });
        std::copy(u.begin(), u.end(), out.begin());
        kernels.addScaled(g.data(), 0.5f, n, out.data());
        wrong += each("addition", [&](double a, double b) { return 0.5 * a + b; });
        std::copy(g.begin(), g.end(), out.begin());
        kernels.softcap(30.0f, n, out.data());
        for (uint32_t i = 0; i < n; ++i)
            if (!near(double{out[i]}, 30 * std::tanh(double{g[i]} / 30), 1e-5, 1e-5))
                wrong += "softcap ";
        std::vector<uint16_t> got(n);
        std::vector<uint16_t> want(n);
        kernels.store(g.data(), n, GgmlType::F16, reinterpret_cast<std::byte *>(got.data()));
        scalarKernels().store(g.data(), n, GgmlType::F16, reinterpret_cast<std::byte *>(want.data()));
        if (got != want)
            wrong += "stored halves differ ";
        if (!wrong.empty())
            return wrong + " (n = " + std::to_string(n) + ")";
    }
    return {};
}

inline std::string checkNorms(const Kernels &kernels)
{
    for (const uint32_t n : {1u, 5u, 16u, 64u, 100u, 2048u})
        for (const NormKind kind : {NormKind::Rms, NormKind::Layer}) {
            const std::vector<float> x = awkward(n, n, 2.0f);
            const std::vector<float> w = awkward(n, n + 1);
            const std::vector<float> b = awkward(n, n + 2);
            const Norm norm{w.data(), n % 2 ? b.data() : nullptr, kind, 1e-5f};
            std::vector<float> out(x);
            kernels.normalize(norm, out.data(), n, out.data());
            double mean = 0;
            double square = 0;
            double top = 0;
            for (const float v : x) {
                mean += kind == NormKind::Layer ? double{v} / n : 0;
                top = std::max(top, std::fabs(double{v}));
            }
            for (const float v : x)
                square += (double{v} - mean) * (double{v} - mean) / n;
            const double scale = 1 / std::sqrt(square + 1e-5);
            for (uint32_t i = 0; i < n; ++i) {
                const double want = (double{x[i]} - mean) * scale * double{w[i]} + (norm.bias ? double{b[i]} : 0);
                // The sums are off by at most n/2 roundings of their size; the mean by that share of the largest value.
                const double slack = (n / 2.0 + 8) * 0x1p-24;
                if (!near(double{out[i]}, want, 4 * slack, slack * top * scale * std::fabs(double{w[i]}) + 1e-30))
                    return "n = " + std::to_string(n) + ", element " + std::to_string(i) + ": " + std::to_string(out[i]) + ", expected "
                        + std::to_string(want);
            }
        }
    return {};
}

/// Rows of cells in blocks: the bits every instruction set stores, and how far they are from what was given.
inline std::string checkCells(const Kernels &kernels, GgmlType type)
{
    constexpr uint32_t n = 7 * 32;
    const double steps = type == GgmlType::Q8_0 ? 127 : 8;
    for (const float size : {1.0f, 1e-12f, 3e-6f, 1e-3f, 1e4f, 1e9f, 3e38f}) {
        std::vector<float> x = awkward(n, 11, 1.0f);
        for (float &each : x)
            each = std::clamp(each * size, -3e38f, 3e38f);
        if (size == 3e38f)
            x[5] = std::nanf("");
        std::vector<std::byte> got(*rowBytes(type, n) + 1, std::byte{0x5a});
        std::vector<std::byte> twin = got;
        kernels.store(x.data(), n, type, got.data());
        scalarKernels().store(x.data(), n, type, twin.data());
        if (got != twin || got.back() != std::byte{0x5a})
            return "other bits than the twin, or past the end, at size " + std::to_string(size);
        std::vector<float> stored(n);
        dequantize(type, got.data(), stored);
        for (uint32_t i = 0; i < n; ++i) {
            double top = 0;
            for (uint32_t e = i / 32 * 32; e < i / 32 * 32 + 32; ++e)
                top = std::max(top, std::fabs(double{x[e]}));
            // Half a step; a whole one at the end of Q4_0's range that lacks a number. The scale is a half float: 2^-11 of itself, or a
            // step of 2^-24 where it is subnormal, for each of `steps`; beyond the largest it is held.
            const double step = top / steps;
            const double slack = (type == GgmlType::Q8_0 ? 0.5 : 1.0) * step + steps * (step * 0x1p-10 + 0x1p-24);
            if (top <= 65504 * steps && !(std::fabs(double{stored[i]} - double{x[i]}) <= slack))
                return "stored " + std::to_string(x[i]) + " as " + std::to_string(stored[i]);
            if (!std::isfinite(stored[i]))
                return "stored what is not finite";
        }
    }
    return {};
}

struct AttentionCase
{
    uint32_t heads;         // of one group
    uint32_t kvHeads;
    uint32_t kvHead;
    uint32_t dimK;
    uint32_t dimV;
    uint32_t window;
    float softcap;
    bool sinks;
    GgmlType type;
    uint32_t cells;         // of the ring
    uint32_t firstPosition; // of the first query token
    uint32_t count;         // of query tokens
    int32_t sequence;
    bool chunked = false;
    float querySize = 1;    // the scale undoes it
    bool latent = false;    // values are the first elements of the keys
};

/// In which numbers attention multiplies: queries, weights, and cells that are no halves already.
enum class Factors { Float, Half };

/// A task of attention with all that it points to.
struct AttentionScene
{
    AttentionSpec spec;
    std::vector<std::byte> cacheK, cacheV;
    std::vector<float> storedK, storedV;   // what the cells hold, [positions, heads, dim]
    std::vector<float> query, sinks, out;
    std::vector<TokenRow> tokens;
    AttentionTask task;
    std::vector<std::byte> space = scratch();

    AttentionScene(const Kernels &kernels, const AttentionCase &c, Factors factors = Factors::Float)
    {
        spec.heads = c.heads * c.kvHeads;
        spec.kvHeads = c.kvHeads;
        spec.headDimK = c.dimK;
        spec.headDimV = c.dimV;
        spec.scale = 1 / std::sqrt(static_cast<float>(c.dimK)) / c.querySize;
        spec.softcap = c.softcap;
        spec.window = c.window;
        spec.chunked = c.chunked;
        const uint32_t positions = c.firstPosition + c.count;
        // Half floats tell nothing about scores in the hundreds, of which e^x multiplies every error.
        const auto numbers = factors == Factors::Half ? ordinary : awkward;
        KvCache &cache = task.cache;
        cache.typeK = cache.typeV = c.type;
        cache.cells = c.cells;
        cache.rowBytesK = *rowBytes(c.type, c.kvHeads * c.dimK);
        cache.rowBytesV = *rowBytes(c.type, c.kvHeads * c.dimV);
        const uint64_t rows = uint64_t{positions} * c.kvHeads;
        const std::vector<float> keys = numbers(rows * c.dimK, 1, factors == Factors::Half ? 1.5f : 0.5f);
        storedK = filled(kernels, cache, cacheK, cache.rowBytesK, c, c.dimK, keys);
        storedV = filled(kernels, cache, cacheV, cache.rowBytesV, c, c.dimV, awkward(rows * c.dimV, 2));
        cache.k = cacheK.data();
        cache.v = cacheV.data();
        if (c.latent) {
            for (uint64_t row = 0; row < rows; ++row)
                std::copy_n(storedK.data() + row * c.dimK, c.dimV, storedV.data() + row * c.dimV);
            cache.v = cache.k;
            cache.rowBytesV = cache.rowBytesK;
        }
        query = numbers(uint64_t{c.count} * spec.heads * c.dimK, 3, 1.0f);
        for (float &each : query)
            each *= c.querySize;
        for (uint32_t h = 0; h < spec.heads; ++h)
            sinks.push_back(0.3f * static_cast<float>(h));
        for (uint32_t t = 0; t < c.count; ++t)
            tokens.push_back({0, static_cast<int32_t>(c.firstPosition + t), c.sequence, -1});
        out.resize(uint64_t{c.count} * spec.heads * c.dimV);
        task.spec = &spec;
        task.sinks = c.sinks ? sinks.data() : nullptr;
        task.tokens = tokens.data();
        task.count = c.count;
        task.head = c.kvHead * c.heads;
        task.heads = c.heads;
        task.kvHead = c.kvHead;
        task.query = query.data();
        task.queryStride = spec.heads * c.dimK;
        task.out = out.data();
        task.outStride = spec.heads * c.dimV;
    }
    AttentionScene(const AttentionScene &) = delete;

    void attend(const Kernels &kernels, const AttentionTask &what) { kernels.attend(what, aligned(space)); }

private:
    /// Numbers into the cells of a cache, and what they are there.
    static std::vector<float> filled(const Kernels &kernels, const KvCache &cache, std::vector<std::byte> &cells, uint64_t bytes,
        const AttentionCase &c, uint32_t dim, const std::vector<float> &numbers)
    {
        cells.assign((static_cast<uint64_t>(c.sequence) + 1) * c.cells * bytes, std::byte{0x3c});
        std::vector<float> stored(numbers.size());
        const uint32_t n = c.kvHeads * dim;
        for (uint32_t p = 0; p < c.firstPosition + c.count; ++p) {
            std::byte *const cell = cells.data() + (static_cast<uint64_t>(c.sequence) * c.cells + p % c.cells) * bytes;
            kernels.store(numbers.data() + uint64_t{p} * n, n, cache.typeK, cell);
            dequantize(cache.typeK, cell, {stored.data() + uint64_t{p} * n, n});
        }
        return stored;
    }
};

/// Several heads at once give the bits of each alone; ranges of positions, joined, what one pass gives.
inline std::string checkAttentionCuts(const Kernels &kernels, const AttentionCase &c)
{
    AttentionScene scene(kernels, c);
    AttentionTask task = scene.task;
    for (task.kvHead = 0; task.kvHead < c.kvHeads; ++task.kvHead) {
        task.head = task.kvHead * c.heads;
        scene.attend(kernels, task);
    }
    const std::vector<float> alone = scene.out;
    task.kvHead = task.head = 0;
    task.kvHeads = c.kvHeads;
    if (c.count * c.heads * c.kvHeads > maxAttentionRows)
        return {};
    std::fill(scene.out.begin(), scene.out.end(), 0.0f);
    scene.attend(kernels, task);
    if (scene.out != alone)
        return "heads together differ from each alone";
    if (c.count > 1)
        return {};

    float largest = 0;
    for (const float v : scene.storedV)
        largest = std::max(largest, std::fabs(v));
    const double slack = 2e-6 * double{largest};   // a weight is off by some roundings of its score
    constexpr uint32_t ranges = 3;
    const uint32_t width = attentionPartWidth(scene.spec);
    std::vector<float> parts(uint64_t{ranges} * scene.spec.heads * width, NAN);
    const int64_t first = firstVisible(scene.spec, scene.tokens[0].position);
    const int64_t seen = scene.tokens[0].position + 1 - first;
    if (seen < ranges)
        return {};
    for (uint32_t range = 0; range < ranges; ++range) {
        task.sinks = range == 0 ? scene.task.sinks : nullptr;
        task.first = first + seen * range / ranges;
        task.last = first + seen * (range + 1) / ranges - 1;
        task.parts = parts.data() + uint64_t{range} * scene.spec.heads * width;
        scene.attend(kernels, task);
    }
    for (uint32_t head = 0; head < scene.spec.heads; ++head) {
        const auto part = [&](uint32_t range) { return parts.data() + (uint64_t{range} * scene.spec.heads + head) * width; };
        double top = -INFINITY;
        for (uint32_t range = 0; range < ranges; ++range)
            top = std::max(top, double{part(range)[c.dimV]});
        double weight = 0;
        for (uint32_t range = 0; range < ranges; ++range)
            weight += std::exp(double{part(range)[c.dimV]} - top) * double{part(range)[c.dimV + 1]};
        for (uint32_t d = 0; d < c.dimV; ++d) {
            double joined = 0;
            for (uint32_t range = 0; range < ranges; ++range)
                joined += std::exp(double{part(range)[c.dimV]} - top) * double{part(range)[d]};
            const double want = double{alone[uint64_t{head} * c.dimV + d]};
            if (!(std::fabs(joined / weight - want) <= slack))
                return "head " + std::to_string(head) + ", element " + std::to_string(d) + " of ranges: " + std::to_string(joined / weight)
                    + ", in one pass " + std::to_string(want);
        }
    }
    return {};
}

/// One task of attention against a plain double loop over the positions each token sees.
inline std::string checkAttention(const Kernels &kernels, const AttentionCase &c, Factors factors = Factors::Float)
{
    AttentionScene scene(kernels, c, factors);
    const auto &[spec, cacheK, cacheV, storedK, storedV, query, sinks, out, tokens, task, space] = scene;
    const uint32_t positions = c.firstPosition + c.count;
    scene.attend(kernels, task);

    for (uint32_t t = 0; t < c.count; ++t)
        for (uint32_t h = task.head; h < task.head + c.heads; ++h) {
            const uint32_t last = c.firstPosition + t;
            const uint32_t first = c.chunked ? last - last % c.window : c.window && last + 1 > c.window ? last + 1 - c.window : 0;
            std::vector<double> score;
            double top = c.sinks ? double{sinks[h]} : -INFINITY;
            double largest = 0;
            double spread = 0;
            for (uint32_t p = first; p <= last; ++p) {
                double s = 0;
                double size = 0;
                double squares = 0;
                for (uint32_t d = 0; d < c.dimK; ++d) {
                    const double a = double{query[uint64_t{t} * task.queryStride + h * c.dimK + d]};
                    const double b = double{storedK[(uint64_t{p} * c.kvHeads + c.kvHead) * c.dimK + d]};
                    s += a * b;
                    size += std::fabs(a * b);
                    squares += a * b * a * b;
                }
                spread = std::max(spread, std::sqrt(squares) * double{spec.scale});
                largest = std::max(largest, size * double{spec.scale});
                s *= double{spec.scale};
                score.push_back(c.softcap > 0 ? double{c.softcap} * std::tanh(s / double{c.softcap}) : s);
                top = std::max(top, score.back());
            }
            double sum = c.sinks ? std::exp(double{sinks[h]} - top) : 0;
            for (double &s : score)
                sum += s = std::exp(s - top);
            for (uint32_t d = 0; d < c.dimV; ++d) {
                double want = 0;
                double size = 0;
                double values = 0;
                for (uint32_t p = first; p <= last; ++p) {
                    const double b = double{storedV[(uint64_t{p} * c.kvHeads + c.kvHead) * c.dimV + d]};
                    want += score[p - first] / sum * b;
                    size += score[p - first] / sum * std::fabs(b);
                    values += std::fabs(b);
                }
                const double got = double{out[uint64_t{t} * task.outStride + h * c.dimV + d]};
                // A score is off by dimK/2 + 8 roundings of its magnitude, twice (its own and the top one's); a weight by as much,
                // relatively; and the sum by a rounding per position.
                const double slack = (c.dimK + 16) * 0x1p-24 * (largest + double{c.softcap}) * 2 + (positions + 64) * 0x1p-23;
                // A half float is off by at most 2^-11 of itself, 2^-11 / √3 in the mean. The factors of a score err independently: it is
                // allowed 2^-11 · 2 of the root of its products' squares, more than three times the mean, and so is the top one. A weight
                // below 2^-14 of the top one is off by 2^-25 of that, and all together are no less than it.
                const double rounded = factors == Factors::Float ? 0 : c.type == GgmlType::F16 ? 1 : 2;
                const double halves = rounded * 0x1p-11 * (1 + 4 * spread);
                if (!(std::fabs(got - want) <= (slack + halves) * size + rounded * 0x1p-25 * values + 1e-12))
                    return "token " + std::to_string(t) + ", head " + std::to_string(h) + ", element " + std::to_string(d) + ": "
                        + std::to_string(got) + ", expected " + std::to_string(want);
            }
        }
    return {};
}

inline std::vector<AttentionCase> attentionCases()
{
    const GgmlType half = GgmlType::F16;
    const GgmlType full = GgmlType::F32;
    const GgmlType eight = GgmlType::Q8_0;
    const GgmlType four = GgmlType::Q4_0;
    return {
        {4, 2, 1, 64, 64, 0, 0, false, half, 256, 0, 1, 0},       // the very first token
        {4, 2, 0, 64, 64, 0, 0, false, half, 256, 200, 1, 0},     // decoding
        {1, 1, 0, 8, 8, 0, 0, false, half, 100, 70, 1, 0},        // narrow heads
        {7, 2, 1, 128, 128, 0, 0, false, full, 300, 130, 1, 2},   // another sequence
        {4, 2, 1, 64, 64, 0, 0, false, half, 256, 0, 8, 0},       // a prompt from its start
        {4, 2, 0, 64, 64, 0, 0, false, half, 256, 61, 8, 1},      // a later part
        {1, 3, 2, 40, 24, 0, 0, false, full, 90, 3, 32, 0},       // widths of no register
        {2, 2, 1, 30, 22, 0, 0, false, full, 90, 5, 7, 0},        // no multiples of four
        {2, 2, 1, 22, 30, 0, 0, false, half, 90, 5, 7, 0},
        {3, 1, 0, 20, 36, 0, 30, true, half, 200, 100, 10, 0},    // softcap and sinks
        {2, 2, 1, 64, 64, 16, 0, false, half, 200, 100, 9, 0},    // window
        {2, 2, 1, 64, 64, 100, 0, true, half, 116, 500, 16, 1},   // window in a ring that has gone round
        {32, 1, 0, 16, 16, 0, 50, false, full, 80, 79, 1, 0},     // many heads on one
        {8, 1, 0, 576, 512, 0, 0, false, half, 70, 60, 2, 0},     // the widest
        {8, 1, 0, 256, 256, 7, 0, false, half, 10, 60, 1, 0},     // window far into the context
        {4, 2, 1, 64, 64, 0, 0, false, eight, 256, 200, 1, 0},    // blocks of eight bits: decoding
        {5, 3, 1, 96, 32, 0, 0, false, eight, 256, 61, 6, 1},     // a prompt
        {2, 2, 1, 64, 64, 100, 0, true, eight, 116, 500, 16, 1},  // a ring that has gone round
        {8, 1, 0, 576, 512, 0, 0, false, eight, 70, 60, 2, 0},
        {1, 1, 0, 32, 32, 0, 0, false, four, 100, 70, 1, 0},      // of four
        {4, 2, 0, 128, 64, 0, 30, true, four, 256, 61, 8, 1},
        {3, 2, 1, 64, 96, 16, 0, false, four, 33, 100, 9, 0},
        {8, 1, 0, 576, 512, 0, 0, false, four, 70, 60, 1, 0},
    };
}

/// Prompts on tensor cores: in tiles of 32 or 64 rows, a row for each head of a group and token.
inline std::vector<AttentionCase> promptCases()
{
    const GgmlType half = GgmlType::F16;
    const GgmlType eight = GgmlType::Q8_0;
    const GgmlType four = GgmlType::Q4_0;
    return {
        {4, 2, 1, 64, 64, 0, 0, false, half, 256, 0, 40, 0},               // from the start, tiles end within a token's heads or not
        {3, 2, 0, 64, 64, 0, 0, false, half, 256, 61, 45, 1},              // a later part
        {7, 1, 0, 128, 128, 0, 0, false, half, 300, 150, 20, 2},
        {1, 3, 2, 80, 80, 0, 0, false, half, 130, 10, 67, 0},              // narrower than the tile
        {2, 1, 0, 96, 96, 0, 0, false, half, 130, 10, 37, 0},
        {2, 1, 0, 40, 24, 0, 0, false, half, 90, 3, 32, 0},
        {4, 1, 0, 192, 128, 0, 0, false, half, 130, 40, 20, 0},
        {2, 1, 0, 256, 256, 0, 0, false, half, 130, 40, 35, 0},            // two warps share the rows
        {4, 1, 0, 512, 512, 0, 0, false, half, 90, 40, 19, 0},             // four
        {16, 1, 0, 576, 512, 0, 0, false, half, 90, 30, 17, 1, false, 1, true},
        {8, 1, 0, 96, 64, 0, 0, false, half, 90, 30, 17, 0, false, 1, true},
        {3, 1, 0, 64, 64, 0, 30, true, half, 200, 100, 30, 0},             // softcap and sinks
        {2, 2, 1, 64, 64, 16, 0, false, half, 200, 100, 39, 0},            // window
        {2, 2, 1, 64, 64, 100, 0, true, half, 140, 500, 40, 1},            // window in a ring that has gone round
        {2, 1, 0, 128, 128, 48, 0, false, half, 140, 500, 60, 0, true},    // chunks, the end of one within the prompt
        {4, 2, 1, 64, 64, 0, 0, false, eight, 256, 100, 20, 0},
        {5, 3, 1, 96, 32, 0, 0, false, eight, 256, 61, 17, 1},
        {2, 2, 1, 64, 64, 100, 0, true, eight, 140, 500, 40, 1},
        {16, 1, 0, 576, 512, 0, 0, false, eight, 70, 30, 17, 0, false, 1, true},
        {4, 2, 0, 128, 64, 0, 30, true, four, 256, 61, 20, 1},
        {3, 2, 1, 64, 96, 16, 0, false, four, 90, 100, 30, 0},
        {4, 1, 0, 64, 64, 0, 0, false, GgmlType::F32, 90, 30, 20, 0},      // rounded on their way
        {4, 1, 0, 128, 128, 0, 0, false, half, 90, 30, 20, 0, false, 1e6f},     // queries beyond the largest half
        {4, 1, 0, 256, 256, 0, 0, false, half, 90, 30, 20, 0, false, 1e30f},
        {4, 1, 0, 64, 64, 0, 0, false, half, 90, 30, 20, 0, false, 1e-9f},      // below the smallest
    };
}

} // namespace kernel_checks
