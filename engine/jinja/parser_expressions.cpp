// SPDX-License-Identifier: Apache-2.0
#include "builtins.h"
#include "parser.h"

#include <algorithm>
#include <charconv>

namespace plimsoll::engine::jinja {

namespace {

struct Symbol
{
    std::string_view text;
    Operator operation;
};
constexpr Symbol comparisons[] = {{"==", Operator::Equal}, {"!=", Operator::NotEqual}, {"<", Operator::Less}, {"<=", Operator::LessEqual},
    {">", Operator::Greater}, {">=", Operator::GreaterEqual}};

/// From loose to tight.
constexpr Symbol sums[] = {{"+", Operator::Add}, {"-", Operator::Subtract}};
constexpr Symbol joins[] = {{"~", Operator::Concatenate}};
constexpr Symbol products[] = {{"*", Operator::Multiply}, {"/", Operator::Divide}, {"//", Operator::FloorDivide}, {"%", Operator::Modulo}};
constexpr std::span<const Symbol> levels[] = {sums, joins, products};

} // namespace

Expression &Parser::make(ExpressionKind kind, std::vector<const Expression *> parts)
{
    Expression &expression = m_tree.expressions.emplace_back();
    expression.kind = kind;
    expression.line = line();
    expression.parts = std::move(parts);
    return expression;
}

/// A conditional expression: everything but a tuple without brackets.
const Expression *Parser::expression()
{
    const Nested nested(*this);
    const Expression *value = orExpression();
    while (takeName("if")) {
        const Expression *condition = orExpression();
        const Expression *otherwise = takeName("else") ? expression() : nullptr;
        value = &make(ExpressionKind::Conditional, {value, condition, otherwise});
    }
    return value;
}

const Expression *Parser::tupleExpression(bool conditional)
{
    const auto one = [&] { return conditional ? expression() : orExpression(); };
    const Expression *first = one();
    if (!seesOperator(","))
        return first;
    Expression &tuple = make(ExpressionKind::Tuple, {first});
    while (takeOperator(",")) {
        const bool tagEnds = peek().type == TokenType::BlockEnd || peek().type == TokenType::OutputEnd;
        const bool ends = tagEnds || seesOperator(")") || seesOperator("]");
        if (ends)
            break;
        tuple.parts.push_back(one());
    }
    return &tuple;
}

const Expression *Parser::orExpression()
{
    const Expression *left = andExpression();
    while (takeName("or"))
        left = &make(ExpressionKind::Or, {left, andExpression()});
    return left;
}

const Expression *Parser::andExpression()
{
    const Expression *left = notExpression();
    while (takeName("and"))
        left = &make(ExpressionKind::And, {left, notExpression()});
    return left;
}

const Expression *Parser::notExpression()
{
    if (!takeName("not"))
        return compare();
    const Nested nested(*this);
    return &make(ExpressionKind::Not, {notExpression()});
}

const Expression *Parser::compare()
{
    const Expression *first = binary(0);
    Expression *result = nullptr;
    for (;;) {
        Operator operation;
        const auto found = std::find_if(std::begin(comparisons), std::end(comparisons),
            [this](const Symbol &symbol) { return seesOperator(symbol.text); });
        if (found != std::end(comparisons)) {
            operation = found->operation;
            ++m_at;
        } else if (takeName("in")) {
            operation = Operator::In;
        } else if (seesName("not") && peek(1).type == TokenType::Name && peek(1).text == "in") {
            operation = Operator::NotIn;
            m_at += 2;
        } else {
            return result ? result : first;
        }
        if (!result)
            result = &make(ExpressionKind::Compare, {first});
        result->operators.push_back(operation);
        result->parts.push_back(binary(0));
    }
}

const Expression *Parser::binary(int level)
{
    if (level == static_cast<int>(std::size(levels)))
        return power();
    const Expression *left = binary(level + 1);
    for (;;) {
        const auto &symbols = levels[level];
        const auto found = std::find_if(symbols.begin(), symbols.end(), [this](const Symbol &symbol) { return seesOperator(symbol.text); });
        if (found == symbols.end())
            return left;
        ++m_at;
        Expression &result = make(ExpressionKind::Binary, {left, binary(level + 1)});
        result.operators.push_back(found->operation);
        left = &result;
    }
}

const Expression *Parser::power()
{
    const Expression *left = unary(true);
    while (takeOperator("**")) {
        Expression &result = make(ExpressionKind::Binary, {left, unary(true)});
        result.operators.push_back(Operator::Power);
        left = &result;
    }
    return left;
}

const Expression *Parser::unary(bool filters)
{
    const Nested nested(*this);
    const Expression *value = nullptr;
    if (takeOperator("-"))
        value = &make(ExpressionKind::Negative, {unary(false)});
    else if (takeOperator("+"))
        value = &make(ExpressionKind::Positive, {unary(false)});
    else
        value = primary();
    value = postfix(value);
    return filters ? filtered(value) : value;
}

const Expression *Parser::primary()
{
    const Token &token = peek();
    if (token.type != TokenType::Name && token.type != TokenType::Operator)
        return literal();
    if (token.type == TokenType::Operator)
        return bracketed();
    Expression &result = make(ExpressionKind::Literal);
    const std::string &name = m_tokens[m_at++].text;
    if (name == "true" || name == "True")
        result.value = Value(true);
    else if (name == "false" || name == "False")
        result.value = Value(false);
    else if (name == "none" || name == "None")
        result.value = Value::none();
    else
        result.kind = ExpressionKind::Name, result.text = name;
    return &result;
}

const Expression *Parser::literal()
{
    Expression &result = make(ExpressionKind::Literal);
    const Token &token = peek();
    const char *end = token.text.data() + token.text.size();
    if (token.type == TokenType::String) {
        std::string text;
        while (peek().type == TokenType::String)   // neighbours are one
            text += m_tokens[m_at++].text;
        result.value = Value(&m_tree.strings.emplace_back(std::move(text)));
        return &result;
    }
    if (token.type == TokenType::Integer) {
        int64_t number = 0;
        if (std::from_chars(token.text.data(), end, number).ec != std::errc())
            fail("value", token.text);
        result.value = Value(number);
    } else if (token.type == TokenType::Real) {
        double number = 0;
        if (std::from_chars(token.text.data(), end, number).ec != std::errc())
            fail("value", token.text);
        result.value = Value(number);
    } else {
        unexpected();
    }
    ++m_at;
    return &result;
}

const Expression *Parser::bracketed()
{
    if (takeOperator("[")) {
        return listLiteral();
    }
    if (takeOperator("{"))
        return dictLiteral();
    expectOperator("(");
    if (takeOperator(")"))
        return &make(ExpressionKind::Tuple);
    const Expression *value = tupleExpression();
    expectOperator(")");
    return value;
}

const Expression *Parser::listLiteral()
{
    Expression &list = make(ExpressionKind::List);
    while (!takeOperator("]")) {
        if (!list.parts.empty())
            expectOperator(",");
        if (takeOperator("]"))
            break;
        list.parts.push_back(expression());
    }
    return &list;
}

const Expression *Parser::dictLiteral()
{
    Expression &dict = make(ExpressionKind::Dict);
    while (!takeOperator("}")) {
        if (!dict.parts.empty())
            expectOperator(",");
        if (takeOperator("}"))
            break;
        dict.parts.push_back(expression());
        expectOperator(":");
        dict.parts.push_back(expression());
    }
    return &dict;
}

const Expression *Parser::postfix(const Expression *value)
{
    for (;;) {
        if (takeOperator(".")) {
            Expression &member = make(ExpressionKind::Attribute, {value});
            if (peek().type == TokenType::Integer) {   // list.0
                member.kind = ExpressionKind::Item;
                member.parts.push_back(literal());
            } else {
                member.text = expectName();
            }
            value = &member;
        } else if (takeOperator("[")) {
            value = subscript(value);
        } else if (seesOperator("(")) {
            Expression &call = make(ExpressionKind::Call, {value});
            arguments(call);
            value = &call;
        } else {
            return value;
        }
    }
}

const Expression *Parser::subscript(const Expression *object)
{
    Expression &result = make(ExpressionKind::Item, {object});
    const Expression *parts[3] = {nullptr, nullptr, nullptr};
    size_t colons = 0;
    for (;;) {
        if (seesOperator("]"))
            break;
        if (takeOperator(":")) {
            if (++colons > 2)
                unexpected();
            continue;
        }
        if (parts[colons])
            unexpected();
        parts[colons] = expression();
    }
    expectOperator("]");
    if (colons == 0 && !parts[0])
        fail("syntax", "]");
    if (colons > 0)
        result.kind = ExpressionKind::Slice;
    result.parts.insert(result.parts.end(), parts, parts + (colons > 0 ? 3 : 1));
    return &result;
}

/// (positional, …, name=value, …)
void Parser::arguments(Expression &call)
{
    expectOperator("(");
    bool first = true;
    while (!takeOperator(")")) {
        if (!first)
            expectOperator(",");
        first = false;
        if (takeOperator(")"))
            break;
        if (seesOperator("*") || seesOperator("**"))
            fail("unsupported", peek().text);
        if (peek().type == TokenType::Name && peek(1).type == TokenType::Operator && peek(1).text == "=") {
            std::string name = expectName();
            ++m_at;
            call.named.emplace_back(std::move(name), expression());
        } else {
            if (!call.named.empty())
                unexpected();
            call.parts.push_back(expression());
        }
    }
}

/// Filters, tests and calls behind a value; `value` null: the text of a block.
const Expression *Parser::filtered(const Expression *value)
{
    for (;;) {
        if (takeOperator("|"))
            value = filter(value);
        else if (value && takeName("is"))
            value = test(value);
        else if (value && seesOperator("("))
            value = postfix(value);
        else
            return value;
    }
}

const Expression *Parser::filter(const Expression *value)
{
    Expression &result = make(ExpressionKind::Filter, {value});
    result.text = expectName();
    while (takeOperator("."))
        result.text += "." + expectName();
    result.builtin = findBuiltin(filters(), result.text);
    if (seesOperator("("))
        arguments(result);
    return &result;
}

const Expression *Parser::test(const Expression *value)
{
    const bool negated = takeName("not");
    Expression &result = make(ExpressionKind::Test, {value});
    result.text = expectName();
    result.builtin = findBuiltin(tests(), result.text);
    const Token &next = peek();
    const bool word = next.type == TokenType::Name && next.text != "else" && next.text != "or" && next.text != "and" && next.text != "is"
        && next.text != "if" && next.text != "not" && next.text != "in" && next.text != "recursive";
    if (seesOperator("(")) {
        arguments(result);
    } else if (word || next.type == TokenType::String || next.type == TokenType::Integer || next.type == TokenType::Real
        || seesOperator("[") || seesOperator("{")) {
        result.parts.push_back(postfix(primary()));
    }
    return negated ? &make(ExpressionKind::Not, {&result}) : &result;
}

} // namespace plimsoll::engine::jinja
