// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "product.h"

#include <plimsoll/model/block_spec.h>

#include <cuda_runtime_api.h>

/// Which experts a token goes to, and what they made of it, without the host.
namespace plimsoll::engine::cuda {

inline constexpr uint32_t mostExperts = 1024;   // of a layer

struct RouterWork
{
    FfnSpec spec;
    const float *logits = nullptr;          // [tokens, experts]
    const float *bias = nullptr;            // [experts]
    const float *selectionBias = nullptr;   // [experts]: for the choice only
    const float *expertScale = nullptr;     // [experts]: weights are multiplied by it in the end
    ExpertChoice *choices = nullptr;        // [tokens, expertsUsed], best first
    uint32_t count = 0;
};
void chooseExperts(cudaStream_t stream, const RouterWork &work);

/// mixed[t] = Σ weight · (rows[t, slot] + bias of its expert), [tokens, columns]
struct ExpertSum
{
    const float *rows = nullptr;            // [tokens × used, columns]
    const float *bias = nullptr;            // [experts, columns]
    const ExpertChoice *choices = nullptr;  // [tokens × used]
    bool weighted = true;                   // otherwise every weight is 1
    float *mixed = nullptr;
    uint32_t columns = 0;
    uint32_t used = 0;
    uint32_t count = 0;
};
void sumExperts(cudaStream_t stream, const ExpertSum &work);

/// mixed[t] = (mixed[t] if `adds`) + sigmoid(gate[t]) · rows[t]; without gates the sigmoid is 1.
struct SharedSum
{
    const float *rows = nullptr;
    const float *gates = nullptr;           // [tokens]
    float *mixed = nullptr;
    uint32_t columns = 0;
    uint32_t count = 0;
    bool adds = true;
};
void addShared(cudaStream_t stream, const SharedSum &work);

} // namespace plimsoll::engine::cuda
