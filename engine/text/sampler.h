// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tokenizer.h"

#include <plimsoll/result/result.h>

#include <cstdint>
#include <random>
#include <span>
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
};

/// Errors: InvalidArgument with the option's name.
Status validate(const SamplerOptions &options);

/// Chooses the next token; one per sequence. The same seed and logits give the same tokens.
class Sampler
{
public:
    Sampler(const SamplerOptions &options, uint32_t vocabularySize);

    /// `logits` has one entry per token of the vocabulary and is left as it was. NaN counts as -infinity; -1 for no logits at all.
    /// In order: repetition penalty, top-k, top-p, min-p, temperature, draw. Of equal logits the lower token comes first.
    TokenId sample(std::span<const float> logits);
    /// Tells what entered the context (prompt or sampled), for the penalties.
    void accept(TokenId token);

private:
    struct Candidate
    {
        TokenId token;
        float logit;
    };

    static bool before(const Candidate &a, const Candidate &b);
    void penalize(std::span<const float> logits);
    void keepTopK();
    /// Top-p and min-p over what is left; `top` is the largest logit.
    void keepProbable(float top);
    TokenId draw(float top);

    SamplerOptions m_options;
    std::mt19937_64 m_random;
    std::vector<TokenId> m_recent;        // ring of the last repetitionWindow tokens
    size_t m_next = 0;
    std::vector<Candidate> m_candidates;
};

} // namespace plimsoll::engine
