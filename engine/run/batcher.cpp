// SPDX-License-Identifier: Apache-2.0
#include "batcher.h"

#include "generator.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

/// Tokens of prompts in one call while others decode: the products are near their best speed from here on, and a call is short.
constexpr uint32_t promptChunk = 64;

} // namespace

Batcher::Batcher(Session &session)
    : m_session(session), m_lastUsed(session.options().sequences, 0), m_taken(session.options().sequences, false)
{
    m_running.reserve(session.options().sequences);
    m_batch.reserve(session.options().batch);
}

Batcher::~Batcher() = default;

std::optional<uint32_t> Batcher::freeSequence(std::span<const TokenId> prompt) const
{
    std::optional<uint32_t> best;
    uint32_t held = 0;
    for (uint32_t each = 0; each < sequences(); ++each) {
        if (m_taken[each])
            continue;
        const uint32_t holds = m_session.reusable(each, prompt);
        if (!best || holds > held || (holds == held && m_lastUsed[each] < m_lastUsed[*best])) {
            best = each;
            held = holds;
        }
    }
    return best;
}

Result<uint32_t> Batcher::start(std::vector<TokenId> prompt, Session::GenerateOptions options)
{
    if (const Status valid = Generator::check(m_session, prompt, options); !valid)
        return valid.error();
    const std::optional<uint32_t> sequence = freeSequence(prompt);
    if (!sequence)
        return Error{ErrorCode::InvalidArgument, {"parallel", std::to_string(sequences()), "more sequences"}};
    options.sequence = *sequence;
    auto generator = std::make_unique<Generator>(m_session, std::move(prompt), std::move(options));
    if (const Status begun = generator->begin(); !begun)
        return begun.error();
    m_running.push_back(std::move(generator));
    m_taken[*sequence] = true;
    m_lastUsed[*sequence] = ++m_starts;
    return *sequence;
}

/// What the next call computes.
void Batcher::fill()
{
    m_batch.clear();
    const uint32_t most = m_session.options().batch;
    for (const auto &each : m_running) {
        if (each->decodes() && m_batch.size() < most)
            each->addTo(m_batch, 1);
    }
    const auto decoding = static_cast<uint32_t>(m_batch.size());
    const uint32_t end = decoding > 0 ? std::min(most, decoding + promptChunk) : most;
    for (const auto &each : m_running) {
        if (!each->decodes() && m_batch.size() < end)
            each->addTo(m_batch, end - static_cast<uint32_t>(m_batch.size()));
    }
}

/// What is enough for each of those that get a token.
CandidatesWanted Batcher::wanted() const
{
    CandidatesWanted most;
    for (const auto &each : m_running) {
        if (each->added() == 0 || !each->wantsLogits())
            continue;
        const CandidatesWanted wants = each->wanted();
        if (wants.kept == 0)
            return {};
        most = {std::max(most.kept, wants.kept), wants.choices};   // which tokens there are is the session's
    }
    return most;
}

/// Rows of logits come in the order of the batch: first those who decoded, then those whose prompt has ended.
void Batcher::share(const Session::Outputs &outputs)
{
    size_t row = 0;
    for (const bool decoding : {true, false}) {
        for (const auto &each : m_running) {
            if (each->added() == 0 || each->decodes() != decoding)
                continue;
            each->take(each->wantsLogits() ? outputs.row(row++) : Session::OutputRow{});
        }
    }
    // Where a call has no room for all, those who went first go last.
    if (m_running.size() > m_session.options().batch)
        std::rotate(m_running.begin(), m_running.begin() + m_session.options().batch, m_running.end());
}

template <typename Over>
void Batcher::remove(std::vector<Ended> &ended, const Status &status, Over over)
{
    std::erase_if(m_running, [&](const std::unique_ptr<Generator> &each) {
        if (!over(*each))
            return false;
        m_taken[each->sequence()] = false;
        ended.push_back({each->sequence(), each->finish(status)});
        return true;
    });
}

std::vector<Batcher::Ended> Batcher::step()
{
    std::vector<Ended> ended;
    remove(ended, Error{ErrorCode::Cancelled, {}}, [](const Generator &each) { return each.cancelled(); });
    if (m_running.empty())
        return ended;
    fill();
    const auto outputs = m_session.forward(m_batch, wanted(), m_running.size() == 1 ? m_running.front()->cancelFlag() : nullptr);
    if (outputs)
        share(*outputs);
    if (outputs)
        remove(ended, {}, [](const Generator &each) { return each.over(); });
    else
        remove(ended, outputs.error(), [](const Generator &) { return true; });
    return ended;
}

} // namespace plimsoll::engine
