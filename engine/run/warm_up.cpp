// SPDX-License-Identifier: Apache-2.0
#include "warm_up.h"

#include <algorithm>
#include <vector>

namespace plimsoll::engine {

namespace {

constexpr size_t chunkBytes = size_t{4} << 20;
constexpr size_t smallestPage = 4096;

void touch(std::span<const std::byte> bytes)
{
    const volatile std::byte *const begin = bytes.data();
    for (size_t at = 0; at < bytes.size(); at += smallestPage)
        (void)begin[at];
    if (!bytes.empty())
        (void)begin[bytes.size() - 1];
}

} // namespace

Status warmUp(std::span<const std::span<const std::byte>> ranges, ThreadPool &pool, const std::function<void(double)> &progress,
    const std::atomic<bool> *cancel)
{
    std::vector<std::span<const std::byte>> chunks;
    uint64_t total = 0;
    for (const std::span<const std::byte> range : ranges) {
        total += range.size();
        for (size_t at = 0; at < range.size(); at += chunkBytes)
            chunks.push_back(range.subspan(at, std::min(chunkBytes, range.size() - at)));
    }
    std::atomic<uint64_t> done = 0;
    const auto cancelled = [cancel] { return cancel && cancel->load(std::memory_order_relaxed); };
    pool.forEach(chunks.size(), 1, [&](uint64_t begin, uint64_t end, uint32_t thread) {
        for (uint64_t i = begin; i < end && !cancelled(); ++i) {
            touch(chunks[i]);
            const uint64_t sum = done += chunks[i].size();
            if (thread == 0 && progress)
                progress(static_cast<double>(sum) / static_cast<double>(total));
        }
    });
    if (cancelled())
        return Error{ErrorCode::Cancelled, {}};
    return {};
}

} // namespace plimsoll::engine
