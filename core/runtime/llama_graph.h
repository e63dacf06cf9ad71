// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "llama_options.h"

#include <plimsoll/layout/placement.h>
#include <plimsoll/model/shape.h>
#include <plimsoll/units/bytes.h>

#include <vector>

namespace plimsoll {

/// Bytes of llama.cpp's compute buffer on every device ([0] the host's), for the largest prompt batch: its graph of operations laid
/// out as its allocator does. `deviceCount` counts the host.
/// Source: the operations its graphs are made of and its allocator's rules, read in its sources, August 2026, and in those of
/// ik_llama.cpp, June 2025 to August 2026.
std::vector<Bytes> llamaComputeBytes(const ModelShape &shape, const WeightTypes &types, const Placement &placement,
    size_t deviceCount, const LlamaOptions &options);

/// Caches each layer has: one for all sequences, or one for each.
uint64_t llamaStreams(const LlamaOptions &options);

/// Cells of each of them in this layer: the context's share, or window (of every sequence that shares the cache) and micro-batch.
uint64_t llamaCells(const BlockSpec &block, const LlamaOptions &options);

/// Copies of the inputs each device keeps, so that several batches are in flight: 4 where a model lies wholly on more than one GPU.
uint32_t llamaPipelineCopies(const Placement &placement);

} // namespace plimsoll
