// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pre_tokenizer.h"
#include "vocabulary_tokenizer.h"

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

/// BPE by rank (tokenizer.ggml.model "gpt2"): the text is cut into words, each word's bytes are merged. Token texts in the file write
/// every byte as one printable character. In Gemma 4's form ("gemma4") characters are merged instead, token texts are as they stand but
/// for U+2581 in place of spaces, and a character that is no token becomes tokens of its bytes.
class BpeTokenizer final : public VocabularyTokenizer
{
public:
    static Result<std::unique_ptr<Tokenizer>> make(const gguf::Header &header);

    struct Form
    {
        PreTokenizer preTokenizer = PreTokenizer::Default;
        bool wholeWords = false;
        bool ofCharacters = false;   // Gemma 4's form
    };
    BpeTokenizer(Vocabulary vocabulary, const gguf::Array &merges, const Form &form);

protected:
    void encodeText(std::string_view text, std::vector<TokenId> &out) const override;
    std::string bytesOf(TokenId token) const override;

private:
    TokenId wholeWord(std::string_view word) const;

    MergeTable m_merges;
    Form m_form;
    std::array<TokenId, 256> m_byteTokens;   // -1: none
};

} // namespace plimsoll::engine
