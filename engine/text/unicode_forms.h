// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

/// What a text is brought to before it is compared: lower case, and letters apart from their accents.
namespace plimsoll::engine::unicode {

/// Appends the lower case of a character; itself where it has none.
void appendLower(std::u32string &out, char32_t character);

/// Appends the canonical decomposition (Unicode's form NFD, without putting several marks in order); itself where it has none.
void appendDecomposed(std::u32string &out, char32_t character);

/// Category Mn: marks that stand above or below a letter.
bool isNonspacingMark(char32_t character);

} // namespace plimsoll::engine::unicode
