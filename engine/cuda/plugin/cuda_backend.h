// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>

#include <memory>

namespace plimsoll::engine {

/// The phases on one GPU, by its number in CUDA's order. Work is queued on a stream of the backend's own and never waited for before
/// finish(), download() or upload(); memory is freed with the backend. One thread at a time calls.
/// `freeBefore`: bytes that are free there now; with it the first backend of the process on a device tells what its context takes. 0: not
/// known. Errors: CudaUnavailable (`device` and CUDA's words), AllocationFailed.
Result<std::unique_ptr<Backend>> makeCudaBackend(int32_t device, uint64_t freeBefore = 0);

} // namespace plimsoll::engine
