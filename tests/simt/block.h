// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

/// One grid of blocks, run on one processor: block after block, and within a block thread after thread, each until it waits for others.
namespace simt {

struct Index
{
    unsigned x = 1;
    unsigned y = 1;
    unsigned z = 1;
};

inline constexpr unsigned warpSize = 32;

/// In which order the threads of a block run where nothing orders them. A kernel whose result depends on it lacks a barrier.
enum class Order { Ascending, Descending };
void setOrder(Order order);

/// Runs body() once for every thread, with threadIdx and the like set. Ends the program, saying why, where a kernel does what a GPU would
/// hang at or leave undefined. `kernel`: which one it is. `early`: on a GPU it may begin before the one ahead of it has ended; then every
/// thread has to call waitForPrevious(), and may not touch the device's memory before.
void runGrid(const void *kernel, Index grid, Index block, size_t sharedBytes, const std::function<void()> &body, bool early = false);

/// Kernels run one after another here: it only notes that it was called.
void waitForPrevious();

/// The dynamic shared memory of the block that runs, 16-byte aligned.
std::byte *sharedMemory();

/// Waits for all threads of the block that have not ended.
void syncBlock();

enum class Collective : uint8_t { Sync, Shuffle, Ballot, Matrix };

/// Every lane of `mask` brings a value and gets all of them, [32], valid until its next but one collective.
const uint64_t *exchange(Collective kind, uint32_t mask, uint64_t value);

unsigned laneOfThread();

/// Blocks begun since the program did; the one that runs is the last of them.
uint64_t blocksBegun();

[[noreturn]] void fail(const char *what);

/// Ends the program where the address is not a multiple of `bytes`.
void checkAligned(const void *address, size_t bytes);

} // namespace simt

extern simt::Index threadIdx;
extern simt::Index blockIdx;
extern simt::Index blockDim;
extern simt::Index gridDim;
