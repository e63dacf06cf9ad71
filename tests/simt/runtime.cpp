// SPDX-License-Identifier: Apache-2.0
#include "cuda_runtime.h"

#include <cstdio>
#include <cstdlib>
#include <map>

struct SimtStream
{
};

namespace {

constexpr size_t allocationAlignment = 256;
constexpr int devices = 2;
constexpr int multiprocessors = 2;
constexpr int computeMajor = 9;

cudaError_t known(int device)
{
    return device >= 0 && device < devices ? cudaSuccess : cudaErrorInvalidDevice;
}

struct Memory
{
    std::map<void *, size_t> live;
    uint64_t used = 0;
    uint64_t most = uint64_t{64} << 30;
    uint64_t launches = 0;
    bool lost = false;
};

Memory &memory()
{
    static Memory all;
    return all;
}

} // namespace

namespace simt {

uint64_t launchCount() { return memory().launches; }
uint64_t allocatedBytes() { return memory().used; }
void setMemory(uint64_t bytes) { memory().most = bytes; }
void setLost(bool lost) { memory().lost = lost; }

bool launched()
{
    ++memory().launches;
    return !memory().lost;
}

} // namespace simt

const char *cudaGetErrorString(cudaError_t code)
{
    switch (code) {
    case cudaSuccess: return "no error";
    case cudaErrorMemoryAllocation: return "out of memory";
    case cudaErrorInvalidDevice: return "invalid device ordinal";
    case cudaErrorInvalidValue: return "invalid argument";
    default: return "unknown error";
    }
}

cudaError_t cudaGetLastError() { return cudaSuccess; }
cudaError_t cudaSetDevice(int device) { return known(device); }

cudaError_t cudaGetDeviceCount(int *count)
{
    *count = devices;
    return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device)
{
    *properties = {};
    std::snprintf(properties->name, sizeof properties->name, "Processor as GPU %d", device);
    properties->uuid.bytes[15] = static_cast<char>(device);
    properties->totalGlobalMem = memory().most;
    properties->major = computeMajor;
    properties->multiProcessorCount = multiprocessors;
    return known(device);
}

cudaError_t cudaDeviceGetPCIBusId(char *text, int bytes, int device)
{
    std::snprintf(text, static_cast<size_t>(bytes), "0000:%02x:00.0", static_cast<unsigned>(device) + 1);
    return known(device);
}

cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr which, int device)
{
    switch (which) {
    case cudaDevAttrMultiProcessorCount: *value = multiprocessors; return known(device);
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = 64 * 1024; return known(device);
    case cudaDevAttrComputeCapabilityMajor: *value = computeMajor; return known(device);
    case cudaDevAttrGlobalMemoryBusWidth: *value = 128; return known(device);
    case cudaDevAttrMemoryClockRate: break;   // not told by newer drivers
    }
    return cudaErrorInvalidValue;
}

cudaError_t cudaMalloc(void **address, size_t bytes)
{
    Memory &all = memory();
    if (all.used + bytes > all.most)
        return cudaErrorMemoryAllocation;
    *address = std::aligned_alloc(allocationAlignment, (bytes + allocationAlignment - 1) / allocationAlignment * allocationAlignment);
    if (!*address)
        return cudaErrorMemoryAllocation;
    all.live[*address] = bytes;
    all.used += bytes;
    return cudaSuccess;
}

cudaError_t cudaFree(void *address)
{
    if (!address)
        return cudaSuccess;
    Memory &all = memory();
    const auto found = all.live.find(address);
    if (found == all.live.end())
        return cudaErrorInvalidValue;
    all.used -= found->second;
    all.live.erase(found);
    std::free(address);
    return cudaSuccess;
}

cudaError_t cudaHostRegister(void *, size_t, unsigned) { return cudaSuccess; }
cudaError_t cudaHostUnregister(void *) { return cudaSuccess; }

cudaError_t cudaMemGetInfo(size_t *free, size_t *total)
{
    *total = memory().most;
    *free = memory().most - memory().used;
    return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind, cudaStream_t)
{
    if (bytes > 0)
        std::memcpy(to, from, bytes);
    return cudaSuccess;
}

cudaError_t cudaMemsetAsync(void *to, int value, size_t bytes, cudaStream_t)
{
    if (bytes > 0)
        std::memset(to, value, bytes);
    return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned)
{
    *stream = new SimtStream;
    return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
    delete stream;
    return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaSuccess; }
