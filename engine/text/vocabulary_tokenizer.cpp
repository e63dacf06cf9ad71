// SPDX-License-Identifier: Apache-2.0
#include "vocabulary_tokenizer.h"

#include "escaped_space.h"

namespace plimsoll::engine {

std::vector<TokenId> VocabularyTokenizer::encode(std::string_view text, const EncodeOptions &options) const
{
    std::vector<TokenId> tokens;
    if (options.addSpecial && m_vocabulary.addBos())
        tokens.push_back(m_vocabulary.bos());
    for (const Fragment &fragment : m_special.partition(text, options.parseSpecial)) {
        if (fragment.token >= 0)
            tokens.push_back(fragment.token);
        else
            encodeText(fragment.text, tokens);
    }
    if (options.addSpecial && m_vocabulary.addSeparator())
        tokens.push_back(m_vocabulary.separator());
    if (options.addSpecial && m_vocabulary.addEos())
        tokens.push_back(m_vocabulary.eos());
    return tokens;
}

std::string VocabularyTokenizer::decode(TokenId token, bool special) const
{
    if (!m_vocabulary.contains(token))
        return {};
    switch (m_vocabulary.kind(token)) {
    case TokenKind::Control:
    case TokenKind::Unknown:
        return special ? std::string(m_vocabulary.text(token)) : std::string();
    case TokenKind::UserDefined:
        return std::string(m_vocabulary.text(token));
    default:
        return bytesOf(token);
    }
}

std::string VocabularyTokenizer::bytesOf(TokenId token) const
{
    const std::string_view text = m_vocabulary.text(token);
    if (m_vocabulary.kind(token) != TokenKind::Byte)
        return withPlainSpaces(text);
    const int byte = byteOfTokenName(text);
    return byte >= 0 ? std::string(1, static_cast<char>(byte)) : text.size() == 1 ? std::string(text) : std::string();
}

} // namespace plimsoll::engine
