// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plimsoll::engine {

/// GPT-2's way to write bytes as printable characters: printable Latin-1 stands for itself, the other 68 bytes in ascending order are
/// U+0100 and up.
uint32_t letterOfByte(uint8_t byte);
/// -1 where the character stands for no byte.
int byteOfLetter(uint32_t letter);

std::string lettersOfBytes(std::string_view bytes);
/// Characters that stand for no byte are kept as they are.
std::string bytesOfLetters(std::string_view letters);

} // namespace plimsoll::engine
