// SPDX-License-Identifier: Apache-2.0
#include "gemm.h"

#include "device.cuh"
#include "launch.h"
#include "matrix.h"
#include "product_way.h"
#include "rows.h"

#include <algorithm>

namespace plimsoll::engine::cuda {

namespace {

constexpr uint32_t elementThreads = 256;
constexpr uint32_t mostGridRows = 65535;

/// Grid: (rows, parts of a row).
__global__ void __launch_bounds__(elementThreads) narrowInputs(const float *x, uint64_t stride, uint32_t columns, uint16_t *out)
{
    waitForPrevious();
    const uint32_t i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i < columns)
        out[uint64_t{blockIdx.x} * columns + i] = toBfloat(x[blockIdx.x * stride + i]);
}

/// cuBLAS has codes of its own; to us they are one failure.
void checkCublas(cublasStatus_t status)
{
    if (status != CUBLAS_STATUS_SUCCESS)
        throw CudaError{cudaErrorUnknown};
}

Product part(Product product, uint32_t firstRow, uint32_t rows, uint32_t firstToken, uint32_t tokens)
{
    product.weight += firstRow * product.rowBytes;
    product.rows = rows;
    product.x += firstToken * product.xStride;
    product.tokens = tokens;
    product.out += firstToken * product.outStride + firstRow;
    return product;
}

} // namespace

Gemm::Gemm(cudaStream_t stream, uint32_t capability)
    : m_stream(stream)
{
    if (capability < bfloatCapability)
        return;
    const CublasEntries &cublas = cublasEntries();
    if (!cublas || cublas.create(&m_handle) != CUBLAS_STATUS_SUCCESS) {
        m_handle = nullptr;
        return;
    }
    checkCublas(cublas.setStream(m_handle, m_stream));
}

Gemm::~Gemm()
{
    if (m_handle)
        cublasEntries().destroy(m_handle);
}

void Gemm::bind(std::byte *scratch)
{
    m_scratch = scratch;
    if (m_handle && scratch)
        checkCublas(cublasEntries().setWorkspace(m_handle, scratch, workspaceBytes));
}

/// Rows of 16-byte multiples, for which cuBLAS has its fast kernels.
bool Gemm::takes(uint32_t columns) const
{
    return m_handle && m_scratch && columns % 8 == 0 && columns * sizeof(uint16_t) <= partBytes;
}

/// out is column-major [rows, tokens] to cuBLAS, and so are the transposed weights [columns, rows].
void Gemm::multiplyPart(const Product &product, const void *weights, const void *inputs, cudaDataType_t type)
{
    const float beta = product.adds ? 1.0f : 0.0f;
    const auto columns = static_cast<int>(product.columns);
    const auto inputStride = type == CUDA_R_32F ? static_cast<int>(product.xStride) : columns;
    checkCublas(cublasEntries().gemm(m_handle, CUBLAS_OP_T, CUBLAS_OP_N, static_cast<int>(product.rows), static_cast<int>(product.tokens),
        columns, &product.scale, weights, type, columns, inputs, type, inputStride, &beta, product.out, CUDA_R_32F,
        static_cast<int>(product.outStride), CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT));
}

void Gemm::multiply(const Product &product, const GridTables *grids)
{
    const bool plain = product.type == GgmlType::F32;
    const bool asStored = plain || product.type == GgmlType::BF16;
    auto *const weights = reinterpret_cast<uint16_t *>(m_scratch + workspaceBytes);
    auto *const inputs = reinterpret_cast<uint16_t *>(m_scratch + workspaceBytes + partBytes);
    const auto fits = static_cast<uint32_t>(partBytes / (product.columns * sizeof(uint16_t)));
    const uint32_t rowStep = asStored ? product.rows : fits;
    const uint32_t tokenStep = plain ? product.tokens : fits;
    for (uint32_t row = 0; row < product.rows; row += rowStep) {
        const Product strip = part(product, row, std::min(rowStep, product.rows - row), 0, product.tokens);
        if (!asStored)
            launch(m_stream, {{ceilDivide(strip.columns, 32 * expandThreads), std::min(strip.rows, mostGridRows)}, {expandThreads}},
                kernelsOf(strip.type).narrow, strip.weight, strip.rowBytes, strip.rows, strip.columns, grids, weights);
        for (uint32_t token = 0; token < product.tokens; token += tokenStep) {
            const Product each = part(strip, 0, strip.rows, token, std::min(tokenStep, product.tokens - token));
            // Where all tokens fit, they stay for the next strip.
            if (!plain && (row == 0 || tokenStep < product.tokens))
                launch(m_stream, {{each.tokens, ceilDivide(each.columns, elementThreads)}, {elementThreads}}, narrowInputs, each.x,
                    each.xStride, each.columns, inputs);
            multiplyPart(each, asStored ? static_cast<const void *>(each.weight) : weights,
                plain ? static_cast<const void *>(each.x) : inputs, plain ? CUDA_R_32F : CUDA_R_16BF);
        }
    }
    if (!product.bias)
        return;
    RowNorm work;
    work.x = work.out = product.out;
    work.xStride = work.outStride = product.outStride;
    work.bias = product.bias;
    work.columns = product.rows;
    work.rows = product.tokens;
    normRows(m_stream, work);
}

} // namespace plimsoll::engine::cuda
