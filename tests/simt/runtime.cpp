// SPDX-License-Identifier: Apache-2.0
#include "cuda_runtime.h"
#include "stream.h"

#include <cstdio>
#include <cstdlib>
#include <map>

namespace {

constexpr size_t allocationAlignment = 256;
constexpr int devices = 2;
constexpr int multiprocessors = 2;

cudaError_t known(int device)
{
    return device >= 0 && device < devices ? cudaSuccess : cudaErrorInvalidDevice;
}

struct Allocation
{
    size_t bytes = 0;
    int device = 0;
};

struct Memory
{
    std::map<const void *, Allocation> live;
    std::map<const void *, size_t> pinned;
    int device = 0;
    uint64_t used = 0;
    uint64_t most = uint64_t{64} << 30;
    uint64_t launches = 0;
    uint64_t downloaded = 0;
    uint64_t uploaded = 0;
    bool lost = false;
    int capability = 90;
    uint64_t copiesLeft = UINT64_MAX;   // until they fail
    bool kernelsLate = false;
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
uint64_t downloadedBytes() { return memory().downloaded; }
uint64_t uploadedBytes() { return memory().uploaded; }
void setMemory(uint64_t bytes) { memory().most = bytes; }
void setLost(bool lost) { memory().lost = lost; }
void setCapability(int capability) { memory().capability = capability; }
void setCopiesFail(bool fail) { setCopiesFailAfter(fail ? 0 : UINT64_MAX); }
void setCopiesFailAfter(uint64_t copies) { memory().copiesLeft = copies; }
void setKernelsLate(bool late) { memory().kernelsLate = late; }
bool kernelsAreLate() { return memory().kernelsLate; }

int currentDevice() { return memory().device; }

bool isPinned(const void *begin, size_t bytes)
{
    const auto after = memory().pinned.upper_bound(begin);
    if (after == memory().pinned.begin())
        return false;
    const auto &[address, size] = *std::prev(after);
    return static_cast<const char *>(begin) + bytes <= static_cast<const char *>(address) + size;
}

int ownerOf(const void *begin, size_t bytes)
{
    const auto after = memory().live.upper_bound(begin);
    if (after == memory().live.begin())
        return -1;
    const auto &[address, allocation] = *std::prev(after);
    return static_cast<const char *>(begin) + bytes <= static_cast<const char *>(address) + allocation.bytes ? allocation.device : -1;
}

bool launched(SimtStream *stream)
{
    ++memory().launches;
    if (!memory().kernelsLate)
        catchUp(stream);
    if (stream)
        ++stream->kernels;
    return !memory().lost && (!stream || stream->device == memory().device);
}

} // namespace simt

const char *cudaGetErrorString(cudaError_t code)
{
    switch (code) {
    case cudaSuccess: return "no error";
    case cudaErrorMemoryAllocation: return "out of memory";
    case cudaErrorInvalidDevice: return "invalid device ordinal";
    case cudaErrorInvalidValue: return "invalid argument";
    case cudaErrorInvalidResourceHandle: return "invalid resource handle";
    default: return "unknown error";
    }
}

cudaError_t cudaGetLastError() { return cudaSuccess; }

cudaError_t cudaSetDevice(int device)
{
    if (known(device) == cudaSuccess)
        memory().device = device;
    return known(device);
}

cudaError_t cudaGetDevice(int *device)
{
    *device = memory().device;
    return cudaSuccess;
}

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
    properties->major = memory().capability / 10;
    properties->minor = memory().capability % 10;
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
    case cudaDevAttrComputeCapabilityMajor: *value = memory().capability / 10; return known(device);
    case cudaDevAttrComputeCapabilityMinor: *value = memory().capability % 10; return known(device);
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
    all.live[*address] = {bytes, all.device};
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
    all.used -= found->second.bytes;
    all.live.erase(found);
    std::free(address);
    return cudaSuccess;
}

cudaError_t cudaHostRegister(void *begin, size_t bytes, unsigned)
{
    memory().pinned[begin] = bytes;
    return cudaSuccess;
}

cudaError_t cudaHostUnregister(void *begin)
{
    return memory().pinned.erase(begin) == 1 ? cudaSuccess : cudaErrorInvalidValue;
}

cudaError_t cudaMemGetInfo(size_t *free, size_t *total)
{
    *total = memory().most;
    *free = memory().most - memory().used;
    return cudaSuccess;
}

/// Only from pinned memory does a copy come later: otherwise the runtime has taken the source when it returns.
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream)
{
    Memory &all = memory();
    if (all.copiesLeft == 0)
        return cudaErrorUnknown;
    all.copiesLeft -= all.copiesLeft == UINT64_MAX ? 0 : 1;
    all.downloaded += kind == cudaMemcpyDeviceToHost ? bytes : 0;
    all.uploaded += kind == cudaMemcpyHostToDevice ? bytes : 0;
    if (bytes == 0)
        return cudaSuccess;
    const auto work = [=] { std::memcpy(to, from, bytes); };
    if (simt::noted(stream, work))
        return cudaSuccess;
    if (stream && kind == cudaMemcpyHostToDevice && simt::isPinned(from, bytes)) {
        stream->putOff(work);
        return cudaSuccess;
    }
    simt::catchUp(stream);
    work();
    return cudaSuccess;
}

cudaError_t cudaMemsetAsync(void *to, int value, size_t bytes, cudaStream_t stream)
{
    if (bytes == 0)
        return cudaSuccess;
    const auto work = [=] { std::memset(to, value, bytes); };
    if (simt::noted(stream, work))
        return cudaSuccess;
    simt::catchUp(stream);
    work();
    return cudaSuccess;
}
