// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>
#include <plimsoll/engine/model/rope_table.h>

#include <cuda_runtime_api.h>

/// What happens to queries, keys and values between their projection and attention.
namespace plimsoll::engine::cuda {

/// Cosine and sine (times the magnitude) of every pair at the position of every token, [tokens, pairs].
struct Rotations
{
    const float2 *values = nullptr;   // null: nothing is rotated
    uint32_t pairs = 0;
    bool neighbours = false;          // pairs are (2i, 2i + 1); otherwise (i, i + pairs)
};

/// `factors`: divisors of the frequencies, or null.
void fillRotations(cudaStream_t stream, const RopeTable &table, const float *factors, const TokenRow *tokens, uint32_t count, float2 *out);

/// Each head of queries, keys and values: bias, norm, rotation (norm and rotation the other way round if `normsLate`), temperature.
struct HeadFinish
{
    float *rows[3] = {};              // queries, keys, values; [tokens, heads × dimension]
    uint64_t strides[3] = {};
    const float *biases[3] = {};
    Norm norms[3];                    // of one head
    bool weightsOfEach = false;       // norms of queries and keys have weights for every head
    bool normsLate = false;
    uint32_t heads = 0;
    uint32_t kvHeads = 0;             // 0: only queries
    uint32_t dimK = 0;
    uint32_t dimV = 0;
    Rotations rotations;
    const TokenRow *tokens = nullptr;
    uint32_t count = 0;
    float temperatureScale = 0;
    uint32_t temperatureLength = 1;
    uint32_t temperatureOffset = 0;
    bool stores = true;               // keys and values go to the cache; otherwise back to their rows, as queries do
    KvCache cache;
};
void finishHeads(cudaStream_t stream, const HeadFinish &work);

/// Latent attention: the norm of the latent, the rotation of the key behind it, and both into the cache; and the rotated parts of the
/// queries to where attention reads them.
struct LatentFinish
{
    float *latent = nullptr;          // [tokens, latentDim + ropeDim]
    Norm norm;                        // of the latent
    const float *projected = nullptr; // [tokens, heads, nopeDim + ropeDim]
    float *query = nullptr;           // [tokens, heads, latentDim + ropeDim]: only the last ropeDim of each are written
    uint32_t latentDim = 0;
    uint32_t ropeDim = 0;
    uint32_t nopeDim = 0;
    uint32_t heads = 0;
    Rotations rotations;
    const TokenRow *tokens = nullptr;
    uint32_t count = 0;
    KvCache cache;
};
void finishLatent(cudaStream_t stream, const LatentFinish &work);

} // namespace plimsoll::engine::cuda
