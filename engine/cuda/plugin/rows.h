// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "product.h"

#include <plimsoll/engine/model/backend.h>

#include <cuda_runtime_api.h>

/// Work on rows of float32 that is not a product: norms, activations, what is added to the residual stream. Each is one kernel.
namespace plimsoll::engine::cuda {

/// For each row, and each unit of it: v = norm(x + bias); out = v, or out + scale · v if `adds`; and v as an activation row.
struct RowNorm
{
    Norm norm;                          // absent: v = x + bias
    const float *x = nullptr;           // [rows, units × columns], rows xStride apart
    uint64_t xStride = 0;
    float *out = nullptr;               // the same, rows outStride apart; null: only quantized. May be x.
    uint64_t outStride = 0;
    std::byte *quantized = nullptr;     // [rows × units], or [units × rows] if `unitsApart`; columns a multiple of 32; null: not
    const float *bias = nullptr;        // [units × columns]
    uint32_t columns = 0;
    uint32_t rows = 0;
    uint32_t units = 1;
    uint64_t unitStride = 0;            // floats between units of x; 0: they follow each other
    bool unitsApart = false;
    bool weightsOfEach = false;         // the norm has weights for every unit, one after another
    const TokenRow *outputs = nullptr;  // row t goes to row outputs[t].output, or nowhere where that is -1
    float scale = 1.0f;
    bool adds = false;
};
void normRows(cudaStream_t stream, const RowNorm &work);

/// gate = act(gate + gateBias) · (up + upBias), or act(gate + gateBias) where up is null; also as activation rows.
struct RowActivation
{
    Activation activation = Activation::Silu;
    float *gate = nullptr;              // [rows, width]
    const float *up = nullptr;          // [rows, width], rows upStride apart
    uint64_t upStride = 0;
    const float *gateBias = nullptr;    // [width]; with choices [experts, width]
    const float *upBias = nullptr;
    std::byte *quantized = nullptr;     // [rows]; null: not
    uint32_t width = 0;
    uint32_t rows = 0;
    const ExpertChoice *choices = nullptr;   // [rows]
    bool weighted = false;              // gate and up are multiplied by the weight of the choice first
};
void activateRows(cudaStream_t stream, const RowActivation &work);

/// x[i] = x[i] · *scale
void scaleRows(cudaStream_t stream, float *x, uint64_t count, const float *scale);

/// logits = cap(scale · logits + bias), [rows, columns]
struct LogitFinish
{
    float *logits = nullptr;
    const float *bias = nullptr;
    uint32_t columns = 0;
    uint32_t rows = 0;
    float scale = 1.0f;
    float softcap = 0.0f;
};
void finishLogits(cudaStream_t stream, const LogitFinish &work);

/// out = a · b, [count]
void multiplyRows(cudaStream_t stream, const float *a, const float *b, uint64_t count, float *out);

/// rows[i] of `columns` floats, `from` floats apart, to rows `to` floats apart.
void copyRows(cudaStream_t stream, const float *x, uint64_t from, float *out, uint64_t to, uint32_t columns, uint32_t rows);

} // namespace plimsoll::engine::cuda
