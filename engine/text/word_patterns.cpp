// SPDX-License-Identifier: Apache-2.0
#include "word_patterns.h"

#include <algorithm>
#include <iterator>

namespace plimsoll::engine::words {

using namespace unicode;

Characters::Characters(std::string_view text)
{
    code.reserve(text.size());
    flags.reserve(text.size());
    offsets.reserve(text.size() + 1);
    for (size_t at = 0; at < text.size();) {
        const Decoded next = decode(text.substr(at));
        code.push_back(next.codePoint);
        flags.push_back(next.valid ? unicode::flags(next.codePoint) : uint8_t(0));
        offsets.push_back(at);
        at += next.length;
    }
    offsets.push_back(text.size());
}

namespace {

uint32_t lowered(uint32_t code, bool anyCase)
{
    return anyCase && code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
}

/// \s+(?!\S): white space up to the end, or all but the last character before something else.
size_t trailingSpace(const Characters &text, size_t at, size_t end)
{
    const size_t spaces = runOf(text, at, end, Space);
    return at + spaces == end || spaces == 0 ? spaces : spaces - 1;
}

/// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)
size_t gpt2Word(const Characters &text, size_t at, size_t end)
{
    if (const size_t found = contraction(text, at, end, false))
        return found;
    for (const Flag kind : {Letter, Number}) {
        if (const size_t found = spaced(text, at, end, [&](size_t from) { return runOf(text, from, end, kind); }))
            return found;
    }
    if (const size_t found = spaced(text, at, end, [&](size_t from) { return runWithout(text, from, end, Space | Letter | Number); }))
        return found;
    return trailingSpace(text, at, end);
}

using Matcher = size_t (*)(const Characters &text, size_t at, size_t end);

/// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[letters]+|\p{N}{1,digits}| ?[^\s\p{N}letters]+[\r\n]*|white space
template <size_t Digits, uint8_t Letters = Letter, bool NewlinesFollow = true, Matcher WhiteSpace = whiteSpace>
size_t llamaWord(const Characters &text, size_t at, size_t end)
{
    if (const size_t found = contraction(text, at, end, true))
        return found;
    const bool mayLead = !isNewline(text.code[at]) && !(text.flags[at] & (Letter | Number));
    if (const size_t letters = runOf(text, at + mayLead, end, Letters))
        return letters + mayLead;
    if (const size_t letters = runOf(text, at, end, Letters))   // what might lead is a letter itself
        return letters;
    if (const size_t digits = runOf(text, at, end, Number, Digits))
        return digits;
    const auto others = [&](size_t from) { return runWithout(text, from, end, Space | Number | Letters); };
    if (const size_t found = spaced(text, at, end, others))
        return found + (NewlinesFollow ? newlines(text, at + found, end) : 0);
    return WhiteSpace(text, at, end);
}

/// [0-9][0-9][0-9]
size_t threeDigits(const Characters &text, size_t at, size_t end)
{
    const auto isDigit = [](const Characters &t, size_t i) { return t.code[i] >= '0' && t.code[i] <= '9'; };
    return run(text, at, end, isDigit, 3) == 3 ? 3 : 0;
}

/// [\p{P}\$\+<=>\^~\|]+
size_t standardPunctuation(const Characters &text, size_t at, size_t end)
{
    return run(text, at, end, [](const Characters &t, size_t i) {
        return (t.flags[i] & Punctuation) || (t.code[i] < 0x80 && (t.flags[i] & Symbol) && t.code[i] != '`');
    });
}

/// [\p{P}\$\+<=>\^~\|`]+
size_t falconPunctuation(const Characters &text, size_t at, size_t end)
{
    return run(text, at, end, [](const Characters &t, size_t i) {
        return (t.flags[i] & Punctuation) || (t.code[i] < 0x80 && (t.flags[i] & Symbol));
    });
}

/// What llamaWord has for white space, in steps of powers of two: \s*[\r\n]+|\s{512}(?!\S)|…|\s{4}(?!\S)|\s{1,2}(?!\S)|\s
size_t steppedSpace(const Characters &text, size_t at, size_t end)
{
    const size_t spaces = runOf(text, at, end, Space);
    for (size_t count = spaces; count > 0; --count) {
        if (isNewline(text.code[at + count - 1]))
            return count;
    }
    for (const size_t step : {512, 256, 128, 64, 32, 16, 8, 4, 2}) {
        if (spaces > step || (spaces == step && at + step == end))
            return step;
    }
    return spaces ? 1 : 0;
}

/// \p{L}\p{M}*, also several with single spaces between them
size_t spacedLetters(const Characters &text, size_t at, size_t end)
{
    size_t count = 0;
    for (;;) {
        const size_t space = count > 0 && at + count < end && text.code[at + count] == ' ' ? 1 : 0;
        if (runOf(text, at + count + space, end, Letter, 1) == 0)
            return count;
        count += space + 1;
        count += runOf(text, at + count, end, Mark);
    }
}

/// ?[^(\s|.,!?…。，、।۔،)]+
size_t bloomWord(const Characters &text, size_t at, size_t end)
{
    static constexpr uint32_t breaks[] = {'(', '|', '.', ',', '!', '?', ')', 0x2026, 0x3002, 0xFF0C, 0x3001, 0x964, 0x6D4, 0x60C};
    return spaced(text, at, end, [&](size_t from) {
        return run(text, from, end, [](const Characters &t, size_t i) {
            return !(t.flags[i] & Space) && std::find(std::begin(breaks), std::end(breaks), t.code[i]) == std::end(breaks);
        });
    });
}

/// [^\n]+|[\n]+
size_t line(const Characters &text, size_t at, size_t end)
{
    const bool newline = text.code[at] == '\n';
    return run(text, at, end, [newline](const Characters &t, size_t i) { return (t.code[i] == '\n') == newline; });
}

/// llamaWord with single digits and other rules for white space behind signs and words of several parts.
size_t exaoneWord(const Characters &text, size_t at, size_t end)
{
    if (const size_t found = contraction(text, at, end, true))
        return found;
    const bool mayLead = !isNewline(text.code[at]) && !(text.flags[at] & (Letter | Number));
    if (const size_t letters = spacedLetters(text, at + mayLead, end))
        return letters + mayLead;
    if (const size_t digit = numbers<1>(text, at, end))
        return digit;
    const auto others = [&](size_t from) { return runWithout(text, from, end, Space | Letter | Number); };
    if (const size_t found = spaced(text, at, end, others)) {
        const bool follows = at + found < end && (isNewline(text.code[at + found]) || text.code[at + found] == '/');
        return found + follows;
    }
    return whiteSpace(text, at, end);
}

} // namespace

/// 's|'t|'re|'ve|'m|'ll|'d
size_t contraction(const Characters &text, size_t at, size_t end, bool anyCase)
{
    if (text.code[at] != '\'' || at + 1 >= end)
        return 0;
    const uint32_t first = lowered(text.code[at + 1], anyCase);
    if (first == 's' || first == 't' || first == 'm' || first == 'd')
        return 2;
    if (at + 2 >= end)
        return 0;
    const uint32_t second = lowered(text.code[at + 2], anyCase);
    return ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l') ? 3 : 0;
}

size_t whiteSpace(const Characters &text, size_t at, size_t end)
{
    const size_t spaces = runOf(text, at, end, Space);
    for (size_t count = spaces; count > 0; --count) {
        if (isNewline(text.code[at + count - 1]))
            return count;
    }
    return at + spaces == end || spaces < 2 ? spaces : spaces - 1;
}

std::span<const Pattern> gpt2()
{
    static constexpr Pattern patterns[] = {{gpt2Word}};
    return patterns;
}

std::span<const Pattern> standard()
{
    static constexpr Pattern patterns[] = {{standardPunctuation}, {gpt2Word}, {numbers<SIZE_MAX>}, {threeDigits}};
    return patterns;
}

std::span<const Pattern> starcoder()
{
    static constexpr Pattern patterns[] = {{numbers<1>}, {gpt2Word}};
    return patterns;
}

std::span<const Pattern> llama3()
{
    static constexpr Pattern patterns[] = {{llamaWord<3>}};
    return patterns;
}

std::span<const Pattern> qwen2()
{
    static constexpr Pattern patterns[] = {{llamaWord<1>}};
    return patterns;
}

std::span<const Pattern> qwen35()
{
    static constexpr Pattern patterns[] = {{llamaWord<1, Letter | Mark>}};
    return patterns;
}

std::span<const Pattern> seedCoder()
{
    static constexpr Pattern patterns[] = {{llamaWord<1, Letter, false>}};
    return patterns;
}

std::span<const Pattern> exaoneMoe()
{
    static constexpr Pattern patterns[] = {{exaoneWord}};
    return patterns;
}

std::span<const Pattern> miniCpm5()
{
    static constexpr Pattern patterns[] = {{numbers<3>}, {llamaWord<SIZE_MAX>}};
    return patterns;
}

std::span<const Pattern> jais2()
{
    static constexpr Pattern patterns[] = {{llamaWord<3, Letter, true, steppedSpace>}};
    return patterns;
}

std::span<const Pattern> falcon()
{
    static constexpr Pattern patterns[] = {{falconPunctuation}, {gpt2Word}, {threeDigits}};
    return patterns;
}

std::span<const Pattern> bloom()
{
    static constexpr Pattern patterns[] = {{bloomWord}};
    return patterns;
}

std::span<const Pattern> viking()
{
    static constexpr Pattern patterns[] = {{bloomWord}, {numbers<1>}};
    return patterns;
}

std::span<const Pattern> lines()
{
    static constexpr Pattern patterns[] = {{line}};
    return patterns;
}

std::span<const Pattern> laguna()
{
    static constexpr Pattern patterns[] = {{line}, {llamaWord<1>}};
    return patterns;
}

} // namespace plimsoll::engine::words
