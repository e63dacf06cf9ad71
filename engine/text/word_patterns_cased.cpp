// SPDX-License-Identifier: Apache-2.0
#include "word_ranges.h"

namespace plimsoll::engine::words {

using namespace unicode;

namespace {

/// Chinese characters: the CJK unified ideographs with their extensions and compatibility forms, as the Kimi tokenizer takes them.
constexpr auto han = std::to_array<Range>({{0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x2a6df}, {0x2a700, 0x2b73f},
    {0x2b740, 0x2b81f}, {0x2b820, 0x2ceaf}, {0x2ceb0, 0x2ebef}, {0x2f800, 0x2fa1f}});

/// The scripts that the Youtu tokenizer cuts out first: Hangul, full-width punctuation, Bopomofo, Han and kana; each ascending.
constexpr auto hangul = std::to_array<Range>({{0x3131, 0x318e}, {0xac00, 0xd7a3}});
constexpr auto widePunctuation = std::to_array<Range>({{0x2014, 0x2014}, {0x2018, 0x2019}, {0x201c, 0x201d}, {0x2026, 0x2026},
    {0x3001, 0x303f}, {0xfe30, 0xfe4f}, {0xff01, 0xff01}, {0xff0c, 0xff0c}, {0xff1a, 0xff1b}});
constexpr auto bopomofo = std::to_array<Range>({{0x3105, 0x312f}});
constexpr auto hanAndKana = std::to_array<Range>({{0x3040, 0x30ff}, {0x4e00, 0x9fa5}});

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}], and the same with \p{Ll}: what has no case, and marks, are in both.
template <bool WithHan>
bool isCapital(const Characters &text, size_t i)
{
    return (text.flags[i] & (Letter | Mark)) && !(text.flags[i] & Lower) && (WithHan || !isIn(han, text, i));
}

template <bool WithHan>
bool isSmall(const Characters &text, size_t i)
{
    return (text.flags[i] & (Letter | Mark)) && !(text.flags[i] & Upper) && (WithHan || !isIn(han, text, i));
}

/// [capital]*[small]+
template <bool WithHan>
size_t smallLetters(const Characters &text, size_t at, size_t end)
{
    const size_t capitals = run(text, at, end, isCapital<WithHan>);
    if (const size_t small = run(text, at + capitals, end, isSmall<WithHan>))
        return capitals + small;
    size_t back = capitals;   // the last capital that may also count as small ends the word
    while (back > 0 && !isSmall<WithHan>(text, at + back - 1))
        --back;
    return back;
}

/// [capital]+[small]* where smallLetters() found nothing
template <bool WithHan>
size_t capitalLetters(const Characters &text, size_t at, size_t end)
{
    return run(text, at, end, isCapital<WithHan>);
}

/// [^\r\n\p{L}\p{N}]?, cased letters, and a contraction behind them
template <bool Contractions, bool WithHan>
size_t casedWord(const Characters &text, size_t at, size_t end)
{
    const bool mayLead = !isNewline(text.code[at]) && !(text.flags[at] & (Letter | Number));
    size_t length = 0;
    for (const auto letters : {smallLetters<WithHan>, capitalLetters<WithHan>}) {
        if (const size_t found = mayLead && length == 0 ? letters(text, at + 1, end) : 0)
            length = found + 1;
        else if (length == 0)
            length = letters(text, at, end);
    }
    if (Contractions && length > 0 && at + length < end)
        length += contraction(text, at + length, end, true);
    return length;
}

/// Cased words, then \p{N}{1,Digits}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
template <size_t Digits, bool Contractions, bool WithHan = true, bool SlashFollows = true>
size_t word(const Characters &text, size_t at, size_t end)
{
    if (const size_t found = casedWord<Contractions, WithHan>(text, at, end))
        return found;
    if (const size_t digits = numbers<Digits>(text, at, end))
        return digits;
    const auto others = [&](size_t from) { return runWithout(text, from, end, Space | Letter | Number); };
    if (const size_t found = spaced(text, at, end, others)) {
        const auto follows = [](const Characters &t, size_t i) { return isNewline(t.code[i]) || (SlashFollows && t.code[i] == '/'); };
        return found + run(text, at + found, end, follows);
    }
    return whiteSpace(text, at, end);
}

/// Han characters, else words of other letters; in the Kimi tokenizer no slash follows signs.
size_t kimiWord(const Characters &text, size_t at, size_t end)
{
    const size_t characters = rangeRun<han>(text, at, end);
    return characters ? characters : word<3, true, false, false>(text, at, end);
}

size_t youtuScript(const Characters &text, size_t at, size_t end)
{
    for (const auto matcher : {rangeRun<hangul>, rangeRun<widePunctuation>, rangeRun<bopomofo>, rangeRun<hanAndKana>}) {
        if (const size_t found = matcher(text, at, end))
            return found;
    }
    return 0;
}

/// \d{1,3}(?=(?:\d{3})*\b): groups of three counted from the end of a number, where no letter follows it. Fractions and the like count
/// as digits here.
size_t numberGroup(const Characters &text, size_t at, size_t end)
{
    const size_t digits = runOf(text, at, end, Number);
    const bool inWord = at + digits < end && ((text.flags[at + digits] & (Letter | Mark)) || text.code[at + digits] == '_');
    return digits == 0 || inWord ? 0 : digits % 3 == 0 ? 3 : digits % 3;
}

} // namespace

std::span<const Pattern> gpt4o()
{
    static constexpr Pattern patterns[] = {{word<3, true>}};
    return patterns;
}

std::span<const Pattern> tekken()
{
    static constexpr Pattern patterns[] = {{word<1, false>}};
    return patterns;
}

std::span<const Pattern> kimiK2()
{
    static constexpr Pattern patterns[] = {{kimiWord}};
    return patterns;
}

std::span<const Pattern> youtu()
{
    static constexpr Pattern patterns[] = {{youtuScript}, {word<1, true>}};
    return patterns;
}

std::span<const Pattern> tinyAya()
{
    static constexpr Pattern patterns[] = {{numberGroup}, {word<3, true>}};
    return patterns;
}

} // namespace plimsoll::engine::words
