// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cublas_v2.h>

namespace plimsoll::engine::cuda {

/// What is used of cuBLAS; all null where it is not there. The library stays open until the program ends.
struct CublasEntries
{
    decltype(&cublasCreate_v2) create = nullptr;
    decltype(&cublasDestroy_v2) destroy = nullptr;
    decltype(&cublasSetStream_v2) setStream = nullptr;
    decltype(&cublasSetWorkspace_v2) setWorkspace = nullptr;
    using Gemm = cublasStatus_t (*)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int, int, const void *, const void *,
        cudaDataType_t, int, const void *, cudaDataType_t, int, const void *, void *, cudaDataType_t, int, cublasComputeType_t,
        cublasGemmAlgo_t);
    Gemm gemm = nullptr;   // cublasGemmEx, which the header overloads

    explicit operator bool() const { return create && destroy && setStream && setWorkspace && gemm; }
};

const CublasEntries &cublasEntries();

} // namespace plimsoll::engine::cuda
