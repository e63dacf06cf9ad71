// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Strings of the language are sequences of code points; here they are UTF-8. Bytes that are not UTF-8 count as one code point each.
namespace plimsoll::engine::jinja {

inline bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Bytes of the code point that `text`, not empty, begins with.
size_t codePointBytes(std::string_view text);
size_t codePoints(std::string_view text);
/// Where the code point number `index` begins; the end where there are fewer.
size_t codePointOffset(std::string_view text, size_t index);
/// U+FFFD for what is no scalar value.
void appendCodePoint(std::string &out, uint32_t codePoint);

std::string lowered(std::string_view text);
std::string uppered(std::string_view text);
/// Without white space at the ends, also that of Unicode.
std::string_view stripped(std::string_view text, bool left = true, bool right = true);

} // namespace plimsoll::engine::jinja
