// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cublas_library.h"
#include "matrix_kernels.h"

#include <cuda_runtime_api.h>

namespace plimsoll::engine::cuda {

/// Products of long prompts through cuBLAS: weights and activations become bfloat16, a part of each at a time, sums are float32. Matrices
/// of float32 are multiplied as they are.
class Gemm
{
public:
    static constexpr uint64_t workspaceBytes = uint64_t{32} << 20;   // of cuBLAS
    static constexpr uint64_t partBytes = uint64_t{32} << 20;        // of weights, and as much of activations
    static constexpr uint64_t scratchBytes = workspaceBytes + 2 * partBytes;

    /// Of a device with that compute capability (10 · major + minor); those before 80 do not know bfloat16, and nothing is taken.
    Gemm(cudaStream_t stream, uint32_t capability);
    ~Gemm();
    Gemm(const Gemm &) = delete;
    Gemm &operator=(const Gemm &) = delete;

    /// `scratch` has scratchBytes.
    void bind(std::byte *scratch);
    /// Whether it can multiply matrices of rows so long.
    bool takes(uint32_t columns) const;
    void multiply(const Product &product, const GridTables *grids);

private:
    void multiplyPart(const Product &product, const void *weights, const void *inputs, cudaDataType_t type);

    cudaStream_t m_stream;
    cublasHandle_t m_handle = nullptr;
    std::byte *m_scratch = nullptr;
};

} // namespace plimsoll::engine::cuda
