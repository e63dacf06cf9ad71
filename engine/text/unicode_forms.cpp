// SPDX-License-Identifier: Apache-2.0
#include "unicode_forms.h"

#include "unicode_table.h"

#include <algorithm>

namespace plimsoll::engine::unicode {

namespace {

/// The entry of a table for a character; null where it has none.
template <typename Entry>
const Entry *find(std::span<const Entry> table, char32_t character)
{
    const auto entry = std::lower_bound(table.begin(), table.end(), character,
        [](const Entry &each, char32_t wanted) { return each.codePoint < wanted; });
    return entry != table.end() && entry->codePoint == character ? &*entry : nullptr;
}

/// Syllables of Hangul are numbered by their three letters (Unicode standard, 3.12).
constexpr char32_t firstSyllable = 0xAC00;
constexpr char32_t syllables = 11172;
constexpr char32_t vowels = 21;
constexpr char32_t finals = 28;

} // namespace

void appendLower(std::u32string &out, char32_t character)
{
    if (character == 0x130) {   // I with a dot is the only one that becomes two
        out += U"i\u0307";
        return;
    }
    const LowerCase *entry = find(lowerCases, character);
    out += entry ? static_cast<char32_t>(entry->lower) : character;
}

void appendDecomposed(std::u32string &out, char32_t character)
{
    if (character >= firstSyllable && character < firstSyllable + syllables) {
        const char32_t index = character - firstSyllable;
        out += 0x1100 + index / (vowels * finals);
        out += 0x1161 + index / finals % vowels;
        if (index % finals != 0)
            out += 0x11A7 + index % finals;
        return;
    }
    const Decomposition *entry = find(decompositions, character);
    if (!entry) {
        out += character;
        return;
    }
    appendDecomposed(out, entry->first);   // the first part only can be taken apart again
    if (entry->second)
        out += static_cast<char32_t>(entry->second);
}

bool isNonspacingMark(char32_t character)
{
    const auto after = std::upper_bound(nonspacingMarks.begin(), nonspacingMarks.end(), character,
        [](char32_t wanted, const Span &each) { return wanted < each.first; });
    return after != nonspacingMarks.begin() && character <= (after - 1)->last;
}

} // namespace plimsoll::engine::unicode
