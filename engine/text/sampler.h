// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tokenizer.h"

#include <plimsoll/result/result.h>

#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace plimsoll::engine {

struct SamplerOptions
{
    float temperature = 0.8f;        // 0: greedy
    uint32_t topK = 40;              // 0: off
    float topP = 0.95f;              // 1: off
    float minP = 0.05f;              // 0: off
    float repetitionPenalty = 1.0f;  // 1: off
    uint32_t repetitionWindow = 64;  // tokens looked back
    uint64_t seed = 0;               // 0: from the system
    float typicalP = 1.0f;           // 1: off; keeps the tokens whose surprise is nearest to the expected one, up to this probability
    float frequencyPenalty = 0.0f;   // taken off a logit for each time the token occurs in the window
    float presencePenalty = 0.0f;    // taken off once where it occurs
    float dryMultiplier = 0.0f;      // 0: off; "don't repeat yourself": against going on with a sequence that was there before
    float dryBase = 1.75f;           // the penalty is multiplier · base^(length of the repeated sequence − allowed length)
    uint32_t dryAllowedLength = 2;   // repeated sequences shorter than this cost nothing
    uint32_t dryWindow = 4096;       // tokens looked back
    std::vector<TokenId> dryBreakers;                       // tokens across which nothing counts as repeated
    std::vector<std::pair<TokenId, float>> logitBias;       // added; -infinity forbids
};

/// Tokens in which one of the texts occurs at which repetition starts anew: line ends, colons, quotes, asterisks.
std::vector<TokenId> dryBreakersOf(const Tokenizer &tokenizer);

/// Errors: InvalidArgument with the option's name.
Status validate(const SamplerOptions &options);

constexpr int mostLogprobs = 100;

struct TokenLikelihood
{
    TokenId token = -1;
    float logprob = 0;   // natural logarithm of the softmax
};
/// That of `token`, then those of the `count` likeliest, descending.
std::vector<TokenLikelihood> logprobsOf(std::span<const float> logits, TokenId token, size_t count);

/// Chooses the next token; one per sequence. The same seed and logits give the same tokens.
class Sampler
{
public:
    Sampler(const SamplerOptions &options, uint32_t vocabularySize);

    /// `logits` has one entry per token of the vocabulary and is left as it was. NaN counts as -infinity; -1 for no logits at all.
    /// In order: bias, penalties (repetition, frequency, presence, DRY), top-k, typical, top-p, min-p, temperature, draw. Of equal logits
    /// the lower token comes first.
    /// Where `allowed` is given, with one entry per token, those at 0 count as -infinity.
    TokenId sample(std::span<const float> logits, std::span<const uint8_t> allowed = {});

    struct Candidate
    {
        TokenId token;
        float logit;
    };
    /// How many of the largest logits decide, the lower token first of equal ones, with nothing added to or taken off them; 0: all do, or
    /// penalties and bias must see them.
    uint32_t decidedBy() const;
    /// The same token that sample() of all logits would give, from the decidedBy() largest, in order.
    TokenId sampleOf(std::span<const Candidate> best);
    /// Tells what entered the context (prompt or sampled), for the penalties.
    void accept(TokenId token);

private:
    static bool before(const Candidate &a, const Candidate &b);
    // sampler_penalties.cpp
    bool penalizes() const;
    void penalize();
    void penalizeRepetition();
    void penalizeSequences();

    /// Of m_candidates, whose logits are what they are to be.
    TokenId choose();
    void keepTopK();
    /// Typical sampling (Meister et al. 2022, "Locally typical sampling").
    void keepTypical();
    /// Top-p and min-p over what is left; `top` is the largest logit.
    void keepProbable(float top);
    TokenId draw(float top);

    SamplerOptions m_options;
    std::mt19937_64 m_random;
    uint32_t m_vocabulary;
    std::vector<TokenId> m_recent;        // ring of the last repetitionWindow tokens
    size_t m_next = 0;
    std::vector<TokenId> m_history;       // the last dryWindow tokens and up to as many before them; empty while DRY is off
    // work space of the penalties
    std::vector<TokenId> m_sorted;
    std::vector<uint32_t> m_matches;
    std::vector<std::pair<TokenId, uint32_t>> m_repeats;
    std::vector<Candidate> m_candidates;
};

} // namespace plimsoll::engine
