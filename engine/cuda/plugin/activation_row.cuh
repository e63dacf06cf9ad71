// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "device.cuh"
#include "product.h"

namespace plimsoll::engine::cuda {

/// A block of 32 activations none of which is larger counts as zero: 127 / it would overflow.
inline constexpr float smallestActivation = 1e-30f;

/// A warp writes block `block` of an activation row of n elements; lane i brings element i. Scale: largest magnitude / 127; rounding to
/// nearest even.
__device__ inline void quantizeBlock(float value, uint32_t block, uint32_t n, std::byte *row)
{
    const uint32_t lane = threadIdx.x % warpLanes;
    const float top = warpMax(fabsf(value));
    const bool counts = top > smallestActivation;
    const int q = counts ? __float2int_rn(value * (127.0f / top)) : 0;
    const float scale = counts ? top / 127.0f : 0.0f;
    int sum = q;
#pragma unroll
    for (int lanes = 8; lanes > 0; lanes /= 2)
        sum += __shfl_xor_sync(allLanes, sum, lanes);
    const int second = __shfl_sync(allLanes, sum, 16);
    reinterpret_cast<int8_t *>(row)[block * 32 + lane] = static_cast<int8_t>(q);
    if (lane == 0)
        reinterpret_cast<float4 *>(row + n)[block] = {scale, scale * static_cast<float>(sum), scale * static_cast<float>(second), 0.0f};
}

/// 32 activations as a product reads them.
struct ActivationBlock
{
    uint32_t q[8];
    float scale;
    float sums[2];
};

__device__ inline ActivationBlock activationBlock(const std::byte *row, uint32_t n, uint32_t block)
{
    ActivationBlock out;
    loadWords<16>(row + block * 32, out.q);
    const float4 factors = load<float4>(row + n + uint64_t{block} * sizeof(float4));
    out.scale = factors.x;
    out.sums[0] = factors.y;
    out.sums[1] = factors.z;
    return out;
}

} // namespace plimsoll::engine::cuda
