// SPDX-License-Identifier: Apache-2.0
#include "prefix_index.h"

#include <algorithm>

namespace plimsoll::engine {

PrefixIndex::PrefixIndex(const Vocabulary &vocabulary, std::vector<TokenId> tokens) : m_vocabulary(vocabulary), m_tokens(std::move(tokens))
{
    std::erase_if(m_tokens, [&](TokenId token) {
        const size_t bytes = vocabulary.text(token).size();
        return bytes == 0 || bytes > longest;
    });
    std::sort(m_tokens.begin(), m_tokens.end(), [&](TokenId a, TokenId b) {
        const int order = vocabulary.text(a).compare(vocabulary.text(b));
        return order < 0 || (order == 0 && a < b);
    });
    const auto repeated = std::unique(m_tokens.begin(), m_tokens.end(),
        [&](TokenId a, TokenId b) { return vocabulary.text(a) == vocabulary.text(b); });
    m_tokens.erase(repeated, m_tokens.end());
    for (const TokenId token : m_tokens)
        ++m_firsts[static_cast<uint8_t>(vocabulary.text(token).front()) + size_t{1}];
    for (size_t byte = 0; byte < 256; ++byte)
        m_firsts[byte + 1] += m_firsts[byte];
}

PrefixIndex::Range PrefixIndex::narrowed(Range range, size_t depth, uint8_t byte) const
{
    const auto at = [&](TokenId token) { return static_cast<uint8_t>(m_vocabulary.text(token)[depth]); };
    const auto first = m_tokens.begin() + range.begin;
    const auto last = m_tokens.begin() + range.end;
    const auto begin = std::lower_bound(first, last, byte, [&](TokenId token, uint8_t wanted) { return at(token) < wanted; });
    const auto end = std::upper_bound(begin, last, byte, [&](uint8_t wanted, TokenId token) { return wanted < at(token); });
    return {static_cast<uint32_t>(begin - m_tokens.begin()), static_cast<uint32_t>(end - m_tokens.begin())};
}

} // namespace plimsoll::engine
