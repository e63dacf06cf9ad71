// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

#include <plimsoll/engine/base/timer.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace plimsoll::engine {

namespace {

constexpr int passes = 7;
/// What a thread reads at once.
constexpr size_t partBytes = size_t{1} << 20;

/// Two words side by side; one load on every processor.
using Pair = uint64_t __attribute__((vector_size(16)));

/// How far ahead is asked: two pages.
constexpr size_t aheadBytes = 8192;

/// Reads all of it and returns something of it, so that no read is left out. Four sums at once keep loads in flight.
template <bool AskAhead>
uint64_t readAll(std::span<const std::byte> bytes)
{
    const Pair *const begin = reinterpret_cast<const Pair *>(bytes.data());
    const size_t count = bytes.size() / sizeof(Pair) / 8 * 8;
    Pair a{}, b{}, c{}, d{};
    for (size_t i = 0; i < count; i += 8) {
        if constexpr (AskAhead)
            for (size_t line = 0; line < 8 * sizeof(Pair); line += 64)
                __builtin_prefetch(reinterpret_cast<const char *>(begin + i) + aheadBytes + line, 0, 0);
        a ^= begin[i] ^ begin[i + 1];
        b ^= begin[i + 2] ^ begin[i + 3];
        c ^= begin[i + 4] ^ begin[i + 5];
        d ^= begin[i + 6] ^ begin[i + 7];
    }
    const Pair all = a ^ b ^ c ^ d;
    return all[0] ^ all[1];
}

} // namespace

Result<BandwidthProbe> BandwidthProbe::make(uint32_t threads, Bytes bytes)
{
    BandwidthProbe probe;
    Result<Arena> arena = Arena::make(Bytes{std::min(bytes.value, systemMemory().available / 4)}, "bandwidth measurement");
    if (!arena)
        return arena.error();
    probe.m_arena = *std::move(arena);
    probe.m_pool = std::make_unique<ThreadPool>(std::max(1u, threads));
    return probe;
}

double BandwidthProbe::pass(bool askAhead)
{
    const std::span<const std::byte> all = m_arena.bytes();
    const size_t parts = all.size() / partBytes;
    std::atomic<uint64_t> sink{0};
    const Timer timer;
    m_pool->forEach(parts, 1, [&](uint64_t part, uint64_t, uint32_t) {
        const auto bytes = all.subspan(part * partBytes, partBytes);
        sink ^= askAhead ? readAll<true>(bytes) : readAll<false>(bytes);
    });
    const double seconds = timer.seconds();
    return seconds > 0 ? static_cast<double>(parts * partBytes) / seconds : 0;
}

Bandwidth BandwidthProbe::measure()
{
    pass(false);
    std::vector<double> rates[2];
    for (int i = 0; i < passes; ++i)
        for (const bool askAhead : {false, true})
            rates[askAhead].push_back(pass(askAhead));
    for (auto &each : rates)
        std::sort(each.begin(), each.end());
    return Bandwidth{std::max(rates[0][passes / 2], rates[1][passes / 2])};
}

Result<Bandwidth> measureReadBandwidth(uint32_t threads, Bytes bytes)
{
    Result<BandwidthProbe> probe = BandwidthProbe::make(threads, bytes);
    if (!probe)
        return probe.error();
    return probe->measure();
}

} // namespace plimsoll::engine
