// SPDX-License-Identifier: Apache-2.0
#include "recurrence.h"

#include "activation.cuh"
#include "launch.h"

#include <algorithm>

namespace plimsoll::engine::cuda {

namespace {

constexpr uint32_t channelThreads = 128;

/// A thread takes one channel through all tokens.
__global__ void __launch_bounds__(channelThreads) convolveKernel(const __grid_constant__ Convolution work)
{
    waitForPrevious();
    const RecurrentSpec &spec = work.spec;
    const uint32_t channel = blockIdx.x * blockDim.x + threadIdx.x;
    if (channel >= spec.convChannels)
        return;
    const uint32_t past = spec.convKernel - 1;
    const uint64_t matrix = uint64_t{spec.stateHeads} * spec.headDimK * spec.headDimV;
    const float *const taps = work.taps + uint64_t{channel} * spec.convKernel;
    for (uint32_t token = 0; token < work.count; ++token) {
        const TokenRow row = work.tokens[token];
        const uint64_t at = uint64_t{token} * spec.convChannels + channel;
        float *const state = work.states + static_cast<uint64_t>(row.sequence) * spec.stateElements + matrix + channel;
        const float x = work.gates ? work.rows[at] * work.gates[at] : work.rows[at];
        float sum = work.bias ? work.bias[channel] : 0.0f;
        float cell = past > 0 && row.position != 0 ? state[0] : 0.0f;
        for (uint32_t k = 0; k < past; ++k) {
            sum += cell * taps[k];
            cell = k + 1 == past ? x : row.position != 0 ? state[uint64_t{k + 1} * spec.convChannels] : 0.0f;
            state[uint64_t{k} * spec.convChannels] = cell;
        }
        sum += x * taps[past];
        work.rows[at] = work.gates ? sum : sum * sigmoid(sum);
    }
}

__device__ float softplus(float x)
{
    return x > 20.0f ? x : log1pf(expf(x));
}

/// What multiplies a vector to give it length 1; `smallest` bounds the length from below.
__device__ float inverseLength(const float *x, uint32_t n, float smallest, float *partial)
{
    float squares = 0;
    for (uint32_t i = threadIdx.x; i < n; i += blockDim.x)
        squares += x[i] * x[i];
    return 1.0f / fmaxf(sqrtf(blockSum(squares, partial)), smallest);
}

struct Step
{
    float *state;         // [dimK, dimV]
    const float *key;
    const float *query;
    float keyScale;
    float queryScale;
    float decay;
    float write;
};

/// Column v of the state: what it answers to the key, what it becomes, and what it answers to the query.
__device__ float recurColumn(const RecurrentSpec &spec, const Step &step, bool corrects, bool fresh, uint32_t v, float value)
{
    float answered = 0;
    for (uint32_t i = 0; corrects && !fresh && i < spec.headDimK; ++i)
        answered += step.key[i] * step.state[uint64_t{i} * spec.headDimV + v];
    const float written = (value - answered * step.keyScale * step.decay) * (step.write * step.keyScale);
    float read = 0;
    for (uint32_t i = 0; i < spec.headDimK; ++i) {
        float &cell = step.state[uint64_t{i} * spec.headDimV + v];
        cell = (fresh ? 0.0f : cell * step.decay) + step.key[i] * written;
        read += step.query[i] * cell;
    }
    return read * step.queryScale;
}

/// Grid: (heads); a thread takes columns of the state through all tokens.
__global__ void recurKernel(Recurrence work)
{
    waitForPrevious();
    __shared__ float partial[warpLanes];
    const RecurrentSpec &spec = work.spec;
    const uint32_t head = blockIdx.x;
    const uint32_t keys = spec.keyHeads * spec.headDimK;
    const uint32_t inner = spec.stateHeads * spec.headDimV;
    const uint32_t keyHead = spec.keysTakeTurns ? head % spec.keyHeads : head / (spec.stateHeads / spec.keyHeads);
    for (uint32_t token = 0; token < work.count; ++token) {
        const TokenRow row = work.tokens[token];
        const float *const x = work.rows + uint64_t{token} * spec.convChannels;
        const float *const rates = work.rates + uint64_t{token} * (work.delta ? 2 : 1) * spec.stateHeads;
        const float *const value = x + (work.delta ? 2 * keys : 0) + uint64_t{head} * spec.headDimV;
        Step step;
        step.state = work.states + static_cast<uint64_t>(row.sequence) * spec.stateElements
            + uint64_t{head} * spec.headDimK * spec.headDimV;
        step.key = x + (work.delta ? keys : inner) + keyHead * spec.headDimK;
        step.query = x + (work.delta ? 0 : inner + keys) + keyHead * spec.headDimK;
        const float time = softplus(rates[(work.delta ? spec.stateHeads : 0) + head] + work.decayBias[head]);
        step.decay = expf(time * work.decay[head]);
        step.write = work.delta ? sigmoid(rates[head]) : time;
        step.keyScale = work.delta ? inverseLength(step.key, spec.headDimK, work.epsilon, partial) : 1.0f;
        step.queryScale = work.delta
            ? inverseLength(step.query, spec.headDimK, work.epsilon, partial) / sqrtf(static_cast<float>(spec.headDimK)) : 1.0f;
        float *const out = work.out + uint64_t{token} * inner + uint64_t{head} * spec.headDimV;
        float squares = 0;
        for (uint32_t v = threadIdx.x; v < spec.headDimV; v += blockDim.x) {
            const float read = recurColumn(spec, step, work.delta, row.position == 0, v, value[v])
                + (work.skip ? work.skip[head] * value[v] : 0.0f);
            out[v] = read;
            squares += read * read;
        }
        float scale = 1;
        const bool normed = work.delta && work.outNorm.weight;
        if (normed)
            scale = 1.0f / sqrtf(blockSum(squares, partial) / static_cast<float>(spec.headDimV) + work.outNorm.epsilon);
        const float *const gate = work.gates + uint64_t{token} * inner + uint64_t{head} * spec.headDimV;
        for (uint32_t v = threadIdx.x; v < spec.headDimV; v += blockDim.x) {
            const float each = normed ? out[v] * scale * work.outNorm.weight[v] : out[v];
            out[v] = each * gate[v] * sigmoid(gate[v]);
        }
    }
}

} // namespace

void convolve(cudaStream_t stream, const Convolution &work)
{
    launch(stream, {{ceilDivide(work.spec.convChannels, channelThreads)}, {channelThreads}}, convolveKernel, work);
}

void recur(cudaStream_t stream, const Recurrence &work)
{
    constexpr uint32_t most = 256;
    launch(stream, {{work.spec.stateHeads}, {std::min(ceilDivide(work.spec.headDimV, warpLanes) * warpLanes, most)}}, recurKernel, work);
}

} // namespace plimsoll::engine::cuda
