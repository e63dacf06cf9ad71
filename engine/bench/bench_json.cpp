// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

#include <plimsoll/engine/run/report_json.h>

#include <nlohmann/json.hpp>

namespace plimsoll::engine {

nlohmann::json toJson(const Spread &spread)
{
    return {{"median", spread.median}, {"min", spread.min}, {"max", spread.max}};
}

nlohmann::json toJson(const BenchResult &result)
{
    const BenchOptions &options = result.options;
    return {
        {"path", result.path},
        {"architecture", result.architecture},
        {"quantization", result.quantization},
        {"parameters", result.parameters},
        {"weightBytes", result.weightBytes},
        {"instructionSet", result.instructionSet},
        {"options", {{"prompt", options.prompt}, {"generate", options.generate}, {"repetitions", options.repetitions},
            {"depth", options.depth}, {"threads", options.threads}, {"batch", options.batch}, {"kvTypeK", name(options.kvTypeK)},
                {"kvTypeV", name(options.kvTypeV)}}},
        {"readBandwidth", result.readBandwidth.bytesPerSecond},
        {"integerPeak", result.integerPeak},
        {"prefill", toJson(result.prefill)},
        {"peakShare", toJson(result.peakShare)},
        {"decode", toJson(result.decode)},
        {"bytesPerToken", result.bytesPerToken},
        {"bandwidthShare", toJson(result.bandwidthShare)},
        {"memory", toJson(result.memory)},
        {"loading", toJson(result.loading)},
    };
}

} // namespace plimsoll::engine
