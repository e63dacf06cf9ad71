// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>

#include <cuda_runtime_api.h>

/// The state of recurrent layers. Both kernels go through the tokens of the batch in order, so that sequences may be mixed in any way.
namespace plimsoll::engine::cuda {

/// rows[t][c] = act(bias[c] + Σ taps · the last inputs of channel c), in place; the inputs of a short convolution are multiplied by its
/// gate first, and nothing is activated.
struct Convolution
{
    RecurrentSpec spec;
    float *rows = nullptr;          // [tokens, convChannels]
    const float *gates = nullptr;   // [tokens, convChannels]: a short convolution
    const float *taps = nullptr;    // [convChannels, convKernel], the oldest input first
    const float *bias = nullptr;
    float *states = nullptr;        // [sequences, stateElements]
    const TokenRow *tokens = nullptr;
    uint32_t count = 0;
};
void convolve(cudaStream_t stream, const Convolution &work);

/// The gated delta rule (Yang et al., 2024) and Mamba2's recurrence (Dao and Gu, 2024): see RecurrentPhase.
struct Recurrence
{
    RecurrentSpec spec;
    bool delta = false;
    const float *rows = nullptr;    // [tokens, convChannels]: query, key, value of the delta rule; value, key, query of Mamba2
    const float *gates = nullptr;   // [tokens, valueWidth]
    const float *rates = nullptr;   // [tokens, stateHeads]; the delta rule: write rates, then decay rates
    const float *decay = nullptr;
    const float *decayBias = nullptr;
    const float *skip = nullptr;
    Norm outNorm;                   // of the delta rule, per head
    float epsilon = 0;              // of the lengths of keys and queries
    float *states = nullptr;
    float *out = nullptr;           // [tokens, valueWidth]
    const TokenRow *tokens = nullptr;
    uint32_t count = 0;
};
void recur(cudaStream_t stream, const Recurrence &work);

} // namespace plimsoll::engine::cuda
