// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>
#include <plimsoll/quant/ggml_type.h>

#include <cstddef>
#include <cstdint>

/// What the matrix kernels are asked. All addresses are the GPU's.
namespace plimsoll::engine::cuda {

/// Bytes of a row of n activations for integer products, n a multiple of 32: int8 [n], then for each 32 a float4: their scale, the sums of
/// the first and of the second 16 (both times the scale), nothing. Rows begin at multiples of 16.
constexpr uint64_t activationRowBytes(uint32_t n)
{
    return uint64_t{n} / 32 * 48;
}

/// out[t][r] = scale · weight row r · activations of token t + bias[r], added to what is there if `adds`. Formats of blocks multiply
/// `quantized`, unless cuBLAS does it; everything else multiplies `x`.
/// Batches are as many products of the same size, their operands the steps apart. With `choices`, batch n is one row: the matrix is that of
/// choices[n].expert, its input row n / share, its output row n.
struct Product
{
    const std::byte *weight = nullptr;      // [rows, columns]
    uint64_t rowBytes = 0;
    uint32_t rows = 0;
    uint32_t columns = 0;
    const float *x = nullptr;               // [tokens, columns], rows xStride apart
    uint64_t xStride = 0;
    const std::byte *quantized = nullptr;   // [tokens] of activation rows
    float *out = nullptr;                   // [tokens, rows], rows outStride apart
    uint64_t outStride = 0;
    const float *bias = nullptr;
    float scale = 1.0f;
    uint32_t tokens = 0;
    uint32_t batches = 1;
    uint32_t share = 1;
    uint64_t weightStep = 0;                // bytes
    uint64_t xStep = 0;
    uint64_t quantizedStep = 0;             // bytes
    uint64_t outStep = 0;
    const ExpertChoice *choices = nullptr;
    GgmlType type = GgmlType::F32;
    bool adds = false;
};

/// Products of one shape of launch: the same format, tokens and batches.
struct ProductList
{
    static constexpr uint32_t most = 3;
    Product items[most];
    uint32_t count = 0;
};

/// The tokens of a batch by the expert they chose, for grouped products.
struct ExpertTile
{
    int32_t expert;
    uint32_t first;   // in the order below
    uint32_t count;   // 0: nothing to do
};

struct ExpertGroups
{
    const ExpertTile *tiles = nullptr;
    const uint32_t *order = nullptr;   // choices, [tokens × used], those of one expert together
    uint32_t tileCount = 0;
    uint32_t tileTokens = 0;           // most of a tile
};

} // namespace plimsoll::engine::cuda
