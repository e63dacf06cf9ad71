// SPDX-License-Identifier: Apache-2.0
#include "bpe_tokenizer.h"

#include "byte_letters.h"

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
    explicit WordMerger(const MergeTable &merges) : m_merges(merges) {}

    void merge(std::string_view word, const std::array<TokenId, 256> &byteTokens, std::vector<TokenId> &out)
    {
        const int32_t count = static_cast<int32_t>(word.size());
        m_symbols.clear();
        for (int32_t i = 0; i < count; ++i)
            m_symbols.push_back({byteTokens[static_cast<uint8_t>(word[static_cast<size_t>(i)])], i - 1, i + 1 < count ? i + 1 : -1});
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

private:
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
    const std::string_view name = preName->value_or("default");
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

    const bool llama3 = *preTokenizer == PreTokenizer::Llama3 && takesWholeWords(name);
    auto vocabulary = Vocabulary::read(header, {.addBos = llama3});
    if (!vocabulary)
        return vocabulary.error();
    return std::unique_ptr<Tokenizer>(
        std::make_unique<BpeTokenizer>(std::move(*vocabulary), **merges, *preTokenizer, takesWholeWords(name)));
}

BpeTokenizer::BpeTokenizer(Vocabulary vocabulary, const gguf::Array &merges, PreTokenizer preTokenizer, bool wholeWords)
    : m_vocabulary(std::move(vocabulary)), m_special(m_vocabulary), m_merges(m_vocabulary, merges), m_preTokenizer(preTokenizer),
      m_wholeWords(wholeWords)
{
    for (size_t byte = 0; byte < 256; ++byte) {
        const char raw = static_cast<char>(byte);
        m_byteTokens[byte] = m_vocabulary.find(lettersOfBytes({&raw, 1}));
    }
}

std::vector<TokenId> BpeTokenizer::encode(std::string_view text, const EncodeOptions &options) const
{
    std::vector<TokenId> tokens;
    if (options.addSpecial && m_vocabulary.addBos())
        tokens.push_back(m_vocabulary.bos());
    WordMerger merger(m_merges);
    for (const Fragment &fragment : m_special.partition(text, options.parseSpecial)) {
        if (fragment.token >= 0) {
            tokens.push_back(fragment.token);
            continue;
        }
        for (const std::string_view word : splitWords(m_preTokenizer, fragment.text)) {
            const TokenId whole = m_wholeWords && word.size() <= m_vocabulary.longest() ? m_vocabulary.findPlain(lettersOfBytes(word)) : -1;
            if (whole >= 0)
                tokens.push_back(whole);
            else
                merger.merge(word, m_byteTokens, tokens);
        }
    }
    if (options.addSpecial && m_vocabulary.addEos())
        tokens.push_back(m_vocabulary.eos());
    return tokens;
}

std::string BpeTokenizer::decode(TokenId token, bool special) const
{
    if (!m_vocabulary.contains(token))
        return {};
    const std::string_view text = m_vocabulary.text(token);
    switch (m_vocabulary.kind(token)) {
    case TokenKind::Control:
    case TokenKind::Unknown:
        return special ? std::string(text) : std::string();
    case TokenKind::UserDefined:
        return std::string(text);
    default:
        return bytesOfLetters(text);
    }
}

} // namespace plimsoll::engine
