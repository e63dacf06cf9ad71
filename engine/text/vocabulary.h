// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tokenizer.h"

#include <span>

namespace plimsoll::engine {

/// tokenizer.ggml.token_type, as GGUF numbers it.
enum class TokenKind : uint8_t { Undefined, Normal, Unknown, Control, UserDefined, Unused, Byte };

/// What a tokenizer family assumes where the file is silent.
struct VocabularyDefaults
{
    TokenId bos = -1;
    TokenId eos = -1;
    TokenId unknown = -1;
    TokenId separator = -1;
    bool addBos = false;
    bool addEos = false;
    bool addSeparator = false;
    bool spacePrefix = false;
};

/// The tokens of a file with what they are for; a copy, independent of the header. Of several tokens with one text the first counts.
class Vocabulary
{
public:
    /// Errors: GgufKeyMissing, GgufKeyType, GgufKeyRange, ModelInvalid (lists of different length, a special token out of range).
    static Result<Vocabulary> read(const gguf::Header &header, const VocabularyDefaults &defaults);

    uint32_t size() const { return static_cast<uint32_t>(m_kinds.size()); }
    bool contains(TokenId token) const { return token >= 0 && static_cast<size_t>(token) < m_kinds.size(); }
    std::string_view text(TokenId token) const;       // contains(token)
    TokenKind kind(TokenId token) const { return m_kinds[static_cast<size_t>(token)]; }
    /// Never NaN; 0 where the file has none.
    float score(TokenId token) const { return m_scores.empty() ? 0.0f : m_scores[static_cast<size_t>(token)]; }
    /// -1 where no token has this text.
    TokenId find(std::string_view text) const;
    /// The same, but never a token that plain text must not become: control, unknown, byte.
    TokenId findPlain(std::string_view text) const;
    /// Neither control nor unknown nor byte: what plain text may become.
    bool isPlain(TokenId token) const;
    /// All such, ascending.
    std::vector<TokenId> plainTokens() const;
    /// Longest text, bytes.
    size_t longest() const { return m_longest; }

    TokenId bos() const { return m_bos; }
    TokenId eos() const { return m_eos; }
    TokenId unknown() const { return m_unknown; }
    TokenId separator() const { return m_separator; }
    bool addBos() const { return m_addBos; }
    bool addEos() const { return m_addEos; }
    bool addSeparator() const { return m_addSeparator; }
    bool spacePrefix() const { return m_spacePrefix; }
    bool isEnd(TokenId token) const;
    /// Whether white space after this token in a text belongs to it (Phi-3).
    bool swallowsSpace(TokenId token) const;

private:
    Status readTokens(const gguf::Header &header);
    Status readScores(const gguf::Header &header);
    Status readKinds(const gguf::Header &header);
    Status readSpecial(const gguf::Header &header, const VocabularyDefaults &defaults);
    Status readFlags(const gguf::Header &header, const VocabularyDefaults &defaults);
    void findEnds();
    void index();

    std::vector<char> m_bytes;           // all texts, one after another
    std::vector<uint64_t> m_offsets;     // size() + 1
    std::vector<TokenKind> m_kinds;
    std::vector<float> m_scores;
    std::vector<TokenId> m_slots;        // open addressing by text, -1 empty; a power of two
    std::vector<TokenId> m_ends;         // ascending
    size_t m_longest = 0;
    TokenId m_bos = -1;
    TokenId m_eos = -1;
    TokenId m_unknown = -1;
    TokenId m_separator = -1;
    bool m_addBos = false;
    bool m_addEos = false;
    bool m_addSeparator = false;
    bool m_spacePrefix = false;
    bool m_swallowsSpace = false;
};

} // namespace plimsoll::engine
