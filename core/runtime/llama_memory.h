// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "llama_options.h"

#include <plimsoll/layout/layout.h>
#include <plimsoll/model/shape.h>
#include <plimsoll/result/result.h>
#include <plimsoll/units/bytes.h>

#include <vector>

namespace plimsoll {

/// What llama.cpp (and what is built on it: Ollama, LM Studio) takes on one device, by the names of its log.
struct LlamaDeviceMemory
{
    Bytes weights;   // "model buffer size"; on the host mapped where LlamaOptions::mapWeights
    Bytes kv;        // "KV buffer size"
    Bytes state;     // "RS buffer size": of recurrent layers
    Bytes compute;   // "compute buffer size"; the host's is pinned where a GPU is used
    Bytes output;    // "output buffer size": logits of the rows that are wanted; host only
    Bytes projector; // tensors of a vision projector, where one is loaded: on the first GPU

    Bytes total() const { return weights + kv + state + compute + output + projector; }
};

/// The same run asked of llama.cpp's server: contexts add up, calls are micro-batches, every sequence wants one row of logits.
LlamaOptions llamaOptions(const ModelShape &shape, const RunOptions &run);

/// Modelled from its sources: exact for weights, cache and state; the compute buffer follows its graph and allocator. `deviceCount`
/// counts the host; driver context and library workspace come on top (Gpu::overhead).
/// Errors: InvalidArgument (context, batch, micro-batch or sequences 0 or beyond any use; a K or V type whose block does not divide a
/// cell; quantized values without flash attention; a placement of another shape; more than 64 bits of bytes).
Result<std::vector<LlamaDeviceMemory>> llamaMemory(const ModelShape &shape, const WeightTypes &types, const Placement &placement,
    size_t deviceCount, const LlamaOptions &options);

} // namespace plimsoll
