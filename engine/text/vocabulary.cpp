// SPDX-License-Identifier: Apache-2.0
#include "vocabulary.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace plimsoll::engine {

namespace {

const char tokensKey[] = "tokenizer.ggml.tokens";
const char scoresKey[] = "tokenizer.ggml.scores";
const char kindsKey[] = "tokenizer.ggml.token_type";

/// Texts by which the families of models end an answer, whatever type the file gives them.
constexpr std::string_view endTexts[] = {
    "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>",
    "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<end_of_utterance>", "<\xef\xbd\x9c" "end\xe2\x96\x81of\xe2\x96\x81sentence\xef\xbd\x9c>",
    "</s>", "<eos>", "<|fim_pad|>", "<|fim_repo|>", "<|repo_name|>", "<|file_sep|>",
    "<|flush|>", "<|calls|>", "<turn|>", "<|tool_response>", "[e~[",
};

const std::string &pathOf(const gguf::Header &header)
{
    static const std::string none;
    return header.parts.empty() ? none : header.path();
}

/// A list of the file with its element type checked; null where it is absent.
Result<const gguf::Array *> listAt(const gguf::Header &header, const char *key, bool strings)
{
    auto list = header.arrayAt(key);
    if (list && *list && ((*list)->type() == gguf::ValueType::String) != strings)
        return Error{ErrorCode::GgufKeyType, {pathOf(header), key}};
    if (list && *list && (*list)->type() == gguf::ValueType::Array)
        return Error{ErrorCode::GgufKeyType, {pathOf(header), key}};
    return list;
}

/// A token id of the file; `otherwise` where it is silent, -1 where it says that there is none.
Result<TokenId> idAt(const gguf::Header &header, const std::string &key, TokenId otherwise, uint32_t size)
{
    const gguf::Value *value = header.find(key);
    if (!value)
        return otherwise >= 0 && static_cast<uint32_t>(otherwise) < size ? otherwise : -1;
    if (const int64_t *negative = std::get_if<int64_t>(value); negative && *negative == -1)
        return -1;
    auto id = header.unsignedAt(key);
    if (!id)
        return id.error();
    if (**id == UINT32_MAX)
        return -1;
    if (**id >= size)
        return Error{ErrorCode::ModelInvalid, {key, std::to_string(**id)}};
    return static_cast<TokenId>(**id);
}

} // namespace

Result<Vocabulary> Vocabulary::read(const gguf::Header &header, const VocabularyDefaults &defaults)
{
    Vocabulary vocabulary;
    for (const auto step : {&Vocabulary::readTokens, &Vocabulary::readScores, &Vocabulary::readKinds}) {
        if (Status status = (vocabulary.*step)(header); !status)
            return status.error();
    }
    vocabulary.index();
    for (const auto step : {&Vocabulary::readSpecial, &Vocabulary::readFlags}) {
        if (Status status = (vocabulary.*step)(header, defaults); !status)
            return status.error();
    }
    return vocabulary;
}

Status Vocabulary::readTokens(const gguf::Header &header)
{
    const auto list = listAt(header, tokensKey, true);
    if (!list)
        return list.error();
    if (!*list)
        return Error{ErrorCode::GgufKeyMissing, {pathOf(header), tokensKey}};
    const gguf::Array &tokens = **list;
    if (tokens.count() == 0 || tokens.count() > static_cast<uint64_t>(std::numeric_limits<TokenId>::max()))
        return Error{ErrorCode::GgufKeyRange, {pathOf(header), tokensKey, std::to_string(tokens.count())}};

    m_offsets.reserve(tokens.count() + 1);
    for (uint64_t i = 0; i < tokens.count(); ++i) {
        const std::string_view text = tokens.string(i);
        m_offsets.push_back(m_bytes.size());
        m_bytes.insert(m_bytes.end(), text.begin(), text.end());
        m_longest = std::max(m_longest, text.size());
    }
    m_offsets.push_back(m_bytes.size());
    m_kinds.assign(tokens.count(), TokenKind::Normal);
    return {};
}

Status Vocabulary::readScores(const gguf::Header &header)
{
    const auto list = listAt(header, scoresKey, false);
    if (!list)
        return list.error();
    if (!*list)
        return {};
    const gguf::Array &scores = **list;
    if (scores.count() != size())
        return Error{ErrorCode::ModelInvalid, {scoresKey, std::to_string(scores.count())}};
    m_scores.resize(size());
    for (uint32_t i = 0; i < size(); ++i) {
        const float score = static_cast<float>(scores.real(i));
        m_scores[i] = std::isnan(score) ? -std::numeric_limits<float>::infinity() : score;
    }
    return {};
}

Status Vocabulary::readKinds(const gguf::Header &header)
{
    const auto list = listAt(header, kindsKey, false);
    if (!list)
        return list.error();
    if (!*list)
        return {};
    const gguf::Array &kinds = **list;
    if (kinds.count() != size())
        return Error{ErrorCode::ModelInvalid, {kindsKey, std::to_string(kinds.count())}};
    for (uint32_t i = 0; i < size(); ++i) {
        const int64_t kind = kinds.integer(i);
        m_kinds[i] = kind >= 0 && kind <= 6 ? static_cast<TokenKind>(kind) : TokenKind::Undefined;
    }
    return {};
}

Status Vocabulary::readSpecial(const gguf::Header &header, const VocabularyDefaults &defaults)
{
    struct Special
    {
        const char *name;
        TokenId otherwise;
        TokenId *place;   // null: only an end token
    };
    TokenId turn = -1;
    TokenId message = -1;
    for (const Special &special : {Special{"bos", defaults.bos, &m_bos}, Special{"eos", defaults.eos, &m_eos},
             Special{"unknown", defaults.unknown, &m_unknown}, Special{"seperator", defaults.separator, &m_separator},   // spelled so
             Special{"eot", -1, &turn}, Special{"eom", -1, &message}}) {
        const auto id = idAt(header, std::string("tokenizer.ggml.") + special.name + "_token_id", special.otherwise, size());
        if (!id)
            return id.error();
        *special.place = *id;
    }
    m_ends = {m_eos, turn, message};
    findEnds();
    return {};
}

Status Vocabulary::readFlags(const gguf::Header &header, const VocabularyDefaults &defaults)
{
    struct FlagKey
    {
        const char *name;
        bool otherwise;
        bool *place;
    };
    for (const FlagKey &flag : {FlagKey{"tokenizer.ggml.add_bos_token", defaults.addBos, &m_addBos},
             FlagKey{"tokenizer.ggml.add_eos_token", defaults.addEos, &m_addEos},
             FlagKey{"tokenizer.ggml.add_sep_token", defaults.addSeparator, &m_addSeparator},
             FlagKey{"tokenizer.ggml.add_space_prefix", defaults.spacePrefix, &m_spacePrefix}}) {
        const auto value = header.boolAt(flag.name);
        if (!value)
            return value.error();
        *flag.place = value->value_or(flag.otherwise);
    }
    m_addBos = m_addBos && m_bos >= 0;
    m_addEos = m_addEos && m_eos >= 0;
    m_addSeparator = m_addSeparator && m_separator >= 0;

    const auto name = header.stringAt("general.name");
    std::string lower(name && *name ? **name : std::string_view());
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    m_swallowsSpace = lower.find("phi-3") != std::string::npos || lower.find("phi3") != std::string::npos;
    return {};
}

void Vocabulary::findEnds()
{
    for (const std::string_view endText : endTexts) {
        const TokenId token = find(endText);
        if (token < 0)
            continue;
        m_ends.push_back(token);
        m_kinds[static_cast<size_t>(token)] = TokenKind::Control;
    }
    // The channel markup of gpt-oss ends messages inside an answer with <|end|>.
    if ((find("<|return|>") >= 0 && find("<|call|>") >= 0) || (find("<|calls|>") >= 0 && find("<|flush|>") >= 0))
        std::erase(m_ends, find("<|end|>"));
    // Gemma 4 has </s> as a mark of HTML.
    if (find("<|tool_response>") >= 0 && find("</s>") != m_eos)
        std::erase(m_ends, find("</s>"));
    std::erase(m_ends, -1);
    std::sort(m_ends.begin(), m_ends.end());
    m_ends.erase(std::unique(m_ends.begin(), m_ends.end()), m_ends.end());
}

void Vocabulary::index()
{
    m_slots.assign(std::bit_ceil(static_cast<size_t>(size()) * 2), -1);
    const size_t mask = m_slots.size() - 1;
    for (TokenId token = 0; token < static_cast<TokenId>(size()); ++token) {
        size_t slot = std::hash<std::string_view>()(text(token)) & mask;
        while (m_slots[slot] >= 0 && text(m_slots[slot]) != text(token))
            slot = (slot + 1) & mask;
        if (m_slots[slot] < 0)
            m_slots[slot] = token;
    }
}

std::string_view Vocabulary::text(TokenId token) const
{
    const size_t at = static_cast<size_t>(token);
    return {m_bytes.data() + m_offsets[at], static_cast<size_t>(m_offsets[at + 1] - m_offsets[at])};
}

TokenId Vocabulary::find(std::string_view wanted) const
{
    if (wanted.empty() || wanted.size() > m_longest)
        return -1;
    const size_t mask = m_slots.size() - 1;
    size_t slot = std::hash<std::string_view>()(wanted) & mask;
    while (m_slots[slot] >= 0 && text(m_slots[slot]) != wanted)
        slot = (slot + 1) & mask;
    return m_slots[slot];
}

TokenId Vocabulary::findPlain(std::string_view wanted) const
{
    const TokenId token = find(wanted);
    return token >= 0 && isPlain(token) ? token : -1;
}

bool Vocabulary::isPlain(TokenId token) const
{
    return kind(token) != TokenKind::Control && kind(token) != TokenKind::Unknown && kind(token) != TokenKind::Byte;
}

std::vector<TokenId> Vocabulary::plainTokens() const
{
    std::vector<TokenId> tokens;
    for (TokenId token = 0; token < static_cast<TokenId>(size()); ++token) {
        if (isPlain(token))
            tokens.push_back(token);
    }
    return tokens;
}

bool Vocabulary::isEnd(TokenId token) const
{
    return std::binary_search(m_ends.begin(), m_ends.end(), token);
}

bool Vocabulary::swallowsSpace(TokenId token) const
{
    if (!m_swallowsSpace)
        return false;
    const std::string_view name = text(token);
    return name != "<unk>" && name != "<s>" && name != "<|endoftext|>";
}

} // namespace plimsoll::engine
