// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

/// The few things every kernel needs: loads, number formats, sums over warps and blocks.
namespace plimsoll::engine::cuda {

inline constexpr uint32_t warpLanes = 32;
inline constexpr uint32_t allLanes = 0xffffffffu;
inline constexpr uint32_t cacheLine = 128;

/// Until all kernels before this one on its stream have ended, and what they wrote is there; then the next one may begin to wait for this
/// one. Every thread of every kernel calls it, before it touches anything that some kernel reads or writes: launch() says why.
__device__ inline void waitForPrevious()
{
#if !defined(__CUDACC__)
    simt::waitForPrevious();
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    cudaGridDependencySynchronize();
    cudaTriggerProgrammaticLaunchCompletion();
#endif
}

/// The line of an address comes into the cache of the whole GPU; nobody waits for it (PTX ISA: prefetch).
__device__ inline void prefetch(const void *address)
{
#ifdef __CUDACC__
    asm volatile("prefetch.global.L2 [%0];" ::"l"(__cvta_generic_to_global(address)));
#else
    (void)address;
#endif
}

__device__ inline float fromHalf(uint16_t bits)
{
    return __half2float(__ushort_as_half(bits));
}

__device__ inline uint16_t toHalf(float value)
{
    return __half_as_ushort(__float2half_rn(value));
}

__device__ inline float fromBfloat(uint16_t bits)
{
    return __uint_as_float(static_cast<uint32_t>(bits) << 16);
}

/// Rounded to nearest even; what is no number stays none.
__device__ inline uint16_t toBfloat(float value)
{
    const uint32_t bits = __float_as_uint(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return static_cast<uint16_t>(bits >> 16 | 64);
    return static_cast<uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

/// One access of sizeof(T) bytes, at an address that is a multiple of them.
template <typename T>
__device__ inline T load(const void *address)
{
#ifdef __CUDACC__
    return *static_cast<const T *>(address);
#else
    simt::checkAligned(address, sizeof(T));
    T value;
    std::memcpy(&value, address, sizeof value);
    return value;
#endif
}

/// Words from an address that is a multiple of Align, in accesses as wide as that allows.
template <uint32_t Align, uint32_t Count>
__device__ inline void loadWords(const void *address, uint32_t (&out)[Count])
{
    const auto *bytes = static_cast<const uint8_t *>(address);
#pragma unroll
    for (uint32_t i = 0; i < Count; ++i) {
        if constexpr (Align >= 16 && Count % 4 == 0) {
            if (i % 4 == 0) {
                const uint4 four = load<uint4>(bytes + 4 * i);
                out[i] = four.x;
                out[i + 1] = four.y;
                out[i + 2] = four.z;
                out[i + 3] = four.w;
            }
        } else if constexpr (Align >= 4) {
            out[i] = load<uint32_t>(bytes + 4 * i);
        } else if constexpr (Align == 2) {
            out[i] = load<uint16_t>(bytes + 4 * i) | static_cast<uint32_t>(load<uint16_t>(bytes + 4 * i + 2)) << 16;
        } else {
            out[i] = bytes[4 * i] | bytes[4 * i + 1] << 8 | bytes[4 * i + 2] << 16 | static_cast<uint32_t>(bytes[4 * i + 3]) << 24;
        }
    }
}

template <uint32_t Align>
__device__ inline uint32_t loadWord(const void *address)
{
    uint32_t word[1];
    loadWords<Align>(address, word);
    return word[0];
}

/// Dynamic shared memory, 16-byte aligned.
__device__ inline float *dynamicShared()
{
#ifdef __CUDACC__
    extern __shared__ __align__(16) float sharedFloats[];
    return sharedFloats;
#else
    return reinterpret_cast<float *>(simt::sharedMemory());
#endif
}

/// Every lane gets the sum (the maximum) over its warp.
template <typename T>
__device__ inline T warpSum(T value)
{
#pragma unroll
    for (int lanes = 16; lanes > 0; lanes /= 2)
        value += __shfl_xor_sync(allLanes, value, lanes);
    return value;
}

__device__ inline float warpMax(float value)
{
#pragma unroll
    for (int lanes = 16; lanes > 0; lanes /= 2)
        value = fmaxf(value, __shfl_xor_sync(allLanes, value, lanes));
    return value;
}

/// Every thread gets the sum over its block of whole warps, one-dimensional. `partial` is shared, [32]; free again after the next barrier.
__device__ inline float blockSum(float value, float *partial)
{
    value = warpSum(value);
    if (blockDim.x == warpLanes)
        return value;
    __syncthreads();
    if (threadIdx.x % warpLanes == 0)
        partial[threadIdx.x / warpLanes] = value;
    __syncthreads();
    const uint32_t lane = threadIdx.x % warpLanes;
    return warpSum(lane < blockDim.x / warpLanes ? partial[lane] : 0.0f);
}

} // namespace plimsoll::engine::cuda
