// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/run/session.h>
#include <plimsoll/units/rates.h>

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <functional>
#include <memory>
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
    PlaceModel place;                       // of the session; null: everything in RAM
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

/// Nothing: zeros.
Spread spreadOf(std::vector<double> values);

struct BenchResult
{
    std::string path;
    std::string architecture;
    std::string quantization;     // of general.file_type, empty where the file has none
    uint64_t parameters = 0;
    uint64_t weightBytes = 0;
    std::string instructionSet;
    BenchOptions options;         // with what 0 stood for
    Bandwidth readBandwidth;      // median of those before each repetition of the decode, with the same threads
    double integerPeak = 0;       // operations per second; median of those before each repetition of the prefill, with the same threads
    Spread prefill;
    Spread decode;
    Spread peakShare;             // of each repetition of the prefill, in what was measured just before it: products of weights alone
    Spread bandwidthShare;        // of each repetition of the decode, in what was measured just before it: 0.8 is 80 %
    uint64_t bytesPerToken = 0;   // weights and cache read for one token in the middle of the decode
    MemoryReport memory;
    LoadReport loading;
};

/// Measures prefill and decode of a model file on this machine, greedy, with tokens drawn at random, one warm-up of each before.
/// Errors: those of Session::load, Cancelled.
Result<BenchResult> bench(const std::string &path, const BenchOptions &options);

/// Memory that threads read as fast as they can, each its own part: plainly and by asking ahead, for processors differ in which is faster.
class BandwidthProbe
{
public:
    /// At most a quarter of what is free. Errors: AllocationFailed.
    static Result<BandwidthProbe> make(uint32_t threads, Bytes bytes);
    /// The larger median of seven passes over all of it in each of the two ways, after one to settle.
    Bandwidth measure();

private:
    double pass(bool askAhead);   // bytes per second

    std::unique_ptr<ThreadPool> m_pool;
    Arena m_arena;
};

/// Errors: AllocationFailed.
Result<Bandwidth> measureReadBandwidth(uint32_t threads, Bytes bytes = gib(1));

/// Bytes of weights that one token reads: all but the embedding table (unless it is the output matrix too), the experts that are not
/// chosen, and what is never multiplied; plus its share of the cache when `cells` tokens are in it.
uint64_t bytesReadPerToken(const ModelShape &shape, const WeightTypes &types, const RunOptions &options, uint64_t cells);

/// Products of weights that a prompt of `tokens` needs: each matrix times each token, the output matrix times one; of experts, those
/// chosen.
uint64_t productsOfPrompt(const ModelShape &shape, uint64_t tokens);

/// `bench --json`: field names as in the struct.
nlohmann::json toJson(const BenchResult &result);
nlohmann::json toJson(const Spread &spread);

} // namespace plimsoll::engine
