// SPDX-License-Identifier: Apache-2.0
#include "wpm_tokenizer.h"

#include "escaped_space.h"
#include "unicode.h"
#include "unicode_forms.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

bool isSpace(char32_t character)
{
    return unicode::flags(character) & unicode::Space;
}

/// What carries no text: control, format and unassigned characters, and the sign for broken bytes. Tab and line ends are space.
bool isDropped(char32_t character)
{
    if (character == '\t' || character == '\n' || character == '\r')
        return false;
    return character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0xFFFD || unicode::flags(character) == 0;
}

/// Characters that are written without spaces between words: those of the blocks named CJK Unified or Compatibility Ideographs.
bool isChinese(char32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

/// Whether a character is a word of its own: Unicode's punctuation, and all that ASCII has beside letters and digits.
bool standsAlone(char32_t character)
{
    const uint8_t flags = unicode::flags(character);
    return (flags & unicode::Punctuation) || (character < 0x80 && (flags & unicode::Symbol)) || isChinese(character);
}

} // namespace

Result<std::unique_ptr<Tokenizer>> WpmTokenizer::make(const gguf::Header &header)
{
    auto vocabulary = Vocabulary::read(header, {.bos = 101, .unknown = 100, .separator = 102, .addBos = true, .addSeparator = true});
    if (!vocabulary)
        return vocabulary.error();
    const auto lowercase = header.boolAt("tokenizer.ggml.normalizer.lowercase");
    if (!lowercase)
        return lowercase.error();
    const auto stripAccents = header.boolAt("tokenizer.ggml.normalizer.strip_accents");
    if (!stripAccents)
        return stripAccents.error();
    const bool lower = lowercase->value_or(true);
    const Form form{lower, stripAccents->value_or(lower)};
    return std::unique_ptr<Tokenizer>(std::make_unique<WpmTokenizer>(std::move(*vocabulary), form));
}

WpmTokenizer::WpmTokenizer(Vocabulary source, const Form &form)
    : VocabularyTokenizer(std::move(source)), m_pieces(vocabulary(), vocabulary().plainTokens()), m_form(form)
{
}

void WpmTokenizer::encodeText(std::string_view text, std::vector<TokenId> &out) const
{
    const std::u32string characters = normalized(text);
    const std::u32string_view all = characters;
    for (size_t at = 0; at < all.size();) {
        size_t end = at + 1;
        if (!isSpace(all[at]) && !standsAlone(all[at])) {
            while (end < all.size() && !isSpace(all[end]) && !standsAlone(all[end]))
                ++end;
        }
        if (!isSpace(all[at]))
            encodeWord(all.substr(at, end - at), out);
        at = end;
    }
}

std::u32string WpmTokenizer::normalized(std::string_view text) const
{
    std::u32string result;
    std::u32string parts;
    for (unicode::Decoded next; !text.empty(); text.remove_prefix(next.length)) {
        next = unicode::decode(text);
        if (isDropped(next.codePoint))
            continue;
        parts.clear();
        if (m_form.stripAccents)
            unicode::appendDecomposed(parts, next.codePoint);
        else
            parts += static_cast<char32_t>(next.codePoint);
        for (const char32_t part : parts) {
            if (m_form.stripAccents && unicode::isNonspacingMark(part))
                continue;
            if (m_form.lowercase)
                unicode::appendLower(result, part);
            else
                result += part;
        }
    }
    return result;
}

void WpmTokenizer::encodeWord(std::u32string_view word, std::vector<TokenId> &out) const
{
    const size_t before = out.size();
    std::string bytes(escapedSpace);
    for (const char32_t character : word.substr(0, longestWord))
        unicode::append(bytes, character);
    std::string_view rest = word.size() > longestWord ? std::string_view() : bytes;
    while (!rest.empty()) {
        const PrefixIndex::Match match = m_pieces.longestOf(rest);
        if (match.token < 0)
            break;
        out.push_back(match.token);
        rest.remove_prefix(match.bytes);
    }
    if (rest.empty() && out.size() > before)
        return;
    out.resize(before);
    if (vocabulary().unknown() >= 0)
        out.push_back(vocabulary().unknown());
}

} // namespace plimsoll::engine
