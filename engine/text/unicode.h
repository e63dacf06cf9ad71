// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// UTF-8 and the few character properties that tokenizers ask for.
namespace plimsoll::engine::unicode {

/// General categories by their first letter, and White_Space; a code point has at most one category and any of them may be a space.
/// Letters may have a case too: Upper is Lu and Lt, Lower is Ll.
enum Flag : uint8_t { Letter = 1, Number = 2, Punctuation = 4, Symbol = 8, Mark = 16, Space = 32, Upper = 64, Lower = 128 };

/// Flags of a code point; 0 for control, unassigned and what is no code point.
uint8_t flags(uint32_t codePoint);

struct Decoded
{
    uint32_t codePoint = 0;
    uint32_t length = 1;   // bytes
    bool valid = true;     // false: bytes that begin no character, as many as one U+FFFD stands for (codePoint is that)
};

/// The character at the front of `text`, which is not empty. Overlong forms, surrogates and values above U+10FFFF are not valid.
Decoded decode(std::string_view text);

/// How many bytes at the end of `text` begin a character whose rest may still come: 0 to 3.
size_t incompleteTail(std::string_view text);

bool isValid(std::string_view text);

void append(std::string &out, uint32_t codePoint);

} // namespace plimsoll::engine::unicode
