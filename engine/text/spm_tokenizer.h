// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "special_tokens.h"

#include <array>

namespace plimsoll::engine {

/// SentencePiece in its BPE form (tokenizer.ggml.model "llama"): characters are joined as long as the result is a token, best score
/// first; what is no token in the end falls back to tokens of single bytes.
class SpmTokenizer final : public Tokenizer
{
public:
    static VocabularyDefaults defaults();

    explicit SpmTokenizer(Vocabulary vocabulary);

    std::vector<TokenId> encode(std::string_view text, const EncodeOptions &options) const override;
    std::string decode(TokenId token, bool special) const override;
    uint32_t vocabularySize() const override { return m_vocabulary.size(); }
    TokenId bos() const override { return m_vocabulary.bos(); }
    TokenId eos() const override { return m_vocabulary.eos(); }
    bool isEndOfGeneration(TokenId token) const override { return m_vocabulary.isEnd(token); }
    bool dropsLeadingSpace() const override { return m_vocabulary.spacePrefix(); }

private:
    void encodeText(std::string_view text, bool prefix, std::vector<TokenId> &out) const;

    Vocabulary m_vocabulary;
    SpecialTokens m_special;
    std::array<TokenId, 256> m_byteTokens;   // -1: none
};

} // namespace plimsoll::engine
