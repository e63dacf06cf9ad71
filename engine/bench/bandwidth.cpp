// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/base/timer.h>

#include <algorithm>
#include <vector>

namespace plimsoll::engine {

namespace {

constexpr int passes = 7;

/// Two words side by side; one load on every processor.
using Pair = uint64_t __attribute__((vector_size(16)));

/// Reads all of it and returns something of it, so that no read is left out. Four sums at once keep loads in flight.
uint64_t readAll(std::span<const std::byte> bytes)
{
    const Pair *const begin = reinterpret_cast<const Pair *>(bytes.data());
    const size_t count = bytes.size() / sizeof(Pair) / 8 * 8;
    Pair a{}, b{}, c{}, d{};
    for (size_t i = 0; i < count; i += 8) {
        a ^= begin[i] ^ begin[i + 1];
        b ^= begin[i + 2] ^ begin[i + 3];
        c ^= begin[i + 4] ^ begin[i + 5];
        d ^= begin[i + 6] ^ begin[i + 7];
    }
    const Pair all = a ^ b ^ c ^ d;
    return all[0] ^ all[1];
}

} // namespace

Result<Bandwidth> measureReadBandwidth(uint32_t threads, Bytes bytes)
{
    // No more than a quarter of what is free; but more than any cache holds, where that can be had.
    const Bytes most{std::min(bytes.value, systemMemory().available / 4)};
    Result<Arena> arena = Arena::make(most, "bandwidth measurement");
    if (!arena)
        return arena.error();
    const std::span<const std::byte> all = arena->bytes();
    ThreadPool pool(std::max(1u, threads));
    const size_t part = all.size() / pool.size() / 4096 * 4096;
    std::vector<double> seconds;
    volatile uint64_t sink = 0;
    for (int pass = 0; pass <= passes; ++pass) {
        const Timer timer;
        pool.run([&](uint32_t thread, uint32_t) { sink = readAll(all.subspan(thread * part, part)); });
        if (pass > 0)
            seconds.push_back(timer.seconds());
    }
    (void)sink;
    std::sort(seconds.begin(), seconds.end());
    const double median = seconds[seconds.size() / 2];
    return Bandwidth{median > 0 ? static_cast<double>(part) * pool.size() / median : 0};
}

} // namespace plimsoll::engine
