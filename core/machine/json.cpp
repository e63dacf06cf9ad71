// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

#include "json_reader.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace plimsoll {

using nlohmann::json;

namespace {

void addProfile(json &device, const std::optional<DeviceProfile> &profile)
{
    if (profile)
        device["profile"] = {{"read", profile->read.bytesPerSecond}, {"compute", profile->compute.operationsPerSecond},
            {"layerSeconds", profile->layerSeconds}};
}

std::optional<DeviceProfile> readProfile(JsonReader &in)
{
    std::optional<DeviceProfile> profile;
    in.object("profile", false, [&](JsonReader &measured) {
        profile = DeviceProfile{{measured.number("read")}, {measured.number("compute")},
            measured.optionalNumber("layerSeconds", 0, 10).value_or(0)};
    });
    return profile;
}

json gpuJson(const Gpu &gpu)
{
    json result = {
        {"name", gpu.name},
        {"vendor", gpu.vendor},
        {"uuid", gpu.uuid},
        {"total", gpu.total.value},
        {"free", gpu.free.value},
        {"reserve", gpu.reserve.value},
        {"overhead", gpu.overhead.value},
        {"overheadMeasured", gpu.overheadMeasured},
        {"bandwidth", gpu.bandwidth.bytesPerSecond},
        {"fp16", gpu.fp16.operationsPerSecond},
        {"fp32", gpu.fp32.operationsPerSecond},
        {"int8", gpu.int8.operationsPerSecond},
        {"link", gpu.link.bytesPerSecond},
        {"unified", gpu.unified},
        {"computeCapability", gpu.computeCapability},
        {"driver", gpu.driver},
        {"processes", json::array()},
    };
    for (const GpuProcess &process : gpu.processes)
        result["processes"].push_back({{"pid", process.pid}, {"name", process.name}, {"used", process.used.value}});
    if (gpu.temperatureC)
        result["temperatureC"] = *gpu.temperatureC;
    if (gpu.powerW)
        result["powerW"] = *gpu.powerW;
    if (gpu.clockMHz)
        result["clockMHz"] = *gpu.clockMHz;
    if (gpu.utilization)
        result["utilization"] = *gpu.utilization;
    addProfile(result, gpu.profile);
    return result;
}

Gpu readGpu(JsonReader &in)
{
    Gpu gpu;
    gpu.name = in.text("name", true);
    gpu.vendor = in.text("vendor");
    gpu.uuid = in.text("uuid");
    gpu.total = in.bytes("total", true);
    gpu.free = in.bytes("free", true);
    gpu.reserve = in.bytesOr("reserve", gpu.reserve);
    gpu.overhead = in.bytesOr("overhead", gpu.overhead);
    gpu.overheadMeasured = in.flag("overheadMeasured");
    gpu.bandwidth = {in.number("bandwidth")};
    gpu.fp16 = {in.number("fp16")};
    gpu.fp32 = {in.number("fp32")};
    gpu.int8 = {in.number("int8")};
    gpu.unified = in.flag("unified");
    gpu.profile = readProfile(in);
    gpu.link = {in.number("link")};
    gpu.computeCapability = in.text("computeCapability");
    gpu.driver = in.text("driver");
    gpu.temperatureC = in.optionalNumber("temperatureC", -300, 1000);
    gpu.powerW = in.optionalNumber("powerW", 0, 1e6);
    gpu.clockMHz = in.optionalNumber("clockMHz", 0, 1e6);
    gpu.utilization = in.optionalNumber("utilization", 0, 1);
    in.forEach("processes", 4096, [&](JsonReader &process) {
        gpu.processes.push_back({process.whole("pid", UINT64_MAX), process.text("name"), process.bytes("used")});
    });
    if (gpu.free > gpu.total)
        in.fail("free", "range");
    if (gpu.total.value == 0)
        in.fail("total", "range");
    return gpu;
}

json cpuJson(const Cpu &cpu)
{
    json result = {
        {"model", cpu.model},
        {"physicalCores", cpu.physicalCores},
        {"logicalCores", cpu.logicalCores},
        {"instructionSets", cpu.instructionSets},
        {"readBandwidth", cpu.readBandwidth.bytesPerSecond},
        {"int8", cpu.int8.operationsPerSecond},
    };
    addProfile(result, cpu.profile);
    return result;
}

Cpu readCpu(JsonReader &in)
{
    constexpr uint64_t mostCores = 65536;
    Cpu cpu;
    cpu.model = in.text("model");
    cpu.physicalCores = static_cast<uint32_t>(std::max<uint64_t>(in.whole("physicalCores", mostCores), 1));
    cpu.logicalCores = static_cast<uint32_t>(std::max<uint64_t>(in.whole("logicalCores", mostCores), cpu.physicalCores));
    cpu.instructionSets = in.texts("instructionSets", 256);
    cpu.readBandwidth = {in.number("readBandwidth")};
    cpu.int8 = {in.number("int8")};
    cpu.profile = readProfile(in);
    return cpu;
}

Ram readRam(JsonReader &in)
{
    Ram ram;
    ram.total = in.bytes("total", true);
    ram.available = in.bytes("available", true);
    ram.reserve = in.bytesOr("reserve", ram.reserve);
    if (ram.total.value == 0)
        in.fail("total", "range");
    if (ram.available > ram.total)
        in.fail("available", "range");
    return ram;
}

} // namespace

json toJson(const Machine &machine)
{
    json result = {
        {"name", machine.name},
        {"gpus", json::array()},
        {"cpu", cpuJson(machine.cpu)},
        {"ram",
            {{"total", machine.ram.total.value}, {"available", machine.ram.available.value}, {"reserve", machine.ram.reserve.value}}},
        {"disks", json::array()},
        {"pretended", machine.pretended},
        {"gpuNotice", machine.gpuNotice},
    };
    for (const Gpu &gpu : machine.gpus)
        result["gpus"].push_back(gpuJson(gpu));
    for (const Disk &disk : machine.disks)
        result["disks"].push_back(
            {{"mount", disk.mount}, {"total", disk.total.value}, {"free", disk.free.value}, {"read", disk.read.bytesPerSecond}});
    return result;
}

Result<Machine> machineFromJson(const json &document, const std::string &where)
{
    Status status;
    JsonReader in(document, where, "", status);
    Machine machine;
    machine.name = in.text("name");
    machine.pretended = in.flag("pretended");
    machine.gpuNotice = in.text("gpuNotice");
    in.forEach("gpus", 64, [&](JsonReader &gpu) { machine.gpus.push_back(readGpu(gpu)); });
    in.object("cpu", false, [&](JsonReader &cpu) { machine.cpu = readCpu(cpu); });
    in.object("ram", true, [&](JsonReader &ram) { machine.ram = readRam(ram); });
    in.forEach("disks", 256, [&](JsonReader &disk) {
        machine.disks.push_back({disk.text("mount"), disk.bytes("total"), disk.bytes("free"), {disk.number("read")}});
    });
    if (!status)
        return status.error();
    return machine;
}

} // namespace plimsoll
