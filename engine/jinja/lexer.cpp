// SPDX-License-Identifier: Apache-2.0
#include "lexer.h"

#include "failure.h"
#include "utf8.h"

#include <algorithm>
#include <array>

namespace plimsoll::engine::jinja {

namespace {

bool isNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string unixNewlines(std::string_view source)
{
    std::string text;
    text.reserve(source.size());
    for (size_t i = 0; i < source.size(); ++i) {
        if (source[i] == '\r') {
            text += '\n';
            i += i + 1 < source.size() && source[i + 1] == '\n';
        } else {
            text += source[i];
        }
    }
    if (!text.empty() && text.back() == '\n')   // one newline at the end belongs to the file
        text.pop_back();
    return text;
}

class Lexer
{
public:
    Lexer(std::string text, uint32_t &line) : m_text(std::move(text)), m_line(line) { m_line = 1; }

    std::vector<Token> run()
    {
        while (m_at < m_text.size())
            outside();
        push(TokenType::End, {});
        return std::move(m_tokens);
    }

private:
    bool sees(std::string_view word) const { return std::string_view(m_text).substr(m_at).starts_with(word); }

    void push(TokenType type, std::string text) { m_tokens.push_back({type, std::move(text), m_line}); }

    void advance(size_t count)
    {
        m_line += static_cast<uint32_t>(std::count(m_text.begin() + static_cast<std::ptrdiff_t>(m_at),
            m_text.begin() + static_cast<std::ptrdiff_t>(m_at + count), '\n'));
        m_at += count;
    }

    void skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            advance(1);
    }

    size_t nextTag() const
    {
        for (size_t at = m_text.find('{', m_at); at != std::string::npos; at = m_text.find('{', at + 1)) {
            if (at + 1 < m_text.size() && (m_text[at + 1] == '{' || m_text[at + 1] == '%' || m_text[at + 1] == '#'))
                return at;
        }
        return std::string::npos;
    }

    /// Text in front of a tag at `tag`, without what the tag's sign and lstrip_blocks take away.
    std::string textBefore(size_t tag) const
    {
        std::string text = m_text.substr(m_at, tag - m_at);
        const char kind = m_text[tag + 1];
        const char sign = tag + 2 < m_text.size() ? m_text[tag + 2] : '\0';
        if (sign == '-') {
            while (!text.empty() && isSpace(text.back()))
                text.pop_back();
        } else if (sign != '+' && kind != '{') {
            const size_t lineBegin = text.rfind('\n') + 1;   // 0 where there is no newline
            const bool startsLine = lineBegin > 0 || m_at == 0 || m_text[m_at - 1] == '\n';
            if (startsLine && text.find_first_not_of(" \t\v\f", lineBegin) == std::string::npos)
                text.erase(lineBegin);
        }
        return text;
    }

    void outside()
    {
        const size_t tag = nextTag();
        if (tag == std::string::npos) {
            push(TokenType::Text, m_text.substr(m_at));
            return advance(m_text.size() - m_at);
        }
        if (std::string text = textBefore(tag); !text.empty())
            push(TokenType::Text, std::move(text));
        advance(tag - m_at);
        if (m_text[tag + 1] == '#')
            return comment();
        const bool block = m_text[tag + 1] == '%';
        if (block && raw())
            return;
        push(block ? TokenType::BlockBegin : TokenType::OutputBegin, {});
        advance(2);
        if (m_at < m_text.size() && (m_text[m_at] == '-' || (m_text[m_at] == '+' && block)))
            advance(1);
        inside(block ? "%}" : "}}", block);
    }

    /// At the end of a tag: its sign and mark, then what they take from the text behind.
    bool closes(std::string_view mark, bool trims)
    {
        const bool minus = sees("-") && std::string_view(m_text).substr(m_at + 1).starts_with(mark);
        const bool plus = trims && sees("+") && std::string_view(m_text).substr(m_at + 1).starts_with(mark);
        if (!minus && !plus && !sees(mark))
            return false;
        advance(mark.size() + (minus || plus));
        if (minus)
            skipSpace();
        else if (trims && !plus && sees("\n"))
            advance(1);
        return true;
    }

    void comment()
    {
        const size_t end = m_text.find("#}", m_at + 2);
        if (end == std::string::npos)
            fail("syntax", "{#");
        const bool sign = m_text[end - 1] == '-' && end - 1 >= m_at + 2;
        advance(end - m_at - sign);
        closes("#}", true);
    }

    /// {% raw %} … {% endraw %}
    bool raw()
    {
        size_t end = 0;
        bool minus = false;
        if (!tagNamed("raw", m_at, end, minus))
            return false;
        advance(end - m_at);
        if (minus)
            skipSpace();
        else if (sees("\n"))
            advance(1);
        for (size_t at = m_text.find("{%", m_at); at != std::string::npos; at = m_text.find("{%", at + 2)) {
            if (!tagNamed("endraw", at, end, minus))
                continue;
            if (std::string text = textBefore(at); !text.empty())
                push(TokenType::Text, std::move(text));
            advance(end - m_at);
            if (minus)
                skipSpace();
            else if (sees("\n"))
                advance(1);
            return true;
        }
        fail("syntax", "raw");
    }

    bool tagNamed(std::string_view name, size_t at, size_t &end, bool &minus) const
    {
        const auto skip = [&](size_t from) { return std::min(m_text.find_first_not_of(" \t\n\v\f", from), m_text.size()); };
        at += 2;
        if (at < m_text.size() && (m_text[at] == '-' || m_text[at] == '+'))
            ++at;
        at = skip(at);
        if (m_text.compare(at, name.size(), name) != 0)
            return false;
        at = skip(at + name.size());
        minus = at < m_text.size() && m_text[at] == '-';
        at += minus;
        end = at + 2;
        return m_text.compare(at, 2, "%}") == 0;
    }

    void inside(std::string_view mark, bool block)
    {
        std::string open;   // brackets not closed yet
        for (;;) {
            skipSpace();
            if (m_at >= m_text.size())
                fail("syntax", std::string(mark));
            if (open.empty() && closes(mark, block)) {
                push(block ? TokenType::BlockEnd : TokenType::OutputEnd, {});
                return;
            }
            token(open);
        }
    }

    void token(std::string &open)
    {
        const char c = m_text[m_at];
        if (c == '"' || c == '\'')
            string(c);
        else if (isDigit(c))
            number();
        else if (isNameStart(c))
            name();
        else
            symbol(open);
    }

    void name()
    {
        size_t end = m_at;
        while (end < m_text.size() && (isNameStart(m_text[end]) || isDigit(m_text[end])))
            ++end;
        push(TokenType::Name, m_text.substr(m_at, end - m_at));
        advance(end - m_at);
    }

    void number()
    {
        std::string digits;
        size_t end = m_at;
        const auto take = [&] {
            for (; end < m_text.size() && (isDigit(m_text[end]) || m_text[end] == '_'); ++end) {
                if (m_text[end] != '_')
                    digits += m_text[end];
            }
        };
        const auto digitAt = [&](size_t at) { return at < m_text.size() && isDigit(m_text[at]); };
        bool real = false;
        take();
        if (end < m_text.size() && m_text[end] == '.' && digitAt(end + 1)) {
            real = true;
            digits += m_text[end++];
            take();
        }
        if (end < m_text.size() && (m_text[end] == 'e' || m_text[end] == 'E')) {
            const bool sign = end + 1 < m_text.size() && (m_text[end + 1] == '+' || m_text[end + 1] == '-');
            if (digitAt(end + 1 + sign)) {
                real = true;
                digits += m_text.substr(end, 1 + sign);
                end += 1 + sign;
                take();
            }
        }
        push(real ? TokenType::Real : TokenType::Integer, std::move(digits));
        advance(end - m_at);
    }

    void string(char quote)
    {
        size_t end = m_at + 1;
        while (end < m_text.size() && m_text[end] != quote)
            end += m_text[end] == '\\' ? 2 : 1;
        if (end >= m_text.size())
            fail("syntax", std::string(1, quote));
        push(TokenType::String, unescaped(std::string_view(m_text).substr(m_at + 1, end - m_at - 1)));
        advance(end + 1 - m_at);
    }

    void symbol(std::string &open)
    {
        static constexpr std::array<std::string_view, 25> symbols = {"**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<",
            ">", "=", "(", ")", "[", "]", "{", "}", ".", ",", ":", "|"};
        const auto found = std::find_if(symbols.begin(), symbols.end(), [this](std::string_view symbol) { return sees(symbol); });
        if (found == symbols.end())
            fail("syntax", m_text.substr(m_at, 1));
        const char c = found->front();
        if (c == '(' || c == '[' || c == '{')
            open += c;
        if (c == ')' || c == ']' || c == '}') {
            if (open.empty() || open.back() != (c == ')' ? '(' : c == ']' ? '[' : '{'))
                fail("syntax", std::string(1, c));
            open.pop_back();
        }
        push(TokenType::Operator, std::string(*found));
        advance(found->size());
    }

    static uint32_t hexadecimal(std::string_view digits)
    {
        uint32_t value = 0;
        for (const char c : digits) {
            const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (!isDigit(c) && !letter)
                fail("syntax", std::string(digits));
            value = value << 4 | static_cast<uint32_t>(isDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        return value;
    }

    static std::string unescaped(std::string_view text)
    {
        std::string result;
        for (size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\' || i + 1 >= text.size()) {
                result += text[i];
                continue;
            }
            const char c = text[++i];
            static constexpr std::string_view from = "abfnrtv0\\'\"\n";
            static constexpr std::string_view to("\a\b\f\n\r\t\v\0\\'\"", 11);
            const size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
            if (digits) {
                if (text.size() - i - 1 < digits)
                    fail("syntax", "\\" + std::string(1, c));
                appendCodePoint(result, hexadecimal(text.substr(i + 1, digits)));
                i += digits;
            } else if (const size_t at = from.find(c); at != std::string_view::npos) {
                if (at < to.size())
                    result += to[at];
            } else {
                result += '\\';
                result += c;
            }
        }
        return result;
    }

    std::string m_text;
    size_t m_at = 0;
    uint32_t &m_line;
    std::vector<Token> m_tokens;
};

} // namespace

std::vector<Token> tokenize(std::string_view source, uint32_t &line)
{
    return Lexer(unixNewlines(source), line).run();
}

} // namespace plimsoll::engine::jinja
