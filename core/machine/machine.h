// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/result/result.h>
#include <plimsoll/units/bytes.h>
#include <plimsoll/units/rates.h>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace plimsoll {

struct GpuProcess
{
    uint64_t pid = 0;
    std::string name;
    Bytes used;
};

/// What running a model on a device showed, in place of what its printed figures let expect.
struct DeviceProfile
{
    Bandwidth read;              // of weights, in a decode of one token
    Throughput compute;          // of matrix products, in a prefill
    double layerSeconds = 0;     // of one layer, besides its bytes
};

struct Gpu
{
    std::string name;
    std::string vendor;                  // "NVIDIA"; empty: told by the name
    std::string uuid;
    Bytes total;
    Bytes free;                          // what others left
    Bytes reserve = mib(512);            // kept unused; below it the verdict is "tight"
    Bytes overhead = mib(450);           // context, modules, library workspace
    bool overheadMeasured = false;       // false: the catalogue's estimate
    Bandwidth bandwidth;
    Throughput fp16;                     // dense tensor throughput, FP32 accumulation
    Throughput fp32;                     // of the vector units
    Throughput int8;
    Bandwidth link;                      // host to device
    bool unified = false;                // its memory is a share of RAM: what it holds is taken from both
    std::optional<DeviceProfile> profile;
    std::string computeCapability;       // "8.9"
    std::string driver;
    std::optional<double> temperatureC;
    std::optional<double> powerW;
    std::optional<double> clockMHz;      // of its processors, now
    std::optional<double> utilization;   // 0 to 1
    std::vector<GpuProcess> processes;

    Bytes usedByOthers() const { return total - free; }
};

struct Cpu
{
    std::string model;
    uint32_t physicalCores = 1;
    uint32_t logicalCores = 1;
    std::vector<std::string> instructionSets;   // "AVX2", "AVX-512 VNNI"
    Bandwidth readBandwidth;                    // all physical cores together
    Throughput int8;
    std::optional<DeviceProfile> profile;
};

struct Ram
{
    Bytes total;
    Bytes available;          // without swapping
    Bytes reserve = gib(1);
};

struct Disk
{
    std::string mount;
    Bytes total;
    Bytes free;
    Bandwidth read;
};

/// A computer as the planner sees it: real, edited or invented.
struct Machine
{
    std::string name;
    std::vector<Gpu> gpus;
    Cpu cpu;
    Ram ram;
    std::vector<Disk> disks;
    bool pretended = false;     // differs from what was detected
    std::string gpuNotice;      // code of why no GPU is listed ("cuda-unavailable:driver"), empty where there is one
};

/// `devices --json` and saved machines. Field names as in the structs, amounts in bytes, bandwidths in bytes per second.
nlohmann::json toJson(const Machine &machine);
/// Errors: JsonField (`where` is the path or "devices").
Result<Machine> machineFromJson(const nlohmann::json &json, const std::string &where);

} // namespace plimsoll
