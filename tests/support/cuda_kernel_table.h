// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernel_checks.h"

#include <attention.h>
#include <heads.h>
#include <matrix.h>
#include <rows.h>

#include <cmath>

/// CUDA's kernels behind the table of the CPU's, so that the same checks hold for both. They run on the processor (tests/simt).
namespace cuda_kernels {

using namespace plimsoll;
using namespace plimsoll::engine;

inline constexpr uint32_t multiprocessors = 2;
inline constexpr uint32_t capability = 90;

inline cuda::Multiplier &multiplier()
{
    static cuda::Multiplier all(nullptr, multiprocessors, capability);
    return all;
}

/// An activation row of n elements as CUDA's kernels have it, and as the CPU's have it.
inline void toCuda(const std::byte *cpuRow, uint32_t n, std::byte *cudaRow)
{
    const cpu::ActivationRow row = cpu::activationRow(cpuRow, n);
    std::memcpy(cudaRow, row.q, n);
    for (uint32_t b = 0; b < n / 32; ++b) {
        const float scale = row.scales[b];
        const float factors[4] = {scale, scale * static_cast<float>(row.firstSums[b]), scale * static_cast<float>(row.secondSums[b]), 0};
        std::memcpy(cudaRow + n + b * sizeof factors, factors, sizeof factors);
    }
}

inline void toCpu(const std::byte *cudaRow, uint32_t n, std::byte *cpuRow)
{
    std::memcpy(cpuRow, cudaRow, n);
    for (uint32_t b = 0; b < n / 32; ++b) {
        float factors[4];
        std::memcpy(factors, cudaRow + n + b * sizeof factors, sizeof factors);
        const auto whole = [&](uint32_t part) { return factors[0] > 0 ? static_cast<int32_t>(std::lrint(factors[part] / factors[0])) : 0; };
        const int32_t sums[2] = {whole(1), whole(2)};
        std::memcpy(cpuRow + n + b * sizeof(float), factors, sizeof(float));
        for (uint32_t half = 0; half < 2; ++half)
            std::memcpy(cpuRow + n + ((1 + half) * (n / 32) + b) * sizeof(float), sums + half, sizeof(float));
    }
}

inline void quantizeRow(const float *x, uint32_t n, std::byte *row)
{
    std::vector<std::byte> quantized(cuda::activationRowBytes(n));
    cuda::RowNorm work;
    work.x = x;
    work.columns = n;
    work.rows = 1;
    work.quantized = quantized.data();
    cuda::normRows(nullptr, work);
    toCpu(quantized.data(), n, row);
}

/// The tokens of a product one after another, as CUDA's kernels take them.
struct Gathered
{
    std::vector<float> x;
    std::vector<std::byte> quantized;
    cuda::Product product;

    Gathered(const cpu::Product &from, uint32_t begin, uint32_t end)
    {
        const bool integer = cuda::multipliesQuantized(from.type);
        const uint32_t n = from.columns;
        x.resize(uint64_t{from.tokens} * n);
        quantized.resize(integer ? from.tokens * cuda::activationRowBytes(n) : 0);
        for (uint32_t t = 0; t < from.tokens; ++t) {
            float *const row = x.data() + uint64_t{t} * n;
            if (!integer) {
                std::copy_n(from.x + cpu::xRow(from, t) * from.xStride, n, row);
                continue;
            }
            const std::byte *const stored = from.quantized + cpu::xRow(from, t) * cpu::activationRowBytes(n);
            toCuda(stored, n, quantized.data() + t * cuda::activationRowBytes(n));
            const cpu::ActivationRow seen = cpu::activationRow(stored, n);
            for (uint32_t i = 0; i < n; ++i)
                row[i] = seen.scales[i / 32] * static_cast<float>(seen.q[i]);
        }
        product.weight = from.weight + begin * from.rowBytes;
        product.type = from.type;
        product.rowBytes = from.rowBytes;
        product.rows = end - begin;
        product.columns = n;
        product.x = x.data();
        product.xStride = n;
        product.quantized = quantized.data();
        product.out = from.out + begin;
        product.outStride = from.outStride;
        product.tokens = from.tokens;
    }
};

/// A few tokens at a time.
inline void multiplyVectors(const cpu::Product &from, uint32_t begin, uint32_t end, std::byte *)
{
    if (begin == end)
        return;
    const Gathered all(from, begin, end);
    for (uint32_t t = 0; t < from.tokens; t += cuda::mostVectorTokens) {
        cuda::Product part = all.product;
        part.tokens = std::min(cuda::mostVectorTokens, from.tokens - t);
        part.x += t * part.xStride;
        part.quantized += t * cuda::activationRowBytes(part.columns);
        part.out += t * part.outStride;
        multiplier().multiply(part);
    }
}

/// All tokens by a kernel for many: the small one of the format, or the large one.
template <size_t Kernel>
void multiplyTiles(const cpu::Product &from, uint32_t begin, uint32_t end, std::byte *)
{
    if (begin == end)
        return;
    const Gathered all(from, begin, end);
    multiplier().multiplyTiles(all.product, cuda::kernelsOf(from.type).tiles[Kernel]);
}

inline void normalize(const Norm &norm, const float *x, uint32_t n, float *out)
{
    cuda::RowNorm work;
    work.norm = norm;
    work.x = x;
    work.out = out;
    work.columns = n;
    work.rows = 1;
    cuda::normRows(nullptr, work);
}

inline void activate(Activation activation, const float *gate, const float *up, uint32_t n, float *out)
{
    std::vector<float> row(gate, gate + n);
    cuda::RowActivation work;
    work.activation = activation;
    work.gate = row.data();
    work.up = up;
    work.width = n;
    work.rows = 1;
    cuda::activateRows(nullptr, work);
    std::copy(row.begin(), row.end(), out);
}

inline void addScaled(const float *x, float scale, uint32_t n, float *out)
{
    cuda::RowNorm work;
    work.x = x;
    work.out = out;
    work.columns = n;
    work.rows = 1;
    work.scale = scale;
    work.adds = true;
    cuda::normRows(nullptr, work);
}

inline void softcap(float cap, uint32_t n, float *x)
{
    cuda::finishLogits(nullptr, {x, nullptr, n, 1, 1.0f, cap});
}

/// As a key on its way into the cache.
inline void store(const float *x, uint32_t n, GgmlType type, std::byte *out)
{
    std::vector<float> row(x, x + n);
    std::vector<std::byte> values(n * sizeof(float));
    const TokenRow token{0, 0, 0, -1};
    cuda::HeadFinish work;
    work.rows[1] = work.rows[2] = row.data();
    work.kvHeads = 1;
    work.dimK = work.dimV = n;
    work.tokens = &token;
    work.count = 1;
    work.cache.k = out;
    work.cache.v = values.data();
    work.cache.typeK = type;
    work.cache.typeV = GgmlType::F32;
    work.cache.cells = 1;
    cuda::finishHeads(nullptr, work);
}

/// All heads, where the table's task is one group.
inline cuda::AttentionWork workOf(const cpu::AttentionTask &task)
{
    const AttentionSpec &spec = *task.spec;
    cuda::AttentionWork work;
    work.heads = spec.heads;
    work.kvHeads = spec.kvHeads;
    work.dimK = spec.headDimK;
    work.dimV = spec.headDimV;
    work.scale = spec.scale;
    work.softcap = spec.softcap;
    work.window = spec.window;
    work.chunked = spec.chunked;
    work.sinks = task.sinks;
    work.query = task.query;
    work.queryStride = task.queryStride;
    work.out = task.out;
    work.cache = task.cache;
    work.tokens = task.tokens;
    work.count = task.count;
    const auto end = static_cast<uint32_t>(task.tokens[task.count - 1].position) + 1;
    work.longestSpan = spec.window > 0 ? std::min(spec.window, end) : end;
    return work;
}

/// A device with so many multiprocessors and so much shared memory.
template <uint32_t Multiprocessors = multiprocessors, size_t SharedBytes = 64 * 1024>
cuda::AttentionRoom attentionRoom()
{
    static std::vector<float> partial(1 << 21);
    return {Multiprocessors, SharedBytes, partial.data(), partial.size() * sizeof(float), 90};
}

template <size_t SharedBytes>
void attend(const cpu::AttentionTask &task, std::byte *)
{
    cuda::attendFewRows(nullptr, workOf(task), attentionRoom<multiprocessors, SharedBytes>());
}

/// On tensor cores. With more multiprocessors more blocks share the cells.
template <uint32_t Multiprocessors>
void attendPrompt(const cpu::AttentionTask &task, std::byte *)
{
    cuda::attendPrompt(nullptr, workOf(task), task.tokens->sequence, task.tokens->position, attentionRoom<Multiprocessors>());
}

inline cpu::Kernels table()
{
    cpu::Kernels kernels = cpu::scalarKernels();
    kernels.quantizeRow = quantizeRow;
    kernels.multiply = multiplyVectors;
    kernels.normalize = normalize;
    kernels.activate = activate;
    kernels.addScaled = addScaled;
    kernels.softcap = softcap;
    kernels.attend = attend<64 * 1024>;
    kernels.store = store;
    return kernels;
}

} // namespace cuda_kernels
