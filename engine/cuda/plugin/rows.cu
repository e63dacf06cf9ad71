// SPDX-License-Identifier: Apache-2.0
#include "rows.h"

#include "activation.cuh"
#include "activation_row.cuh"
#include "launch.h"

#include <algorithm>

namespace plimsoll::engine::cuda {

namespace {

constexpr uint32_t elementThreads = 256;
constexpr uint32_t mostRowThreads = 1024;

/// Grid: (rows, units).
__global__ void __launch_bounds__(mostRowThreads) normRowsKernel(RowNorm work)
{
    waitForPrevious();
    __shared__ float partial[warpLanes];
    const uint32_t row = blockIdx.x;
    const uint32_t unit = blockIdx.y;
    const uint32_t n = work.columns;
    const int32_t outRow = work.outputs ? work.outputs[row].output : static_cast<int32_t>(row);
    if (outRow < 0)
        return;
    const float *const x = work.x + row * work.xStride + unit * (work.unitStride ? work.unitStride : n);
    float *const out = work.out ? work.out + static_cast<uint64_t>(outRow) * work.outStride + uint64_t{unit} * n : nullptr;
    const uint64_t quantizedRow = work.unitsApart ? uint64_t{unit} * work.rows + row : static_cast<uint64_t>(outRow) * work.units + unit;
    std::byte *const quantized = work.quantized ? work.quantized + quantizedRow * activationRowBytes(n) : nullptr;
    const float *const bias = work.bias ? work.bias + uint64_t{unit} * n : nullptr;
    const uint64_t weightsAt = work.weightsOfEach ? uint64_t{unit} * n : 0;
    const float *const weight = work.norm.weight ? work.norm.weight + weightsAt : nullptr;
    const float *const shift = work.norm.bias ? work.norm.bias + weightsAt : nullptr;
    const auto value = [&](uint32_t i) { return bias ? x[i] + bias[i] : x[i]; };
    float mean = 0;
    float scale = 1;
    if (weight || work.norm.plain) {
        if (work.norm.kind == NormKind::Layer) {
            float sum = 0;
            for (uint32_t i = threadIdx.x; i < n; i += blockDim.x)
                sum += value(i);
            mean = blockSum(sum, partial) / static_cast<float>(n);
        }
        float squares = 0;
        for (uint32_t i = threadIdx.x; i < n; i += blockDim.x)
            squares += (value(i) - mean) * (value(i) - mean);
        scale = 1.0f / sqrtf(blockSum(squares, partial) / static_cast<float>(n) + work.norm.epsilon);
    }
    for (uint32_t i = threadIdx.x; i < n; i += blockDim.x) {
        float v = (value(i) - mean) * scale;
        if (weight)
            v *= weight[i];
        if (shift)
            v += shift[i];
        if (quantized)
            quantizeBlock(v, i / 32, n, quantized);
        if (out)
            out[i] = work.adds ? out[i] + work.scale * v : v;
    }
}

/// Grid: (rows, parts of a row), here and below.
__global__ void __launch_bounds__(elementThreads) activateRowsKernel(RowActivation work)
{
    waitForPrevious();
    const uint32_t row = blockIdx.x;
    const uint32_t i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i >= work.width)
        return;
    float gate = work.gate[uint64_t{row} * work.width + i];
    float up = work.up ? work.up[row * work.upStride + i] : 0.0f;
    uint64_t biasAt = i;
    if (work.choices) {
        const ExpertChoice choice = work.choices[row];
        biasAt += static_cast<uint64_t>(choice.expert) * work.width;
        if (work.weighted) {
            gate *= choice.weight;
            up *= choice.weight;
        }
    }
    if (work.gateBias)
        gate += work.gateBias[biasAt];
    if (work.up && work.upBias)
        up += work.upBias[biasAt];
    const float v = activated(work.activation, gate, up, work.up != nullptr);
    work.gate[uint64_t{row} * work.width + i] = v;
    if (work.quantized)
        quantizeBlock(v, i / 32, work.width, work.quantized + row * activationRowBytes(work.width));
}

__global__ void __launch_bounds__(elementThreads) scaleRowsKernel(float *x, uint64_t count, const float *scale)
{
    waitForPrevious();
    const uint64_t i = uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
    if (i < count)
        x[i] *= *scale;
}

__global__ void __launch_bounds__(elementThreads) finishLogitsKernel(LogitFinish work)
{
    waitForPrevious();
    const uint32_t i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i >= work.columns)
        return;
    float &logit = work.logits[uint64_t{blockIdx.x} * work.columns + i];
    const float v = work.scale * logit + (work.bias ? work.bias[i] : 0.0f);
    logit = work.softcap > 0 ? capped(v, work.softcap) : v;
}

__global__ void __launch_bounds__(elementThreads) multiplyRowsKernel(const float *a, const float *b, uint64_t count, float *out)
{
    waitForPrevious();
    const uint64_t i = uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = a[i] * b[i];
}

__global__ void __launch_bounds__(elementThreads) copyRowsKernel(const float *x, uint64_t from, float *out, uint64_t to, uint32_t columns)
{
    waitForPrevious();
    const uint32_t i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i < columns)
        out[blockIdx.x * to + i] = x[blockIdx.x * from + i];
}

} // namespace

void normRows(cudaStream_t stream, const RowNorm &work)
{
    // Few rows: many threads each. A row is read twice or thrice, from the cache.
    const uint32_t most = work.rows * work.units <= 16 ? mostRowThreads : elementThreads;
    const uint32_t threads = std::min(ceilDivide(work.columns, warpLanes) * warpLanes, most);
    launch(stream, {{work.rows, work.units}, {threads}}, normRowsKernel, work);
}

void activateRows(cudaStream_t stream, const RowActivation &work)
{
    launch(stream, {{work.rows, ceilDivide(work.width, elementThreads)}, {elementThreads}}, activateRowsKernel, work);
}

void scaleRows(cudaStream_t stream, float *x, uint64_t count, const float *scale)
{
    launch(stream, {{ceilDivide(count, elementThreads)}, {elementThreads}}, scaleRowsKernel, x, count, scale);
}

void finishLogits(cudaStream_t stream, const LogitFinish &work)
{
    launch(stream, {{work.rows, ceilDivide(work.columns, elementThreads)}, {elementThreads}}, finishLogitsKernel, work);
}

void multiplyRows(cudaStream_t stream, const float *a, const float *b, uint64_t count, float *out)
{
    launch(stream, {{ceilDivide(count, elementThreads)}, {elementThreads}}, multiplyRowsKernel, a, b, count, out);
}

void copyRows(cudaStream_t stream, const float *x, uint64_t from, float *out, uint64_t to, uint32_t columns, uint32_t rows)
{
    launch(stream, {{rows, ceilDivide(columns, elementThreads)}, {elementThreads}}, copyRowsKernel, x, from, out, to, columns);
}

} // namespace plimsoll::engine::cuda
