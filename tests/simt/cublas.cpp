// SPDX-License-Identifier: Apache-2.0
#include "stream.h"

#include <cublas_library.h>

#include <plimsoll/engine/quant/reference.h>

#include <cstdint>

struct SimtCublas
{
    SimtStream *stream = nullptr;
};

cublasStatus_t cublasCreate_v2(cublasHandle_t *handle)
{
    *handle = new SimtCublas;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle)
{
    delete handle;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, SimtStream *stream)
{
    handle->stream = stream;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t, void *, size_t) { return CUBLAS_STATUS_SUCCESS; }

namespace {

uint64_t g_products = 0;

float at(const void *matrix, cudaDataType_t type, size_t index)
{
    return type == CUDA_R_32F ? static_cast<const float *>(matrix)[index]
                              : plimsoll::engine::bfloatToFloat(static_cast<const uint16_t *>(matrix)[index]);
}

} // namespace

cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t transA, cublasOperation_t transB, int m, int n, int k,
    const void *alpha, const void *a, cudaDataType_t typeA, int lda, const void *b, cudaDataType_t typeB, int ldb, const void *beta,
    void *c, cudaDataType_t typeC, int ldc, cublasComputeType_t, cublasGemmAlgo_t)
{
    if (transA != CUBLAS_OP_T || transB != CUBLAS_OP_N || typeC != CUDA_R_32F || typeA != typeB || lda < k || ldb < k || ldc < m)
        return CUBLAS_STATUS_INVALID_VALUE;
    ++g_products;
    simt::catchUp(handle->stream);
    const float scale = *static_cast<const float *>(alpha);
    const float keep = *static_cast<const float *>(beta);
    for (int column = 0; column < n; ++column)
        for (int row = 0; row < m; ++row) {
            float sum = 0;
            for (int i = 0; i < k; ++i)
                sum += at(a, typeA, static_cast<size_t>(row) * static_cast<size_t>(lda) + static_cast<size_t>(i))
                    * at(b, typeB, static_cast<size_t>(column) * static_cast<size_t>(ldb) + static_cast<size_t>(i));
            float &out = static_cast<float *>(c)[static_cast<size_t>(column) * static_cast<size_t>(ldc) + static_cast<size_t>(row)];
            out = scale * sum + (keep != 0 ? keep * out : 0.0f);
        }
    return CUBLAS_STATUS_SUCCESS;
}

uint64_t simt::productCount()
{
    return g_products;
}

namespace plimsoll::engine::cuda {

const CublasEntries &cublasEntries()
{
    static const CublasEntries entries{cublasCreate_v2, cublasDestroy_v2, cublasSetStream_v2, cublasSetWorkspace_v2, cublasGemmEx};
    return entries;
}

} // namespace plimsoll::engine::cuda
