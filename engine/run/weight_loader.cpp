// SPDX-License-Identifier: Apache-2.0
#include "weight_loader.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <mutex>

namespace plimsoll::engine {

namespace {

constexpr uint64_t longestStripe = uint64_t{1} << 20;
constexpr uint64_t longestRound = uint64_t{64} << 20;   // between two reports

/// Whole blocks of memory each.
std::array<std::span<std::byte>, 2> halvesOf(std::span<std::byte> staging)
{
    const uint64_t address = reinterpret_cast<uintptr_t>(staging.data());
    const uint64_t skipped = roundUp(address, InputFile::blockBytes) - address;
    assert(staging.size() >= 3 * InputFile::blockBytes);
    const uint64_t half = (staging.size() - skipped) / 2 / InputFile::blockBytes * InputFile::blockBytes;
    return {staging.subspan(skipped, half), staging.subspan(skipped + half, half)};
}

} // namespace

/// Cuts a list of tensors into stripes, a round at a time.
class WeightLoader::Stripes
{
public:
    explicit Stripes(std::span<const WeightCopy> copies) : m_copies(copies) {}

    /// To be read where they belong.
    uint64_t next(std::vector<Stripe> &stripes)
    {
        stripes.clear();
        uint64_t taken = 0;
        while (!done() && taken < longestRound)
            taken += add(stripes, nullptr, std::min(longestStripe, longestRound - taken));
        return taken;
    }

    /// To be read into `space`, which consists of whole blocks: each lies as far behind a block's begin as in its file.
    uint64_t next(std::vector<Stripe> &stripes, std::span<std::byte> space)
    {
        stripes.clear();
        uint64_t taken = 0;
        for (uint64_t at = 0; !done() && at < space.size(); at = roundUp(at, InputFile::blockBytes)) {
            at += (m_copies[m_next].place.offset + m_at) % InputFile::blockBytes;
            const uint64_t bytes = add(stripes, space.data() + at, std::min(longestStripe, space.size() - at));
            at += bytes;
            taken += bytes;
        }
        return taken;
    }

private:
    bool done() const { return m_next == m_copies.size(); }

    /// The next stripe, of at most `most` bytes, read into `buffer`; null: where it belongs.
    uint64_t add(std::vector<Stripe> &stripes, std::byte *buffer, uint64_t most)
    {
        const WeightCopy &copy = m_copies[m_next];
        const uint64_t bytes = std::min(copy.place.bytes - m_at, most);
        std::byte *const destination = copy.destination + m_at;
        stripes.push_back({copy.place.part, copy.place.offset + m_at, {buffer ? buffer : destination, bytes}, destination});
        m_at += bytes;
        if (m_at == copy.place.bytes) {
            m_at = 0;
            ++m_next;
        }
        return bytes;
    }

    std::span<const WeightCopy> m_copies;
    size_t m_next = 0;
    uint64_t m_at = 0;   // within that tensor
};

Status WeightLoader::read(std::span<const WeightCopy> copies)
{
    Stripes stripes(copies);
    while (const uint64_t bytes = stripes.next(m_stripes)) {
        Status status = readStripes(&InputFile::read);
        if (status)
            status = poll(bytes);
        if (!status)
            return status;
    }
    return {};
}

Status WeightLoader::upload(Backend &backend, std::span<std::byte> staging, std::span<const WeightCopy> copies)
{
    const std::array<std::span<std::byte>, 2> halves = halvesOf(staging);
    Stripes stripes(copies);
    Status status;
    for (uint32_t half = 0; status; half ^= 1) {
        const uint64_t bytes = stripes.next(m_stripes, halves[half]);
        if (bytes == 0)
            break;
        status = backend.awaitUploads(half);
        if (status)
            status = readStripes(&InputFile::readOnce);
        for (size_t i = 0; status && i < m_stripes.size(); ++i)
            status = backend.uploadLater(m_stripes[i].destination, m_stripes[i].buffer, half);
        if (status)
            status = poll(bytes);
    }
    // Also after a failure: nothing may still be read from the staging when the caller frees it.
    const Status finished = backend.finish();
    return status ? finished : status;
}

Status WeightLoader::readStripes(ReadStripe how)
{
    std::mutex one;
    Status status;
    m_pool.forEach(m_stripes.size(), 1, [&](uint64_t begin, uint64_t, uint32_t) {
        const Stripe &stripe = m_stripes[begin];
        const Status done = isCancelled() ? Status() : (m_files[stripe.part].*how)(stripe.offset, stripe.buffer);
        if (done)
            return;
        const std::lock_guard<std::mutex> guard(one);
        status = done;
    });
    return isCancelled() ? Error{ErrorCode::Cancelled, {}} : status;
}

Status WeightLoader::poll(uint64_t arrived) const
{
    m_done(arrived);
    return isCancelled() ? Error{ErrorCode::Cancelled, {}} : Status();
}

} // namespace plimsoll::engine
