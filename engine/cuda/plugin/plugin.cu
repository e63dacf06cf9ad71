// SPDX-License-Identifier: Apache-2.0
#include "../plugin_abi.h"
#include "cuda_backend.h"
#include "cuda_error.h"

#include <cstdio>
#include <cstring>
#include <dlfcn.h>

namespace plimsoll::engine {
namespace {

uint32_t attribute(cudaDeviceAttr which, int32_t device)
{
    int value = 0;
    if (cudaDeviceGetAttribute(&value, which, device) != cudaSuccess || value < 0) {
        cudaGetLastError();
        return 0;
    }
    return static_cast<uint32_t>(value);
}

int32_t deviceCount(CudaStatus *status)
{
    return guarded(status, [] {
        int count = 0;
        check(cudaGetDeviceCount(&count));
        return count;
    });
}

// Properties and attributes only: asking for free memory would make a context, which costs hundreds of MiB of the device.
int32_t deviceInfo(int32_t device, CudaDeviceInfo *out, CudaStatus *status)
{
    return guarded(status, [=] {
        cudaDeviceProp properties{};
        check(cudaGetDeviceProperties(&properties, device));
        *out = CudaDeviceInfo{};
        std::snprintf(out->name, sizeof(out->name), "%s", properties.name);
        static_assert(sizeof(properties.uuid.bytes) == sizeof(out->uuid));
        std::memcpy(out->uuid, properties.uuid.bytes, sizeof(out->uuid));
        check(cudaDeviceGetPCIBusId(out->pciBusId, sizeof(out->pciBusId), device));
        out->computeMajor = properties.major;
        out->computeMinor = properties.minor;
        out->totalBytes = properties.totalGlobalMem;
        out->memoryBusBits = attribute(cudaDevAttrGlobalMemoryBusWidth, device);
        out->memoryClockKhz = attribute(cudaDevAttrMemoryClockRate, device);
        out->multiprocessors = properties.multiProcessorCount;
        out->integrated = properties.integrated;
        return 1;
    });
}

int32_t cublasFound(CudaStatus *status)
{
    char name[32];
    std::snprintf(name, sizeof(name), "libcublas.so.%d", CUDART_VERSION / 1000);
    *status = CudaStatus{};
    if (void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL)) {
        dlclose(library);
        return 1;
    }
    const char *reason = dlerror();
    status->code = cudaErrorSharedObjectInitFailed;
    std::snprintf(status->text, sizeof(status->text), "%s", reason ? reason : name);
    return 0;
}

Backend *makeBackend(int32_t device, uint64_t freeBefore, CudaStatus *status)
{
    *status = CudaStatus{};
    Result<std::unique_ptr<Backend>> made = makeCudaBackend(device, freeBefore);
    if (made)
        return made->release();
    status->code = cudaErrorUnknown;
    std::snprintf(status->text, sizeof(status->text), "%s", made.error().arguments.back().c_str());
    return nullptr;
}

const CudaPluginApi api{cudaPluginAbi, sizeof(CudaPluginApi), deviceCount, deviceInfo, cublasFound, makeBackend};

} // namespace

extern "C" __attribute__((visibility("default"))) const CudaPluginApi *plimsoll_cuda_entry(
    uint32_t abi, uint32_t apiBytes, const char *version, const char **found)
{
    static_assert(cudaPluginAbi == 4, "the text below names it");
    *found = PLIMSOLL_VERSION "/4";
    if (abi != cudaPluginAbi || apiBytes != sizeof(CudaPluginApi) || std::strcmp(version, PLIMSOLL_VERSION) != 0)
        return nullptr;
    return &api;
}

} // namespace plimsoll::engine
