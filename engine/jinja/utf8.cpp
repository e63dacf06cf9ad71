// SPDX-License-Identifier: Apache-2.0
#include "utf8.h"

namespace plimsoll::engine::jinja {

namespace {

uint32_t decoded(std::string_view character)
{
    const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(character[i])); };
    switch (character.size()) {
    case 2: return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    case 3: return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    case 4: return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    default: return byte(0);
    }
}

/// Case of the alphabets that have one in common use: Latin, Greek, Cyrillic, Armenian. Simple mappings of Unicode's UnicodeData.txt.
struct CaseRange
{
    uint32_t first;   // of the capital letters
    uint32_t last;
    uint32_t toLower; // added; 1: capitals and small letters take turns
};
constexpr CaseRange caseRanges[] = {
    {'A', 'Z', 32}, {0xC0, 0xD6, 32}, {0xD8, 0xDE, 32}, {0x100, 0x12E, 1}, {0x132, 0x136, 1}, {0x139, 0x147, 1}, {0x14A, 0x176, 1},
    {0x179, 0x17D, 1}, {0x391, 0x3A1, 32}, {0x3A3, 0x3AB, 32}, {0x400, 0x40F, 80}, {0x410, 0x42F, 32}, {0x460, 0x480, 1}, {0x48A, 0x4BE, 1},
    {0x4D0, 0x52E, 1}, {0x531, 0x556, 48}, {0x1E00, 0x1E94, 1}, {0x1EA0, 0x1EFE, 1},
};

uint32_t toCase(uint32_t code, bool upper)
{
    for (const CaseRange &range : caseRanges) {
        const uint32_t first = range.first + (upper ? range.toLower : 0);
        const uint32_t last = range.last + (upper ? range.toLower : 0);
        if (code >= first && code <= last && (range.toLower != 1 || (code - first) % 2 == 0))
            return upper ? code - range.toLower : code + range.toLower;
    }
    return code;
}

std::string inCase(std::string_view text, bool upper)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::string_view character = text.substr(0, codePointBytes(text));
        const unsigned char first = static_cast<unsigned char>(character.front());
        if (character.size() == 1 && first >= 0x80)
            result += character;
        else
            appendCodePoint(result, toCase(decoded(character), upper));
        text.remove_prefix(character.size());
    }
    return result;
}

bool isWhiteSpace(std::string_view character)
{
    if (character.size() == 1)
        return isSpace(character.front()) || (character.front() >= 0x1C && character.front() <= 0x1F);
    const uint32_t code = decoded(character);
    return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029
        || code == 0x202F || code == 0x205F || code == 0x3000;
}

} // namespace

size_t codePointBytes(std::string_view text)
{
    const unsigned char first = static_cast<unsigned char>(text.front());
    const size_t length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
    if (length > text.size())
        return 1;
    for (size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80)
            return 1;
    }
    return length;
}

size_t codePoints(std::string_view text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size(); ++count)
        at += codePointBytes(text.substr(at));
    return count;
}

size_t codePointOffset(std::string_view text, size_t index)
{
    size_t at = 0;
    for (; index > 0 && at < text.size(); --index)
        at += codePointBytes(text.substr(at));
    return at;
}

void appendCodePoint(std::string &out, uint32_t codePoint)
{
    if (codePoint > 0x10FFFF || (codePoint >= 0xD800 && codePoint <= 0xDFFF))
        codePoint = 0xFFFD;
    if (codePoint < 0x80) {
        out += static_cast<char>(codePoint);
        return;
    }
    const uint32_t extra = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
    out += static_cast<char>((0xFF00u >> (extra + 1) & 0xFFu) | codePoint >> (6 * extra));
    for (uint32_t i = extra; i-- > 0;)
        out += static_cast<char>(0x80u | (codePoint >> (6 * i) & 0x3Fu));
}

std::string lowered(std::string_view text)
{
    return inCase(text, false);
}

std::string uppered(std::string_view text)
{
    return inCase(text, true);
}

std::string_view stripped(std::string_view text, bool left, bool right)
{
    while (left && !text.empty()) {
        const size_t bytes = codePointBytes(text);
        if (!isWhiteSpace(text.substr(0, bytes)))
            break;
        text.remove_prefix(bytes);
    }
    while (right && !text.empty()) {
        size_t begin = text.size() - 1;
        while (begin > 0 && text.size() - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
            --begin;
        if (codePointBytes(text.substr(begin)) != text.size() - begin)
            begin = text.size() - 1;
        if (!isWhiteSpace(text.substr(begin)))
            break;
        text.remove_suffix(text.size() - begin);
    }
    return text;
}

} // namespace plimsoll::engine::jinja
