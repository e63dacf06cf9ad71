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

    /// Splits [0, count) into chunks of at least `grain` that threads take one after another: body(begin, end, thread).
    template <typename Body>
    void forEach(uint64_t count, uint64_t grain, Body &&body)
    {
        resetCounter();
        run([&](uint32_t thread, uint32_t) {
            for (uint64_t begin = take(grain); begin < count; begin = take(grain))
                body(begin, begin + grain < count ? begin + grain : count, thread);
        });
    }

private:
    using Erased = void (*)(void *context, uint32_t thread, uint32_t threads);
    void runErased(Erased task, void *context);
    void resetCounter();
    uint64_t take(uint64_t grain);

    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace plimsoll::engine
