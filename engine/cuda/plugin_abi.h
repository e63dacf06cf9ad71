// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// What crosses the border between plimsoll-engine and libplimsoll_cuda: one entry, plain C data, and behind makeBackend() the interface of
/// engine/model/backend.h. Both sides are built from the same sources, and the entry refuses a caller that was built from others.
namespace plimsoll::engine {

class Backend;

/// Raised with every change of this file and of engine/model/backend.h.
inline constexpr uint32_t cudaPluginAbi = 4;

/// Outcome of a call. `code` is a cudaError_t, 0 when all went well; `text` says the same in words.
struct CudaStatus
{
    int32_t code;
    char text[252];
};

/// One device, as the runtime tells it without making a context on it.
struct CudaDeviceInfo
{
    char name[256];
    uint8_t uuid[16];
    char pciBusId[32];            // "0000:01:00.0"
    int32_t computeMajor;
    int32_t computeMinor;
    uint64_t totalBytes;
    uint32_t memoryBusBits;       // 0: not told
    uint32_t memoryClockKhz;      // 0: not told
    int32_t multiprocessors;
    int32_t integrated;           // 1: shares the system's memory
};

struct CudaPluginApi
{
    uint32_t abi;
    uint32_t bytes;               // sizeof(CudaPluginApi)
    /// Number of devices.
    int32_t (*deviceCount)(CudaStatus *status);
    /// 1 and `out` filled, or 0 and the status.
    int32_t (*deviceInfo)(int32_t device, CudaDeviceInfo *out, CudaStatus *status);
    /// 1 when cuBLAS of the plugin's CUDA version can be loaded; otherwise 0 and the loader's words. Takes a moment.
    int32_t (*cublasFound)(CudaStatus *status);
    /// What computes on a device, which makes a context there; the caller deletes it before the plugin is closed. Null and the status
    /// where it failed. `freeBefore`: bytes of it that are free now, while it may have no context; 0: not known.
    Backend *(*makeBackend)(int32_t device, uint64_t freeBefore, CudaStatus *status);
};

/// Null unless all three agree with the plugin's own; `*found` is then, and always, the plugin's "version/abi".
using CudaPluginEntry = const CudaPluginApi *(*)(uint32_t abi, uint32_t apiBytes, const char *version, const char **found);
inline constexpr const char *cudaPluginEntryName = "plimsoll_cuda_entry";

} // namespace plimsoll::engine
