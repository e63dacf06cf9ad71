// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace plimsoll::engine {

/// One token of a ragged batch: any mix of sequences, positions ascending within each.
struct BatchToken
{
    int32_t token = 0;
    uint32_t position = 0;
    uint32_t sequence = 0;
    bool wantsLogits = false;
};

/// One of the likeliest tokens of a row of logits; −∞ where the logit was no number.
struct TokenCandidate
{
    int32_t token = -1;
    float logit = 0;
};

/// How much of a row of logits its reader needs: all of it, or the `kept` largest of the first `choices` tokens.
struct CandidatesWanted
{
    uint32_t kept = 0;      // 0: all logits
    uint32_t choices = 0;
};

} // namespace plimsoll::engine
