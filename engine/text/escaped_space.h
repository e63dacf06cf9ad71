// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The way SentencePiece writes tokens: U+2581 in place of spaces, and <0x0A> for tokens of single bytes.
namespace plimsoll::engine {

inline constexpr std::string_view escapedSpace = "\xe2\x96\x81";   // U+2581

std::string withEscapedSpaces(std::string_view text);
std::string withPlainSpaces(std::string_view text);

std::string byteTokenName(uint8_t byte);
/// -1 for what is no such name.
int byteOfTokenName(std::string_view name);

} // namespace plimsoll::engine
