// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vocabulary.h"

#include <bitset>

namespace plimsoll::engine {

/// A stretch of text, or the special token that stands in its place.
struct Fragment
{
    TokenId token = -1;       // -1: plain text
    std::string_view text;
};

/// Finds the tokens that are taken out of a text before it is tokenized: user-defined ones always, control and unknown ones on request.
class SpecialTokens
{
public:
    /// Bytes; longer tokens are left in the text, so that a hostile vocabulary costs each place of it no more lookups than this.
    static constexpr size_t longest = 256;

    /// `vocabulary` must outlive this.
    explicit SpecialTokens(const Vocabulary &vocabulary);

    /// Longer tokens take their places before shorter ones, those of one length from left to right.
    std::vector<Fragment> partition(std::string_view text, bool parseSpecial) const;

private:
    /// The special tokens of one length, by the bytes they may begin with.
    struct Length
    {
        size_t bytes = 0;
        std::bitset<256> always;
        std::bitset<256> onRequest;
    };
    bool isSpecial(TokenId token, bool parseSpecial) const;

    const Vocabulary &m_vocabulary;
    std::vector<Length> m_lengths;   // longest first
};

} // namespace plimsoll::engine
