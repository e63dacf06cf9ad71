// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>

#include <cuda_runtime_api.h>

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
};

/// Lets the kernel use `sharedBytes`; once per device.
void prepareAttention(size_t sharedBytes);

void attend(cudaStream_t stream, const AttentionWork &work, const AttentionRoom &room);

} // namespace plimsoll::engine::cuda
