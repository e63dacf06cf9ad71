// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pre_tokenizer.h"
#include "special_tokens.h"

#include <array>

namespace plimsoll::engine {

/// The merges of a byte-pair vocabulary: two neighbouring tokens to their rank and the token they become.
class MergeTable
{
public:
    struct Merge
    {
        TokenId left = -1;
        TokenId right = -1;
        TokenId result = -1;
        uint32_t rank = 0;
    };

    /// Of merges of the same pair the first counts; one whose parts or result are no tokens is never possible and left out.
    MergeTable(const Vocabulary &vocabulary, const gguf::Array &merges);

    /// Null where the pair does not merge.
    const Merge *find(TokenId left, TokenId right) const;

private:
    size_t slotOf(TokenId left, TokenId right) const;

    std::vector<Merge> m_slots;   // open addressing, left -1: empty; a power of two
};

/// Byte-level BPE (tokenizer.ggml.model "gpt2"): the text is cut into words, each word's bytes are merged by rank. Token texts in the
/// file write every byte as one printable character.
class BpeTokenizer final : public Tokenizer
{
public:
    static Result<std::unique_ptr<Tokenizer>> make(const gguf::Header &header);

    BpeTokenizer(Vocabulary vocabulary, const gguf::Array &merges, PreTokenizer preTokenizer, bool wholeWords);

    std::vector<TokenId> encode(std::string_view text, const EncodeOptions &options) const override;
    std::string decode(TokenId token, bool special) const override;
    uint32_t vocabularySize() const override { return m_vocabulary.size(); }
    TokenId bos() const override { return m_vocabulary.bos(); }
    TokenId eos() const override { return m_vocabulary.eos(); }
    bool isEndOfGeneration(TokenId token) const override { return m_vocabulary.isEnd(token); }

private:
    Vocabulary m_vocabulary;
    SpecialTokens m_special;
    MergeTable m_merges;
    PreTokenizer m_preTokenizer;
    bool m_wholeWords;
    std::array<TokenId, 256> m_byteTokens;   // -1: none
};

} // namespace plimsoll::engine
