// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gemm.h"
#include "matrix_kernels.h"

#include <cuda_runtime_api.h>

#include <span>

namespace plimsoll::engine::cuda {

/// Whether few tokens are multiplied as integers, from activation rows.
bool multipliesQuantized(GgmlType type);

/// The kernels of a format. Every one of cudaTraits() has some.
const MatrixKernels &kernelsOf(GgmlType type);

/// Chooses among the ways to multiply by the number of tokens, and queues them.
class Multiplier
{
public:
    Multiplier(cudaStream_t stream, uint32_t multiprocessors, uint32_t computeMajor);
    ~Multiplier();
    Multiplier(const Multiplier &) = delete;
    Multiplier &operator=(const Multiplier &) = delete;

    /// `scratch`: Gemm::scratchBytes that nobody else uses while a product runs; without it long prompts go by tiles as well.
    void bind(std::byte *scratch) { m_gemm.bind(scratch); }

    void multiply(std::span<const Product> products);
    void multiply(const Product &product) { multiply({&product, 1}); }
    Gemm &gemm() { return m_gemm; }
    const GridTables *grids() const { return m_grids; }
    /// In tiles, however few tokens there are.
    void multiplyMany(const Product &product);
    /// One row for each choice, [choices]; what `product.choices` says. Grouped by expert where there are groups.
    void multiplyChosen(const Product &product, uint32_t choices, const ExpertGroups &groups);
    void lookUp(GgmlType type, const LookUp &work);
    void sumRows(GgmlType type, const RowSum &work);

private:
    void multiplyFew(std::span<const Product> products);
    void launchVector(const ProductList &list);

    cudaStream_t m_stream;
    uint32_t m_multiprocessors;
    Gemm m_gemm;
    GridTables *m_grids = nullptr;
};

/// Up to so many tokens each matrix is read in one pass, a row at a time.
inline constexpr uint32_t mostVectorTokens = 8;

} // namespace plimsoll::engine::cuda
