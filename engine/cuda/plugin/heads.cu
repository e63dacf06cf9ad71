// SPDX-License-Identifier: Apache-2.0
#include "heads.h"

#include "cells.cuh"
#include "launch.h"

#include <algorithm>

namespace plimsoll::engine::cuda {

namespace {

/// Grid: (tokens), block: pairs, as far as there are threads.
__global__ void fillRotationsKernel(RopeTable table, const float *factors, const TokenRow *tokens, float2 *out)
{
    waitForPrevious();
    const double position = tokens[blockIdx.x].position;
    for (uint32_t i = threadIdx.x; i < table.pairs; i += blockDim.x) {
        const double frequency = factors ? table.frequency[i] / static_cast<double>(factors[i]) : table.frequency[i];
        double sine;
        double cosine;
        sincos(position * frequency, &sine, &cosine);
        float2 &at = out[uint64_t{blockIdx.x} * table.pairs + i];
        at.x = static_cast<float>(cosine) * table.magnitude;
        at.y = static_cast<float>(sine) * table.magnitude;
    }
}

/// Turns the first 2 × pairs of `head`, shared, between barriers of its own.
__device__ void rotate(const Rotations &rotations, uint32_t token, float *head)
{
    __syncthreads();
    for (uint32_t i = threadIdx.x; i < rotations.pairs; i += blockDim.x) {
        const float2 at = rotations.values[uint64_t{token} * rotations.pairs + i];
        float &a = head[rotations.neighbours ? 2 * i : i];
        float &b = head[rotations.neighbours ? 2 * i + 1 : i + rotations.pairs];
        const float x = a;
        const float y = b;
        a = x * at.x - y * at.y;
        b = x * at.y + y * at.x;
    }
    __syncthreads();
}

/// Norms `head`, shared, of n elements, each touched by one thread only.
__device__ void normalize(const Norm &norm, uint64_t weightsAt, uint32_t n, float *head, float *partial)
{
    if (!norm.weight && !norm.plain)
        return;
    float mean = 0;
    if (norm.kind == NormKind::Layer) {
        float sum = 0;
        for (uint32_t i = threadIdx.x; i < n; i += blockDim.x)
            sum += head[i];
        mean = blockSum(sum, partial) / static_cast<float>(n);
    }
    float squares = 0;
    for (uint32_t i = threadIdx.x; i < n; i += blockDim.x)
        squares += (head[i] - mean) * (head[i] - mean);
    const float scale = 1.0f / sqrtf(blockSum(squares, partial) / static_cast<float>(n) + norm.epsilon);
    for (uint32_t i = threadIdx.x; i < n; i += blockDim.x) {
        head[i] = (head[i] - mean) * scale * (norm.weight ? norm.weight[weightsAt + i] : 1.0f);
        if (norm.bias)
            head[i] += norm.bias[weightsAt + i];
    }
}

/// What multiplies the queries of a position beyond temperatureLength.
__device__ float temperatureAt(const HeadFinish &work, int32_t position)
{
    const int64_t steps = (static_cast<int64_t>(position) + work.temperatureOffset) / work.temperatureLength;
    return 1.0f + work.temperatureScale * logf(1.0f + static_cast<float>(steps));
}

/// Grid: (tokens, heads of queries, then of keys, then of values); a block holds one head in shared memory.
__global__ void finishHeadsKernel(HeadFinish work)
{
    waitForPrevious();
    __shared__ float partial[warpLanes];
    __shared__ float head[maxRopeDims];
    const uint32_t token = blockIdx.x;
    const uint32_t number = blockIdx.y;
    const uint32_t part = number < work.heads ? 0 : number < work.heads + work.kvHeads ? 1 : 2;
    const uint32_t index = number - (part == 0 ? 0 : work.heads) - (part == 2 ? work.kvHeads : 0);
    const uint32_t n = part == 2 ? work.dimV : work.dimK;
    const uint32_t begin = index * n;
    float *const row = work.rows[part] + token * work.strides[part] + begin;
    const float *const bias = work.biases[part] ? work.biases[part] + begin : nullptr;
    const uint64_t weightsAt = part < 2 && work.weightsOfEach ? begin : 0;
    for (uint32_t i = threadIdx.x; i < n; i += blockDim.x)
        head[i] = row[i] + (bias ? bias[i] : 0.0f);
    const bool late = part < 2 && work.normsLate;
    if (!late)
        normalize(work.norms[part], weightsAt, n, head, partial);
    if (part < 2 && work.rotations.values)
        rotate(work.rotations, token, head);
    if (late)
        normalize(work.norms[part], weightsAt, n, head, partial);
    if (part > 0 && work.stores) {
        const KvCache &cache = work.cache;
        const uint64_t cell = cellOf(cache, work.tokens[token]);
        if (part == 1)
            storeCell(head, n, cache.typeK, cache.k + cell * cache.rowBytesK, begin);
        else
            storeCell(head, n, cache.typeV, cache.v + cell * cache.rowBytesV, begin);
        return;
    }
    const float scale = part == 0 && work.temperatureScale != 0 ? temperatureAt(work, work.tokens[token].position) : 1.0f;
    for (uint32_t i = threadIdx.x; i < n; i += blockDim.x)
        row[i] = scale * head[i];
}

/// Grid: (tokens, 1 + heads): the latent first, then each head's query.
__global__ void finishLatentKernel(LatentFinish work)
{
    waitForPrevious();
    __shared__ float partial[warpLanes];
    __shared__ float row[maxRopeDims];
    const uint32_t token = blockIdx.x;
    const uint32_t width = work.latentDim + work.ropeDim;
    if (blockIdx.y == 0) {
        for (uint32_t i = threadIdx.x; i < width; i += blockDim.x)
            row[i] = work.latent[uint64_t{token} * width + i];
        normalize(work.norm, 0, work.latentDim, row, partial);
        if (work.rotations.values)
            rotate(work.rotations, token, row + work.latentDim);
        else
            __syncthreads();
        storeCell(row, width, work.cache.typeK, work.cache.k + cellOf(work.cache, work.tokens[token]) * work.cache.rowBytesK, 0);
        return;
    }
    const uint64_t index = uint64_t{token} * work.heads + blockIdx.y - 1;
    const float *const from = work.projected + index * (work.nopeDim + work.ropeDim) + work.nopeDim;
    float *const to = work.query + index * width + work.latentDim;
    for (uint32_t i = threadIdx.x; i < work.ropeDim; i += blockDim.x)
        row[i] = from[i];
    if (work.rotations.values)
        rotate(work.rotations, token, row);
    for (uint32_t i = threadIdx.x; i < work.ropeDim; i += blockDim.x)
        to[i] = row[i];
}

uint32_t threadsFor(uint32_t elements)
{
    constexpr uint32_t most = 256;
    return std::min(ceilDivide(elements, warpLanes) * warpLanes, most);
}

} // namespace

void fillRotations(cudaStream_t stream, const RopeTable &table, const float *factors, const TokenRow *tokens, uint32_t count, float2 *out)
{
    launch(stream, {{count}, {threadsFor(table.pairs)}}, fillRotationsKernel, table, factors, tokens, out);
}

void finishHeads(cudaStream_t stream, const HeadFinish &work)
{
    const uint32_t threads = threadsFor(std::max(work.dimK, work.dimV));
    launch(stream, {{work.count, work.heads + 2 * work.kvHeads}, {threads}}, finishHeadsKernel, work);
}

void finishLatent(cudaStream_t stream, const LatentFinish &work)
{
    launch(stream, {{work.count, 1 + work.heads}, {threadsFor(work.latentDim + work.ropeDim)}}, finishLatentKernel, work);
}

} // namespace plimsoll::engine::cuda
