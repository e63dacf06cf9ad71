// SPDX-License-Identifier: Apache-2.0
#include "unicode.h"

#include "unicode_table.h"

#include <algorithm>

namespace plimsoll::engine::unicode {

namespace {

/// What a first byte promises (Unicode standard, table 3-7): the length, and the range of the second byte.
struct Lead
{
    uint32_t length = 0;   // 0: no character starts so
    uint8_t low = 0x80;
    uint8_t high = 0xBF;
};

Lead lead(uint8_t byte)
{
    if (byte < 0x80)
        return {1};
    if (byte < 0xC2 || byte > 0xF4)
        return {0};
    if (byte < 0xE0)
        return {2};
    if (byte < 0xF0)
        return {3, uint8_t(byte == 0xE0 ? 0xA0 : 0x80), uint8_t(byte == 0xED ? 0x9F : 0xBF)};
    return {4, uint8_t(byte == 0xF0 ? 0x90 : 0x80), uint8_t(byte == 0xF4 ? 0x8F : 0xBF)};
}

/// Bytes of `text`, at most `first.length`, that fit the sequence `first` announces.
uint32_t fitting(std::string_view text, const Lead &first)
{
    const uint32_t available = static_cast<uint32_t>(std::min<size_t>(text.size(), first.length));
    uint32_t count = 1;   // the first byte, whatever it is
    for (; count < available; ++count) {
        const uint8_t byte = static_cast<uint8_t>(text[count]);
        if (byte < (count == 1 ? first.low : 0x80) || byte > (count == 1 ? first.high : 0xBF))
            break;
    }
    return count;
}

} // namespace

uint8_t flags(uint32_t codePoint)
{
    if (codePoint < asciiFlags.size())
        return asciiFlags[codePoint];
    if (codePoint > 0x10FFFF)
        return 0;
    const auto after = std::upper_bound(rangeStarts.begin(), rangeStarts.end(), codePoint << 8 | 0xFF);
    return static_cast<uint8_t>(*(after - 1));
}

Decoded decode(std::string_view text)
{
    const uint8_t first = static_cast<uint8_t>(text.front());
    const Lead announced = lead(first);
    if (announced.length == 1)
        return {first, 1, true};
    const uint32_t fits = fitting(text, announced);
    if (announced.length == 0 || fits < announced.length)
        return {0xFFFD, fits, false};
    uint32_t codePoint = first & (0x7Fu >> announced.length);
    for (uint32_t i = 1; i < announced.length; ++i)
        codePoint = codePoint << 6 | (static_cast<uint8_t>(text[i]) & 0x3Fu);
    return {codePoint, announced.length, true};
}

size_t incompleteTail(std::string_view text)
{
    for (size_t tail = 1; tail <= std::min<size_t>(3, text.size()); ++tail) {
        const std::string_view end = text.substr(text.size() - tail);
        const Lead announced = lead(static_cast<uint8_t>(end.front()));
        if (announced.length > tail && fitting(end, announced) == tail)
            return tail;
    }
    return 0;
}

bool isValid(std::string_view text)
{
    while (!text.empty()) {
        const Decoded next = decode(text);
        if (!next.valid)
            return false;
        text.remove_prefix(next.length);
    }
    return true;
}

void append(std::string &out, uint32_t codePoint)
{
    if (codePoint < 0x80) {
        out += static_cast<char>(codePoint);
        return;
    }
    const uint32_t extra = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
    out += static_cast<char>((0xFF00u >> (extra + 1) & 0xFFu) | codePoint >> (6 * extra));
    for (uint32_t i = extra; i-- > 0;)
        out += static_cast<char>(0x80u | (codePoint >> (6 * i) & 0x3Fu));
}

} // namespace plimsoll::engine::unicode
