// SPDX-License-Identifier: Apache-2.0
#include "sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plimsoll::engine {

std::vector<TokenId> dryBreakersOf(const Tokenizer &tokenizer)
{
    std::vector<TokenId> tokens;
    for (uint32_t token = 0; token < tokenizer.vocabularySize(); ++token) {
        if (tokenizer.decode(static_cast<TokenId>(token), true).find_first_of("\n:\"*") != std::string::npos)
            tokens.push_back(static_cast<TokenId>(token));
    }
    return tokens;
}

bool Sampler::penalizes() const
{
    return m_options.repetitionPenalty != 1.0f || m_options.frequencyPenalty != 0.0f || m_options.presencePenalty != 0.0f
        || m_options.dryMultiplier > 0 || !m_options.logitBias.empty();
}

/// Changes the logits of the candidates, which stand in the order of their tokens.
void Sampler::penalize()
{
    const auto at = [this](TokenId token) {
        return token >= 0 && static_cast<size_t>(token) < m_candidates.size() ? &m_candidates[static_cast<size_t>(token)] : nullptr;
    };
    for (const auto &[token, bias] : m_options.logitBias) {
        if (Candidate *candidate = at(token); candidate && !std::isinf(candidate->logit))
            candidate->logit = std::min(candidate->logit + bias, std::numeric_limits<float>::max());
    }
    penalizeRepetition();
    if (m_options.dryMultiplier > 0)
        penalizeSequences();
}

void Sampler::penalizeRepetition()
{
    if (m_options.repetitionPenalty == 1.0f && m_options.frequencyPenalty == 0.0f && m_options.presencePenalty == 0.0f)
        return;
    std::vector<TokenId> &tokens = m_sorted;
    tokens.assign(m_recent.begin(), m_recent.end());
    std::sort(tokens.begin(), tokens.end());
    for (size_t begin = 0, end = 0; begin < tokens.size(); begin = end) {
        while (end < tokens.size() && tokens[end] == tokens[begin])
            ++end;
        const TokenId token = tokens[begin];
        if (token < 0 || static_cast<size_t>(token) >= m_candidates.size())
            continue;
        float &logit = m_candidates[static_cast<size_t>(token)].logit;
        logit = logit > 0 ? logit / m_options.repetitionPenalty : logit * m_options.repetitionPenalty;
        logit -= static_cast<float>(end - begin) * m_options.frequencyPenalty + m_options.presencePenalty;
    }
}

/// DRY: whatever would make the end of the history go on as it did before costs the more, the longer the two agree. The lengths of
/// agreement of the reversed history with itself come from the Z algorithm, in linear time.
void Sampler::penalizeSequences()
{
    const size_t count = std::min<size_t>(m_history.size(), m_options.dryWindow);
    const auto reversed = [&](size_t i) { return m_history[m_history.size() - 1 - i]; };
    const auto breaks = [&](size_t i) {
        return std::binary_search(m_options.dryBreakers.begin(), m_options.dryBreakers.end(), reversed(i));
    };
    size_t longest = 0;   // nothing is repeated across a breaker
    while (longest < count && !breaks(longest))
        ++longest;
    m_matches.assign(count, 0);
    size_t left = 0;
    size_t right = 0;   // the agreement that reaches furthest so far: [left, right)
    for (size_t i = 1; i < count; ++i) {
        size_t length = i < right ? std::min<size_t>(right - i, m_matches[i - left]) : 0;
        while (i + length < count && reversed(length) == reversed(i + length))
            ++length;
        m_matches[i] = static_cast<uint32_t>(length);
        if (i + length > right)
            left = i, right = i + length;
        const size_t repeated = std::min(length, longest);
        const TokenId next = reversed(i - 1);
        if (repeated < std::max<size_t>(1, m_options.dryAllowedLength) || next < 0 || static_cast<size_t>(next) >= m_candidates.size())
            continue;
        m_repeats.emplace_back(next, static_cast<uint32_t>(repeated));
    }
    // Of several repetitions that a token would continue, the longest counts.
    std::sort(m_repeats.begin(), m_repeats.end());
    for (size_t i = 0; i < m_repeats.size(); ++i) {
        const auto [token, length] = m_repeats[i];
        if (i + 1 < m_repeats.size() && m_repeats[i + 1].first == token)
            continue;
        const double factor = std::pow(static_cast<double>(m_options.dryBase), static_cast<double>(length - m_options.dryAllowedLength));
        m_candidates[static_cast<size_t>(token)].logit -= static_cast<float>(std::min(m_options.dryMultiplier * factor, 1e30));
    }
    m_repeats.clear();
}

} // namespace plimsoll::engine
