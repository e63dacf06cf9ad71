// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// The part of NVIDIA's management library that is used, declared after its reference manual: the library is opened at run time and its
/// header is not needed to build.
namespace plimsoll::engine::nvml {

using Device = struct DeviceHandle *;
using Return = int;   // 0: success
inline constexpr Return success = 0;
inline constexpr Return insufficientSize = 7;

inline constexpr unsigned temperatureOfGpu = 0;
inline constexpr unsigned clockOfProcessors = 1;   // the streaming multiprocessors
inline constexpr unsigned clockOfMemory = 2;
inline constexpr unsigned long long notAvailable = ~0ULL;

struct Memory
{
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;   // with what the driver keeps for itself
};

struct MemoryV2
{
    unsigned version = static_cast<unsigned>(sizeof(MemoryV2)) | 2u << 24;
    unsigned long long total = 0;
    unsigned long long reserved = 0;
    unsigned long long free = 0;
    unsigned long long used = 0;
};

struct Utilization
{
    unsigned gpu;      // percent of the last sample period
    unsigned memory;
};

struct PciInfo
{
    char busIdLegacy[16];
    unsigned domain;
    unsigned bus;
    unsigned device;
    unsigned deviceId;
    unsigned subsystemId;
    char busId[32];
};

/// Of the first ...RunningProcesses functions.
struct ProcessV1
{
    unsigned pid;
    unsigned long long usedMemory;
};

/// Of the _v2 functions, and of _v3. One driver generation (early 535) gave _v3 a longer entry and took it back, which is why
/// _v2 is asked first.
struct ProcessV2
{
    unsigned pid;
    unsigned long long usedMemory;
    unsigned gpuInstance;
    unsigned computeInstance;
};

static_assert(sizeof(Memory) == 24 && sizeof(MemoryV2) == 40 && sizeof(PciInfo) == 68);
static_assert(sizeof(ProcessV1) == 16 && sizeof(ProcessV2) == 24);

} // namespace plimsoll::engine::nvml
