// SPDX-License-Identifier: Apache-2.0
#include "escaped_space.h"

namespace plimsoll::engine {

namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

} // namespace

std::string withEscapedSpaces(std::string_view text)
{
    std::string result;
    result.reserve(text.size() + text.size() / 2 + escapedSpace.size());
    for (const char c : text) {
        if (c == ' ')
            result += escapedSpace;
        else
            result += c;
    }
    return result;
}

std::string withPlainSpaces(std::string_view text)
{
    std::string result;
    for (size_t at = 0; at < text.size();) {
        const bool space = text.substr(at, escapedSpace.size()) == escapedSpace;
        result += space ? ' ' : text[at];
        at += space ? escapedSpace.size() : 1;
    }
    return result;
}

std::string byteTokenName(uint8_t byte)
{
    return {'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'};
}

int byteOfTokenName(std::string_view name)
{
    if (name.size() != 6 || !name.starts_with("<0x") || name.back() != '>')
        return -1;
    const size_t high = digits.find(name[3]);
    const size_t low = digits.find(name[4]);
    return high == std::string_view::npos || low == std::string_view::npos ? -1 : static_cast<int>(high << 4 | low);
}

} // namespace plimsoll::engine
