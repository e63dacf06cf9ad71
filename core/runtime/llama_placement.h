// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/layout/placement.h>

#include <string>
#include <vector>

namespace plimsoll {

/// What llama.cpp makes of its options: `-ngl` counts prediction blocks and the output as layers behind the last; so many from the end
/// go to the GPUs, in order, in the proportion of `shares` (`-ts`; by itself it takes what is free on each; empty: one GPU).
/// `expertLayersInRam`: `--n-cpu-moe`, routed experts of so many layers from the first. Source: how it assigns layers, August 2026.
Placement llamaPlacement(const ModelShape &shape, uint32_t gpuLayers, const std::vector<double> &shares, uint32_t expertLayersInRam = 0);

/// The options that make llama.cpp place the pieces so.
struct LlamaPlacementOptions
{
    uint32_t gpuLayers = 0;                 // -ngl
    std::vector<uint32_t> split;            // -ts: layers of each GPU, counted so; empty where one GPU holds all
    uint32_t expertLayersInRam = 0;         // --n-cpu-moe
    std::vector<std::string> overrides;     // -ot: what layers alone cannot say, as PATTERN=BUFFER
};

/// `gpuBuffer` names a GPU's memory as the build does: "CUDA" for CUDA0, CUDA1, ….
LlamaPlacementOptions llamaPlacementOptions(const ModelShape &shape, const Placement &placement, const std::string &gpuBuffer = "CUDA");

} // namespace plimsoll
