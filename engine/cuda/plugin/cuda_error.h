// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../plugin_abi.h"

#include <cstdio>
#include <cuda_runtime_api.h>

/// Failures inside the plugin are one exception, which never leaves it: `guarded` stands at every function of the interface.
namespace plimsoll::engine {

struct CudaError
{
    cudaError_t code;
};

inline void check(cudaError_t code)
{
    if (code == cudaSuccess)
        return;
    cudaGetLastError();   // a sticky error would come out of the next call as well
    throw CudaError{code};
}

/// Runs `body`; a failure fills the status and gives 0.
template <typename Body>
int32_t guarded(CudaStatus *status, Body &&body) noexcept
{
    *status = CudaStatus{};
    try {
        return body();
    } catch (const CudaError &error) {
        status->code = static_cast<int32_t>(error.code);
        std::snprintf(status->text, sizeof(status->text), "%s", cudaGetErrorString(error.code));
    } catch (...) {
        status->code = static_cast<int32_t>(cudaErrorUnknown);
        std::snprintf(status->text, sizeof(status->text), "%s", "unexpected failure");
    }
    return 0;
}

} // namespace plimsoll::engine
