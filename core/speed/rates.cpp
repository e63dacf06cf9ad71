// SPDX-License-Identifier: Apache-2.0
#include "rates.h"

#include "efficiency.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace plimsoll {

namespace {

using namespace efficiency;

bool mentions(const std::string &text, std::initializer_list<std::string_view> words)
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

struct Character
{
    Family family;
    double band = bandWide;
};

/// Matrix products of a prefill by compute capability, in multiples of the vector throughput.
double tensorMultiple(double capability)
{
    if (capability > 0 && capability < 7.5)
        return computeVolta;
    if (capability > 0 && capability < 8.0)
        return computeTuring;
    if (capability == 8.0)
        return computeA100;
    return capability == 9.0 ? computeHopper : nvidia.compute;
}

/// Throughput of the vector units: printed, or what the printed tensor throughput means for the architecture; 0 where neither is known.
double vectorThroughput(const Gpu &gpu)
{
    if (gpu.fp32.known() || !gpu.fp16.known())
        return gpu.fp32.operationsPerSecond;
    if (vendorOf(gpu) != "NVIDIA")
        return gpu.fp16.operationsPerSecond / 2;
    const double capability = std::strtod(gpu.computeCapability.c_str(), nullptr);
    const double tensor = gpu.fp16.operationsPerSecond;
    if (capability == 8.0 || capability == 9.0 || capability >= 10.0)
        return tensor / (capability >= 12.0 ? (mentions(gpu.name, {"PRO"}) ? 4 : 2) : 15);
    return tensor / (capability < 8.0 ? 8 : mentions(gpu.name, {"GeForce"}) ? 2 : 4);
}

Character characterOf(const Gpu &gpu)
{
    const std::string vendor = vendorOf(gpu);
    if (vendor == "NVIDIA") {
        const double capability = std::strtod(gpu.computeCapability.c_str(), nullptr);
        if (capability > 0 && capability < 7.0)
            return {nvidiaBeforeVolta, bandWide};
        Family family = nvidia;
        family.compute = tensorMultiple(capability);
        return {family, bandNvidia};
    }
    if (vendor == "AMD")
        return {amd, bandOther};
    if (vendor == "Apple")
        return {mentions(gpu.name, {"M1", "M2"}) ? appleFirst : apple, bandWide};
    return {other, bandWide};
}

DeviceRates measured(const DeviceProfile &profile)
{
    DeviceRates rates;
    rates.secondsPerByte = rates.secondsPerCacheByte = 1.0 / profile.read.bytesPerSecond;
    rates.secondsPerStateByte = stateTransfersInPlace * rates.secondsPerByte;
    rates.secondsPerOperation = profile.compute.known() ? 1.0 / profile.compute.operationsPerSecond : 0;
    rates.secondsPerBatchOperation = rates.secondsPerOperation;
    rates.secondsPerLayer = profile.layerSeconds;
    rates.band = bandMeasured;
    return rates;
}

} // namespace

std::string vendorOf(const Gpu &gpu)
{
    if (!gpu.vendor.empty())
        return gpu.vendor;
    if (mentions(gpu.name, {"Apple"}))
        return "Apple";
    if (mentions(gpu.name, {"AMD", "Radeon", "Instinct", "Ryzen"}))
        return "AMD";
    if (mentions(gpu.name, {"Intel", "Arc"}))
        return "Intel";
    if (!gpu.computeCapability.empty() || mentions(gpu.name, {"NVIDIA", "GeForce", "RTX", "GTX", "Tesla", "Quadro"}))
        return "NVIDIA";
    return {};
}

std::optional<DeviceRates> ratesOf(const Gpu &gpu, SpeedRuntime runtime)
{
    if (gpu.profile && gpu.profile->read.known())
        return measured(*gpu.profile);
    if (!gpu.bandwidth.known())
        return std::nullopt;
    Character character = characterOf(gpu);
    Family &family = character.family;
    if (runtime == SpeedRuntime::Vllm) {
        family.read = std::min(family.read, vllmRead);
        family.layer = std::min(family.layer, vllmLayer);
    }
    const double reading = 1.0 / (gpu.bandwidth.bytesPerSecond * family.read);
    const double vector = vectorThroughput(gpu);
    const double work = vector > 0 ? family.workPerByte / vector : reading * workShareUnknown;
    const double peak = vector > 0 ? vector * family.compute : gpu.fp16.operationsPerSecond * computePrinted;
    DeviceRates rates;
    rates.secondsPerByte = reading + work;
    rates.secondsPerCodebookByte = (codebookWork - 1) * work;
    rates.secondsPerCacheByte = reading + cacheWork * work;
    rates.secondsPerStateByte = (runtime == SpeedRuntime::Vllm ? stateTransfersInPlace : stateTransfers) * reading;
    rates.secondsPerOperation = peak > 0 ? 1.0 / peak : 0;
    rates.secondsPerBatchOperation = vector > 0 ? 1.0 / (vector * batchCompute) : rates.secondsPerOperation;
    rates.secondsPerLayer = family.layer;
    rates.secondsPerCall = call;
    rates.band = gpu.fp32.known() ? character.band : std::max(character.band, vector > 0 ? bandOther : bandWide);
    return rates;
}

std::optional<DeviceRates> ratesOf(const Cpu &cpu)
{
    if (cpu.profile && cpu.profile->read.known())
        return measured(*cpu.profile);
    if (!cpu.readBandwidth.known())
        return std::nullopt;
    DeviceRates rates;
    rates.secondsPerByte = rates.secondsPerCacheByte = 1.0 / (cpu.readBandwidth.bytesPerSecond * cpuRead);
    rates.secondsPerStateByte = stateTransfers * rates.secondsPerByte;
    rates.secondsPerOperation = cpu.int8.known() ? 1.0 / (cpu.int8.operationsPerSecond * cpuCompute) : 0;
    rates.secondsPerBatchOperation = rates.secondsPerOperation;
    rates.secondsPerLayer = cpuLayer;
    rates.band = bandOther;
    return rates;
}

double decodeSeconds(const PieceWork &work, const DeviceRates &rates, double tokens)
{
    const double further = tokens > 1 ? work.operations * (tokens - 1) / tokens * rates.secondsPerBatchOperation : 0;
    const double reading = work.bytes * rates.secondsPerByte + work.codebookBytes * rates.secondsPerCodebookByte
        + work.cacheBytes * rates.secondsPerCacheByte + work.stateBytes * rates.secondsPerStateByte;
    return reading + further + work.launches * rates.secondsPerLayer;
}

double prefillSeconds(const PieceWork &work, const DeviceRates &rates)
{
    const double reading = (work.bytes + work.cacheBytes) * rates.secondsPerByte;
    return std::max(reading, work.operations * rates.secondsPerOperation) + work.launches * rates.secondsPerLayer;
}

} // namespace plimsoll
