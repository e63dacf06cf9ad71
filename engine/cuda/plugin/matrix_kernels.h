// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "grid_tables.h"
#include "product.h"

#include <plimsoll/engine/model/backend.h>

#include <array>

namespace plimsoll::engine::cuda {

/// Rows of a table by the tokens of a batch. Plain: out[t] = scale · row. With `width`, element i of token t belongs to layer i / width and
/// is combined with what is there: out[layer][t][i % width] = (that + scale · element) · factor.
struct LookUp
{
    const std::byte *table = nullptr;
    uint64_t rowBytes = 0;
    uint32_t columns = 0;
    const TokenRow *tokens = nullptr;
    uint32_t count = 0;
    float *out = nullptr;
    float scale = 1.0f;
    uint32_t width = 0;
    float factor = 1.0f;
};

/// out[t][h][c] = Σ_i x[t][h][i] · element (h · headRows + i, c) of the matrix, i < depth: rows of it added up, weighed by the input.
struct RowSum
{
    const std::byte *matrix = nullptr;
    uint64_t rowBytes = 0;
    uint32_t columns = 0;
    uint32_t headRows = 0;
    uint32_t depth = 0;
    uint32_t heads = 0;
    const float *x = nullptr;       // [tokens, heads], xStride floats apart
    uint64_t xStride = 0;
    float *out = nullptr;           // [tokens, heads], outStride floats apart
    uint64_t outStride = 0;
    uint32_t tokens = 0;
};

inline constexpr uint32_t expandThreads = 128;   // of a block that turns weights to plain numbers, a thread 32 at a time

/// A kernel for many tokens, and how much a block of it multiplies.
struct TileKernel
{
    void (*run)(Product, ExpertGroups, const GridTables *) = nullptr;
    uint32_t rows = 0;
    uint32_t tokens = 0;
    uint32_t threads = 0;
};

/// What there is for one weight format.
struct MatrixKernels
{
    static constexpr std::array<uint32_t, 4> vectorTokens = {1, 2, 4, 8};   // of one pass over the weights
    using Vector = void (*)(ProductList, uint32_t, const GridTables *);
    using Rows = void (*)(LookUp, const GridTables *);
    using Sum = void (*)(RowSum, const GridTables *);
    using Narrow = void (*)(const std::byte *, uint64_t, uint32_t, uint32_t, const GridTables *, uint16_t *);
    std::array<Vector, 4> vector{};
    std::array<TileKernel, 2> tiles{};   // small, large; float32 has only the small one, and so have batches of other plain numbers
    Rows lookUp = nullptr;
    Sum sumRows = nullptr;
    Narrow narrow = nullptr;   // (matrix, row bytes, rows, columns, grids, bfloat16 [rows, columns])
};

/// One per file of kernels; null for a format that is not in it.
const MatrixKernels *plainKernels(GgmlType type);
const MatrixKernels *roundKernels(GgmlType type);
const MatrixKernels *kQuantKernels(GgmlType type);
const MatrixKernels *tableKernels(GgmlType type);
const MatrixKernels *gridKernels(GgmlType type);
const MatrixKernels *ternaryKernels(GgmlType type);

} // namespace plimsoll::engine::cuda
