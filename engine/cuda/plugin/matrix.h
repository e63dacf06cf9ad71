// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gemm.h"
#include "matrix_kernels.h"
#include "product_way.h"

#include <cuda_runtime_api.h>

#include <span>

namespace plimsoll::engine::cuda {

/// Whether it is a format of blocks, which are multiplied as integers, from activation rows.
bool multipliesQuantized(GgmlType type);

/// The kernels of a format. Every one of cudaTraits() has some.
const MatrixKernels &kernelsOf(GgmlType type);

/// Chooses among the ways to multiply, and queues them.
class Multiplier
{
public:
    /// `capability`: the device's, 10 · major + minor.
    Multiplier(cudaStream_t stream, uint32_t multiprocessors, uint32_t capability);
    ~Multiplier();
    Multiplier(const Multiplier &) = delete;
    Multiplier &operator=(const Multiplier &) = delete;

    /// `scratch`: Gemm::scratchBytes that nobody else uses while a product runs; without it long prompts go by tiles as well.
    void bind(std::byte *scratch) { m_gemm.bind(scratch); }

    void multiply(std::span<const Product> products);
    void multiply(const Product &product) { multiply({&product, 1}); }
    ProductWay wayOf(GgmlType type, uint32_t columns, uint32_t tokens, uint32_t batches) const;
    /// Whether such a product reads activation rows.
    bool readsQuantized(GgmlType type, uint32_t columns, uint32_t tokens, uint32_t batches) const
    {
        return multipliesQuantized(type) && wayOf(type, columns, tokens, batches) != ProductWay::Cublas;
    }
    /// Whether experts of that format may be multiplied in large tiles.
    bool hasLargeGroups(GgmlType type) const
    {
        return multipliesQuantized(type) || (type != GgmlType::F32 && m_capability >= bfloatCapability);
    }
    /// Tokens of a tile for groups of `choices` choices, where all matrices they are multiplied by have large tiles, or where not.
    static uint32_t groupTokens(uint32_t choices, uint32_t experts, bool large);
    const GridTables *grids() const { return m_grids; }
    /// By that kernel of the format, however few tokens there are.
    void multiplyTiles(const Product &product, const TileKernel &kernel);
    /// One row for each choice, [choices]; what `product.choices` says. Grouped by expert where there are groups.
    void multiplyChosen(const Product &product, uint32_t choices, const ExpertGroups &groups);
    void lookUp(GgmlType type, const LookUp &work);
    void sumRows(GgmlType type, const RowSum &work);

private:
    void multiplyFew(std::span<const Product> products);
    const TileKernel &tileFor(const Product &product) const;
    void launchVector(const ProductList &list);

    cudaStream_t m_stream;
    uint32_t m_multiprocessors;
    uint32_t m_capability;
    CublasThresholds m_thresholds;
    Gemm m_gemm;
    GridTables *m_grids = nullptr;
};

} // namespace plimsoll::engine::cuda
