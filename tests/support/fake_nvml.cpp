// SPDX-License-Identifier: Apache-2.0
// A management library with two GPUs, after NVIDIA's reference manual. Built twice: as drivers of today have it, and with FAKE_NVML_OLD as
// drivers did before memory and process entries got their second layout.
#include <cstdio>
#include <cstring>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

constexpr int success = 0, invalid = 2, notSupported = 3, insufficientSize = 7, uninitialised = 1;
constexpr unsigned long long gib = 1ull << 30;
int initialised = 0;

struct Handle
{
    int index;
};
Handle handles[2] = {{0}, {1}};

int text(char *out, unsigned length, const char *value)
{
    if (std::strlen(value) + 1 > length)
        return insufficientSize;
    std::strcpy(out, value);
    return success;
}

} // namespace

EXPORT int nvmlInit_v2() { ++initialised; return success; }
EXPORT int nvmlShutdown() { --initialised; return success; }
EXPORT int nvmlSystemGetDriverVersion(char *out, unsigned length) { return text(out, length, "580.65.06"); }

EXPORT int nvmlDeviceGetCount_v2(unsigned *count)
{
    if (!initialised)
        return uninitialised;
    *count = 2;
    return success;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, Handle **handle)
{
    if (index > 1)
        return invalid;
    *handle = &handles[index];
    return success;
}

EXPORT int nvmlDeviceGetName(Handle *h, char *out, unsigned length)
{
    return text(out, length, h->index == 0 ? "NVIDIA GeForce RTX 4090" : "Tesla T4");
}

EXPORT int nvmlDeviceGetUUID(Handle *h, char *out, unsigned length)
{
    return text(out, length, h->index == 0 ? "GPU-00010203-0405-0607-0809-0a0b0c0d0e0f" : "GPU-ffffffff-0405-0607-0809-0a0b0c0d0e0f");
}

struct Pci
{
    char legacy[16];
    unsigned domain, bus, device, deviceId, subsystemId;
    char busId[32];
};

EXPORT int nvmlDeviceGetPciInfo_v3(Handle *h, Pci *pci)
{
    std::memset(pci, 0, sizeof(*pci));
    std::snprintf(pci->busId, sizeof(pci->busId), "00000000:%02X:00.0", h->index == 0 ? 1 : 0x41);
    return success;
}

struct MemoryV1
{
    unsigned long long total, free, used;
};

EXPORT int nvmlDeviceGetMemoryInfo(Handle *h, MemoryV1 *memory)
{
    *memory = h->index == 0 ? MemoryV1{24 * gib, 20 * gib, 4 * gib} : MemoryV1{15 * gib, 15 * gib, 0};
    return success;
}

struct ProcessV1
{
    unsigned pid;
    unsigned long long used;
};

struct ProcessV2
{
    unsigned pid;
    unsigned long long used;
    unsigned gpuInstance, computeInstance;
};

namespace {

template <typename Process>
int list(Handle *h, unsigned *count, Process *out, unsigned there, const ProcessV1 *entries)
{
    if (h->index == 1)
        there = 0;
    if (*count < there || (there > 0 && !out)) {
        *count = there;
        return insufficientSize;
    }
    for (unsigned i = 0; i < there; ++i) {
        std::memset(&out[i], 0xff, sizeof(out[i]));
        out[i].pid = entries[i].pid;
        out[i].used = entries[i].used;
    }
    *count = there;
    return success;
}

const ProcessV1 computing[] = {{1, 3 * gib}, {999999999u, ~0ull}};
const ProcessV1 drawing[] = {{1, 3 * gib}, {2, gib / 2}};

} // namespace

#ifdef FAKE_NVML_OLD
EXPORT int nvmlDeviceGetComputeRunningProcesses(Handle *h, unsigned *count, ProcessV1 *out) { return list(h, count, out, 2, computing); }
EXPORT int nvmlDeviceGetGraphicsRunningProcesses(Handle *h, unsigned *count, ProcessV1 *out) { return list(h, count, out, 2, drawing); }
#else
struct MemoryV2
{
    unsigned version;
    unsigned long long total, reserved, free, used;
};

EXPORT int nvmlDeviceGetMemoryInfo_v2(Handle *h, MemoryV2 *memory)
{
    if (memory->version != (sizeof(MemoryV2) | 2u << 24))
        return 25;   // argument version mismatch
    *memory = h->index == 0 ? MemoryV2{memory->version, 24 * gib, gib / 2, 20 * gib - gib / 2, 4 * gib}
                            : MemoryV2{memory->version, 15 * gib, 0, 15 * gib, 0};
    return success;
}

EXPORT int nvmlDeviceGetComputeRunningProcesses_v2(Handle *h, unsigned *count, ProcessV2 *out) { return list(h, count, out, 2, computing); }
EXPORT int nvmlDeviceGetGraphicsRunningProcesses_v2(Handle *h, unsigned *count, ProcessV2 *out) { return list(h, count, out, 2, drawing); }
#endif

EXPORT int nvmlDeviceGetTemperature(Handle *h, unsigned sensor, unsigned *celsius)
{
    if (sensor != 0)
        return invalid;
    *celsius = h->index == 0 ? 61 : 40;
    return success;
}

EXPORT int nvmlDeviceGetPowerUsage(Handle *h, unsigned *milliwatts)
{
    if (h->index == 1)
        return notSupported;
    *milliwatts = 123456;
    return success;
}

struct Rates
{
    unsigned gpu, memory;
};

EXPORT int nvmlDeviceGetUtilizationRates(Handle *h, Rates *rates)
{
    *rates = {h->index == 0 ? 37u : 0u, 5u};
    return success;
}

EXPORT int nvmlDeviceGetCudaComputeCapability(Handle *h, int *major, int *minor)
{
    *major = h->index == 0 ? 8 : 7;
    *minor = h->index == 0 ? 9 : 5;
    return success;
}

EXPORT int nvmlDeviceGetMemoryBusWidth(Handle *h, unsigned *bits)
{
    if (h->index == 1)
        return notSupported;
    *bits = 384;
    return success;
}

EXPORT int nvmlDeviceGetClockInfo(Handle *h, unsigned clock, unsigned *megahertz)
{
    if (clock != 1)
        return invalid;
    *megahertz = h->index == 0 ? 2520 : 1590;
    return success;
}

EXPORT int nvmlDeviceGetMaxClockInfo(Handle *, unsigned clock, unsigned *megahertz)
{
    if (clock != 2)
        return invalid;
    *megahertz = 10501;
    return success;
}

EXPORT int nvmlDeviceGetMaxPcieLinkGeneration(Handle *, unsigned *generation) { *generation = 4; return success; }
EXPORT int nvmlDeviceGetMaxPcieLinkWidth(Handle *, unsigned *lanes) { *lanes = 16; return success; }
