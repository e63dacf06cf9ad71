// SPDX-License-Identifier: Apache-2.0
#include "spm_tokenizer.h"

#include "escaped_space.h"
#include "unicode.h"

#include <queue>

namespace plimsoll::engine {

namespace {

/// A run of characters of the text; runs are a doubly linked list, and one of no bytes was joined to its left.
struct Symbol
{
    uint32_t previous = 0;
    uint32_t next = 0;
    size_t at = 0;
    size_t bytes = 0;
};

struct Join
{
    float score = 0;
    uint32_t left = 0;
    uint32_t right = 0;
    size_t bytes = 0;   // of both when this was found; other now: out of date

    bool operator<(const Join &other) const { return score < other.score || (score == other.score && left > other.left); }
};

/// Joins the characters of one escaped text.
class Joiner
{
public:
    Joiner(const Vocabulary &vocabulary, std::string_view text) : m_vocabulary(vocabulary), m_text(text)
    {
        m_symbols.reserve(text.size() + 1);
        m_symbols.push_back({});   // 0 stands before the first and behind the last
        for (size_t at = 0; at < text.size();) {
            const uint32_t index = static_cast<uint32_t>(m_symbols.size());
            const size_t bytes = unicode::decode(text.substr(at)).length;
            m_symbols.push_back({index - 1, index + 1, at, bytes});
            at += bytes;
        }
        m_symbols.back().next = 0;
    }

    const std::vector<Symbol> &join()
    {
        for (uint32_t right = 2; right < m_symbols.size(); ++right)
            consider(right - 1, right);
        while (!m_queue.empty()) {
            const Join best = m_queue.top();
            m_queue.pop();
            Symbol &left = m_symbols[best.left];
            Symbol &right = m_symbols[best.right];
            if (left.bytes == 0 || right.bytes == 0 || left.bytes + right.bytes != best.bytes)
                continue;
            left.bytes += right.bytes;
            right.bytes = 0;
            left.next = right.next;
            if (right.next)
                m_symbols[right.next].previous = best.left;
            consider(left.previous, best.left);
            consider(best.left, left.next);
        }
        return m_symbols;
    }

private:
    void consider(uint32_t left, uint32_t right)
    {
        if (left == 0 || right == 0)
            return;
        const size_t bytes = m_symbols[left].bytes + m_symbols[right].bytes;
        const TokenId token = m_vocabulary.findPlain(m_text.substr(m_symbols[left].at, bytes));
        if (token >= 0)
            m_queue.push({m_vocabulary.score(token), left, right, bytes});
    }

    const Vocabulary &m_vocabulary;
    std::string_view m_text;
    std::vector<Symbol> m_symbols;
    std::priority_queue<Join> m_queue;
};

} // namespace

Result<std::unique_ptr<Tokenizer>> SpmTokenizer::make(const gguf::Header &header)
{
    auto vocabulary = Vocabulary::read(header, {.bos = 1, .eos = 2, .unknown = 0, .addBos = true, .spacePrefix = true});
    if (!vocabulary)
        return vocabulary.error();
    return std::unique_ptr<Tokenizer>(std::make_unique<SpmTokenizer>(std::move(*vocabulary)));
}

SpmTokenizer::SpmTokenizer(Vocabulary source) : VocabularyTokenizer(std::move(source))
{
    for (size_t byte = 0; byte < 256; ++byte) {
        const TokenId token = vocabulary().find(byteTokenName(static_cast<uint8_t>(byte)));
        const char raw = static_cast<char>(byte);
        m_byteTokens[byte] = token >= 0 ? token : vocabulary().findPlain({&raw, 1});
    }
}

void SpmTokenizer::encodeText(std::string_view text, std::vector<TokenId> &out) const
{
    const std::string whole = withEscapedSpaces(vocabulary().spacePrefix() ? " " + std::string(text) : std::string(text));
    Joiner joiner(vocabulary(), whole);
    for (const Symbol &symbol : joiner.join()) {
        if (symbol.bytes == 0)
            continue;
        const std::string_view piece = std::string_view(whole).substr(symbol.at, symbol.bytes);
        if (const TokenId token = vocabulary().findPlain(piece); token >= 0) {
            out.push_back(token);
            continue;
        }
        for (const char byte : piece) {
            const TokenId token = m_byteTokens[static_cast<uint8_t>(byte)];
            if (token >= 0 || vocabulary().unknown() >= 0)
                out.push_back(token >= 0 ? token : vocabulary().unknown());
        }
    }
}

} // namespace plimsoll::engine
