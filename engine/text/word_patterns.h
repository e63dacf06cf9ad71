// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "unicode.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// The regular expressions of the pre-tokenizers as hand-written matchers. Each gives the number of characters that the expression
/// matches at `at`, 0 for none; nothing at or behind `end` is looked at, and `end` counts as the end of the text.
namespace plimsoll::engine::words {

/// A text taken apart once: character i has the bytes [offsets[i], offsets[i + 1]).
struct Characters
{
    explicit Characters(std::string_view text);

    std::vector<uint32_t> code;
    std::vector<uint8_t> flags;      // unicode::Flag
    std::vector<size_t> offsets;     // one more than characters
};

struct Pattern
{
    size_t (*match)(const Characters &text, size_t at, size_t end);
    bool whereSpaceBegins = false;   // inside white space it is not tried again: what fails at its first character fails at the others
};

/// The expressions one after another: each cuts the pieces that those before it left, into its matches and what lies between them.
std::span<const Pattern> gpt2();
std::span<const Pattern> standard();
std::span<const Pattern> starcoder();
std::span<const Pattern> llama3();
std::span<const Pattern> qwen2();
std::span<const Pattern> deepSeekLlm();
std::span<const Pattern> deepSeekCoder();
std::span<const Pattern> deepSeekV3();
std::span<const Pattern> afm();
std::span<const Pattern> qwen35();
std::span<const Pattern> seedCoder();
std::span<const Pattern> exaoneMoe();
std::span<const Pattern> miniCpm5();
std::span<const Pattern> jais2();
std::span<const Pattern> falcon();
std::span<const Pattern> bloom();
std::span<const Pattern> viking();
std::span<const Pattern> lines();
std::span<const Pattern> laguna();
std::span<const Pattern> gpt4o();
std::span<const Pattern> tekken();
std::span<const Pattern> kimiK2();
std::span<const Pattern> youtu();
std::span<const Pattern> tinyAya();

/// Characters from `at` on that satisfy `test(text, index)`, at most `most`.
template <typename Test>
size_t run(const Characters &text, size_t at, size_t end, Test test, size_t most = SIZE_MAX)
{
    size_t count = 0;
    while (at + count < end && count < most && test(text, at + count))
        ++count;
    return count;
}

/// Characters from `at` on that have one of the flags.
inline size_t runOf(const Characters &text, size_t at, size_t end, uint8_t flags, size_t most = SIZE_MAX)
{
    return run(text, at, end, [flags](const Characters &t, size_t i) { return (t.flags[i] & flags) != 0; }, most);
}

/// Characters from `at` on that have none of the flags.
inline size_t runWithout(const Characters &text, size_t at, size_t end, uint8_t flags)
{
    return run(text, at, end, [flags](const Characters &t, size_t i) { return (t.flags[i] & flags) == 0; });
}

inline bool isNewline(uint32_t code) { return code == '\r' || code == '\n'; }

inline size_t newlines(const Characters &text, size_t at, size_t end)
{
    return run(text, at, end, [](const Characters &t, size_t i) { return isNewline(t.code[i]); });
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

/// 's|'t|'re|'ve|'m|'ll|'d
size_t contraction(const Characters &text, size_t at, size_t end, bool anyCase);

/// \p{N}{1,Most}
template <size_t Most>
size_t numbers(const Characters &text, size_t at, size_t end)
{
    return runOf(text, at, end, unicode::Number, Most);
}

/// \s*[\r\n]+ | \s+(?!\S) | \s+
size_t whiteSpace(const Characters &text, size_t at, size_t end);

} // namespace plimsoll::engine::words
