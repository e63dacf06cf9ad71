// SPDX-License-Identifier: Apache-2.0
#include "advice.h"

#include <nlohmann/json.hpp>

namespace plimsoll {

using nlohmann::json;

std::string_view name(ChangeCode code)
{
    switch (code) {
    case ChangeCode::KvType: return "kv-type";
    case ChangeCode::Context: return "context";
    case ChangeCode::Sequences: return "sequences";
    case ChangeCode::Quantization: return "quantization";
    case ChangeCode::ExpertsInRam: return "experts-in-ram";
    case ChangeCode::LayersInRam: return "layers-in-ram";
    case ChangeCode::Smaller: return "smaller-model";
    case ChangeCode::FreeMemory: return "free-memory";
    case ChangeCode::OtherGpu: return "other-gpu";
    case ChangeCode::SecondGpu: return "second-gpu";
    }
    return "";
}

namespace {

json rate(const RateEstimate &rate)
{
    if (!rate.known())
        return nullptr;
    return {{"low", rate.low}, {"expected", rate.expected}, {"high", rate.high}};
}

json list(const std::vector<Bytes> &amounts)
{
    json result = json::array();
    for (const Bytes &amount : amounts)
        result.push_back(amount.value);
    return result;
}

} // namespace

json toJson(const Change &change)
{
    return {{"code", name(change.code)}, {"value", change.value}, {"from", change.from}, {"to", change.to}, {"device", change.device},
        {"memory", change.memory.value}, {"verdict", name(change.verdict)}, {"decode", rate(change.decode)},
        {"bitsLost", change.bitsLost}};
}

json toJson(const Hardware &hardware)
{
    return {{"gpu", hardware.gpu.name}, {"count", hardware.count}, {"memoryEach", hardware.gpu.total.value},
        {"decode", rate(hardware.decode)}};
}

json toJson(const Maxima &maxima)
{
    return {{"context", maxima.context}, {"sequences", maxima.sequences},
        {"quantization", maxima.quantization ? json(name(*maxima.quantization)) : json(nullptr)}};
}

json toJson(const ContextPoint &point)
{
    return {{"context", point.context}, {"verdict", name(point.verdict)}, {"needed", list(point.needed)}, {"cache", list(point.cache)},
        {"decode", rate(point.decode)}};
}

} // namespace plimsoll
