// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

/// A stand-in for cuBLAS: what the backend uses of it, in plain loops.

struct SimtStream;
struct SimtCublas;
using cublasHandle_t = SimtCublas *;

namespace simt {
/// Products so far: for tests.
uint64_t productCount();
} // namespace simt

enum cublasStatus_t { CUBLAS_STATUS_SUCCESS = 0, CUBLAS_STATUS_INVALID_VALUE = 7 };
enum cublasOperation_t { CUBLAS_OP_N = 0, CUBLAS_OP_T = 1 };
enum cudaDataType_t { CUDA_R_32F = 0, CUDA_R_16BF = 14 };
enum cublasComputeType_t { CUBLAS_COMPUTE_32F = 68 };
enum cublasGemmAlgo_t { CUBLAS_GEMM_DEFAULT = -1 };

cublasStatus_t cublasCreate_v2(cublasHandle_t *handle);
cublasStatus_t cublasDestroy_v2(cublasHandle_t handle);
cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, SimtStream *stream);
cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void *workspace, size_t bytes);

/// C = alpha · op(A) · op(B) + beta · C, column-major; here only op(A) = Aᵀ, op(B) = B.
cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t transA, cublasOperation_t transB, int m, int n, int k,
    const void *alpha, const void *a, cudaDataType_t typeA, int lda, const void *b, cudaDataType_t typeB, int ldb, const void *beta,
    void *c, cudaDataType_t typeC, int ldc, cublasComputeType_t compute, cublasGemmAlgo_t algorithm);
