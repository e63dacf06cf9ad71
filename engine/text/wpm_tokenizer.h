// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "prefix_index.h"
#include "vocabulary_tokenizer.h"

namespace plimsoll::engine {

/// WordPiece as BERT uses it (tokenizer.ggml.model "bert"): the text is cleaned and cut into words at white space and around punctuation
/// and Chinese characters; each word becomes the longest tokens from its start, or as a whole the unknown token where that fails. Tokens
/// that begin a word have U+2581 in front. Source: Devlin et al. 2018, "BERT", and its published tokenizer.
class WpmTokenizer final : public VocabularyTokenizer
{
public:
    /// Characters of the longest word that is looked up; longer ones are unknown.
    static constexpr size_t longestWord = 100;

    struct Form
    {
        bool lowercase = true;
        bool stripAccents = true;
    };

    /// Errors: those of Vocabulary::read.
    static Result<std::unique_ptr<Tokenizer>> make(const gguf::Header &header);

    WpmTokenizer(Vocabulary vocabulary, const Form &form);

    bool dropsLeadingSpace() const override { return true; }

protected:
    void encodeText(std::string_view text, std::vector<TokenId> &out) const override;

private:
    /// Cleaned, and without accents and capitals where the form says so.
    std::u32string normalized(std::string_view text) const;
    void encodeWord(std::u32string_view word, std::vector<TokenId> &out) const;

    PrefixIndex m_pieces;
    Form m_form;
};

} // namespace plimsoll::engine
