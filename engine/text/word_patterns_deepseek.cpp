// SPDX-License-Identifier: Apache-2.0
#include "word_ranges.h"

namespace plimsoll::engine::words {

using namespace unicode;

namespace {

/// Letters with case, as the DeepSeek LLM tokenizer lists them; ascending.
constexpr auto casedLetters = std::to_array<Range>({
    {0x41, 0x5a}, {0x61, 0x7a}, {0xb5, 0xb5}, {0xc0, 0xd6}, {0xd8, 0xf6}, {0xf8, 0x1ba}, {0x1bc, 0x1bf}, {0x1c4, 0x293}, {0x295, 0x2af},
    {0x370, 0x373}, {0x376, 0x377}, {0x37b, 0x37d}, {0x37f, 0x37f}, {0x386, 0x386}, {0x388, 0x38a}, {0x38c, 0x38c}, {0x38e, 0x3a1},
    {0x3a3, 0x3f5}, {0x3f7, 0x481}, {0x48a, 0x52f}, {0x531, 0x556}, {0x10a0, 0x10c5}, {0x13a0, 0x13f5}, {0x13f8, 0x13fd}, {0x1c90, 0x1cba},
    {0x1cbd, 0x1cbf}, {0x1d00, 0x1d2b}, {0x1d6b, 0x1d77}, {0x1d79, 0x1d9a}, {0x1e00, 0x1f15}, {0x1f18, 0x1f1d}, {0x1f20, 0x1f45},
    {0x1f48, 0x1f4d}, {0x1f50, 0x1f57}, {0x1f59, 0x1f59}, {0x1f5b, 0x1f5b}, {0x1f5d, 0x1f5d}, {0x1f5f, 0x1f7d}, {0x1f80, 0x1fb4},
    {0x1fb6, 0x1fbc}, {0x1fbe, 0x1fbe}, {0x1fc2, 0x1fc4}, {0x1fc6, 0x1fcc}, {0x1fd0, 0x1fd3}, {0x1fd6, 0x1fdb}, {0x1fe0, 0x1fec},
    {0x1ff2, 0x1ff4}, {0x1ff6, 0x1ffc}, {0x2102, 0x2102}, {0x2107, 0x2107}, {0x210a, 0x2113}, {0x2115, 0x2115}, {0x2119, 0x211d},
    {0x2124, 0x2124}, {0x2126, 0x2126}, {0x2128, 0x2128}, {0x212a, 0x212d}, {0x212f, 0x2134}, {0x2139, 0x2139}, {0x213c, 0x213f},
    {0x2145, 0x2149}, {0x214e, 0x214e}, {0x2183, 0x2184}, {0x2c00, 0x2c7b}, {0x2c7e, 0x2ce4}, {0x2ceb, 0x2cee}, {0x2cf2, 0x2cf3},
    {0xa640, 0xa66d}, {0xa680, 0xa69b}, {0xa722, 0xa76f}, {0xa771, 0xa787}, {0xa78b, 0xa78e}, {0xab70, 0xabbf}, {0xfb00, 0xfb06},
    {0xfb13, 0xfb17}, {0xff21, 0xff3a}, {0xff41, 0xff5a}, {0x10400, 0x1044f}, {0x104b0, 0x104d3}, {0x104d8, 0x104fb}, {0x10c80, 0x10cb2},
    {0x10cc0, 0x10cf2}, {0x118a0, 0x118df}, {0x1e900, 0x1e943},
});

constexpr auto punctuationMarks
    = std::to_array<Range>({{0x21, 0x2f}, {0x3a, 0x7e}, {0x2018, 0x201f}, {0x3000, 0x3002}, {0xff01, 0xff0f}, {0xff1a, 0xff5e}});
constexpr auto eastAsian = std::to_array<Range>({{0x800, 0x9fa5}, {0xac00, 0xd7ff}});
constexpr auto hanAndKana = std::to_array<Range>({{0x3040, 0x30ff}, {0x4e00, 0x9fa5}});

/// \s?[…]+ where `count(start)` counts the bracket.
template <typename Count>
size_t afterSpace(const Characters &text, size_t at, size_t end, Count count)
{
    if ((text.flags[at] & Space) && at + 1 < end) {
        if (const size_t found = count(at + 1))
            return found + 1;
    }
    return count(at);
}

/// [\r\n]
size_t newline(const Characters &text, size_t at, size_t)
{
    return isNewline(text.code[at]) ? 1 : 0;
}

/// \s?[ranges]+
template <const auto &Ranges>
size_t spacedRange(const Characters &text, size_t at, size_t end)
{
    return afterSpace(text, at, end, [&](size_t from) { return rangeRun<Ranges>(text, from, end); });
}

/// \s?\p{…}+
template <uint8_t Flags>
size_t spacedFlags(const Characters &text, size_t at, size_t end)
{
    return afterSpace(text, at, end, [&](size_t from) { return runOf(text, from, end, Flags); });
}

/// \s+$
size_t spaceAtEnd(const Characters &text, size_t at, size_t end)
{
    const size_t spaces = runOf(text, at, end, Space);
    return at + spaces == end ? spaces : 0;
}

/// [!-/:-@\[-`{-~][A-Za-z]+
size_t markedWord(const Characters &text, size_t at, size_t end)
{
    if (text.code[at] >= 0x80 || !(text.flags[at] & (Punctuation | Symbol)))
        return 0;
    const auto isLatin = [](const Characters &t, size_t i) { return t.code[i] < 0x80 && (t.flags[i] & Letter); };
    const size_t letters = run(text, at + 1, end, isLatin);
    return letters ? letters + 1 : 0;
}

/// [^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+
size_t letterWord(const Characters &text, size_t at, size_t end)
{
    const bool mayLead = !isNewline(text.code[at]) && !(text.flags[at] & (Letter | Punctuation | Symbol));
    if (const size_t letters = mayLead ? runOf(text, at + 1, end, Letter | Mark) : 0)
        return letters + 1;
    return runOf(text, at, end, Letter | Mark);
}

/// markedWord | letterWord | ?[\p{P}\p{S}]+[\r\n]* | \s*[\r\n]+ | \s+(?!\S) | \s+
size_t v3Word(const Characters &text, size_t at, size_t end)
{
    if (const size_t found = markedWord(text, at, end))
        return found;
    if (const size_t found = letterWord(text, at, end))
        return found;
    const size_t lead = text.code[at] == ' ' ? 1 : 0;
    if (const size_t marks = runOf(text, at + lead, end, Punctuation | Symbol))
        return lead + marks + newlines(text, at + lead + marks, end);
    return whiteSpace(text, at, end);
}

/// \p{N}+ in groups of three counted from its end; the first may be shorter.
size_t numberGroup(const Characters &text, size_t at, size_t end)
{
    const size_t digits = runOf(text, at, end, Number);
    return digits == 0 ? 0 : digits % 3 == 0 ? 3 : digits % 3;
}

/// Scripts without spaces between words, as the AFM tokenizer lists them; ascending.
constexpr auto spacelessScripts = std::to_array<Range>({{0xe40, 0xe7f}, {0xe80, 0xeff}, {0x1000, 0x109f}, {0x1100, 0x11ff},
    {0x1780, 0x17ff}, {0x2f00, 0x2fdf}, {0x3040, 0x30ff}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xa9e0, 0xa9ff}, {0xaa60, 0xaa7f}, {0xac00, 0xd7af},
    {0xf900, 0xfaff}, {0xff65, 0xff9f}});

} // namespace

std::span<const Pattern> afm()
{
    static constexpr Pattern patterns[] = {{numberGroup}, {rangeRun<spacelessScripts>}, {v3Word}};
    return patterns;
}

std::span<const Pattern> deepSeekLlm()
{
    static constexpr Pattern patterns[] = {{newline}, {spacedRange<casedLetters>}, {spacedRange<punctuationMarks>}, {spaceAtEnd, true},
        {rangeRun<eastAsian>}, {numbers<SIZE_MAX>}};
    return patterns;
}

std::span<const Pattern> deepSeekCoder()
{
    static constexpr Pattern patterns[]
        = {{newline}, {spacedFlags<Letter>}, {spacedFlags<Punctuation>}, {rangeRun<eastAsian>}, {numbers<1>}};
    return patterns;
}

std::span<const Pattern> deepSeekV3()
{
    static constexpr Pattern patterns[] = {{numbers<3>}, {rangeRun<hanAndKana>}, {v3Word}};
    return patterns;
}

} // namespace plimsoll::engine::words
