// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>

namespace plimsoll::engine {

/// A fixed team of threads for fork-join regions; the caller is thread 0. Workers spin briefly after a region, then sleep.
class ThreadPool
{
public:
    explicit ThreadPool(uint32_t threads);   // at least 1
    ~ThreadPool();

    uint32_t size() const;

    /// Calls task(thread, threads) on every thread and returns when all are done. Not reentrant.
    template <typename Task>
    void run(Task &&task)
    {
        runErased([](void *context, uint32_t thread, uint32_t threads) { (*static_cast<std::remove_reference_t<Task> *>(context))(thread, threads); },
            &task);
    }

    /// Splits [0, count) into as many runs as there are threads; each thread takes its run from the front, at most `grain` at a time, then
    /// helps where some are left: body(begin, end, thread). Neighbours are read one after another, as memory likes it.
    template <typename Body>
    void forEach(uint64_t count, uint64_t grain, Body &&body)
    {
        split(count);
        run([&](uint32_t thread, uint32_t threads) {
            for (uint32_t i = 0; i < threads; ++i) {
                const uint32_t owner = (thread + i) % threads;
                const uint64_t last = endOf(owner);
                for (uint64_t begin = take(owner, grain); begin < last; begin = take(owner, grain))
                    body(begin, begin + grain < last ? begin + grain : last, thread);
            }
        });
    }

private:
    using Erased = void (*)(void *context, uint32_t thread, uint32_t threads);
    void runErased(Erased task, void *context);
    void split(uint64_t count);
    uint64_t take(uint32_t owner, uint64_t grain);
    uint64_t endOf(uint32_t owner) const;

    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace plimsoll::engine
