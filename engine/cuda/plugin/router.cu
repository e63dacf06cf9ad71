// SPDX-License-Identifier: Apache-2.0
#include "router.h"

#include "activation.cuh"
#include "device.cuh"
#include "launch.h"

namespace plimsoll::engine::cuda {

namespace {

constexpr uint32_t elementThreads = 256;

/// x = softmax(x), [n], by one warp.
__device__ void softmax(float *x, uint32_t n)
{
    const uint32_t lane = threadIdx.x;
    float top = -INFINITY;
    for (uint32_t i = lane; i < n; i += warpLanes)
        top = fmaxf(top, x[i]);
    top = warpMax(top);
    float sum = 0;
    for (uint32_t i = lane; i < n; i += warpLanes)
        sum += x[i] = expf(x[i] - top);
    sum = warpSum(sum);
    for (uint32_t i = lane; i < n; i += warpLanes)
        x[i] /= sum;
}

/// Leaves only the experts of the best groups in `score`: a group is as good as its two best together (DeepSeek-V3).
__device__ void keepBestGroups(const FfnSpec &spec, float *score, float *worth)
{
    if (spec.groups <= 1 || spec.groupsUsed >= spec.groups)
        return;
    const uint32_t size = spec.experts / spec.groups;
    for (uint32_t group = threadIdx.x; group < spec.groups; group += warpLanes) {
        float best = -INFINITY;
        float second = -INFINITY;
        for (uint32_t i = group * size; i < (group + 1) * size; ++i) {
            second = fmaxf(second, fminf(best, score[i]));
            best = fmaxf(best, score[i]);
        }
        worth[group] = size > 1 ? best + second : best;
    }
    __syncwarp();
    // The group to drop is the worst of those left, as often as there are too many.
    for (uint32_t drop = spec.groupsUsed; drop < spec.groups; ++drop) {
        uint32_t worst = 0;
        for (uint32_t group = 1; group < spec.groups; ++group)
            if (worth[group] < worth[worst])
                worst = group;
        __syncwarp();
        if (threadIdx.x == 0)
            worth[worst] = INFINITY;
        for (uint32_t i = threadIdx.x; i < size; i += warpLanes)
            score[worst * size + i] = -INFINITY;
        __syncwarp();
    }
}

/// The highest score among those not taken, the first of equals; what is no number comes last.
__device__ uint32_t bestExpert(const float *score, const bool *taken, uint32_t n)
{
    float value = -INFINITY;
    uint32_t best = n;
    for (uint32_t i = threadIdx.x; i < n; i += warpLanes) {
        const float each = score[i] > -INFINITY ? score[i] : -INFINITY;
        if (!taken[i] && (best == n || each > value)) {
            value = each;
            best = i;
        }
    }
    for (int lanes = 16; lanes > 0; lanes /= 2) {
        const float otherValue = __shfl_xor_sync(allLanes, value, lanes);
        const uint32_t other = __shfl_xor_sync(allLanes, best, lanes);
        if (other < n && (best == n || otherValue > value || (otherValue == value && other < best))) {
            value = otherValue;
            best = other;
        }
    }
    return best;
}

/// Weights of the chosen, in shared memory: their softmax where that is the gate, their share where they are normalized, and scales.
__device__ void weigh(const RouterWork &work, float *weights, const uint32_t *chosen)
{
    const FfnSpec &spec = work.spec;
    if (spec.gate == RouterGate::SoftmaxOfSelected)
        softmax(weights, spec.expertsUsed);
    float sum = 0;
    for (uint32_t slot = threadIdx.x; slot < spec.expertsUsed; slot += warpLanes)
        sum += weights[slot];
    sum = warpSum(sum);
    // 2^-14: so small a sum says nothing, and its inverse would overflow.
    const float scale = spec.normalizeWeights ? spec.weightScale / fmaxf(sum, 6.103515625e-5f) : spec.weightScale;
    for (uint32_t slot = threadIdx.x; slot < spec.expertsUsed; slot += warpLanes)
        weights[slot] *= scale * (work.expertScale ? work.expertScale[chosen[slot]] : 1.0f);
}

/// Grid: (tokens), block: a warp.
__global__ void __launch_bounds__(warpLanes) chooseExpertsKernel(RouterWork work)
{
    waitForPrevious();
    __shared__ float gate[mostExperts];
    __shared__ float score[mostExperts];
    __shared__ float weights[mostExperts];
    __shared__ uint32_t chosen[mostExperts];
    __shared__ bool taken[mostExperts];
    const FfnSpec &spec = work.spec;
    const uint32_t n = spec.experts;
    const uint32_t lane = threadIdx.x;
    const float *const logits = work.logits + uint64_t{blockIdx.x} * n;
    for (uint32_t i = lane; i < n; i += warpLanes) {
        const float logit = spec.routerScale * logits[i] + (work.bias ? work.bias[i] : 0.0f);
        gate[i] = spec.gate == RouterGate::Sigmoid ? sigmoid(logit) : logit;
        taken[i] = false;
    }
    if (spec.gate == RouterGate::Softmax)
        softmax(gate, n);
    for (uint32_t i = lane; i < n; i += warpLanes)
        score[i] = gate[i] + (work.selectionBias ? work.selectionBias[i] : 0.0f);
    __syncwarp();
    keepBestGroups(spec, score, weights);
    for (uint32_t slot = 0; slot < spec.expertsUsed; ++slot) {
        const uint32_t best = bestExpert(score, taken, n);
        __syncwarp();
        if (lane == 0) {
            chosen[slot] = best;
            weights[slot] = gate[best];
            taken[best] = true;
        }
        __syncwarp();
    }
    weigh(work, weights, chosen);
    __syncwarp();
    ExpertChoice *const choices = work.choices + uint64_t{blockIdx.x} * spec.expertsUsed;
    for (uint32_t slot = lane; slot < spec.expertsUsed; slot += warpLanes)
        choices[slot] = {static_cast<int32_t>(chosen[slot]), weights[slot]};
}

/// Grid: (tokens, parts of a row), here and below.
__global__ void __launch_bounds__(elementThreads) sumExpertsKernel(ExpertSum work)
{
    waitForPrevious();
    const uint32_t i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i >= work.columns)
        return;
    float sum = 0;
    for (uint32_t slot = 0; slot < work.used; ++slot) {
        const uint64_t row = uint64_t{blockIdx.x} * work.used + slot;
        const ExpertChoice choice = work.choices[row];
        float value = work.rows[row * work.columns + i];
        if (work.bias)
            value += work.bias[static_cast<uint64_t>(choice.expert) * work.columns + i];
        sum += work.weighted ? choice.weight * value : value;
    }
    work.mixed[uint64_t{blockIdx.x} * work.columns + i] = sum;
}

__global__ void __launch_bounds__(elementThreads) addSharedKernel(SharedSum work)
{
    waitForPrevious();
    const uint32_t i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i >= work.columns)
        return;
    const uint64_t at = uint64_t{blockIdx.x} * work.columns + i;
    const float value = (work.gates ? sigmoid(work.gates[blockIdx.x]) : 1.0f) * work.rows[at];
    work.mixed[at] = work.adds ? work.mixed[at] + value : value;
}

} // namespace

void chooseExperts(cudaStream_t stream, const RouterWork &work)
{
    launch(stream, {{work.count}, {warpLanes}}, chooseExpertsKernel, work);
}

void sumExperts(cudaStream_t stream, const ExpertSum &work)
{
    launch(stream, {{work.count, ceilDivide(work.columns, elementThreads)}, {elementThreads}}, sumExpertsKernel, work);
}

void addShared(cudaStream_t stream, const SharedSum &work)
{
    launch(stream, {{work.count, ceilDivide(work.columns, elementThreads)}, {elementThreads}}, addSharedKernel, work);
}

} // namespace plimsoll::engine::cuda
