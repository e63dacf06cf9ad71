// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cuda_error.h"

#include <cuda_runtime.h>

/// How kernels are started: everywhere through this one function.
namespace plimsoll::engine::cuda {

struct Grid
{
    dim3 blocks;
    dim3 threads;
    size_t sharedBytes = 0;   // dynamic
};

/// Whether kernels may begin before the one ahead of them on their stream has ended, where the GPU can do that: they take what room it
/// leaves, and wait in waitForPrevious() (CUDA C++ Programming Guide, "Programmatic Dependent Launch and Synchronization").
inline constexpr bool kernelsBeginEarly = true;

/// Whether the current device can.
inline bool canBeginEarly()
{
    constexpr int since = 9;
    int device = 0;
    int major = 0;
    check(cudaGetDevice(&device));
    check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device));
    return major >= since;
}

/// Queues `kernel`, which calls waitForPrevious(), on the stream of the current device. Throws CudaError.
template <typename... Parameters, typename... Arguments>
void launch(cudaStream_t stream, const Grid &grid, void (*kernel)(Parameters...), const Arguments &...arguments)
{
    cudaLaunchConfig_t config{};
    config.gridDim = grid.blocks;
    config.blockDim = grid.threads;
    config.dynamicSmemBytes = grid.sharedBytes;
    config.stream = stream;
    cudaLaunchAttribute early{};
    early.id = cudaLaunchAttributeProgrammaticStreamSerialization;
    early.val.programmaticStreamSerializationAllowed = 1;
    config.attrs = &early;
    config.numAttrs = kernelsBeginEarly && canBeginEarly() ? 1 : 0;
    check(cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(arguments)...));
}

inline uint32_t ceilDivide(uint64_t a, uint64_t b)
{
    return static_cast<uint32_t>((a + b - 1) / b);
}

} // namespace plimsoll::engine::cuda
