// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>

#include <cuda_runtime_api.h>

/// The likeliest tokens of each row of logits, so that not all of them travel.
namespace plimsoll::engine::cuda {

inline constexpr uint32_t mostCandidates = 64;   // of a row

/// Scratch that it takes, what is found at its begin.
uint64_t candidateBytes(const CandidatesPhase &what);

/// Writes [outputs, kept + 1] as Backend::findCandidates() says, to the begin of `scratch`, which is 16-byte aligned.
void findCandidates(cudaStream_t stream, const CandidatesPhase &what, const float *logits, std::byte *scratch);

} // namespace plimsoll::engine::cuda
