// SPDX-License-Identifier: Apache-2.0
// CUDA plugins that are not what they should be, one per value of FAKE_KIND: 1 two devices, 2 no driver, 3 no device, 4 another build,
// 5 no entry at all, 6 an entry that hands out a smaller interface than was asked for; and 7, two devices that compute, with the
// processor's kernels.
#include "../../engine/cuda/plugin_abi.h"

#if FAKE_KIND == 7
#include "pretend_backend.h"
#endif

#include <cstdio>
#include <cstring>

using namespace plimsoll::engine;

namespace {

[[maybe_unused]] int32_t count(CudaStatus *status)
{
    *status = {};
#if FAKE_KIND == 2
    status->code = 35;
    std::snprintf(status->text, sizeof(status->text), "CUDA driver version is insufficient for CUDA runtime version");
    return 0;
#elif FAKE_KIND == 3
    status->code = 100;
    std::snprintf(status->text, sizeof(status->text), "no CUDA-capable device is detected");
    return 0;
#else
    return 2;
#endif
}

/// The 4090 of the fake management library stands second; the first is one that it does not know.
[[maybe_unused]] int32_t information(int32_t device, CudaDeviceInfo *out, CudaStatus *status)
{
    *status = {};
    *out = {};
    std::snprintf(out->name, sizeof(out->name), "%s", device == 1 ? "NVIDIA GeForce RTX 4090" : "NVIDIA H100 80GB HBM3");
    for (int i = 0; i < 16; ++i)
        out->uuid[i] = static_cast<uint8_t>(device == 1 ? i : 0xaa);
    std::snprintf(out->pciBusId, sizeof(out->pciBusId), "%s", device == 1 ? "0000:01:00.0" : "0000:81:00.0");
    out->computeMajor = device == 1 ? 8 : 9;
    out->computeMinor = device == 1 ? 9 : 0;
    out->totalBytes = (device == 1 ? 24ull : 80ull) << 30;
    out->memoryBusBits = 5120;
    out->memoryClockKhz = 2619000;
    return 1;
}

[[maybe_unused]] int32_t cublas(CudaStatus *status)
{
    *status = {};
    std::snprintf(status->text, sizeof(status->text), "libcublas.so: cannot open shared object file");
    return 0;
}

[[maybe_unused]] Backend *backend(int32_t device, uint64_t, CudaStatus *status)
{
    *status = {};
#if FAKE_KIND == 7
    static PretendDevice devices[2];
    return new PretendBackend(devices[device]);
#else
    std::snprintf(status->text, sizeof(status->text), "no kernels for device %d", device);
    return nullptr;
#endif
}

} // namespace

#if FAKE_KIND != 5
extern "C" __attribute__((visibility("default"))) const CudaPluginApi *plimsoll_cuda_entry(
    uint32_t abi, uint32_t bytes, const char *, const char **found)
{
    *found = "0.0.7/99";
    static CudaPluginApi api{abi, bytes, count, information, cublas, backend};
#if FAKE_KIND == 4
    return nullptr;
#endif
#if FAKE_KIND == 6
    api.bytes = bytes - 8;
#endif
    return &api;
}
#endif
