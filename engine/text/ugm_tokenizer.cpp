// SPDX-License-Identifier: Apache-2.0
#include "ugm_tokenizer.h"

#include "escaped_space.h"
#include "unicode.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

constexpr double unknownPenalty = 10;   // below the worst token, as SentencePiece has it
constexpr double widestScore = 1e30;    // so that no sum is infinite or NaN

/// The best way to cut a text that ends at some place: its last token begins at `from`.
struct Step
{
    TokenId token = -1;
    size_t from = SIZE_MAX;   // nothing ends here yet
    double score = 0;

    void offer(const Step &other)
    {
        if (from == SIZE_MAX || other.score > score)
            *this = other;
    }
};

/// Tokens that a text may be cut into.
std::vector<TokenId> piecesOf(const Vocabulary &vocabulary)
{
    std::vector<TokenId> tokens = vocabulary.plainTokens();
    std::erase_if(tokens, [&](TokenId token) { return vocabulary.kind(token) == TokenKind::Undefined; });
    return tokens;
}

} // namespace

Result<std::unique_ptr<Tokenizer>> UgmTokenizer::make(const gguf::Header &header)
{
    auto vocabulary = Vocabulary::read(header, {.eos = 1, .unknown = 2, .addEos = true});
    if (!vocabulary)
        return vocabulary.error();
    auto map = CharacterMap::read(header);
    if (!map)
        return map.error();
    const auto merges = header.boolAt("tokenizer.ggml.remove_extra_whitespaces");
    if (!merges)
        return merges.error();
    return std::unique_ptr<Tokenizer>(std::make_unique<UgmTokenizer>(std::move(*vocabulary), std::move(*map), merges->value_or(false)));
}

UgmTokenizer::UgmTokenizer(Vocabulary source, CharacterMap map, bool mergesSpaces)
    : VocabularyTokenizer(std::move(source)), m_map(std::move(map)), m_pieces(vocabulary(), piecesOf(vocabulary())),
      m_mergesSpaces(mergesSpaces)
{
    double lowest = widestScore;
    for (TokenId token = 0; token < static_cast<TokenId>(vocabulary().size()); ++token) {
        if (vocabulary().kind(token) == TokenKind::Normal)
            lowest = std::min(lowest, scoreOf(token));
    }
    m_unknownScore = (lowest < widestScore ? lowest : 0) - unknownPenalty;
}

double UgmTokenizer::scoreOf(TokenId token) const
{
    return vocabulary().kind(token) == TokenKind::UserDefined
        ? 0 : std::clamp(static_cast<double>(vocabulary().score(token)), -widestScore, widestScore);
}

std::string UgmTokenizer::normalized(std::string_view text) const
{
    std::string result;
    bool space = false;   // one to write before what follows
    const auto add = [&](std::string_view part) {
        for (const char c : part) {
            if (m_mergesSpaces && c == ' ') {
                space = !result.empty();
                continue;
            }
            if (space || (result.empty() && vocabulary().spacePrefix()))
                result += ' ';
            space = false;
            result += c;
        }
    };
    while (!text.empty()) {
        const CharacterMap::Rule rule = m_map.find(text);
        const unicode::Decoded next = unicode::decode(text);
        add(rule.bytes > 0 ? rule.becomes : next.valid ? text.substr(0, next.length) : "\xef\xbf\xbd");
        text.remove_prefix(rule.bytes > 0 ? rule.bytes : next.length);
    }
    return withEscapedSpaces(result);
}

void UgmTokenizer::encodeText(std::string_view whole, std::vector<TokenId> &out) const
{
    const std::string text = normalized(whole);
    std::vector<Step> steps(text.size() + 1);   // by where they end
    steps[0].from = 0;
    for (size_t at = 0, bytes = 0; at < text.size(); at += bytes) {
        const std::string_view rest = std::string_view(text).substr(at);
        bytes = unicode::decode(rest).length;
        bool covered = false;
        const double before = steps[at].score;
        m_pieces.each(rest, [&](TokenId token, size_t length) {
            covered = covered || length == bytes;
            steps[at + length].offer({token, at, before + scoreOf(token)});
        });
        if (!covered)
            steps[at + bytes].offer({vocabulary().unknown(), at, before + m_unknownScore});
    }

    const std::ptrdiff_t begin = static_cast<std::ptrdiff_t>(out.size());
    for (size_t at = text.size(); at > 0; at = steps[at].from) {
        const TokenId token = steps[at].token;
        const bool unknown = token == vocabulary().unknown();
        if (token >= 0 && !(unknown && static_cast<std::ptrdiff_t>(out.size()) > begin && out.back() == token))
            out.push_back(token);
    }
    std::reverse(out.begin() + begin, out.end());
}

} // namespace plimsoll::engine
