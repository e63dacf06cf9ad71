// SPDX-License-Identifier: Apache-2.0
#include "matrix.h"

#include "launch.h"
#include "matrix_vector.cuh"

#include <plimsoll/engine/quant/grids.h>

#include <algorithm>
#include <cassert>
#include <memory>

namespace plimsoll::engine::cuda {

bool multipliesQuantized(GgmlType type)
{
    return type != GgmlType::F32 && type != GgmlType::F16 && type != GgmlType::BF16;
}

const MatrixKernels &kernelsOf(GgmlType type)
{
    for (const auto family : {plainKernels, roundKernels, kQuantKernels, tableKernels, gridKernels, ternaryKernels})
        if (const MatrixKernels *const kernels = family(type))
            return *kernels;
    assert(!"a format that the traits do not list");
    return *plainKernels(GgmlType::F32);
}

Multiplier::Multiplier(cudaStream_t stream, uint32_t multiprocessors, uint32_t capability)
    : m_stream(stream), m_multiprocessors(multiprocessors), m_capability(capability), m_thresholds(cublasThresholds(capability)),
      m_gemm(stream, capability)
{
    const auto tables = std::make_unique<GridTables>();
    std::copy(gridIq2Xxs.begin(), gridIq2Xxs.end(), tables->iq2Xxs);
    std::copy(gridIq2Xs.begin(), gridIq2Xs.end(), tables->iq2Xs);
    std::copy(gridIq2S.begin(), gridIq2S.end(), tables->iq2S);
    std::copy(gridIq1.begin(), gridIq1.end(), tables->iq1);
    std::copy(gridIq3Xxs.begin(), gridIq3Xxs.end(), tables->iq3Xxs);
    std::copy(gridIq3S.begin(), gridIq3S.end(), tables->iq3S);
    check(cudaMalloc(reinterpret_cast<void **>(&m_grids), sizeof(GridTables)));
    check(cudaMemcpyAsync(m_grids, tables.get(), sizeof(GridTables), cudaMemcpyHostToDevice, m_stream));
    check(cudaStreamSynchronize(m_stream));
}

Multiplier::~Multiplier()
{
    cudaFree(m_grids);
}

void Multiplier::launchVector(const ProductList &list)
{
    const Product &first = list.items[0];
    uint64_t rows = 0;
    for (uint32_t i = 0; i < list.count; ++i)
        rows += list.items[i].rows;
    // Few rows: the warps of a block share one, until every multiprocessor has enough to read.
    constexpr uint32_t warpsPerMultiprocessor = 32;
    const uint32_t rowsPerBlock = rows * first.batches < uint64_t{m_multiprocessors} * warpsPerMultiprocessor ? 1 : vectorWarps;
    uint32_t blocks = 0;
    for (uint32_t i = 0; i < list.count; ++i)
        blocks += ceilDivide(list.items[i].rows, rowsPerBlock);
    size_t kernel = 0;
    while (MatrixKernels::vectorTokens[kernel] < std::min(first.tokens, mostVectorTokens))
        ++kernel;
    const uint32_t groups = ceilDivide(first.tokens, MatrixKernels::vectorTokens[kernel]);
    launch(m_stream, {{blocks, groups, first.batches}, {vectorWarps * warpLanes}}, kernelsOf(first.type).vector[kernel], list, rowsPerBlock,
        m_grids);
}

/// Neighbours of one format and size go together.
void Multiplier::multiplyFew(std::span<const Product> products)
{
    ProductList list;
    for (const Product &product : products) {
        const Product &first = list.items[0];
        const bool alike = product.type == first.type && product.tokens == first.tokens && product.batches == first.batches;
        if (list.count > 0 && (list.count == ProductList::most || !alike)) {
            launchVector(list);
            list.count = 0;
        }
        list.items[list.count++] = product;
    }
    if (list.count > 0)
        launchVector(list);
}

ProductWay Multiplier::wayOf(GgmlType type, uint32_t columns, uint32_t tokens, uint32_t batches) const
{
    if (tokens <= mostVectorTokens)
        return ProductWay::Vector;
    const uint32_t fewest = multipliesQuantized(type) ? m_thresholds.blocks : m_thresholds.plain;
    return tokens >= fewest && batches == 1 && m_gemm.takes(columns) ? ProductWay::Cublas : ProductWay::Tiles;
}

void Multiplier::multiply(std::span<const Product> products)
{
    if (products.front().tokens <= mostVectorTokens)
        return multiplyFew(products);
    for (const Product &product : products)
        if (wayOf(product.type, product.columns, product.tokens, product.batches) == ProductWay::Cublas)
            m_gemm.multiply(product, m_grids);
        else
            multiplyTiles(product, tileFor(product));
}

/// The large one, where it leaves no multiprocessor without work; of plain numbers it is for experts.
const TileKernel &Multiplier::tileFor(const Product &product) const
{
    const auto &[small, large] = kernelsOf(product.type).tiles;
    const uint64_t blocks = uint64_t{ceilDivide(product.rows, large.rows)} * ceilDivide(product.tokens, large.tokens) * product.batches;
    return blocks >= m_multiprocessors && multipliesQuantized(product.type) ? large : small;
}

void Multiplier::multiplyTiles(const Product &product, const TileKernel &kernel)
{
    const dim3 blocks{ceilDivide(product.rows, kernel.rows), ceilDivide(product.tokens, kernel.tokens), product.batches};
    launch(m_stream, {blocks, {kernel.threads}}, kernel.run, product, ExpertGroups{}, m_grids);
}

/// Of whatever format: they have the same tokens.
uint32_t Multiplier::groupTokens(uint32_t choices, uint32_t experts, bool large)
{
    const auto &tiles = kernelsOf(GgmlType::Q8_0).tiles;
    return tiles[large && choices >= uint64_t{experts} * fewestLargeGroup].tokens;
}

void Multiplier::multiplyChosen(const Product &product, uint32_t choices, const ExpertGroups &groups)
{
    if (groups.tiles) {
        const auto &[small, large] = kernelsOf(product.type).tiles;
        const TileKernel &kernel = groups.tileTokens <= small.tokens ? small : large;
        assert(groups.tileTokens <= kernel.tokens);
        launch(m_stream, {{ceilDivide(product.rows, kernel.rows), groups.tileCount}, {kernel.threads}}, kernel.run, product, groups,
            m_grids);
        return;
    }
    ProductList list;
    list.count = 1;
    list.items[0] = product;
    list.items[0].tokens = 1;
    list.items[0].batches = choices;
    launchVector(list);
}

void Multiplier::lookUp(GgmlType type, const LookUp &work)
{
    launch(m_stream, {{work.count, ceilDivide(work.columns, 32 * expandThreads)}, {expandThreads}}, kernelsOf(type).lookUp, work, m_grids);
}

void Multiplier::sumRows(GgmlType type, const RowSum &work)
{
    launch(m_stream, {{work.tokens, work.heads, ceilDivide(work.columns, 32)}, {warpLanes}}, kernelsOf(type).sumRows, work, m_grids);
}

} // namespace plimsoll::engine::cuda
