// SPDX-License-Identifier: Apache-2.0
#include "bpe_tokenizer.h"

#include "byte_letters.h"
#include "escaped_space.h"
#include "unicode.h"

#include <algorithm>
#include <bit>
#include <queue>

namespace plimsoll::engine {

namespace {

constexpr TokenId joined = -2;   // a symbol that was merged into its left neighbour

struct Symbol
{
    TokenId token = -1;
    int32_t previous = -1;
    int32_t next = -1;
};

struct Candidate
{
    const MergeTable::Merge *merge = nullptr;
    int32_t left = 0;
    int32_t right = 0;

    bool operator<(const Candidate &other) const
    {
        return merge->rank > other.merge->rank || (merge->rank == other.merge->rank && left > other.left);
    }
};

/// Merges the bytes of one word after another, keeping its buffers.
class WordMerger
{
public:
    WordMerger(const MergeTable &merges, const std::array<TokenId, 256> &byteTokens) : m_merges(merges), m_byteTokens(byteTokens) {}

    /// Of the bytes of `word`.
    void merge(std::string_view word, std::vector<TokenId> &out)
    {
        m_symbols.clear();
        addBytes(word);
        mergeAll(out);
    }

    /// Of its characters; of the bytes of one that is no token.
    void mergeCharacters(std::string_view word, const Vocabulary &vocabulary, std::vector<TokenId> &out)
    {
        m_symbols.clear();
        while (!word.empty()) {
            const std::string_view character = word.substr(0, unicode::decode(word).length);
            if (const TokenId token = vocabulary.findPlain(character); token >= 0)
                m_symbols.push_back({token});
            else
                addBytes(character);
            word.remove_prefix(character.size());
        }
        mergeAll(out);
    }

private:
    void addBytes(std::string_view bytes)
    {
        for (const char byte : bytes)
            m_symbols.push_back({m_byteTokens[static_cast<uint8_t>(byte)]});
    }

    void mergeAll(std::vector<TokenId> &out)
    {
        const int32_t count = static_cast<int32_t>(m_symbols.size());
        for (int32_t i = 0; i < count; ++i) {
            symbol(i).previous = i - 1;
            symbol(i).next = i + 1 < count ? i + 1 : -1;
        }
        for (int32_t right = 1; right < count; ++right)
            consider(right - 1, right);
        while (!m_queue.empty()) {
            const Candidate best = m_queue.top();
            m_queue.pop();
            apply(best);
        }
        for (const Symbol &symbol : m_symbols) {
            if (symbol.token >= 0)
                out.push_back(symbol.token);
        }
    }

    Symbol &symbol(int32_t index) { return m_symbols[static_cast<size_t>(index)]; }

    void consider(int32_t left, int32_t right)
    {
        if (left < 0 || right < 0)
            return;
        if (const MergeTable::Merge *merge = m_merges.find(symbol(left).token, symbol(right).token))
            m_queue.push({merge, left, right});
    }

    void apply(const Candidate &candidate)
    {
        Symbol &left = symbol(candidate.left);
        Symbol &right = symbol(candidate.right);
        if (left.token != candidate.merge->left || right.token != candidate.merge->right)
            return;   // one of them has been merged otherwise
        left.token = candidate.merge->result;
        right.token = joined;
        left.next = right.next;
        if (right.next >= 0)
            symbol(right.next).previous = candidate.left;
        consider(left.previous, candidate.left);
        consider(candidate.left, left.next);
    }

    const MergeTable &m_merges;
    const std::array<TokenId, 256> &m_byteTokens;
    std::vector<Symbol> m_symbols;
    std::priority_queue<Candidate> m_queue;
};

} // namespace

MergeTable::MergeTable(const Vocabulary &vocabulary, const gguf::Array &merges)
    : m_slots(std::bit_ceil(static_cast<size_t>(merges.count()) * 3 / 2 + 2))
{
    std::string whole;
    for (uint64_t i = 0; i < std::min<uint64_t>(merges.count(), UINT32_MAX); ++i) {
        const std::string_view pair = merges.string(i);
        const size_t space = pair.find(' ', 1);
        if (space == std::string_view::npos)
            continue;
        whole.assign(pair.substr(0, space)).append(pair.substr(space + 1));
        const Merge merge{vocabulary.find(pair.substr(0, space)), vocabulary.find(pair.substr(space + 1)), vocabulary.find(whole),
            static_cast<uint32_t>(i)};
        if (merge.left < 0 || merge.right < 0 || merge.result < 0)
            continue;
        Merge &slot = m_slots[slotOf(merge.left, merge.right)];
        if (slot.left < 0)
            slot = merge;
    }
}

size_t MergeTable::slotOf(TokenId left, TokenId right) const
{
    const uint64_t key = static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
    const size_t mask = m_slots.size() - 1;
    size_t slot = static_cast<size_t>((key ^ key >> 29) * 0x9E3779B97F4A7C15u >> 20) & mask;
    while (m_slots[slot].left >= 0 && (m_slots[slot].left != left || m_slots[slot].right != right))
        slot = (slot + 1) & mask;
    return slot;
}

const MergeTable::Merge *MergeTable::find(TokenId left, TokenId right) const
{
    if (left < 0 || right < 0)
        return nullptr;
    const Merge &slot = m_slots[slotOf(left, right)];
    return slot.left >= 0 ? &slot : nullptr;
}

Result<std::unique_ptr<Tokenizer>> BpeTokenizer::make(const gguf::Header &header)
{
    const std::string path = header.parts.empty() ? std::string() : header.path();
    const auto preName = header.stringAt("tokenizer.ggml.pre");
    if (!preName)
        return preName.error();
    const auto model = header.stringAt("tokenizer.ggml.model");
    const bool gemma4 = model && *model == "gemma4";
    const std::string_view name = gemma4 ? "gemma4" : preName->value_or("default");
    const auto preTokenizer = preTokenizerNamed(name);
    if (!preTokenizer)
        return Error{ErrorCode::UnknownTokenizer, {std::string(name), preTokenizerNames()}};

    const auto merges = header.arrayAt("tokenizer.ggml.merges");
    if (!merges)
        return merges.error();
    if (!*merges)
        return Error{ErrorCode::GgufKeyMissing, {path, "tokenizer.ggml.merges"}};
    if ((*merges)->type() != gguf::ValueType::String && (*merges)->count() > 0)
        return Error{ErrorCode::GgufKeyType, {path, "tokenizer.ggml.merges"}};

    const Form form{*preTokenizer, takesWholeWords(name), *preTokenizer == PreTokenizer::Lines};
    const bool llama3 = *preTokenizer == PreTokenizer::Llama3 && form.wholeWords;
    auto vocabulary = Vocabulary::read(header, {.addBos = llama3 || *preTokenizer == PreTokenizer::Tekken || form.ofCharacters});
    if (!vocabulary)
        return vocabulary.error();
    return std::unique_ptr<Tokenizer>(std::make_unique<BpeTokenizer>(std::move(*vocabulary), **merges, form));
}

BpeTokenizer::BpeTokenizer(Vocabulary source, const gguf::Array &merges, const Form &form)
    : VocabularyTokenizer(std::move(source)), m_merges(vocabulary(), merges), m_form(form)
{
    for (size_t byte = 0; byte < 256; ++byte) {
        const char raw = static_cast<char>(byte);
        m_byteTokens[byte] = vocabulary().find(form.ofCharacters ? byteTokenName(static_cast<uint8_t>(byte)) : lettersOfBytes({&raw, 1}));
    }
}

/// The token that a word becomes without merges; -1 where it has to be merged.
TokenId BpeTokenizer::wholeWord(std::string_view word) const
{
    const bool newlines = m_form.ofCharacters && word.find_first_not_of('\n') == std::string_view::npos;   // runs of them are tokens
    if ((!m_form.wholeWords && !newlines) || word.size() > vocabulary().longest())
        return -1;
    return vocabulary().findPlain(newlines ? std::string(word) : lettersOfBytes(word));
}

void BpeTokenizer::encodeText(std::string_view text, std::vector<TokenId> &out) const
{
    WordMerger merger(m_merges, m_byteTokens);
    const std::string escaped = m_form.ofCharacters ? withEscapedSpaces(text) : std::string();
    for (const std::string_view word : splitWords(m_form.preTokenizer, m_form.ofCharacters ? escaped : text)) {
        if (const TokenId token = wholeWord(word); token >= 0)
            out.push_back(token);
        else if (m_form.ofCharacters)
            merger.mergeCharacters(word, vocabulary(), out);
        else
            merger.merge(word, out);
    }
}

std::string BpeTokenizer::bytesOf(TokenId token) const
{
    const std::string_view text = vocabulary().text(token);
    if (!m_form.ofCharacters)
        return bytesOfLetters(text);
    const int byte = byteOfTokenName(text);
    return byte >= 0 ? std::string(1, static_cast<char>(byte)) : withPlainSpaces(text);
}

} // namespace plimsoll::engine
