// SPDX-License-Identifier: Apache-2.0
#include "backend_traits.h"

namespace plimsoll {

BackendTraits cpuTraits()
{
    BackendTraits traits;
    traits.name = "cpu";
    traits.mapsWeights = true;
    traits.formats = {GgmlType::F32, GgmlType::F16, GgmlType::BF16, GgmlType::Q8_0, GgmlType::Q4_0, GgmlType::Q4_1, GgmlType::Q5_0,
        GgmlType::Q5_1, GgmlType::Q2_K, GgmlType::Q3_K, GgmlType::Q4_K, GgmlType::Q5_K, GgmlType::Q6_K, GgmlType::IQ4_NL,
        GgmlType::IQ4_XS, GgmlType::IQ3_XXS, GgmlType::IQ3_S, GgmlType::IQ2_XXS, GgmlType::IQ2_XS, GgmlType::IQ2_S, GgmlType::IQ1_S,
        GgmlType::IQ1_M, GgmlType::MXFP4, GgmlType::NVFP4, GgmlType::TQ1_0, GgmlType::TQ2_0, GgmlType::Q1_0, GgmlType::Q2_0};
    traits.kvTypes = {GgmlType::F16, GgmlType::F32, GgmlType::Q8_0, GgmlType::Q4_0};
    // 32 of int8, a float32 scale, two float32 sums (of each half, times the scale).
    traits.activationBlockElements = 32;
    traits.activationBlockBytes = 44;
    // One tile of unpacked weights, or one tile of keys and values as float32 with its scores (engine/cpu/kernels.h).
    traits.workspacePerThread = 512 * 1024;
    return traits;
}

BackendTraits cudaTraits()
{
    BackendTraits traits;
    traits.name = "cuda";
    traits.bufferAlignment = 256;
    traits.arenaAlignment = 2 * 1024 * 1024;
    traits.mapsWeights = false;
    traits.formats = cpuTraits().formats;
    traits.kvTypes = cpuTraits().kvTypes;
    // 32 of int8 and a float4: a scale, two sums (of each half, times the scale), nothing.
    traits.activationBlockElements = 32;
    traits.activationBlockBytes = 48;
    // Sines and cosines, the order of experts, and scratch of attention and matrices (engine/cuda/plugin/backend_impl.h).
    traits.workspaceFixed = 108ull * 1024 * 1024;
    // Two halves, one filled while the other travels, each in stripes of 1 MiB: as many as are read at once. A disk of 7 GB/s takes 2.4 ms
    // for a half, so that the pause between two, some 0.1 ms, is a small part of it.
    traits.stagingBytes = 32 * 1024 * 1024;
    return traits;
}

} // namespace plimsoll
