// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lexer.h"
#include "syntax.h"

#include <initializer_list>

namespace plimsoll::engine::jinja {

/// Recursive descent over the tokens of a template. Throws Failure "syntax" or "limit"; then line() is where.
class Parser
{
public:
    Parser(std::vector<Token> tokens, Tree &tree) : m_tokens(std::move(tokens)), m_tree(tree) {}

    void run();
    uint32_t line() const { return peek().line; }

private:
    using Body = std::vector<const Statement *>;

    // statements (parser.cpp)
    Body body(std::initializer_list<std::string_view> ends);
    const Statement *block(const std::string &word);
    const Statement *ifBlock();
    const Statement *forBlock();
    const Statement *setBlock();
    const Statement *macroBlock();
    const Statement *callBlock();
    const Statement *filterBlock();
    const Statement *withBlock();
    std::vector<std::string> targets();
    std::vector<Parameter> parameters();
    void endBlock();
    void finish(std::string_view word);

    // expressions (parser_expressions.cpp)
    const Expression *expression();
    const Expression *tupleExpression(bool conditional = true);
    const Expression *orExpression();
    const Expression *andExpression();
    const Expression *notExpression();
    const Expression *compare();
    const Expression *binary(int level);
    const Expression *power();
    const Expression *unary(bool filters);
    const Expression *primary();
    const Expression *literal();
    const Expression *bracketed();
    const Expression *listLiteral();
    const Expression *dictLiteral();
    const Expression *postfix(const Expression *value);
    const Expression *subscript(const Expression *object);
    const Expression *filtered(const Expression *value);
    const Expression *filter(const Expression *value);
    const Expression *test(const Expression *value);
    void arguments(Expression &call);

    const Token &peek(size_t ahead = 0) const { return m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)]; }
    bool sees(TokenType type, std::string_view text) const { return peek().type == type && peek().text == text; }
    bool seesOperator(std::string_view text) const { return sees(TokenType::Operator, text); }
    bool seesName(std::string_view text) const { return sees(TokenType::Name, text); }
    bool takeOperator(std::string_view text);
    bool takeName(std::string_view text);
    void expectOperator(std::string_view text);
    std::string expectName();
    [[noreturn]] void unexpected() const;

    Expression &make(ExpressionKind kind, std::vector<const Expression *> parts = {});
    Statement &makeStatement(StatementKind kind);

    /// Guards against nesting that would take the stack.
    class Nested
    {
    public:
        explicit Nested(Parser &parser) : m_parser(parser)
        {
            if (++m_parser.m_depth > deepest)
                fail("limit", "nesting");
        }
        ~Nested() { --m_parser.m_depth; }
        Nested(const Nested &) = delete;
        Nested &operator=(const Nested &) = delete;

    private:
        static constexpr uint32_t deepest = 200;
        Parser &m_parser;
    };

    std::vector<Token> m_tokens;
    size_t m_at = 0;
    Tree &m_tree;
    uint32_t m_depth = 0;
    uint32_t m_loops = 0;   // for loops around
};

} // namespace plimsoll::engine::jinja
