// SPDX-License-Identifier: Apache-2.0
#include "special_tokens.h"

#include <algorithm>
#include <map>

namespace plimsoll::engine {

namespace {

struct Found
{
    size_t at = 0;
    TokenId token = -1;
};

std::string_view withoutLeadingSpace(std::string_view text)
{
    const size_t first = text.find_first_not_of(" \t\n\v\f\r");
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

} // namespace

SpecialTokens::SpecialTokens(const Vocabulary &vocabulary) : m_vocabulary(vocabulary)
{
    std::map<size_t, Length, std::greater<>> lengths;
    for (TokenId token = 0; token < static_cast<TokenId>(vocabulary.size()); ++token) {
        const std::string_view text = vocabulary.text(token);
        if (text.empty() || text.size() > longest || !isSpecial(token, true))
            continue;
        Length &length = lengths[text.size()];
        length.bytes = text.size();
        (isSpecial(token, false) ? length.always : length.onRequest).set(static_cast<uint8_t>(text.front()));
    }
    for (const auto &[bytes, length] : lengths)
        m_lengths.push_back(length);
}

bool SpecialTokens::isSpecial(TokenId token, bool parseSpecial) const
{
    const TokenKind kind = m_vocabulary.kind(token);
    return kind == TokenKind::UserDefined || (parseSpecial && (kind == TokenKind::Control || kind == TokenKind::Unknown));
}

std::vector<Fragment> SpecialTokens::partition(std::string_view text, bool parseSpecial) const
{
    std::vector<Found> found;
    std::vector<bool> taken(m_lengths.empty() ? 0 : text.size());
    for (const Length &length : m_lengths) {
        const std::bitset<256> starts = parseSpecial ? length.always | length.onRequest : length.always;
        if (starts.none())
            continue;
        for (size_t at = 0; at + length.bytes <= text.size(); ++at) {
            // What was taken so far is no shorter, so a place is free where both its ends are.
            if (!starts[static_cast<uint8_t>(text[at])] || taken[at] || taken[at + length.bytes - 1])
                continue;
            const TokenId token = m_vocabulary.find(text.substr(at, length.bytes));
            if (token < 0 || !isSpecial(token, parseSpecial))
                continue;
            found.push_back({at, token});
            std::fill_n(taken.begin() + static_cast<std::ptrdiff_t>(at), length.bytes, true);
            at += length.bytes - 1;
        }
    }
    std::sort(found.begin(), found.end(), [](const Found &a, const Found &b) { return a.at < b.at; });

    std::vector<Fragment> fragments;
    const auto addText = [&](std::string_view part) {
        if (!fragments.empty() && m_vocabulary.swallowsSpace(fragments.back().token))
            part = withoutLeadingSpace(part);
        if (!part.empty())
            fragments.push_back({-1, part});
    };
    size_t begin = 0;
    for (const Found &special : found) {
        addText(text.substr(begin, special.at - begin));
        const size_t length = m_vocabulary.text(special.token).size();
        fragments.push_back({special.token, text.substr(special.at, length)});
        begin = special.at + length;
    }
    addText(text.substr(begin));
    return fragments;
}

} // namespace plimsoll::engine
