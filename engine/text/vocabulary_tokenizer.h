// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "special_tokens.h"

namespace plimsoll::engine {

/// What all tokenizers share: a vocabulary, the special tokens that are taken out of a text first, and the tokens that a vocabulary
/// wants around it. Token texts are read back as SentencePiece writes them, unless a family says otherwise.
class VocabularyTokenizer : public Tokenizer
{
public:
    explicit VocabularyTokenizer(Vocabulary vocabulary) : m_vocabulary(std::move(vocabulary)), m_special(m_vocabulary) {}

    std::vector<TokenId> encode(std::string_view text, const EncodeOptions &options) const final;
    std::string decode(TokenId token, bool special) const final;
    uint32_t vocabularySize() const final { return m_vocabulary.size(); }
    TokenId bos() const final { return m_vocabulary.bos(); }
    TokenId eos() const final { return m_vocabulary.eos(); }
    bool isEndOfGeneration(TokenId token) const final { return m_vocabulary.isEnd(token); }

protected:
    const Vocabulary &vocabulary() const { return m_vocabulary; }

    /// Appends the tokens of a text without special tokens: the whole, or what stands before, between and behind them.
    virtual void encodeText(std::string_view text, std::vector<TokenId> &out) const = 0;
    /// The bytes of a token that is neither control, unknown nor user-defined.
    virtual std::string bytesOf(TokenId token) const;

private:
    const Vocabulary m_vocabulary;
    const SpecialTokens m_special;
};

} // namespace plimsoll::engine
