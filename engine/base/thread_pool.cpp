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

// A region is open while the caller works in it. Workers enter while it is, and only those that entered are waited for. `inside` publishes
// what the region is (release when it opens, acquire when a worker enters) and what was done in it (the other way round); `generation`
// only wakes. Each word has its own cache line.
struct ThreadPool::State
{
    static constexpr uint32_t closed = uint32_t{1} << 31;

    alignas(64) std::atomic<uint32_t> generation{0};
    alignas(64) std::atomic<uint32_t> inside{closed};   // workers in the region, and `closed`
    alignas(64) Task task = nullptr;
    void *context = nullptr;
    std::atomic<bool> stop{false};
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
            if (!enter())
                continue;
            seen = generation.load(std::memory_order_relaxed);   // it may be a later region than the one that woke
            task(context, thread);
            if (inside.fetch_sub(1, std::memory_order_release) == (closed | 1))
                inside.notify_one();
        }
    }

    bool enter()
    {
        uint32_t now = inside.load(std::memory_order_relaxed);
        while (!(now & closed))
            if (inside.compare_exchange_weak(now, now + 1, std::memory_order_acquire, std::memory_order_relaxed))
                return true;
        return false;
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

void ThreadPool::run(Task task, void *context)
{
    State &state = *m_state;
    if (state.size == 1)
        return task(context, 0);
    state.task = task;
    state.context = context;
    state.inside.store(0, std::memory_order_release);
    state.generation.fetch_add(1, std::memory_order_release);   // whoever sees this finds the region open, or over
    state.generation.notify_all();
    task(context, 0);
    uint32_t left = state.inside.fetch_or(State::closed, std::memory_order_acquire) | State::closed;
    while (left != State::closed)
        left = waitForChange(state.inside, left);
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
