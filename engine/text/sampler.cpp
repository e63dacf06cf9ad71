// SPDX-License-Identifier: Apache-2.0
#include "sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plimsoll::engine {

namespace {

constexpr uint32_t widestWindow = 1u << 20;

/// Finite or -infinity, so that differences of two are never NaN unless both are -infinity.
float usable(float logit)
{
    return std::isnan(logit) ? -std::numeric_limits<float>::infinity() : std::min(logit, std::numeric_limits<float>::max());
}

Error refused(const char *option, double value, const char *accepted)
{
    return {ErrorCode::InvalidArgument, {option, std::to_string(value), accepted}};
}

} // namespace

Status validate(const SamplerOptions &options)
{
    const auto within = [](float value, float low, float high) { return value >= low && value <= high; };   // false for NaN
    if (!within(options.temperature, 0.0f, 100.0f))
        return refused("temperature", options.temperature, "0-100");
    if (!within(options.topP, 0.0f, 1.0f))
        return refused("top-p", options.topP, "0-1");
    if (!within(options.minP, 0.0f, 1.0f))
        return refused("min-p", options.minP, "0-1");
    if (!within(options.repetitionPenalty, 0.01f, 100.0f))
        return refused("repeat-penalty", options.repetitionPenalty, "0.01-100");
    if (options.repetitionWindow > widestWindow)
        return refused("repeat-window", options.repetitionWindow, "0-1048576");
    if (!within(options.typicalP, 0.0f, 1.0f))
        return refused("typical", options.typicalP, "0-1");
    if (!within(options.frequencyPenalty, -100.0f, 100.0f))
        return refused("frequency-penalty", options.frequencyPenalty, "-100-100");
    if (!within(options.presencePenalty, -100.0f, 100.0f))
        return refused("presence-penalty", options.presencePenalty, "-100-100");
    if (!within(options.dryMultiplier, 0.0f, 100.0f))
        return refused("dry-multiplier", options.dryMultiplier, "0-100");
    if (!within(options.dryBase, 1.0f, 100.0f))
        return refused("dry-base", options.dryBase, "1-100");
    if (options.dryWindow > widestWindow)
        return refused("dry-window", options.dryWindow, "0-1048576");
    for (const auto &[token, bias] : options.logitBias) {
        if (std::isnan(bias))
            return refused("logit-bias", bias, "numbers");
    }
    return {};
}

std::vector<TokenLikelihood> logprobsOf(std::span<const float> logits, TokenId token, size_t count)
{
    float top = -std::numeric_limits<float>::infinity();
    for (const float logit : logits)
        top = std::max(top, usable(logit));
    double total = 0;
    std::vector<TokenLikelihood> all;
    all.reserve(logits.size());
    for (size_t i = 0; i < logits.size(); ++i) {
        all.push_back({static_cast<TokenId>(i), usable(logits[i])});
        total += std::exp(static_cast<double>(all.back().logprob) - top);
    }
    for (TokenLikelihood &each : all)
        each.logprob = static_cast<float>(each.logprob - top - std::log(total));
    std::vector<TokenLikelihood> result = {all[static_cast<size_t>(token)]};
    const size_t kept = std::min(count, all.size());
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(), [](const auto &a, const auto &b) {
        return a.logprob > b.logprob || (a.logprob == b.logprob && a.token < b.token);
    });
    result.insert(result.end(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept));
    return result;
}

Sampler::Sampler(const SamplerOptions &options, uint32_t vocabularySize)
    : m_options(options), m_random(options.seed ? options.seed : std::random_device()() | uint64_t{1} << 63), m_vocabulary(vocabularySize)
{
    m_options.repetitionWindow = std::min(options.repetitionWindow, widestWindow);
    m_options.dryWindow = m_options.dryMultiplier > 0 ? std::min(options.dryWindow, widestWindow) : 0;
    std::sort(m_options.dryBreakers.begin(), m_options.dryBreakers.end());
    m_recent.reserve(m_options.repetitionWindow);
    m_history.reserve(size_t{m_options.dryWindow} * 2);
    m_candidates.reserve(vocabularySize);
}

void Sampler::accept(TokenId token)
{
    if (m_options.dryWindow > 0) {
        if (m_history.size() == size_t{m_options.dryWindow} * 2)
            m_history.erase(m_history.begin(), m_history.begin() + m_options.dryWindow);
        m_history.push_back(token);
    }
    if (m_options.repetitionWindow == 0)
        return;
    if (m_recent.size() < m_options.repetitionWindow)
        m_recent.push_back(token);
    else
        m_recent[m_next] = token;
    m_next = (m_next + 1) % m_options.repetitionWindow;
}

TokenId Sampler::sample(std::span<const float> logits, std::span<const uint8_t> allowed)
{
    constexpr float never = -std::numeric_limits<float>::infinity();
    m_candidates.clear();
    for (size_t token = 0; token < logits.size(); ++token) {
        const bool may = allowed.empty() || (token < allowed.size() && allowed[token]);
        m_candidates.push_back({static_cast<TokenId>(token), may ? usable(logits[token]) : never});
    }
    penalize();
    return choose();
}

uint32_t Sampler::decidedBy() const
{
    if (penalizes())
        return 0;
    if (m_options.temperature <= 0)
        return 1;
    return m_options.topK < m_vocabulary ? m_options.topK : 0;
}

TokenId Sampler::sampleOf(std::span<const Candidate> best)
{
    m_candidates.assign(best.begin(), best.end());
    return choose();
}

TokenId Sampler::choose()
{
    const auto best = std::min_element(m_candidates.begin(), m_candidates.end(), before);   // the one before all others
    if (best == m_candidates.end() || m_options.temperature <= 0 || std::isinf(best->logit))
        return best == m_candidates.end() ? -1 : best->token;
    float top = best->logit;
    keepTopK();
    if (m_options.typicalP < 1.0f) {
        keepTypical();
        top = std::min_element(m_candidates.begin(), m_candidates.end(), before)->logit;   // the likeliest need not be typical
    }
    keepProbable(top);
    return draw(top);
}

bool Sampler::before(const Candidate &a, const Candidate &b)
{
    return a.logit > b.logit || (a.logit == b.logit && a.token < b.token);
}

void Sampler::keepTopK()
{
    if (m_options.topK == 0 || m_options.topK >= m_candidates.size())
        return;
    const auto end = m_candidates.begin() + m_options.topK;
    std::nth_element(m_candidates.begin(), end, m_candidates.end(), before);
    m_candidates.erase(end, m_candidates.end());
    std::sort(m_candidates.begin(), m_candidates.end(), before);   // or the draw would depend on the order nth_element leaves
}

void Sampler::keepTypical()
{
    const float top = std::min_element(m_candidates.begin(), m_candidates.end(), before)->logit;
    const auto weight = [top](const Candidate &candidate) { return std::exp(static_cast<double>(candidate.logit) - top); };
    double total = 0;
    for (const Candidate &candidate : m_candidates)
        total += weight(candidate);
    const double logTotal = std::log(total) + top;
    double entropy = 0;   // the expected surprise
    for (const Candidate &candidate : m_candidates) {
        if (!std::isinf(candidate.logit))
            entropy += weight(candidate) / total * (logTotal - candidate.logit);
    }
    const auto strangeness = [&](const Candidate &candidate) { return std::abs(logTotal - candidate.logit - entropy); };
    std::sort(m_candidates.begin(), m_candidates.end(), [&](const Candidate &a, const Candidate &b) {
        const double x = strangeness(a);
        const double y = strangeness(b);
        return x < y || (x == y && a.token < b.token);
    });
    double sum = 0;
    size_t kept = 0;
    while (kept < m_candidates.size() && (kept == 0 || sum < total * m_options.typicalP))
        sum += weight(m_candidates[kept++]);
    m_candidates.resize(kept);
}

void Sampler::keepProbable(float top)
{
    const auto weight = [top](const Candidate &candidate) { return std::exp(static_cast<double>(candidate.logit) - top); };
    double total = 0;
    for (const Candidate &candidate : m_candidates)
        total += weight(candidate);

    // Both limits keep a front of the candidates in order of probability, so the cheap one may go first.
    if (m_options.minP > 0)
        std::erase_if(m_candidates, [&](const Candidate &candidate) { return weight(candidate) < m_options.minP; });
    if (m_options.topP >= 1.0f)
        return;

    double sum = 0;
    size_t sorted = 0;
    for (size_t kept = 0; kept < m_candidates.size(); ++kept) {
        if (kept == sorted) {
            sorted = std::min(m_candidates.size(), std::max<size_t>(64, sorted * 4));
            const auto from = m_candidates.begin() + static_cast<std::ptrdiff_t>(kept);
            std::partial_sort(from, m_candidates.begin() + static_cast<std::ptrdiff_t>(sorted), m_candidates.end(), before);
        }
        sum += weight(m_candidates[kept]);
        if (sum >= total * m_options.topP) {
            m_candidates.resize(kept + 1);
            return;
        }
    }
}

TokenId Sampler::draw(float top)
{
    const auto weight = [&](const Candidate &candidate) {
        return std::exp((static_cast<double>(candidate.logit) - top) / m_options.temperature);
    };
    double total = 0;
    for (const Candidate &candidate : m_candidates)
        total += weight(candidate);
    const double uniform = static_cast<double>(m_random() >> 11) * 0x1p-53;   // [0, 1), alike on every standard library
    double rest = uniform * total;
    for (const Candidate &candidate : m_candidates) {
        rest -= weight(candidate);
        if (rest < 0)
            return candidate.token;
    }
    return std::min_element(m_candidates.begin(), m_candidates.end(), before)->token;   // only by rounding
}

} // namespace plimsoll::engine
