// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What of a device's printed figures programs reach. Fitted to published measurements of llama.cpp: 71 decode rates of dense models
/// from 3 to 70 B on 18 NVIDIA GPUs from Turing to Hopper (mean error 16 %, nine of ten within 34 %), and read rates of two CPUs. A
/// token costs the bytes it reads, and besides a fixed time per layer for launching its work: this is why fast memory helps small
/// models less than its figure promises.
namespace plimsoll::efficiency {

inline constexpr double gpuRead = 0.91;
inline constexpr double gpuLayerSeconds = 132e-6;
inline constexpr double gpuCompute = 0.45;        // of dense FP16 tensor throughput, quantized weights, batch of 512

inline constexpr double cpuRead = 0.85;           // of the read bandwidth measured with all cores
inline constexpr double cpuLayerSeconds = 25e-6;  // threads wait for each other a few times per layer
inline constexpr double cpuCompute = 0.5;         // of integer throughput

inline constexpr double link = 0.75;              // of the link's printed rate
inline constexpr double assumedLink = 12e9;       // bytes per second where the link is not known
inline constexpr double crossingSeconds = 30e-6;  // from one device to another and back in step

// The band around the expectation.
inline constexpr double decodeLow = 0.72;
inline constexpr double decodeHigh = 1.30;
inline constexpr double prefillLow = 0.6;
inline constexpr double prefillHigh = 1.6;
inline constexpr double diskLow = 0.3;            // paging reads in small pieces, and keeps some in RAM
inline constexpr double diskHigh = 1.5;

} // namespace plimsoll::efficiency
