// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/run/session.h>
#include <plimsoll/units/rates.h>

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace plimsoll::engine {

struct BenchOptions
{
    uint32_t prompt = 512;                  // tokens of the prefill that is timed; 0: none
    uint32_t generate = 64;                 // tokens of the decode that is timed; 0: none
    uint32_t repetitions = 5;
    uint32_t depth = 0;                     // tokens that are in the cache already when a timing starts
    uint32_t threads = 0;                   // 0: physical cores
    uint32_t batch = 512;
    GgmlType kvTypeK = GgmlType::F16;
    GgmlType kvTypeV = GgmlType::F16;
    std::function<void(double)> progress;   // 0 to 1, loading and warm-up included
    const std::atomic<bool> *cancel = nullptr;
};

/// Of the repetitions, tokens per second.
struct Spread
{
    double median = 0;
    double min = 0;
    double max = 0;
};

struct BenchResult
{
    std::string path;
    std::string architecture;
    std::string quantization;     // of general.file_type, empty where the file has none
    uint64_t parameters = 0;
    uint64_t weightBytes = 0;
    std::string instructionSet;
    BenchOptions options;         // with what 0 stood for
    Bandwidth readBandwidth;      // measured in the same run, with the same threads, before the model
    Spread prefill;
    Spread decode;
    uint64_t bytesPerToken = 0;   // weights and cache read for one token in the middle of the decode
    MemoryReport memory;

    /// What share of the measured read bandwidth the decode reaches: 0.8 is 80 %.
    double decodeBandwidthShare() const;
};

/// Measures prefill and decode of a model file on this machine, greedy, with tokens drawn at random, one warm-up of each before.
/// Errors: those of Session::load, Cancelled.
Result<BenchResult> bench(const std::string &path, const BenchOptions &options);

/// Median read bandwidth over `bytes` of memory (at most a quarter of what is free), each thread reading its own part, after one pass to
/// settle.
/// Errors: AllocationFailed.
Result<Bandwidth> measureReadBandwidth(uint32_t threads, Bytes bytes = gib(1));

/// Bytes of weights that one token reads: all but the embedding table (unless it is the output matrix too), the experts that are not
/// chosen, and what is never multiplied; plus its share of the cache when `cells` tokens are in it.
uint64_t bytesReadPerToken(const ModelShape &shape, const WeightTypes &types, const RunOptions &options, uint64_t cells);

/// `bench --json`: field names as in the struct.
nlohmann::json toJson(const BenchResult &result);

} // namespace plimsoll::engine
