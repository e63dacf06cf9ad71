// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/quant/ggml_type.h>
#include <plimsoll/units/bytes.h>

#include <string>
#include <vector>

namespace plimsoll {

/// What a backend publishes about its memory, as a plain value, so that the planner computes what it will allocate.
struct BackendTraits
{
    std::string name;                        // "cpu", "cuda"
    uint32_t bufferAlignment = 64;           // every buffer inside an arena starts at a multiple of this
    uint32_t arenaAlignment = 4096;          // and every arena is a multiple of this long
    bool mapsWeights = true;                 // weights are used where the file is mapped; otherwise copied into an owned arena
    uint32_t weightRowPadding = 0;           // owned weights: spare bytes after each tensor
    std::vector<GgmlType> formats;           // weights it can multiply by
    std::vector<GgmlType> kvTypes;
    /// Activations of one row of n elements quantized for integer products: n/blockElements blocks of blockBytes.
    uint32_t activationBlockElements = 32;
    uint32_t activationBlockBytes = 0;
    /// Scratch each worker thread owns, independent of the model; plus per token of attention span.
    uint64_t workspacePerThread = 0;
    uint64_t workspacePerThreadPerCell = 0;
    uint64_t workspaceFixed = 0;
    /// Least bytes of the buffer in RAM through which weights go to the device, where it does not map them: then at least 12 KiB.
    uint64_t stagingBytes = 0;

    bool operator==(const BackendTraits &) const = default;
};

/// The CPU backend's traits; the engine uses this same function, so planner and allocator cannot differ.
BackendTraits cpuTraits();
/// The CUDA backend's traits, used where the plugin has published none.
BackendTraits cudaTraits();

} // namespace plimsoll
