// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "text_out.h"

#include <plimsoll/engine/base/timer.h>

#include <optional>

namespace plimsoll::engine {

/// One generation on its way in one sequence: says what the next forward call is to compute for it, and takes what came of it. Whoever
/// calls may put several of them into one call.
class Generator
{
public:
    /// `session` outlives it.
    Generator(Session &session, std::vector<TokenId> prompt, Session::GenerateOptions options);

    /// Errors: InvalidArgument (empty prompt, sampler, sequence), ContextTooLong.
    static Status check(const Session &session, std::span<const TokenId> prompt, const Session::GenerateOptions &options);

    /// Finds what the sequence holds of the prompt already. Errors: those of Session::resume.
    Status begin();

    /// Appends its next token, or as much of its prompt as `room` (at least 1) allows. The last one wants logits, or none does.
    void addTo(std::vector<BatchToken> &batch, uint32_t room);
    /// How much of the logits it looks at.
    CandidatesWanted wanted() const;
    /// What it added has been computed; `row` is what it wanted of it, or more, valid until this returns, or empty.
    void take(const Session::OutputRow &row);

    bool decodes() const { return m_position >= m_prompt.size(); }
    bool over() const { return m_over; }
    const std::atomic<bool> *cancelFlag() const { return m_options.cancel; }
    bool cancelled() const { return m_options.cancel && m_options.cancel->load(std::memory_order_relaxed); }
    /// Its sequence, and how many tokens of it the running call computes.
    uint32_t sequence() const { return m_options.sequence; }
    uint32_t added() const { return m_added; }
    bool wantsLogits() const { return m_position + m_added >= m_prompt.size(); }

    /// What there is of it, once. `status`: how the last call went; Cancelled is a reason to stop, any other the result.
    Result<Session::Generation> finish(const Status &status);

private:
    TokenId choose(const Session::OutputRow &row);
    void noteLogprobs(std::span<const float> logits, TokenId token);
    bool accept(std::span<const float> logits, TokenId token);

    Session &m_session;
    const std::vector<TokenId> m_prompt;
    const Session::GenerateOptions m_options;
    const Tokenizer *m_tokenizer;
    uint32_t m_choices;
    Sampler m_sampler;
    std::vector<Sampler::Candidate> m_best;   // work space
    std::optional<GrammarFilter> m_grammar;
    TextOut m_out;
    uint32_t m_position = 0;     // of the next token that enters the cache
    uint32_t m_added = 0;        // tokens of the running call
    uint32_t m_snapshotAt = 0;   // where the recurrent state is to be kept; 0: nowhere
    TokenId m_next = -1;
    bool m_over = false;
    Session::Generation m_result;
    Timer m_sinceStart;
};

} // namespace plimsoll::engine
