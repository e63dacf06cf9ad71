// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "float_kernels.h"

/// Weights of plain numbers (F32, F16, BF16) times float32 activations; nothing is rounded but the sums.
namespace {

/// From this many tokens on, as many rows of weights as a panel has columns are laid side by side as float32 first.
inline constexpr uint32_t floatPanelTokens = 6;
/// Columns of weights in one panel: it and the tokens' rows stay in the second-level cache, close to the first.
inline constexpr uint32_t floatPanelColumns = 512;

template <typename Number>
const Number *weightRow(const Product &product, uint32_t row)
{
    return reinterpret_cast<const Number *>(product.weight + uint64_t{row} * product.rowBytes);
}

template <typename V, typename Read>
void multiplyRows(const Product &product, uint32_t begin, uint32_t end)
{
    inTiles<4>(product.tokens, [&]<uint32_t Tokens>(uint32_t t) {
        const float *x[Tokens];
        for (uint32_t e = 0; e < Tokens; ++e)
            x[e] = product.x + xRow(product, t + e) * product.xStride;
        for (uint32_t row = begin; row < end; ++row) {
            float out[Tokens];
            dotRow<V, Read, Tokens>(weightRow<typename Read::Number>(product, row), x, product.columns, out);
            for (uint32_t e = 0; e < Tokens; ++e)
                product.out[uint64_t{t + e} * product.outStride + row] = out[e];
        }
    });
}

/// The rows of a panel from `row` on; columns [from, from + count) of them become panel[column][row].
template <typename V, typename Read>
void packFloats(const Product &product, uint32_t row, uint32_t from, uint32_t count, float *panel)
{
    for (uint32_t r = 0; r < V::panelWidth; r += V::width)
        transposeRows<V>(count, panel + r, V::panelWidth, [&](uint32_t k, uint32_t i) {
            return loadUpTo<V, Read>(weightRow<typename Read::Number>(product, row + r + k) + from + i, count - i);
        });
}

template <typename V, typename Read>
void multiplyFloats(const Product &product, uint32_t begin, uint32_t end, std::byte *scratch)
{
    if (product.tokens < floatPanelTokens)
        return multiplyRows<V, Read>(product, begin, end);
    static_assert(floatPanelColumns * V::panelWidth * sizeof(float) <= scratchBytes);
    auto *panel = reinterpret_cast<float *>(scratch);
    uint32_t row = begin;
    for (; row + V::panelWidth <= end; row += V::panelWidth)
        for (uint32_t from = 0; from < product.columns; from += floatPanelColumns) {
            const uint32_t count = smaller(floatPanelColumns, product.columns - from);
            packFloats<V, Read>(product, row, from, count, panel);
            for (uint32_t t = 0; t < product.tokens; t += V::tileTokens) {
                const uint32_t tokens = smaller(V::tileTokens, product.tokens - t);
                const float *x[V::tileTokens];
                float *out[V::tileTokens];
                for (uint32_t e = 0; e < tokens; ++e) {
                    x[e] = product.x + xRow(product, t + e) * product.xStride + from;
                    out[e] = product.out + uint64_t{t + e} * product.outStride + row;
                }
                panelTiles<V>(panel, V::panelWidth, x, count, from != 0, out, tokens);
            }
        }
    if (row < end)
        multiplyRows<V, Read>(product, row, end);
}

} // namespace
