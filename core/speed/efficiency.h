// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What of a device's printed figures programs reach. A decoded token costs: its bytes over the read bandwidth; work of the vector
/// units on every byte (unpacking, multiplying, adding), which is why HBM and old cards reach so little of their bandwidth; a launch time
/// per layer; and a time per call for sampling and waiting. Fitted to about 700 published rates of llama.cpp and programs built on it,
/// and of vLLM, on 75 devices from Pascal to Blackwell, RDNA and Apple M1 to M5 (median error 11 %).
namespace plimsoll::efficiency {

/// One family of devices. Seconds unless said otherwise.
struct Family
{
    double read;             // share of the printed bandwidth
    double workPerByte;      // vector operations on one byte that is read
    double layer;            // launching one layer's work
    double compute;          // matrix products of a prefill, in multiples of the vector throughput
};

inline constexpr Family nvidia{0.978, 7.6, 80e-6, 1.35};
inline constexpr Family nvidiaBeforeVolta{0.978, 32, 80e-6, 1.0};   // no tensor units, and slow integer products
inline constexpr Family amd{0.696, 2.9, 98e-6, 0.45};
inline constexpr Family apple{0.79, 2.5, 99e-6, 0.65};
inline constexpr Family appleFirst{0.79, 14.8, 99e-6, 0.60};        // M1 and M2
inline constexpr Family other{0.70, 5, 200e-6, 0.4};                // Intel and what is not known

// Where tensor units are wide beside the vector units.
inline constexpr double computeVolta = 3.0;    // 7.0
inline constexpr double computeTuring = 2.3;   // 7.5
inline constexpr double computeA100 = 5.0;     // 8.0
inline constexpr double computeHopper = 2.4;   // 9.0
inline constexpr double computePrinted = 0.30; // of dense tensor throughput, where the vector throughput is not known

// vLLM replays a whole forward pass as one graph.
inline constexpr double vllmRead = 0.80;
inline constexpr double vllmLayer = 30e-6;

inline constexpr double call = 0.57e-3;            // per forward call on a GPU: sampling, waiting
inline constexpr double codebookWork = 2.2;        // times the work for formats whose blocks are looked up (IQ1 to IQ3), as measured on Ada
// A state is copied out of its cell, read, written and copied back; what updates it in place reads and writes it once.
inline constexpr double stateTransfers = 6;
inline constexpr double stateTransfersInPlace = 2;
inline constexpr double cacheWork = 3.3;           // times the work for a byte of the KV cache
inline constexpr double batchCompute = 0.26;       // of vector throughput, each further token of a decode call
inline constexpr double workShareUnknown = 0.15;   // of the time to read, where the vector throughput is not known

// Launches of a mixer or an FFN, of the layer's.
inline constexpr double half = 0.5;
inline constexpr double gatedDeltaExtra = 0.5;     // two dozen kernels beside a dozen of attention's
inline constexpr double mambaExtra = 0.3;          // not quite a score
inline constexpr double latentExtra = 1.1;
inline constexpr double expertsExtra = 0.1;

inline constexpr double cpuRead = 0.85;            // of the read bandwidth measured with all cores
inline constexpr double cpuLayer = 25e-6;          // threads wait for each other a few times per layer
inline constexpr double cpuCompute = 0.5;          // of integer throughput

inline constexpr double link = 0.75;               // of the link's printed rate
inline constexpr double assumedLink = 12e9;        // bytes per second where the link is not known
// Where figures are missing: how often a call has to use weights in RAM so that copying them to a GPU takes less time than computing with
// them where they are. Half a byte per weight over 12 GB/s against two operations at 1 Top/s gives a score; a guess, measured nowhere yet.
inline constexpr double streamedUses = 32;
inline constexpr double crossing = 30e-6;          // from one device to another and back in step

// The band: expectation divided and multiplied by this.
inline constexpr double bandMeasured = 1.20;
inline constexpr double bandNvidia = 1.40;
inline constexpr double bandOther = 1.41;
inline constexpr double bandWide = 1.60;           // figures missing, devices mixed, or cards that few have measured
inline constexpr double bandPrefill = 1.60;
inline constexpr double bandDisk = 3.0;            // paging reads in small pieces, and keeps some in RAM

} // namespace plimsoll::efficiency
