// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>

#include <cuda_runtime_api.h>

#include <span>

namespace plimsoll::engine::cuda {

/// out[t][h] = softmax(scale · query[t][h] · K over the cells visible to t) · V
struct AttentionWork
{
    uint32_t heads = 0;
    uint32_t kvHeads = 0;
    uint32_t dimK = 0;
    uint32_t dimV = 0;
    float scale = 1.0f;
    float softcap = 0.0f;
    uint32_t window = 0;
    bool chunked = false;
    const float *sinks = nullptr;
    const float *query = nullptr;       // [tokens, heads × dimK]
    uint64_t queryStride = 0;
    const float *gates = nullptr;       // [tokens, heads × dimV], rows queryStride apart: the result is multiplied by their sigmoid
    float *out = nullptr;               // [tokens, heads × dimV]
    KvCache cache;                      // v may be k: the values are the first elements of the keys
    const TokenRow *tokens = nullptr;
    uint32_t count = 0;
    uint32_t longestSpan = 0;           // most cells any token sees
};

/// What the device has for it.
struct AttentionRoom
{
    uint32_t multiprocessors = 1;
    size_t sharedBytes = 0;             // dynamic, of a block
    float *partial = nullptr;           // scratch for results that are put together
    uint64_t partialBytes = 0;
    uint32_t capability = 0;            // 10 × major + minor compute capability
};

/// Lets the kernels use `sharedBytes`; once per device.
void prepareAttention(size_t sharedBytes);

/// By the kernel that suits each stretch of the batch. `tokens`: what work.tokens holds, in RAM, [count]; empty where that is not known.
void attend(cudaStream_t stream, const AttentionWork &work, std::span<const TokenRow> tokens, const AttentionRoom &room);

/// In float32, any batch, any cells and widths: for a few rows.
void attendFewRows(cudaStream_t stream, const AttentionWork &work, const AttentionRoom &room);
void prepareFewRows(size_t sharedBytes);

/// On tensor cores, for all tokens of `work`, which are one sequence at positions that follow each other from `position` on.
/// work.tokens and work.longestSpan are not read.
void attendPrompt(cudaStream_t stream, const AttentionWork &work, int32_t sequence, int32_t position, const AttentionRoom &room);
void preparePrompt(size_t sharedBytes);
/// Whether there is a kernel for these widths and cells in so much shared memory.
bool fitsPrompt(const AttentionWork &work, size_t sharedBytes);

} // namespace plimsoll::engine::cuda
