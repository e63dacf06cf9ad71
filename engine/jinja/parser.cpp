// SPDX-License-Identifier: Apache-2.0
#include "parser.h"

#include <algorithm>

namespace plimsoll::engine::jinja {

void Parser::run()
{
    m_tree.body = body({});
}

bool Parser::takeOperator(std::string_view text)
{
    const bool taken = seesOperator(text);
    m_at += taken;
    return taken;
}

bool Parser::takeName(std::string_view text)
{
    const bool taken = seesName(text);
    m_at += taken;
    return taken;
}

void Parser::expectOperator(std::string_view text)
{
    if (!takeOperator(text))
        unexpected();
}

std::string Parser::expectName()
{
    if (peek().type != TokenType::Name)
        unexpected();
    return m_tokens[m_at++].text;
}

void Parser::unexpected() const
{
    const Token &token = peek();
    switch (token.type) {
    case TokenType::End: fail("syntax", "end");
    case TokenType::BlockEnd: fail("syntax", "%}");
    case TokenType::OutputEnd: fail("syntax", "}}");
    default: fail("syntax", token.text);
    }
}

Statement &Parser::makeStatement(StatementKind kind)
{
    Statement &statement = m_tree.statements.emplace_back();
    statement.kind = kind;
    statement.line = line();
    return statement;
}

/// Statements up to a block that begins with one of `ends`, whose word is the next token then; to the end of the template for none.
Parser::Body Parser::body(std::initializer_list<std::string_view> ends)
{
    const Nested nested(*this);
    Body result;
    for (;;) {
        const Token &token = peek();
        if (token.type == TokenType::End) {
            if (ends.size() != 0)
                unexpected();
            return result;
        }
        if (token.type == TokenType::Text) {
            Statement &text = makeStatement(StatementKind::Text);
            text.text = token.text;
            result.push_back(&text);
            ++m_at;
        } else if (token.type == TokenType::OutputBegin) {
            Statement &output = makeStatement(StatementKind::Output);
            ++m_at;
            output.expression = tupleExpression();
            if (peek().type != TokenType::OutputEnd)
                unexpected();
            ++m_at;
            result.push_back(&output);
        } else {
            ++m_at;   // BlockBegin
            if (std::find(ends.begin(), ends.end(), peek().text) != ends.end() && peek().type == TokenType::Name)
                return result;
            const std::string word = expectName();
            if (const Statement *statement = block(word))
                result.push_back(statement);
        }
    }
}

void Parser::endBlock()
{
    if (peek().type != TokenType::BlockEnd)
        unexpected();
    ++m_at;
}

void Parser::finish(std::string_view word)
{
    if (!takeName(word))
        unexpected();
    endBlock();
}

const Statement *Parser::block(const std::string &word)
{
    if (word == "if")
        return ifBlock();
    if (word == "for")
        return forBlock();
    if (word == "set")
        return setBlock();
    if (word == "macro")
        return macroBlock();
    if (word == "call")
        return callBlock();
    if (word == "filter")
        return filterBlock();
    if (word == "with")
        return withBlock();
    if (word == "break" || word == "continue") {
        if (m_loops == 0)
            fail("syntax", word);
        const Statement &jump = makeStatement(word == "break" ? StatementKind::Break : StatementKind::Continue);
        endBlock();
        return &jump;
    }
    if (word == "generation") {   // marks what an assistant wrote, for training
        Statement &marked = makeStatement(StatementKind::Block);
        endBlock();
        marked.body = body({"endgeneration"});
        finish("endgeneration");
        return &marked;
    }
    fail(word == "include" || word == "import" || word == "from" || word == "extends" || word == "block" ? "unsupported" : "syntax", word);
}

const Statement *Parser::ifBlock()
{
    Statement &first = makeStatement(StatementKind::If);
    Statement *last = &first;
    last->expression = tupleExpression(false);
    endBlock();
    last->body = body({"elif", "else", "endif"});
    while (takeName("elif")) {
        Statement &next = makeStatement(StatementKind::If);
        next.expression = tupleExpression(false);
        endBlock();
        next.body = body({"elif", "else", "endif"});
        last->otherwise.push_back(&next);
        last = &next;
    }
    if (takeName("else")) {
        endBlock();
        last->otherwise = body({"endif"});
    }
    finish("endif");
    return &first;
}

std::vector<std::string> Parser::targets()
{
    std::vector<std::string> names;
    const bool bracket = takeOperator("(");
    do {
        if (!names.empty() && (seesName("in") || seesOperator("=") || seesOperator(")")))
            break;
        names.push_back(expectName());
    } while (takeOperator(","));
    if (bracket)
        expectOperator(")");
    return names;
}

const Statement *Parser::forBlock()
{
    Statement &loop = makeStatement(StatementKind::For);
    loop.targets = targets();
    if (!takeName("in"))
        unexpected();
    loop.expression = tupleExpression(false);
    if (takeName("if"))
        loop.condition = expression();
    loop.recursive = takeName("recursive");
    endBlock();
    ++m_loops;
    loop.body = body({"else", "endfor"});
    --m_loops;
    if (takeName("else")) {
        endBlock();
        loop.otherwise = body({"endfor"});
    }
    finish("endfor");
    return &loop;
}

const Statement *Parser::setBlock()
{
    Statement &set = makeStatement(StatementKind::Set);
    set.targets = targets();
    if (set.targets.size() == 1 && takeOperator(".")) {
        set.kind = StatementKind::SetMember;
        set.text = expectName();
    }
    if (takeOperator("=")) {
        set.expression = tupleExpression();
        endBlock();
        return &set;
    }
    if (set.targets.size() != 1)
        unexpected();
    if (seesOperator("|"))
        set.condition = filtered(nullptr);
    endBlock();
    set.body = body({"endset"});
    finish("endset");
    return &set;
}

std::vector<Parameter> Parser::parameters()
{
    std::vector<Parameter> result;
    expectOperator("(");
    while (!takeOperator(")")) {
        if (!result.empty())
            expectOperator(",");
        Parameter parameter{expectName()};
        if (takeOperator("="))
            parameter.otherwise = expression();
        result.push_back(std::move(parameter));
    }
    return result;
}

const Statement *Parser::macroBlock()
{
    Statement &macro = makeStatement(StatementKind::Macro);
    macro.text = expectName();
    macro.parameters = parameters();
    endBlock();
    const uint32_t loops = std::exchange(m_loops, 0);
    macro.body = body({"endmacro"});
    m_loops = loops;
    takeName("endmacro");
    if (peek().type == TokenType::Name)   // its name may be said again
        ++m_at;
    endBlock();
    return &macro;
}

const Statement *Parser::callBlock()
{
    Statement &call = makeStatement(StatementKind::Call);
    if (seesOperator("("))
        call.parameters = parameters();
    call.expression = expression();
    if (call.expression->kind != ExpressionKind::Call)
        fail("syntax", "call");
    endBlock();
    const uint32_t loops = std::exchange(m_loops, 0);
    call.body = body({"endcall"});
    m_loops = loops;
    finish("endcall");
    return &call;
}

const Statement *Parser::filterBlock()
{
    Statement &block = makeStatement(StatementKind::FilterBlock);
    block.expression = filtered(filter(nullptr));
    endBlock();
    block.body = body({"endfilter"});
    finish("endfilter");
    return &block;
}

const Statement *Parser::withBlock()
{
    Statement &with = makeStatement(StatementKind::With);
    while (peek().type != TokenType::BlockEnd) {
        if (!with.targets.empty())
            expectOperator(",");
        with.targets.push_back(expectName());
        expectOperator("=");
        with.values.push_back(expression());
    }
    endBlock();
    with.body = body({"endwith"});
    finish("endwith");
    return &with;
}

} // namespace plimsoll::engine::jinja
