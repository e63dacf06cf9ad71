// SPDX-License-Identifier: Apache-2.0
#include "thread_pool.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace plimsoll::engine {

namespace {

void relax()
{
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

/// About 50 to 100 microseconds: longer than the serial stretches between two regions of one forward pass, shorter than what
/// another process would miss.
constexpr uint32_t spins = 4000;

/// Returns once `word` differs from `old`: spins, then sleeps.
uint32_t waitForChange(const std::atomic<uint32_t> &word, uint32_t old)
{
    for (uint32_t i = 0; i < spins; ++i) {
        const uint32_t now = word.load(std::memory_order_acquire);
        if (now != old)
            return now;
        relax();
    }
    word.wait(old, std::memory_order_acquire);
    return word.load(std::memory_order_acquire);
}

} // namespace

// A region is published by `generation` (release) and joined by `pending` (acquire); all else in it is ordered by these two. Each
// word has its own cache line.
struct ThreadPool::State
{
    alignas(64) std::atomic<uint32_t> generation{0};
    alignas(64) std::atomic<uint32_t> pending{0};
    alignas(64) Erased task = nullptr;
    void *context = nullptr;
    bool stop = false;
    uint32_t size = 1;
    std::vector<std::thread> workers;

    /// What is left of a thread's run.
    struct alignas(64) Run
    {
        std::atomic<uint64_t> next{0};
        uint64_t end = 0;
    };
    std::vector<Run> runs;

    void work(uint32_t thread)
    {
        for (uint32_t seen = 0;;) {
            seen = waitForChange(generation, seen);
            if (stop)
                return;
            task(context, thread, size);
            if (pending.fetch_sub(1, std::memory_order_acq_rel) == 1)
                pending.notify_one();
        }
    }
};

ThreadPool::ThreadPool(uint32_t threads)
    : m_state(std::make_unique<State>())
{
    m_state->size = std::max(threads, 1u);
    m_state->runs = std::vector<State::Run>(m_state->size);
    m_state->workers.reserve(m_state->size - 1);
    for (uint32_t thread = 1; thread < m_state->size; ++thread)
        m_state->workers.emplace_back([state = m_state.get(), thread] { state->work(thread); });
}

ThreadPool::~ThreadPool()
{
    m_state->stop = true;
    m_state->generation.fetch_add(1, std::memory_order_release);
    m_state->generation.notify_all();
    for (std::thread &worker : m_state->workers)
        worker.join();
}

uint32_t ThreadPool::size() const
{
    return m_state->size;
}

void ThreadPool::runErased(Erased task, void *context)
{
    State &state = *m_state;
    if (state.size == 1) {
        task(context, 0, 1);
        return;
    }
    state.task = task;
    state.context = context;
    state.pending.store(state.size - 1, std::memory_order_relaxed);
    state.generation.fetch_add(1, std::memory_order_release);
    state.generation.notify_all();
    task(context, 0, state.size);
    for (uint32_t left = state.pending.load(std::memory_order_acquire); left != 0;)
        left = waitForChange(state.pending, left);
}

void ThreadPool::split(uint64_t count)
{
    const uint64_t each = count / m_state->size;
    const uint64_t longer = count % m_state->size;
    uint64_t begin = 0;
    for (uint32_t thread = 0; thread < m_state->size; ++thread) {
        State::Run &run = m_state->runs[thread];
        run.next.store(begin, std::memory_order_relaxed);
        begin += each + (thread < longer);
        run.end = begin;
    }
}

uint64_t ThreadPool::take(uint32_t owner, uint64_t grain)
{
    return m_state->runs[owner].next.fetch_add(grain, std::memory_order_relaxed);
}

uint64_t ThreadPool::endOf(uint32_t owner) const
{
    return m_state->runs[owner].end;
}

} // namespace plimsoll::engine
