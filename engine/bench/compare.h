// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench.h"

#include <plimsoll/result/result.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// This engine beside other programs on the same work, in turns, so that what others do to the machine meanwhile meets all.
namespace plimsoll::engine {

/// Tokens per second; 0: not measured.
struct Rates
{
    double prefill = 0;
    double decode = 0;
};

/// From what a benchmark wrote as JSON: `bench --json`, or llama-bench with `-o json` (a list of tests, each with n_prompt, n_gen and
/// avg_ts; of several of a kind the first). Errors: JsonInvalid, JsonField where neither rate is there.
Result<Rates> ratesFrom(std::string_view text);

/// How many times as fast: of the pairs' ratios the median, and where 95 % of the confidence lies for their geometric mean (Student's t
/// over the logarithms; low = high = median for a single pair).
struct Ratio
{
    double median = 0;
    double low = 0;
    double high = 0;
};

/// Pairs of values above 0, as many of each. Nothing: 0.
Ratio pairedRatio(std::span<const double> ours, std::span<const double> theirs);

struct Comparison
{
    std::string command;
    Spread prefill, decode;            // theirs
    Ratio prefillRatio, decodeRatio;   // ours over theirs
};

/// As bench(), and after each repetition runs each of `commands` once; all load the model anew each time. One comparison for each command.
/// Errors: those of bench() and ratesFrom(), InvalidArgument for a command that fails.
Result<BenchResult> benchBeside(
    const std::string &path, const BenchOptions &options, std::span<const std::string> commands, std::vector<Comparison> &comparisons);

nlohmann::json toJson(const Comparison &comparison);

} // namespace plimsoll::engine
