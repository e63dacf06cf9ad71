// SPDX-License-Identifier: Apache-2.0
#include "block.h"

#include "fiber.h"
#include "shared_access.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

simt::Index threadIdx;
simt::Index blockIdx;
simt::Index blockDim;
simt::Index gridDim;

namespace simt {

namespace {

constexpr size_t stackBytes = 128 * 1024;
constexpr size_t stackStagger = 448;   // stacks that all begin at the same place of a page drive each other out of the cache
constexpr size_t pageBytes = 4096;
constexpr unsigned mostThreads = 1024;

enum class State : uint8_t { Fresh, Ready, AtCollective, AtBarrier, Ended };

struct Thread
{
    Fiber fiber;
    Index index;
    State state = State::Fresh;
    Collective kind = Collective::Sync;
    uint32_t mask = 0;
    uint8_t turn = 0;   // which of the two slots the next collective takes
    bool waited = false;   // for the kernels before
};

struct Warp
{
    std::array<std::array<uint64_t, warpSize>, 2> slots;
};

/// What runs, kept from one launch to the next.
struct Machine
{
    std::vector<Thread> threads;
    std::vector<Warp> warps;
    std::vector<std::unique_ptr<std::byte[]>> stacks;
    Fiber scheduler;
    const std::function<void()> *body = nullptr;
    unsigned current = 0;
    uint64_t blocks = 0;
    Order order = Order::Ascending;
    bool early = false;   // the kernel may have begun before others ended
};

Machine g_machine;   // one thread of the host launches

Thread &self()
{
    return g_machine.threads[g_machine.current];
}

void leave(State state)
{
    Thread &thread = self();
    thread.state = state;
    switchTo(thread.fiber, g_machine.scheduler, state == State::Ended);
}

/// A fiber runs one thread of a block after another.
void threadMain()
{
    arrived();
    (*g_machine.body)();
    if (g_machine.early && !self().waited)
        fail("a kernel that may begin early never waits for those before it");
    leave(State::Ended);
    std::abort();
}

void resume(unsigned number)
{
    Machine &m = g_machine;
    Thread &thread = m.threads[number];
    if (thread.state == State::Fresh)
        prepare(thread.fiber, m.stacks[number].get(), stackBytes - number * stackStagger % pageBytes, threadMain);
    m.current = number;
    threadIdx = thread.index;
    watchThread(static_cast<int>(number), m.early && !thread.waited);
    switchTo(m.scheduler, thread.fiber);
}

/// Lets lanes go on whose collective is complete. Returns whether there were any.
bool completeCollectives(unsigned first, unsigned end)
{
    Machine &m = g_machine;
    bool any = false;
    for (unsigned i = first; i < end; ++i) {
        const Thread &leader = m.threads[i];
        if (leader.state != State::AtCollective)
            continue;
        if (!(leader.mask >> (i - first) & 1))
            fail("a lane takes part in a collective whose mask leaves it out");
        bool complete = true;
        for (unsigned j = first; j < first + warpSize; ++j) {
            if (!(leader.mask >> (j - first) & 1) || j >= end)
                continue;
            const Thread &other = m.threads[j];
            complete = complete && other.state == State::AtCollective;
            if (other.state == State::AtCollective && (other.kind != leader.kind || other.mask != leader.mask))
                fail("lanes of a warp meet in different collectives");
        }
        for (unsigned j = first; complete && j < end; ++j)
            if (leader.mask >> (j - first) & 1)
                m.threads[j].state = State::Ready;
        if (complete && leader.kind == Collective::Sync && leader.mask == ~0u)
            orderWarp(first / warpSize);
        any = any || complete;
    }
    return any;
}

void runWarp(unsigned first, unsigned end)
{
    Machine &m = g_machine;
    do {
        for (unsigned i = 0; i < end - first; ++i) {
            const unsigned number = m.order == Order::Ascending ? first + i : end - 1 - i;
            if (m.threads[number].state == State::Fresh || m.threads[number].state == State::Ready)
                resume(number);
        }
    } while (completeCollectives(first, end));
    for (unsigned i = first; i < end; ++i)
        if (m.threads[i].state == State::AtCollective)
            fail("a collective waits for lanes that never come");
}

void runBlock(const void *kernel, unsigned threads)
{
    Machine &m = g_machine;
    ++m.blocks;
    for (Thread &thread : m.threads) {
        thread.state = State::Fresh;
        thread.waited = false;
    }
    beginBlockAccess(kernel);
    for (bool running = true; running;) {
        const unsigned warps = (threads + warpSize - 1) / warpSize;
        for (unsigned w = 0; w < warps; ++w) {
            const unsigned warp = m.order == Order::Ascending ? w : warps - 1 - w;
            runWarp(warp * warpSize, std::min((warp + 1) * warpSize, threads));
        }
        running = false;
        for (Thread &thread : m.threads) {
            if (thread.state != State::AtBarrier)
                continue;
            thread.state = State::Ready;
            running = true;
        }
        orderBlock();
    }
}

void placeThreads(Index block)
{
    Machine &m = g_machine;
    const unsigned threads = block.x * block.y * block.z;
    if (threads == 0 || threads > mostThreads)
        fail("a block has 1 to 1024 threads");
    m.threads.resize(threads);
    m.warps.resize((threads + warpSize - 1) / warpSize);
    while (m.stacks.size() < threads)
        m.stacks.push_back(std::make_unique_for_overwrite<std::byte[]>(stackBytes));
    unsigned i = 0;
    for (unsigned z = 0; z < block.z; ++z)
        for (unsigned y = 0; y < block.y; ++y)
            for (unsigned x = 0; x < block.x; ++x, ++i) {
                m.threads[i].index = {x, y, z};
                m.threads[i].turn = 0;
            }
}

} // namespace

void setOrder(Order order)
{
    g_machine.order = order;
}

void runGrid(const void *kernel, Index grid, Index block, size_t sharedBytes, const std::function<void()> &body, bool early)
{
    Machine &m = g_machine;
    if (m.body)
        fail("a kernel launches another");
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.y > 65535 || grid.z > 65535)
        fail("a grid has 1 to 2^31 - 1, 65535 and 65535 blocks");
    if (sharedBytes > mostShared)
        fail("too much shared memory");
    placeThreads(block);
    setDynamicBytes(sharedBytes);
    m.body = &body;
    m.early = early;
    gridDim = grid;
    blockDim = block;
    for (unsigned z = 0; z < grid.z; ++z)
        for (unsigned y = 0; y < grid.y; ++y)
            for (unsigned x = 0; x < grid.x; ++x) {
                blockIdx = {x, y, z};
                runBlock(kernel, block.x * block.y * block.z);
            }
    watchThread(-1);
    m.body = nullptr;
}

std::byte *sharedMemory()
{
    return dynamicShared();
}

void waitForPrevious()
{
    self().waited = true;
    watchThread(static_cast<int>(g_machine.current));
}

void syncBlock()
{
    leave(State::AtBarrier);
}

const uint64_t *exchange(Collective kind, uint32_t mask, uint64_t value)
{
    Machine &m = g_machine;
    Thread &thread = self();
    auto &slots = m.warps[m.current / warpSize].slots[thread.turn];
    slots[m.current % warpSize] = value;
    thread.turn ^= 1;
    thread.kind = kind;
    thread.mask = mask;
    leave(State::AtCollective);
    return slots.data();
}

unsigned laneOfThread()
{
    return g_machine.current % warpSize;
}

uint64_t blocksBegun()
{
    return g_machine.blocks;
}

void fail(const char *what)
{
    std::fprintf(stderr, "kernel, block (%u, %u, %u), thread (%u, %u, %u): %s\n", blockIdx.x, blockIdx.y, blockIdx.z, threadIdx.x,
        threadIdx.y, threadIdx.z, what);
    std::abort();
}

void checkAligned(const void *address, size_t bytes)
{
    if (reinterpret_cast<uintptr_t>(address) % bytes != 0)
        fail("an access is not aligned");
}

} // namespace simt
