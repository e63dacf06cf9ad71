// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/result/result.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <span>

namespace plimsoll::engine {

/// Reads every page of `ranges` once, on all threads, so that no token has to wait for the disk. `progress` gets 0 to 1, from the calling
/// thread. Errors: Cancelled.
Status warmUp(std::span<const std::span<const std::byte>> ranges, ThreadPool &pool, const std::function<void(double)> &progress,
    const std::atomic<bool> *cancel);

} // namespace plimsoll::engine
