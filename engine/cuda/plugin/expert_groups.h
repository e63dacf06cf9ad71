// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "product.h"

#include <cuda_runtime_api.h>

/// The choices of a batch sorted by expert on the device, so that one launch multiplies the tiles of all experts.
namespace plimsoll::engine::cuda {

/// Scratch that groups of `choices` choices take, however large the tiles.
uint64_t groupBytes(uint32_t choices, uint32_t experts);

/// Sorts `count` choices by expert, those of one in their order, in tiles of at most `tileTokens`. `scratch` has groupBytes.
ExpertGroups groupByExpert(
    cudaStream_t stream, const ExpertChoice *choices, uint32_t count, uint32_t experts, uint32_t tileTokens, std::byte *scratch);

} // namespace plimsoll::engine::cuda
