// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "character_map.h"
#include "prefix_index.h"
#include "vocabulary_tokenizer.h"

namespace plimsoll::engine {

/// SentencePiece in its unigram form (tokenizer.ggml.model "t5"): the text is rewritten by a character map, and cut so that the scores of
/// its tokens have the greatest sum. Characters that no token covers become the unknown token, one for a run of them.
/// Source: Kudo 2018, "Subword regularization".
class UgmTokenizer final : public VocabularyTokenizer
{
public:
    /// Errors: those of Vocabulary::read and CharacterMap::read.
    static Result<std::unique_ptr<Tokenizer>> make(const gguf::Header &header);

    UgmTokenizer(Vocabulary vocabulary, CharacterMap map, bool mergesSpaces);

    bool dropsLeadingSpace() const override { return vocabulary().spacePrefix(); }

protected:
    void encodeText(std::string_view text, std::vector<TokenId> &out) const override;

private:
    /// Rewritten; with U+2581 for spaces, of which several in a row and those at the ends count as the file says.
    std::string normalized(std::string_view text) const;
    double scoreOf(TokenId token) const;

    CharacterMap m_map;
    PrefixIndex m_pieces;
    bool m_mergesSpaces;
    double m_unknownScore;
};

} // namespace plimsoll::engine
