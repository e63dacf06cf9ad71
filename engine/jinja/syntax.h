// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "value.h"

#include <deque>

/// The tree of a parsed template. Nodes belong to Tree and point to each other.
namespace plimsoll::engine::jinja {

enum class ExpressionKind : uint8_t {
    Literal,       // value
    Name,          // text
    List,          // parts
    Tuple,         // parts
    Dict,          // parts: key, value, key, value …
    Attribute,     // parts: object; text
    Item,          // parts: object, index
    Slice,         // parts: object, start, stop, step; any of the last three may be null
    Call,          // parts: callee, positional …; named
    Filter,        // parts: value, positional …; named; builtin, text
    Test,          // the same
    Not,           // parts: value
    Negative,      // parts: value
    Positive,      // parts: value
    And,           // parts: left, right
    Or,            // parts: left, right
    Compare,       // parts: first, …; operators, one fewer
    Binary,        // parts: left, right; operators: one
    Conditional,   // parts: then, condition, otherwise or null
};

enum class Operator : uint8_t {
    Add, Subtract, Multiply, Divide, FloorDivide, Modulo, Power, Concatenate,
    Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, In, NotIn,
};

struct Expression
{
    ExpressionKind kind = ExpressionKind::Literal;
    uint32_t line = 1;
    Value value;
    std::string text;
    std::vector<const Expression *> parts;
    std::vector<std::pair<std::string, const Expression *>> named;
    std::vector<Operator> operators;
    Builtin builtin = nullptr;   // null: no filter or test of that name
};

enum class StatementKind : uint8_t {
    Text,        // text
    Output,      // expression
    If,          // expression, body, otherwise
    For,         // targets, expression, condition, body, otherwise, recursive
    Set,         // targets, expression; where null: body, and filter around it
    SetMember,   // targets: namespace; text: member; as Set
    Macro,       // text: name; parameters, body
    Call,        // parameters, expression (a call), body
    FilterBlock, // expression (filters around a null value), body
    With,        // targets, values, body
    Block,       // body as it stands
    Break,
    Continue,
};

struct Parameter
{
    std::string name;
    const Expression *otherwise = nullptr;   // null: undefined
};

struct Statement
{
    StatementKind kind = StatementKind::Text;
    uint32_t line = 1;
    std::string text;
    const Expression *expression = nullptr;
    const Expression *condition = nullptr;
    std::vector<std::string> targets;
    std::vector<const Expression *> values;
    std::vector<Parameter> parameters;
    std::vector<const Statement *> body;
    std::vector<const Statement *> otherwise;
    bool recursive = false;
};

struct Tree
{
    std::deque<Expression> expressions;
    std::deque<Statement> statements;
    std::deque<std::string> strings;   // of literals
    std::vector<const Statement *> body;
};

} // namespace plimsoll::engine::jinja
