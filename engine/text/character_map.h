// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/gguf/gguf.h>
#include <plimsoll/result/result.h>

#include <string_view>
#include <vector>

namespace plimsoll::engine {

/// The rules by which SentencePiece rewrites characters (key "precompiled_charsmap"): a double array, a trie whose nodes are 32-bit units
/// that say where their children are, and the texts that its leaves stand for. Any content is safe to ask.
/// Source: the format of the Darts-clone library; Kanda 2018, "Space- and time-efficient string dictionaries".
class CharacterMap
{
public:
    /// Limits against hostile maps, far above what Unicode's normal forms need: bytes of what is rewritten, and of what it becomes.
    static constexpr size_t longestFrom = 64;
    static constexpr size_t longestTo = 128;

    /// An empty map where the file has none. Errors: GgufKeyType, ModelInvalid.
    static Result<CharacterMap> read(const gguf::Header &header);

    struct Rule
    {
        size_t bytes = 0;            // of the text that is rewritten; 0: no rule begins here
        std::string_view becomes;
    };
    /// The rule for the longest possible start of a text.
    Rule find(std::string_view text) const;

private:
    std::vector<uint32_t> m_units;
    std::vector<char> m_texts;   // each ends with a zero, the last too
};

} // namespace plimsoll::engine
