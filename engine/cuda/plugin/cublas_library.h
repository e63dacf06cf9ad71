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
    decltype(&cublasGemmEx) gemm = nullptr;

    explicit operator bool() const { return create && destroy && setStream && setWorkspace && gemm; }
};

const CublasEntries &cublasEntries();

} // namespace plimsoll::engine::cuda
