// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session.h"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace plimsoll::engine {

class Generator;

/// Several generations at once over the sequences of a session: each step is one forward call with the next token of all that decode, and
/// of the prompts of the others what there is room for, in the order in which they came. A new one joins between two steps; one that is
/// over leaves its sequence to the next. While others decode, prompts advance in small chunks, so that nobody's text stands still for long.
/// Called from one thread.
class Batcher
{
public:
    explicit Batcher(Session &session);
    ~Batcher();

    uint32_t sequences() const { return static_cast<uint32_t>(m_lastUsed.size()); }
    uint32_t running() const { return static_cast<uint32_t>(m_running.size()); }

    /// Takes up a generation in the free sequence that holds most of the beginning of its prompt, or is the longest unused; returns that
    /// sequence, by which it is known from now on. options.sequence is not looked at.
    /// Errors: those of Session::generate; InvalidArgument where no sequence is free.
    Result<uint32_t> start(std::vector<TokenId> prompt, Session::GenerateOptions options);

    struct Ended
    {
        uint32_t sequence;
        Result<Session::Generation> generation;
    };
    /// One forward call. Generations that are over, or whose flag says so, come out. With a single one its flag also breaks off the call.
    std::vector<Ended> step();

private:
    std::optional<uint32_t> freeSequence(std::span<const TokenId> prompt) const;
    void fill();
    CandidatesWanted wanted() const;
    void share(const Session::Outputs &outputs);
    template <typename Over>
    void remove(std::vector<Ended> &ended, const Status &status, Over over);

    Session &m_session;
    std::vector<std::unique_ptr<Generator>> m_running;
    std::vector<uint64_t> m_lastUsed;   // per sequence: which start, counted from 1
    std::vector<bool> m_taken;          // per sequence
    uint64_t m_starts = 0;
    std::vector<BatchToken> m_batch;
};

} // namespace plimsoll::engine
