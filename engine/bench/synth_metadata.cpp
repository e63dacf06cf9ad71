// SPDX-License-Identifier: Apache-2.0
#include "synth_metadata.h"

#include <plimsoll/model/architecture.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

// Keys and their types after the GGUF format's specification and the architectures' reference implementation.
namespace plimsoll::engine {

namespace {

constexpr uint32_t quantizationVersion = 2;

/// Whether readers expect a real number, though a catalogue may say 1 for 1.0.
bool isReal(std::string_view key)
{
    constexpr std::string_view ends[] = {"epsilon", "freq_base", "freq_base_swa", "scale", "_linear", "factor", "softcapping",
        "multiplier", "beta_fast", "beta_slow"};
    return std::any_of(std::begin(ends), std::end(ends), [&](std::string_view end) { return key.ends_with(end); });
}

gguf::OutValue outNumber(std::string_view key, int64_t number)
{
    if (isReal(key))
        return static_cast<float>(number);
    if (number < 0 && number >= std::numeric_limits<int32_t>::min())
        return static_cast<int32_t>(number);
    if (number >= 0 && number <= std::numeric_limits<uint32_t>::max())
        return static_cast<uint32_t>(number);
    return static_cast<uint64_t>(number);
}

/// Whole numbers that are not negative, as counts are; otherwise real ones.
gguf::OutValue outArray(const std::vector<double> &numbers)
{
    const auto isCount = [](double x) { return x >= 0 && x <= std::numeric_limits<uint32_t>::max() && x == std::floor(x); };
    if (std::all_of(numbers.begin(), numbers.end(), isCount))
        return std::vector<uint32_t>(numbers.begin(), numbers.end());
    return std::vector<float>(numbers.begin(), numbers.end());
}

gguf::OutValue outValue(std::string_view key, const HyperparameterValue &value)
{
    if (const int64_t *whole = std::get_if<int64_t>(&value))
        return outNumber(key, *whole);
    if (const double *real = std::get_if<double>(&value))
        return static_cast<float>(*real);
    if (const bool *flag = std::get_if<bool>(&value))
        return *flag;
    if (const std::string *text = std::get_if<std::string>(&value))
        return *text;
    return outArray(std::get<std::vector<double>>(value));
}

} // namespace

Status setMetadata(gguf::Writer &writer, const ModelShape &shape, FileType fileType)
{
    if (shape.hyperparameters.empty() || shape.blocks.empty())
        return Error{ErrorCode::UnsupportedByEngine, {shape.architecture, joinedArchitectures()}};
    writer.set("general.architecture", shape.architecture);
    writer.set("general.type", std::string("model"));
    writer.set("general.name", shape.name + " (random weights)");
    writer.set("general.file_type", static_cast<uint32_t>(fileType));
    writer.set("general.quantization_version", quantizationVersion);
    for (const auto &[key, value] : shape.hyperparameters)
        writer.set(shape.architecture + "." + key, outValue(key, value));
    return {};
}

} // namespace plimsoll::engine
