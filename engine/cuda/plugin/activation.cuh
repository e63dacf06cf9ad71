// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "device.cuh"

#include <plimsoll/model/block_spec.h>

namespace plimsoll::engine::cuda {

__device__ inline float sigmoid(float x)
{
    return 1.0f / (1.0f + expf(-x));
}

__device__ inline float capped(float x, float cap)
{
    return cap * tanhf(x / cap);
}

/// act(gate) · up; `hasUp` false: act(gate).
__device__ inline float activated(Activation activation, float gate, float up, bool hasUp)
{
    switch (activation) {
    case Activation::Silu: return gate * sigmoid(gate) * (hasUp ? up : 1.0f);
    case Activation::Gelu: {
        // The tanh form: x/2·(1 + tanh z) = x · sigmoid(2z), z = √(2/π)·(x + 0.044715 x³)
        const float z = 2.0f * 0.797884561f * (gate + 0.044715f * gate * gate * gate);
        return gate * sigmoid(z) * (hasUp ? up : 1.0f);
    }
    case Activation::SquaredRelu: {
        const float positive = fmaxf(gate, 0.0f);
        return positive * positive * (hasUp ? up : 1.0f);
    }
    case Activation::ClampedSwiglu: {
        const float bounded = fminf(gate, 7.0f);
        return bounded * sigmoid(1.702f * bounded) * (fminf(fmaxf(up, -7.0f), 7.0f) + 1.0f);
    }
    }
    return 0;
}

} // namespace plimsoll::engine::cuda
