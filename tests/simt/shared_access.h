// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

/// Watches what the threads of a block do to shared memory. Two of them may touch a byte, one of them writing, only with a barrier between
/// them: __syncthreads(), or __syncwarp() of all lanes where both are of one warp. Shuffles and ballots order no memory (CUDA C++
/// Programming Guide, "Warp Shuffle Functions"). And nobody may go past the end of an array or of the dynamic shared memory, nor touch the
/// device's memory before waiting for the kernels that may still be writing it.
///
/// The kernels are compiled with -fsanitize=thread and -fsanitize=bounds; what these call is here, without their libraries. Where another
/// sanitizer is on, nothing calls it.
namespace simt {

inline constexpr size_t mostShared = 228 * 1024;

/// Dynamic shared memory of every block, 16-byte aligned; of a grid `bytes` of it.
std::byte *dynamicShared();
void setDynamicBytes(size_t bytes);

/// A block begins: what others before it did is forgotten, and shared memory holds nothing in particular. To save time, of each kernel only
/// the first blocks are watched all, and later ones now and then.
void beginBlockAccess(const void *kernel);
/// All threads of the block have met, or all lanes of a warp.
void orderBlock();
void orderWarp(unsigned warp);

/// Which thread runs from now on; -1: the host. `early`: what the device's memory holds it does not know yet, and may not touch it.
void watchThread(int thread, bool early = false);

/// Whether accesses are watched in this build.
bool watchesShared();

} // namespace simt
