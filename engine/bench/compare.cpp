// SPDX-License-Identifier: Apache-2.0
#include "compare.h"

#include <plimsoll/engine/base/process.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace plimsoll::engine {
namespace {

constexpr const char *source = "the other program's output";

/// The 97.5 % quantile of Student's t distribution (ISO 2854, table IIb); beyond 30 degrees of freedom that of the normal one.
double studentQuantile(size_t degrees)
{
    constexpr double quantiles[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
        2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
    return degrees <= std::size(quantiles) ? quantiles[degrees - 1] : 1.960;
}

double numberAt(const nlohmann::json &object, const char *key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_number() ? found->get<double>() : 0;
}

Rates ratesOfTests(const nlohmann::json &tests)
{
    Rates rates;
    for (const nlohmann::json &test : tests) {
        const double prompt = numberAt(test, "n_prompt");
        const double generated = numberAt(test, "n_gen");
        double &rate = prompt > 0 ? rates.prefill : rates.decode;
        if ((prompt > 0) != (generated > 0) && rate == 0)
            rate = numberAt(test, "avg_ts");
    }
    return rates;
}

Rates ratesOfBench(const nlohmann::json &result)
{
    const auto median = [&](const char *key) { return result.contains(key) ? numberAt(result[key], "median") : 0; };
    return {median("prefill"), median("decode")};
}

nlohmann::json toJson(const Ratio &ratio)
{
    return {{"median", ratio.median}, {"low", ratio.low}, {"high", ratio.high}};
}

/// Tokens per second of each turn.
struct Turns
{
    std::vector<double> prefill, decode;

    void add(double prefillRate, double decodeRate)
    {
        prefill.push_back(prefillRate);
        decode.push_back(decodeRate);
    }
};

Result<Rates> ratesOf(const std::string &command)
{
    const auto output = outputOf(command);
    if (!output)
        return Error{ErrorCode::InvalidArgument, {"--compare", command, "a command that ends with status 0"}};
    return ratesFrom(*output);
}

} // namespace

Result<Rates> ratesFrom(std::string_view text)
{
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded())
        return Error{ErrorCode::JsonInvalid, {source, "0", "not JSON; llama-bench writes it with -o json"}};
    const Rates rates = json.is_array() ? ratesOfTests(json) : json.is_object() ? ratesOfBench(json) : Rates{};
    const auto usable = [](double rate) { return std::isfinite(rate) && rate >= 0; };
    if (!usable(rates.prefill) || !usable(rates.decode) || rates.prefill + rates.decode == 0)
        return Error{ErrorCode::JsonField, {source, "avg_ts", "no rate of a prefill or of a decode"}};
    return rates;
}

Ratio pairedRatio(std::span<const double> ours, std::span<const double> theirs)
{
    std::vector<double> ratios;
    double sum = 0;
    for (size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
        if (ours[i] <= 0 || theirs[i] <= 0)
            continue;
        ratios.push_back(ours[i] / theirs[i]);
        sum += std::log(ratios.back());
    }
    if (ratios.empty())
        return {};
    const double median = spreadOf(ratios).median;
    const size_t count = ratios.size();
    if (count == 1)
        return {median, median, median};
    const double mean = sum / static_cast<double>(count);
    double squares = 0;
    for (const double ratio : ratios)
        squares += (std::log(ratio) - mean) * (std::log(ratio) - mean);
    const double error = std::sqrt(squares / static_cast<double>(count - 1) / static_cast<double>(count));
    const double reach = studentQuantile(count - 1) * error;
    return {median, std::exp(mean - reach), std::exp(mean + reach)};
}

Result<BenchResult> benchBeside(
    const std::string &path, const BenchOptions &options, std::span<const std::string> commands, std::vector<Comparison> &comparisons)
{
    if (options.repetitions == 0)
        return Error{ErrorCode::InvalidArgument, {"r", "0", "1 or more"}};
    BenchOptions once = options;
    once.repetitions = 1;
    BenchResult result;
    Turns ours;
    std::vector<Turns> theirs(commands.size());
    std::vector<double> shares, bandwidths, peakShares, peaks;
    for (uint32_t round = 0; round < options.repetitions; ++round) {
        if (options.progress)
            once.progress = [&](double share) { options.progress((round + share / 2) / options.repetitions); };
        auto one = bench(path, once);
        if (!one)
            return one.error();
        for (size_t i = 0; i < commands.size(); ++i) {
            const auto rates = ratesOf(commands[i]);
            if (!rates)
                return rates.error();
            theirs[i].add(rates->prefill, rates->decode);
        }
        result = std::move(*one);
        ours.add(result.prefill.median, result.decode.median);
        shares.push_back(result.bandwidthShare.median);
        bandwidths.push_back(result.readBandwidth.bytesPerSecond);
        peakShares.push_back(result.peakShare.median);
        peaks.push_back(result.integerPeak);
    }
    for (size_t i = 0; i < commands.size(); ++i)
        comparisons.push_back({commands[i], spreadOf(theirs[i].prefill), spreadOf(theirs[i].decode),
            pairedRatio(ours.prefill, theirs[i].prefill), pairedRatio(ours.decode, theirs[i].decode)});
    result.prefill = spreadOf(std::move(ours.prefill));
    result.decode = spreadOf(std::move(ours.decode));
    result.bandwidthShare = spreadOf(std::move(shares));
    result.readBandwidth = Bandwidth{spreadOf(std::move(bandwidths)).median};
    result.peakShare = spreadOf(std::move(peakShares));
    result.integerPeak = spreadOf(std::move(peaks)).median;
    result.options.repetitions = options.repetitions;
    return result;
}

nlohmann::json toJson(const Comparison &comparison)
{
    return {{"command", comparison.command}, {"prefill", toJson(comparison.prefill)}, {"decode", toJson(comparison.decode)},
        {"prefillRatio", toJson(comparison.prefillRatio)}, {"decodeRatio", toJson(comparison.decodeRatio)}};
}

} // namespace plimsoll::engine
