// SPDX-License-Identifier: Apache-2.0
#include "word_patterns.h"

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

/// An optional space, then what `count(start)` counts, at least one.
template <typename Count>
size_t spaced(const Characters &text, size_t at, size_t end, Count count)
{
    if (text.code[at] == ' ' && at + 1 < end) {
        if (const size_t found = count(at + 1))
            return found + 1;
    }
    return count(at);
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

/// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
template <size_t Digits>
size_t llamaWord(const Characters &text, size_t at, size_t end)
{
    if (const size_t found = contraction(text, at, end, true))
        return found;
    const bool mayLead = !isNewline(text.code[at]) && !(text.flags[at] & (Letter | Number));
    if (const size_t letters = runOf(text, at + mayLead, end, Letter))
        return letters + mayLead;
    if (const size_t digits = runOf(text, at, end, Number, Digits))
        return digits;
    const auto others = [&](size_t from) { return runWithout(text, from, end, Space | Letter | Number); };
    if (const size_t found = spaced(text, at, end, others))
        return found + newlines(text, at + found, end);
    return whiteSpace(text, at, end);
}

/// \p{N}
size_t oneNumber(const Characters &text, size_t at, size_t end)
{
    return runOf(text, at, end, Number, 1);
}

/// \p{N}+
size_t numbers(const Characters &text, size_t at, size_t end)
{
    return runOf(text, at, end, Number);
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

} // namespace

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
    static constexpr Pattern patterns[] = {{standardPunctuation}, {gpt2Word}, {numbers}, {threeDigits}};
    return patterns;
}

std::span<const Pattern> starcoder()
{
    static constexpr Pattern patterns[] = {{oneNumber}, {gpt2Word}};
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

} // namespace plimsoll::engine::words
