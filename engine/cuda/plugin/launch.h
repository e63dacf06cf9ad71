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

/// Queues `kernel` on the stream. Throws CudaError.
template <typename... Parameters, typename... Arguments>
void launch(cudaStream_t stream, const Grid &grid, void (*kernel)(Parameters...), const Arguments &...arguments)
{
    cudaLaunchConfig_t config{};
    config.gridDim = grid.blocks;
    config.blockDim = grid.threads;
    config.dynamicSmemBytes = grid.sharedBytes;
    config.stream = stream;
    check(cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(arguments)...));
}

inline uint32_t ceilDivide(uint64_t a, uint64_t b)
{
    return static_cast<uint32_t>((a + b - 1) / b);
}

} // namespace plimsoll::engine::cuda
