// SPDX-License-Identifier: Apache-2.0
#include "report_json.h"

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
    if (memory.onDisk > 0)
        json["disk"] = memory.onDisk;
    for (const DeviceMemoryReport &device : memory.devices) {
        json["devices"].push_back({{"name", device.name}, {"predicted", device.predicted}, {"actual", device.actual},
            {"overhead", device.overhead}});
    }
    return json;
}

nlohmann::json toJson(const LoadReport &loading)
{
    return {{"bytes", loading.bytes}, {"seconds", loading.seconds}, {"bytesPerSecond", loading.bytesPerSecond()}};
}

} // namespace plimsoll::engine
