// SPDX-License-Identifier: Apache-2.0
#include "grammar.h"
#include "unicode.h"

#include <algorithm>
#include <limits>
#include <map>

namespace plimsoll::engine {

namespace {

constexpr size_t longestText = size_t{1} << 20;   // bytes of a grammar
constexpr uint32_t mostSymbols = 1u << 20;        // repetitions are written out
constexpr uint32_t mostRepetitions = 2000;
constexpr uint32_t deepest = 100;                 // groups in groups

struct Failure
{
    std::string what;
};

struct CodeRange
{
    uint32_t first;
    uint32_t last;
};

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

} // namespace

/// Recursive descent over GBNF. What is parsed becomes rules at once; groups and repetitions get rules without a name.
class GrammarParser
{
public:
    explicit GrammarParser(std::string_view text) : m_text(text) {}

    Grammar run()
    {
        for (skipSpace(true); m_at < m_text.size(); skipSpace(true))
            rule();
        const auto root = m_names.find("root");
        if (root == m_names.end())
            throw Failure{"root"};
        for (const auto &[name, index] : m_names) {
            if (m_grammar.m_rules[index].empty())
                throw Failure{std::string(name)};
        }
        m_grammar.m_root = root->second;
        return std::move(m_grammar);
    }

private:
    using Symbol = Grammar::Symbol;
    using Sequence = std::vector<Symbol>;

    [[noreturn]] void unexpected() const { throw Failure{std::string(m_text.substr(m_at, 20))}; }
    bool sees(std::string_view word) const { return m_text.substr(m_at).starts_with(word); }
    bool take(std::string_view word)
    {
        const bool taken = sees(word);
        m_at += taken ? word.size() : 0;
        return taken;
    }

    void skipSpace(bool newlines)
    {
        for (; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == '#')
                m_at = std::min(m_text.find('\n', m_at), m_text.size()) - 1;
            else if (m_text[m_at] != ' ' && m_text[m_at] != '\t' && !(newlines && (m_text[m_at] == '\n' || m_text[m_at] == '\r')))
                return;
        }
    }

    uint32_t newRule()
    {
        m_grammar.m_rules.emplace_back();
        return static_cast<uint32_t>(m_grammar.m_rules.size() - 1);
    }

    uint32_t named(std::string_view name)
    {
        const auto [place, isNew] = m_names.try_emplace(std::string(name), 0);
        if (isNew)
            place->second = newRule();
        return place->second;
    }

    void addAlternative(uint32_t rule, const Sequence &sequence)
    {
        if (m_grammar.m_symbols.size() + sequence.size() >= mostSymbols)
            throw Failure{"size"};
        m_grammar.m_rules[rule].push_back(static_cast<uint32_t>(m_grammar.m_symbols.size()));
        m_grammar.m_symbols.insert(m_grammar.m_symbols.end(), sequence.begin(), sequence.end());
        m_grammar.m_symbols.push_back({});
    }

    static Symbol ruleSymbol(uint32_t rule) { return {Symbol::Kind::Rule, 0, 0, rule}; }
    static Symbol byteSymbol(uint32_t low, uint32_t high)
    {
        return {Symbol::Kind::Bytes, static_cast<uint8_t>(low), static_cast<uint8_t>(high), 0};
    }

    std::string_view name()
    {
        const size_t begin = m_at;
        while (m_at < m_text.size() && isNameCharacter(m_text[m_at]))
            ++m_at;
        if (m_at == begin)
            unexpected();
        return m_text.substr(begin, m_at - begin);
    }

    void rule()
    {
        const std::string_view ruleName = name();
        const uint32_t index = named(ruleName);
        if (!m_grammar.m_rules[index].empty())
            throw Failure{std::string(ruleName)};
        skipSpace(false);
        if (!take("::="))
            unexpected();
        alternatives(index, false);
        if (m_at < m_text.size() && !take("\n") && !take("\r"))
            unexpected();
    }

    void alternatives(uint32_t index, bool grouped)
    {
        if (++m_depth > deepest)
            throw Failure{"nesting"};
        do {
            skipSpace(true);
            addAlternative(index, sequence(grouped));
        } while (take("|"));
        --m_depth;
    }

    Sequence sequence(bool grouped)
    {
        Sequence result;
        for (;;) {
            skipSpace(grouped);
            if (m_at >= m_text.size() || sees("|") || sees(")") || sees("\n") || sees("\r"))
                return result;
            const Sequence part = item();
            skipSpace(false);
            const Sequence repeated = repetition(part);
            result.insert(result.end(), repeated.begin(), repeated.end());
        }
    }

    Sequence item()
    {
        if (take("\"")) {
            Sequence result;
            while (!take("\"")) {
                std::string bytes;
                unicode::append(bytes, character());
                for (const char byte : bytes)
                    result.push_back(byteSymbol(static_cast<uint8_t>(byte), static_cast<uint8_t>(byte)));
            }
            return result;
        }
        if (take("["))
            return {characterClass()};
        if (take("."))
            return {anyOf({{0, 0x10FFFF}})};
        if (take("(")) {
            const uint32_t group = newRule();
            alternatives(group, true);
            skipSpace(true);
            if (!take(")"))
                unexpected();
            return {ruleSymbol(group)};
        }
        return {ruleSymbol(named(name()))};
    }

    uint32_t number()
    {
        uint32_t value = 0;
        const size_t begin = m_at;
        for (; m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9'; ++m_at)
            value = std::min(value * 10 + static_cast<uint32_t>(m_text[m_at] - '0'), 1'000'000u);
        if (m_at == begin)
            unexpected();
        return value;
    }

    Sequence repetition(const Sequence &part)
    {
        constexpr uint32_t endless = std::numeric_limits<uint32_t>::max();
        uint32_t least = 1;
        uint32_t most = 1;
        if (take("*"))
            least = 0, most = endless;
        else if (take("+"))
            most = endless;
        else if (take("?"))
            least = 0;
        else if (take("{")) {
            skipSpace(false);
            least = most = number();
            skipSpace(false);
            if (take(",")) {
                skipSpace(false);
                most = sees("}") ? endless : number();
                skipSpace(false);
            }
            if (!take("}"))
                unexpected();
        }
        if (least > most || std::max(least, most == endless ? 0 : most) > mostRepetitions)
            throw Failure{"{" + std::to_string(most) + "}"};
        return repeated(part, least, most, endless);
    }

    /// `part` `least` times, then a chain of rules of which each may stop or go on.
    Sequence repeated(const Sequence &part, uint32_t least, uint32_t most, uint32_t endless)
    {
        if (least == 1 && most == 1)
            return part;
        Sequence result;
        for (uint32_t i = 0; i < least; ++i)
            result.insert(result.end(), part.begin(), part.end());
        Sequence rest;
        for (uint32_t i = least; i < (most == endless ? least + 1 : most); ++i) {
            const uint32_t more = newRule();
            Sequence again = part;
            if (most == endless)
                again.push_back(ruleSymbol(more));
            again.insert(again.end(), rest.begin(), rest.end());
            addAlternative(more, again);
            addAlternative(more, {});
            rest = {ruleSymbol(more)};
        }
        result.insert(result.end(), rest.begin(), rest.end());
        return result;
    }

    uint32_t character()
    {
        if (m_at >= m_text.size() || m_text[m_at] == '\n')
            unexpected();
        if (m_text[m_at] != '\\') {
            const unicode::Decoded next = unicode::decode(m_text.substr(m_at));
            m_at += next.length;
            return next.codePoint;
        }
        ++m_at;
        const char c = m_at < m_text.size() ? m_text[m_at++] : '\0';
        static constexpr std::string_view from = "nrt\\\"[]-^'";
        static constexpr std::string_view to = "\n\r\t\\\"[]-^'";
        if (const size_t at = from.find(c); at != std::string_view::npos)
            return static_cast<unsigned char>(to[at]);
        const size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        uint32_t value = 0;
        for (size_t i = 0; i < digits; ++i, ++m_at) {
            static constexpr std::string_view hexadecimal = "0123456789abcdefABCDEF";
            const size_t digit = m_at < m_text.size() ? hexadecimal.find(m_text[m_at]) : std::string_view::npos;
            if (digit == std::string_view::npos)
                unexpected();
            value = value << 4 | static_cast<uint32_t>(digit < 16 ? digit : digit - 6);
        }
        if (digits == 0)
            unexpected();
        return value;
    }

    Symbol characterClass()
    {
        const bool negated = take("^");
        std::vector<CodeRange> ranges;
        while (!take("]")) {
            const uint32_t first = character();
            const bool range = sees("-") && !sees("-]");
            m_at += range;
            const uint32_t last = range ? character() : first;
            if (last < first)
                unexpected();
            ranges.push_back({first, last});
        }
        return anyOf(negated ? complement(std::move(ranges)) : ranges);
    }

    static std::vector<CodeRange> complement(std::vector<CodeRange> ranges)
    {
        std::sort(ranges.begin(), ranges.end(), [](const CodeRange &a, const CodeRange &b) { return a.first < b.first; });
        std::vector<CodeRange> result;
        uint32_t next = 0;
        for (const CodeRange &range : ranges) {
            if (range.first > next)
                result.push_back({next, range.first - 1});
            next = std::max(next, range.last + 1);
        }
        if (next <= 0x10FFFF)
            result.push_back({next, 0x10FFFF});
        return result;
    }

    /// A rule for one character of the ranges, as the bytes of its UTF-8.
    Symbol anyOf(const std::vector<CodeRange> &ranges)
    {
        static constexpr CodeRange lengths[] = {{0, 0x7F}, {0x80, 0x7FF}, {0x800, 0xD7FF}, {0xE000, 0xFFFF}, {0x10000, 0x10FFFF}};
        const uint32_t rule = newRule();
        for (const CodeRange &range : ranges) {
            for (const CodeRange &length : lengths) {
                const CodeRange part{std::max(range.first, length.first), std::min(range.last, length.last)};
                if (part.first <= part.last)
                    addCharacters(rule, part);
            }
        }
        if (m_grammar.m_rules[rule].empty())
            throw Failure{"[]"};
        return ruleSymbol(rule);
    }

    /// A range of characters that take equally many bytes, split until each byte runs through a range of its own.
    void addCharacters(uint32_t rule, const CodeRange &range)
    {
        for (uint32_t bits = 6; bits <= 18 && range.last > 0x7F; bits += 6) {
            const uint32_t mask = (1u << bits) - 1;
            if ((range.first & ~mask) == (range.last & ~mask))
                break;   // the same up to here; what is behind was whole already
            if ((range.first & mask) != 0) {
                addCharacters(rule, {range.first, range.first | mask});
                return addCharacters(rule, {(range.first | mask) + 1, range.last});
            }
            if ((range.last & mask) != mask) {
                addCharacters(rule, {range.first, (range.last & ~mask) - 1});
                return addCharacters(rule, {range.last & ~mask, range.last});
            }
        }
        std::string first;
        std::string last;
        unicode::append(first, range.first);
        unicode::append(last, range.last);
        Sequence bytes;
        for (size_t i = 0; i < first.size(); ++i)
            bytes.push_back(byteSymbol(static_cast<uint8_t>(first[i]), static_cast<uint8_t>(last[i])));
        addAlternative(rule, bytes);
    }

    std::string_view m_text;
    size_t m_at = 0;
    uint32_t m_depth = 0;
    Grammar m_grammar;
    std::map<std::string, uint32_t, std::less<>> m_names;
};

Result<Grammar> Grammar::parse(std::string_view text)
{
    const char *accepted = "rules in GBNF, among them root";
    try {
        if (text.size() > longestText)
            throw Failure{"size"};
        return GrammarParser(text).run();
    } catch (const Failure &failure) {
        return Error{ErrorCode::InvalidArgument, {"grammar", failure.what, accepted}};
    }
}

} // namespace plimsoll::engine
