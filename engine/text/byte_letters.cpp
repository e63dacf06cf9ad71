// SPDX-License-Identifier: Apache-2.0
#include "byte_letters.h"

#include "unicode.h"

#include <array>

namespace plimsoll::engine {

namespace {

constexpr bool standsForItself(uint32_t byte)
{
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xFF && byte != 0xAD);
}

constexpr auto letters = [] {
    std::array<uint16_t, 256> table{};
    uint16_t next = 0x100;
    for (uint32_t byte = 0; byte < 256; ++byte)
        table[byte] = standsForItself(byte) ? static_cast<uint16_t>(byte) : next++;
    return table;
}();

constexpr auto bytesByLetter = [] {
    std::array<int16_t, 0x144> table{};
    table.fill(-1);
    for (uint32_t byte = 0; byte < 256; ++byte)
        table[letters[byte]] = static_cast<int16_t>(byte);
    return table;
}();

} // namespace

uint32_t letterOfByte(uint8_t byte)
{
    return letters[byte];
}

int byteOfLetter(uint32_t letter)
{
    return letter < bytesByLetter.size() ? bytesByLetter[letter] : -1;
}

std::string lettersOfBytes(std::string_view bytes)
{
    std::string result;
    result.reserve(bytes.size() * 2);
    for (const char byte : bytes)
        unicode::append(result, letterOfByte(static_cast<uint8_t>(byte)));
    return result;
}

std::string bytesOfLetters(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const unicode::Decoded next = unicode::decode(text);
        const int byte = next.valid ? byteOfLetter(next.codePoint) : -1;
        if (byte >= 0)
            result += static_cast<char>(byte);
        else
            result += text.substr(0, next.length);
        text.remove_prefix(next.length);
    }
    return result;
}

} // namespace plimsoll::engine
