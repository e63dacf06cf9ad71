// SPDX-License-Identifier: Apache-2.0
#include "session_state.h"

#include "stop_filter.h"

#include <plimsoll/engine/base/timer.h>

#include <algorithm>
#include <optional>

namespace plimsoll::engine {

namespace {

/// Turns sampled tokens into the text people see: whole characters, without the space SentencePiece puts before a text, up to a stop text.
class TextOut
{
public:
    TextOut(const Tokenizer *tokenizer, const Session::GenerateOptions &options, bool atStart)
        : m_tokenizer(tokenizer), m_options(options), m_filter(options.stop),
          m_dropSpace(tokenizer && atStart && tokenizer->dropsLeadingSpace())
    {
    }

    /// False when nothing more is wanted.
    bool push(TokenId token, std::string &text)
    {
        if (!m_tokenizer)
            return true;
        const bool shown = std::find(m_options.shown.begin(), m_options.shown.end(), token) != m_options.shown.end();
        std::string bytes = m_tokenizer->decode(token, shown);
        if (m_dropSpace && !bytes.empty()) {
            m_dropSpace = false;
            if (bytes.front() == ' ')
                bytes.erase(0, 1);
        }
        return show(m_filter.push(m_stream.push(bytes)), text) && !m_filter.stopped();
    }

    void finish(std::string &text)
    {
        if (m_filter.stopped() || !m_wanted)
            return;
        show(m_filter.push(m_stream.finish()), text);
        show(m_filter.finish(), text);
    }

    bool stoppedByText() const { return m_filter.stopped(); }

private:
    bool show(const std::string &piece, std::string &text)
    {
        text += piece;
        if (!piece.empty() && m_options.onText && m_wanted)
            m_wanted = m_options.onText(piece);
        return m_wanted;
    }

    const Tokenizer *m_tokenizer;
    const Session::GenerateOptions &m_options;
    Utf8Stream m_stream;
    StopFilter m_filter;
    bool m_dropSpace;
    bool m_wanted = true;
};

/// Whether a prompt shows no text of its own, so that what follows is the beginning of the text.
bool isOnlySpecial(const Tokenizer *tokenizer, std::span<const TokenId> prompt)
{
    return tokenizer
        && std::all_of(prompt.begin(), prompt.end(), [tokenizer](TokenId token) { return tokenizer->decode(token).empty(); });
}

/// One generation: prefill, then token after token.
class Generator
{
public:
    Generator(Session &session, std::span<const TokenId> prompt, const Session::GenerateOptions &options)
        : m_session(session), m_prompt(prompt), m_options(options), m_tokenizer(session.tokenizer()),
          m_choices(m_tokenizer ? std::min(m_tokenizer->vocabularySize(), session.shape().vocabulary) : session.shape().vocabulary),
          m_sampler(options.sampler, m_choices), m_out(m_tokenizer, options, isOnlySpecial(m_tokenizer, prompt))
    {
        if (options.grammar && m_tokenizer)
            m_grammar.emplace(*options.grammar, *m_tokenizer);
    }

    Result<Session::Generation> run()
    {
        m_result.statistics.promptTokens = static_cast<uint32_t>(m_prompt.size());
        Status status = prefill();
        m_result.statistics.prefillSeconds = m_sinceStart.seconds();
        if (status)
            status = decode();
        if (!status && status.error().code != ErrorCode::Cancelled)
            return status.error();
        if (!status)
            m_result.stop = StopReason::Cancelled;
        m_out.finish(m_result.text);
        m_result.statistics.generatedTokens = static_cast<uint32_t>(m_result.tokens.size());
        return std::move(m_result);
    }

private:
    Status forward(std::span<const BatchToken> batch)
    {
        const Result<std::span<const float>> done = m_session.forward(batch, m_options.cancel);
        if (!done)
            return done.error();
        m_logits = *done;
        return {};
    }

    Status prefill()
    {
        const size_t most = m_session.options().batch;
        std::vector<BatchToken> batch;
        batch.reserve(std::min(most, m_prompt.size()));
        for (const TokenId token : m_prompt) {
            const bool last = ++m_position == m_prompt.size();
            batch.push_back({token, m_position - 1, m_options.sequence, last});
            m_sampler.accept(token);
            if (batch.size() < most && !last)
                continue;
            const Status done = forward(batch);
            if (!done)
                return done;
            batch.clear();
        }
        return {};
    }

    Status decode()
    {
        m_result.stop = StopReason::Length;
        m_result.tokens.reserve(std::min(m_options.maxTokens, m_session.options().context));
        while (m_result.tokens.size() < m_options.maxTokens) {
            // A vocabulary may be padded: ids past the tokenizer's last mean nothing.
            const TokenId token = choose(m_logits.first(m_choices));
            if (token < 0) {
                m_result.stop = StopReason::EndOfText;   // the grammar leaves nothing
                break;
            }
            if (!take(token) || m_result.tokens.size() == m_options.maxTokens)
                break;
            if (m_position >= m_session.options().context) {
                m_result.stop = StopReason::ContextFull;
                break;
            }
            const BatchToken step{token, m_position++, m_options.sequence, true};
            const Status done = forward({&step, 1});
            if (!done)
                return done;
        }
        return {};
    }

    /// The next token; -1 where the grammar allows none. Most of what is sampled follows the grammar anyway, so only a token that does not
    /// makes all others be looked at.
    TokenId choose(std::span<const float> logits)
    {
        TokenId token = m_sampler.sample(logits);
        if (!m_grammar || m_grammar->allows(token))
            return token;
        token = m_sampler.sample(logits, m_grammar->allowed());
        return m_grammar->allows(token) ? token : -1;
    }

    void noteLogprobs(TokenId token)
    {
        const auto step = logprobsOf(m_logits.first(m_choices), token, static_cast<size_t>(m_options.logprobs));
        const auto named = [&](const TokenLikelihood &each) {
            return Session::TokenLogprob{each.token, m_tokenizer ? m_tokenizer->decode(each.token, true) : std::string(), each.logprob};
        };
        Session::StepLogprobs noted{named(step.front()), {}};
        for (size_t i = 1; i < step.size(); ++i)
            noted.top.push_back(named(step[i]));
        m_result.logprobs.push_back(std::move(noted));
    }

    /// Takes a sampled token into the result; false where the generation ends with it.
    bool take(TokenId token)
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
            noteLogprobs(token);
        m_result.tokens.push_back(token);
        statistics.decodeSeconds = now - statistics.timeToFirstTokenSeconds;
        if (m_out.push(token, m_result.text))
            return true;
        m_result.stop = m_out.stoppedByText() ? StopReason::EndOfText : StopReason::Cancelled;
        return false;
    }

    Session &m_session;
    std::span<const TokenId> m_prompt;
    const Session::GenerateOptions &m_options;
    const Tokenizer *m_tokenizer;
    uint32_t m_choices;
    Sampler m_sampler;
    std::optional<GrammarFilter> m_grammar;
    TextOut m_out;
    std::span<const float> m_logits;
    uint32_t m_position = 0;   // of the next token that enters the cache
    Session::Generation m_result;
    Timer m_sinceStart;
};

} // namespace

Result<Session::Generation> Session::generate(std::span<const TokenId> prompt, const GenerateOptions &options)
{
    const Status valid = validate(options.sampler);
    if (!valid)
        return valid.error();
    if (options.logprobs > mostLogprobs)
        return Error{ErrorCode::InvalidArgument, {"logprobs", std::to_string(options.logprobs), "0-" + std::to_string(mostLogprobs)}};
    if (prompt.empty())
        return Error{ErrorCode::InvalidArgument, {"prompt", "0", "at least one token"}};
    if (prompt.size() > m_state->options.context)
        return Error{ErrorCode::ContextTooLong, {std::to_string(prompt.size()), std::to_string(m_state->options.context)}};
    return Generator(*this, prompt, options).run();
}

} // namespace plimsoll::engine
