// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vocabulary_tokenizer.h"

#include <array>

namespace plimsoll::engine {

/// SentencePiece in its BPE form (tokenizer.ggml.model "llama"): characters are joined as long as the result is a token, best score
/// first; what is no token in the end falls back to tokens of single bytes.
class SpmTokenizer final : public VocabularyTokenizer
{
public:
    /// Errors: those of Vocabulary::read.
    static Result<std::unique_ptr<Tokenizer>> make(const gguf::Header &header);

    explicit SpmTokenizer(Vocabulary vocabulary);

    bool dropsLeadingSpace() const override { return vocabulary().spacePrefix(); }

protected:
    void encodeText(std::string_view text, std::vector<TokenId> &out) const override;

private:
    std::array<TokenId, 256> m_byteTokens;   // -1: none
};

} // namespace plimsoll::engine
