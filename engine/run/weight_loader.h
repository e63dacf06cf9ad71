// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/base/file.h>
#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/model/weights.h>

#include <atomic>
#include <functional>
#include <span>
#include <vector>

namespace plimsoll::engine {

/// A tensor in a file, and where it is to go.
struct WeightCopy
{
    TensorPlace place;
    std::byte *destination = nullptr;   // in the backend's memory
};

/// Reads weights into memory that a backend owns, in stripes on all threads of the pool. One thread calls.
class WeightLoader
{
public:
    /// `files` by part; both outlive it. `done` hears of the bytes that arrived, from the thread that calls; `cancel` is looked at before
    /// every stripe.
    WeightLoader(std::span<const InputFile> files, ThreadPool &pool, std::function<void(uint64_t)> done, const std::atomic<bool> *cancel)
        : m_files(files), m_pool(pool), m_done(std::move(done)), m_cancel(cancel)
    {
    }

    /// Straight into place, where the destination is RAM. Errors: FileUnreadable, Cancelled.
    Status read(std::span<const WeightCopy> copies);
    /// Through `staging`, of three InputFile::blockBytes at least: one half is filled while the other travels. What the page cache does not
    /// hold is read past it, for the device has it then. Errors: also what the backend reports.
    Status upload(Backend &backend, std::span<std::byte> staging, std::span<const WeightCopy> copies);

private:
    /// A stretch of one tensor: where it is read to, and where it belongs.
    struct Stripe
    {
        uint32_t part = 0;
        uint64_t offset = 0;
        std::span<std::byte> buffer;
        std::byte *destination = nullptr;
    };
    class Stripes;

    using ReadStripe = Status (InputFile::*)(uint64_t, std::span<std::byte>) const;
    Status readStripes(ReadStripe how);
    Status poll(uint64_t arrived) const;
    bool isCancelled() const { return m_cancel && m_cancel->load(std::memory_order_relaxed); }

    std::span<const InputFile> m_files;
    ThreadPool &m_pool;
    std::function<void(uint64_t)> m_done;
    const std::atomic<bool> *m_cancel;
    std::vector<Stripe> m_stripes;   // of one round
};

} // namespace plimsoll::engine
