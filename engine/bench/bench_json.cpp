// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

#include <nlohmann/json.hpp>

namespace plimsoll::engine {

namespace {

nlohmann::json pair(uint64_t owned, uint64_t mapped)
{
    return {{"owned", owned}, {"mapped", mapped}};
}

} // namespace

nlohmann::json toJson(const MemoryReport &memory)
{
    nlohmann::json json = {{"predicted", pair(memory.predictedOwned, memory.predictedMapped)},
        {"actual", pair(memory.actualOwned, memory.actualMapped)}};
    for (const DeviceMemoryReport &device : memory.devices) {
        json["devices"].push_back({{"name", device.name}, {"predicted", device.predicted}, {"actual", device.actual},
            {"overhead", device.overhead}});
    }
    return json;
}

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
        {"prefill", toJson(result.prefill)},
        {"decode", toJson(result.decode)},
        {"bytesPerToken", result.bytesPerToken},
        {"bandwidthShare", toJson(result.bandwidthShare)},
        {"memory", toJson(result.memory)},
    };
}

} // namespace plimsoll::engine
