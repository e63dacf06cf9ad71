// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace plimsoll::engine {

/// A fixed team of threads for fork-join regions; the caller is thread 0. Workers spin briefly after a region, then sleep. A worker that
/// another program keeps from its processor is not waited for: what it did not begin, others do.
class ThreadPool
{
public:
    explicit ThreadPool(uint32_t threads);   // at least 1
    ~ThreadPool();

    uint32_t size() const;

    /// Splits [0, count) into as many runs as there are threads; each thread takes its run from the front, at most `grain` at a time, then
    /// helps where some are left: body(begin, end, thread). Neighbours are read one after another, as memory likes it. Returns when all is
    /// done. Not reentrant.
    template <typename Body>
    void forEach(uint64_t count, uint64_t grain, Body &&body)
    {
        split(count);
        auto takeAll = [&](uint32_t thread) {
            const uint32_t threads = size();
            for (uint32_t i = 0; i < threads; ++i) {
                const uint32_t owner = (thread + i) % threads;
                const uint64_t last = endOf(owner);
                for (uint64_t begin = take(owner, grain); begin < last; begin = take(owner, grain))
                    body(begin, begin + grain < last ? begin + grain : last, thread);
            }
        };
        run([](void *context, uint32_t thread) { (*static_cast<decltype(takeAll) *>(context))(thread); }, &takeAll);
    }

private:
    using Task = void (*)(void *context, uint32_t thread);
    void run(Task task, void *context);
    void split(uint64_t count);
    uint64_t take(uint32_t owner, uint64_t grain);
    uint64_t endOf(uint32_t owner) const;

    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace plimsoll::engine
