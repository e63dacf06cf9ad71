// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vocabulary.h"

#include <array>

namespace plimsoll::engine {

/// Finds all tokens that a text begins with: a sorted list, narrowed byte by byte.
class PrefixIndex
{
public:
    /// Bytes; longer tokens are left out, so that a hostile vocabulary costs no more than this for each place of a text.
    static constexpr size_t longest = 1024;

    /// Of several tokens with one text the lowest counts. `vocabulary` must outlive this.
    PrefixIndex(const Vocabulary &vocabulary, std::vector<TokenId> tokens);

    struct Match
    {
        TokenId token = -1;   // -1: none
        size_t bytes = 0;
    };
    Match longestOf(std::string_view text) const
    {
        Match match;
        each(text, [&](TokenId token, size_t bytes) { match = {token, bytes}; });
        return match;
    }

    /// Calls visit(token, bytes) for each, the shortest first.
    template <typename Visit>
    void each(std::string_view text, Visit visit) const
    {
        if (text.empty())
            return;
        const size_t byte = static_cast<uint8_t>(text.front());
        Range range{m_firsts[byte], m_firsts[byte + 1]};
        for (size_t depth = 1; range.begin < range.end; ++depth) {
            if (m_vocabulary.text(m_tokens[range.begin]).size() == depth)   // shorter ones come first
                visit(m_tokens[range.begin++], depth);
            if (depth == text.size())
                return;
            range = narrowed(range, depth, static_cast<uint8_t>(text[depth]));
        }
    }

private:
    struct Range
    {
        uint32_t begin;
        uint32_t end;
    };
    /// Those of a range, all longer than `depth`, that have `byte` there.
    Range narrowed(Range range, size_t depth, uint8_t byte) const;

    const Vocabulary &m_vocabulary;
    std::vector<TokenId> m_tokens;            // by their texts
    std::array<uint32_t, 257> m_firsts{};     // where those begin that start with a byte
};

} // namespace plimsoll::engine
