// SPDX-License-Identifier: Apache-2.0
#include "generator.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

/// A snapshot of a recurrent state is taken so many tokens before the end of a prompt. What a template puts behind the last message to
/// begin the answer is not part of the next prompt, which goes on with the answer itself.
constexpr uint32_t openingTokens = 16;

/// Whether a prompt shows no text of its own, so that what follows is the beginning of the text.
bool isOnlySpecial(const Tokenizer *tokenizer, std::span<const TokenId> prompt)
{
    return tokenizer
        && std::all_of(prompt.begin(), prompt.end(), [tokenizer](TokenId token) { return tokenizer->decode(token).empty(); });
}

/// A vocabulary may be padded: ids past the tokenizer's last mean nothing.
uint32_t choicesOf(const Session &session)
{
    const Tokenizer *tokenizer = session.tokenizer();
    const uint32_t all = session.shape().vocabulary;
    return tokenizer ? std::min(tokenizer->vocabularySize(), all) : all;
}

} // namespace

Generator::Generator(Session &session, std::vector<TokenId> prompt, Session::GenerateOptions options)
    : m_session(session), m_prompt(std::move(prompt)), m_options(std::move(options)), m_tokenizer(session.tokenizer()),
      m_choices(choicesOf(session)), m_sampler(m_options.sampler, m_choices),
      m_out(m_tokenizer, m_options, isOnlySpecial(m_tokenizer, m_prompt))
{
    if (m_options.grammar && m_tokenizer)
        m_grammar.emplace(*m_options.grammar, *m_tokenizer);
    m_result.statistics.promptTokens = static_cast<uint32_t>(m_prompt.size());
    m_result.tokens.reserve(std::min(m_options.maxTokens, session.options().context));
}

Status Generator::check(const Session &session, std::span<const TokenId> prompt, const Session::GenerateOptions &options)
{
    if (const Status valid = validate(options.sampler); !valid)
        return valid;
    if (options.logprobs > mostLogprobs)
        return Error{ErrorCode::InvalidArgument, {"logprobs", std::to_string(options.logprobs), "0-" + std::to_string(mostLogprobs)}};
    if (prompt.empty())
        return Error{ErrorCode::InvalidArgument, {"prompt", "0", "at least one token"}};
    const uint32_t context = session.options().context;
    if (prompt.size() > context)
        return Error{ErrorCode::ContextTooLong, {std::to_string(prompt.size()), std::to_string(context)}};
    return {};
}

Status Generator::begin()
{
    const Result<uint32_t> held = m_session.resume(m_options.sequence, m_prompt);
    if (!held)
        return held.error();
    m_position = m_result.statistics.reusedTokens = *held;
    const auto size = static_cast<uint32_t>(m_prompt.size());
    if (m_session.keepsSnapshots() && size > openingTokens && size - openingTokens > m_position)
        m_snapshotAt = size - openingTokens;
    for (const TokenId token : m_prompt)
        m_sampler.accept(token);
    return {};
}

void Generator::addTo(std::vector<BatchToken> &batch, uint32_t room)
{
    if (decodes()) {
        m_added = 1;
        batch.push_back({m_next, m_position, m_options.sequence, true});
        return;
    }
    const auto size = static_cast<uint32_t>(m_prompt.size());
    m_added = std::min(room, (m_snapshotAt > m_position ? m_snapshotAt : size) - m_position);
    for (uint32_t at = m_position; at < m_position + m_added; ++at)
        batch.push_back({m_prompt[at], at, m_options.sequence, at + 1 == size});
}

/// A grammar may refuse what the sampler chose, and probabilities are shares of all.
CandidatesWanted Generator::wanted() const
{
    if (m_grammar || m_options.logprobs >= 0)
        return {};
    return {m_sampler.decidedBy(), m_choices};
}

void Generator::take(const Session::OutputRow &row)
{
    m_position += m_added;
    m_added = 0;
    // One that could not be taken only costs time later.
    if (m_position == m_snapshotAt)
        (void)m_session.keepSnapshot(m_options.sequence);
    if (row.empty())
        return;
    if (m_result.tokens.empty())
        m_result.statistics.prefillSeconds = m_sinceStart.seconds();
    m_over = true;
    if (m_options.maxTokens == 0)
        return;
    m_next = choose(row);
    if (m_next < 0) {
        m_result.stop = StopReason::EndOfText;   // the grammar leaves nothing
        return;
    }
    if (!accept(row.logits.first(std::min<size_t>(m_choices, row.logits.size())), m_next) || m_result.tokens.size() == m_options.maxTokens)
        return;
    if (m_position >= m_session.options().context) {
        m_result.stop = StopReason::ContextFull;
        return;
    }
    m_over = false;
}

/// The next token; -1 where the grammar allows none. Most of what is sampled follows the grammar anyway, so only a token that does not
/// makes all others be looked at.
TokenId Generator::choose(const Session::OutputRow &row)
{
    if (!row.candidates.empty()) {
        m_best.clear();
        for (const TokenCandidate &each : row.candidates.first(m_sampler.decidedBy()))
            m_best.push_back({each.token, each.logit});
        return m_sampler.sampleOf(m_best);
    }
    const std::span<const float> logits = row.logits.first(m_choices);
    TokenId token = m_sampler.sample(logits);
    if (!m_grammar || m_grammar->allows(token))
        return token;
    token = m_sampler.sample(logits, m_grammar->allowed());
    return m_grammar->allows(token) ? token : -1;
}

void Generator::noteLogprobs(std::span<const float> logits, TokenId token)
{
    const auto step = logprobsOf(logits, token, static_cast<size_t>(m_options.logprobs));
    const auto named = [&](const TokenLikelihood &each) {
        return Session::TokenLogprob{each.token, m_tokenizer ? m_tokenizer->decode(each.token, true) : std::string(), each.logprob};
    };
    Session::StepLogprobs noted{named(step.front()), {}};
    for (size_t i = 1; i < step.size(); ++i)
        noted.top.push_back(named(step[i]));
    if (m_options.onLogprobs)
        m_options.onLogprobs(noted);
    m_result.logprobs.push_back(std::move(noted));
}

/// Takes a sampled token into the result; false where the generation ends with it.
bool Generator::accept(std::span<const float> logits, TokenId token)
{
    Statistics &statistics = m_result.statistics;
    const double now = m_sinceStart.seconds();
    if (m_result.tokens.empty())
        statistics.timeToFirstTokenSeconds = now;
    if (m_tokenizer && !m_options.ignoreEnd && m_tokenizer->isEndOfGeneration(token)) {
        m_result.stop = StopReason::EndOfText;
        return false;
    }
    m_sampler.accept(token);
    if (m_grammar)
        m_grammar->accept(token);
    if (m_options.logprobs >= 0)
        noteLogprobs(logits, token);
    m_result.tokens.push_back(token);
    statistics.decodeSeconds = now - statistics.timeToFirstTokenSeconds;
    if (m_out.push(token, m_result.text))
        return true;
    m_result.stop = m_out.stoppedByText() ? StopReason::EndOfText : StopReason::Cancelled;
    return false;
}

Result<Session::Generation> Generator::finish(const Status &status)
{
    if (!status && status.error().code != ErrorCode::Cancelled)
        return status.error();
    if (!status)
        m_result.stop = StopReason::Cancelled;
    Statistics &statistics = m_result.statistics;
    if (statistics.prefillSeconds == 0)
        statistics.prefillSeconds = m_sinceStart.seconds();
    m_out.finish(m_result.text);
    statistics.generatedTokens = static_cast<uint32_t>(m_result.tokens.size());
    return std::move(m_result);
}

Result<Session::Generation> Session::generate(std::span<const TokenId> prompt, const GenerateOptions &options)
{
    if (const Status valid = Generator::check(*this, prompt, options); !valid)
        return valid.error();
    Generator generator(*this, {prompt.begin(), prompt.end()}, options);
    Status status = generator.begin();
    std::vector<BatchToken> batch;
    batch.reserve(std::min<size_t>(this->options().batch, prompt.size()));
    while (status && !generator.over()) {
        batch.clear();
        generator.addTo(batch, this->options().batch);
        const Result<Outputs> outputs = forward(batch, generator.wanted(), options.cancel);
        if (outputs)
            generator.take(generator.wantsLogits() ? outputs->row(0) : OutputRow{});
        else
            status = outputs.error();
    }
    return generator.finish(status);
}

} // namespace plimsoll::engine
