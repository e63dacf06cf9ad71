// SPDX-License-Identifier: Apache-2.0
#include "weight_loader.h"

#include <algorithm>
#include <mutex>

namespace plimsoll::engine {

namespace {

constexpr uint64_t longestStripe = uint64_t{1} << 20;
constexpr uint64_t longestRound = uint64_t{64} << 20;   // between two looks at the flag

} // namespace

/// Cuts a list of tensors into stripes, a round at a time.
class WeightLoader::Stripes
{
public:
    explicit Stripes(std::span<const WeightCopy> copies) : m_copies(copies) {}

    /// As many as fit `space`, one behind another; 0 bytes when all have gone. Where `space` is null, each is read where it belongs.
    uint64_t next(std::vector<Stripe> &stripes, std::byte *space, uint64_t most)
    {
        stripes.clear();
        uint64_t taken = 0;
        while (m_next < m_copies.size() && taken < most) {
            const WeightCopy &copy = m_copies[m_next];
            const uint64_t bytes = std::min({copy.place.bytes - m_at, longestStripe, most - taken});
            std::byte *const destination = copy.destination + m_at;
            stripes.push_back({copy.place.part, copy.place.offset + m_at, {space ? space + taken : destination, bytes}, destination});
            taken += bytes;
            m_at += bytes;
            if (m_at == copy.place.bytes) {
                m_at = 0;
                ++m_next;
            }
        }
        return taken;
    }

private:
    std::span<const WeightCopy> m_copies;
    size_t m_next = 0;
    uint64_t m_at = 0;   // within that tensor
};

Status WeightLoader::read(std::span<const WeightCopy> copies)
{
    Stripes stripes(copies);
    while (const uint64_t bytes = stripes.next(m_stripes, nullptr, longestRound)) {
        Status status = readStripes();
        if (status)
            status = poll(bytes);
        if (!status)
            return status;
    }
    return {};
}

Status WeightLoader::upload(Backend &backend, std::span<std::byte> staging, std::span<const WeightCopy> copies)
{
    const uint64_t half = staging.size() / 2;
    Stripes stripes(copies);
    Status status;
    for (std::byte *space = staging.data(); status; space = space == staging.data() ? space + half : staging.data()) {
        const uint64_t bytes = stripes.next(m_stripes, space, half);
        if (bytes == 0)
            break;
        status = readStripes();
        // What was sent from the other half has arrived when this one is full.
        if (status)
            status = backend.finish();
        for (size_t i = 0; status && i < m_stripes.size(); ++i)
            status = backend.uploadLater(m_stripes[i].destination, m_stripes[i].buffer);
        if (status)
            status = poll(bytes);
    }
    const Status finished = backend.finish();
    return status ? finished : status;
}

Status WeightLoader::readStripes()
{
    std::mutex one;
    Status status;
    m_pool.forEach(m_stripes.size(), 1, [&](uint64_t begin, uint64_t, uint32_t) {
        const Stripe &stripe = m_stripes[begin];
        const Status read = m_files[stripe.part].read(stripe.offset, stripe.buffer);
        if (read)
            return;
        const std::lock_guard<std::mutex> guard(one);
        status = read;
    });
    return status;
}

Status WeightLoader::poll(uint64_t arrived) const
{
    m_done(arrived);
    if (m_cancel && m_cancel->load(std::memory_order_relaxed))
        return Error{ErrorCode::Cancelled, {}};
    return {};
}

} // namespace plimsoll::engine
