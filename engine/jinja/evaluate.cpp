// SPDX-License-Identifier: Apache-2.0
#include "interpreter.h"
#include "operators.h"
#include "text_form.h"

#include <algorithm>

namespace plimsoll::engine::jinja {

Value Interpreter::evaluate(const Expression &expression, Scope *scope)
{
    const Nested nested(*this);
    m_budget.step();
    m_line = expression.line;
    const auto part = [&](size_t i) { return evaluate(*expression.parts[i], scope); };
    switch (expression.kind) {
    case ExpressionKind::Literal: return expression.value;
    case ExpressionKind::Name: return name(expression, scope);
    case ExpressionKind::List:
    case ExpressionKind::Tuple: return listOf(expression, scope);
    case ExpressionKind::Dict: return dictOf(expression, scope);
    case ExpressionKind::Attribute: return member(part(0), expression.text, false);
    case ExpressionKind::Item: {
        const Value object = part(0);
        const Value index = part(1);
        requireDefined(object);
        return index.is(Kind::String) ? member(object, *index.string, true) : itemOf(object, index, m_heap);
    }
    case ExpressionKind::Slice: {
        const Value object = part(0);
        const Value start = evaluateOr(expression.parts[1], scope, Value::none());
        const Value stop = evaluateOr(expression.parts[2], scope, Value::none());
        return sliceOf(object, start, stop, evaluateOr(expression.parts[3], scope, Value::none()), m_heap);
    }
    case ExpressionKind::Call: return call(expression, scope);
    case ExpressionKind::Filter:
    case ExpressionKind::Test: return filterOrTest(expression, scope, part(0));
    case ExpressionKind::Not: return Value(!isTrue(part(0)));
    case ExpressionKind::Negative: return negative(part(0));
    case ExpressionKind::Positive: return negative(negative(part(0)));
    case ExpressionKind::And: {
        const Value left = part(0);
        return isTrue(left) ? part(1) : left;
    }
    case ExpressionKind::Or: {
        const Value left = part(0);
        return isTrue(left) ? left : part(1);
    }
    case ExpressionKind::Compare: return compare(expression, scope);
    case ExpressionKind::Binary: {
        const Value left = part(0);
        const Value right = part(1);
        return combined(expression.operators.front(), left, right, m_heap);
    }
    case ExpressionKind::Conditional:
        return isTrue(part(1)) ? part(0) : evaluateOr(expression.parts[2], scope, Value());
    }
    return {};
}

Value Interpreter::evaluateOr(const Expression *expression, Scope *scope, Value otherwise)
{
    return expression ? evaluate(*expression, scope) : otherwise;
}

Value Interpreter::name(const Expression &expression, Scope *scope) const
{
    const Value *value = scope->find(expression.text);
    return value ? *value : Value::undefined(&expression.text);
}

Value Interpreter::listOf(const Expression &expression, Scope *scope)
{
    std::vector<Value> items;
    for (const Expression *part : expression.parts)
        items.push_back(evaluate(*part, scope));
    return m_heap.list(std::move(items), expression.kind == ExpressionKind::Tuple);
}

Value Interpreter::dictOf(const Expression &expression, Scope *scope)
{
    Dict dict;
    for (size_t i = 0; i + 1 < expression.parts.size(); i += 2) {
        const Value key = evaluate(*expression.parts[i], scope);
        dict.set(key, evaluate(*expression.parts[i + 1], scope));
    }
    return m_heap.dict(std::move(dict.entries));
}

Value Interpreter::compare(const Expression &expression, Scope *scope)
{
    Value left = evaluate(*expression.parts.front(), scope);
    for (size_t i = 0; i < expression.operators.size(); ++i) {
        const Value right = evaluate(*expression.parts[i + 1], scope);
        if (!compared(expression.operators[i], left, right, m_budget))
            return Value(false);
        left = right;
    }
    return Value(true);
}

Arguments Interpreter::argumentsOf(const Expression &expression, Scope *scope)
{
    Arguments arguments;
    for (size_t i = 1; i < expression.parts.size(); ++i)
        arguments.positional.push_back(evaluate(*expression.parts[i], scope));
    for (const auto &[argument, value] : expression.named)
        arguments.named.emplace_back(argument, evaluate(*value, scope));
    return arguments;
}

Value Interpreter::filterOrTest(const Expression &expression, Scope *scope, const Value &input)
{
    if (!expression.builtin)
        fail("unsupported", expression.text);
    const Arguments arguments = argumentsOf(expression, scope);
    m_line = expression.line;
    return expression.builtin(*this, input, arguments);
}

Value Interpreter::apply(std::span<const NamedBuiltin> table, std::string_view wanted, const Value &value, const Arguments &arguments)
{
    const Builtin builtin = findBuiltin(table, wanted);
    if (!builtin)
        fail("unsupported", std::string(wanted));
    m_budget.step();
    return builtin(*this, value, arguments);
}

Value Interpreter::call(const Expression &expression, Scope *scope, const Value *caller)
{
    const Value callee = evaluate(*expression.parts.front(), scope);
    Arguments arguments = argumentsOf(expression, scope);
    if (caller)
        arguments.named.emplace_back("caller", *caller);
    m_line = expression.line;
    return call(callee, arguments);
}

Value Interpreter::call(const Value &callee, const Arguments &arguments)
{
    const Nested nested(*this);
    if (callee.is(Kind::Loop)) {
        if (!callee.loop->statement->recursive)
            fail("type", "loop()");
        std::string out;
        executeFor(*callee.loop->statement, arguments.at(0, "iterable"), callee.loop->scope, out, callee.loop->depth + 1);
        return string(std::move(out));
    }
    if (!callee.is(Kind::Function)) {
        requireDefined(callee);
        fail("type", std::string(kindName(callee)) + "()");
    }
    const Function &function = *callee.function;
    return function.macro ? callMacro(function, arguments) : function.builtin(*this, function.self, arguments);
}

Value Interpreter::callMacro(const Function &function, const Arguments &arguments)
{
    const Statement &macro = *function.macro;
    Scope *scope = m_heap.scope(function.scope);
    Dict rest;
    for (const auto &[argument, value] : arguments.named) {
        const auto known = [&wanted = argument](const Parameter &parameter) { return parameter.name == wanted; };
        if (std::any_of(macro.parameters.begin(), macro.parameters.end(), known) || argument == "caller")
            scope->set(argument, value);
        else
            rest.set(string(std::string(argument)), value);
    }
    for (size_t i = 0; i < macro.parameters.size(); ++i) {
        const Parameter &parameter = macro.parameters[i];
        if (i < arguments.positional.size()) {
            scope->set(parameter.name, arguments.positional[i]);
            continue;
        }
        const auto given = [&](const auto &argument) { return argument.first == parameter.name; };
        if (std::none_of(arguments.named.begin(), arguments.named.end(), given))
            scope->set(parameter.name, evaluateOr(parameter.otherwise, scope, Value::undefined(&parameter.name)));
    }
    const size_t used = std::min(arguments.positional.size(), macro.parameters.size());
    const auto firstUnused = arguments.positional.begin() + static_cast<std::ptrdiff_t>(used);
    scope->set("varargs", m_heap.list({firstUnused, arguments.positional.end()}, true));
    scope->set("kwargs", m_heap.dict(std::move(rest.entries)));
    return captured(macro.body, scope);
}

Value Interpreter::member(const Value &object, const std::string &wanted, bool itemFirst)
{
    requireDefined(object);
    if (object.is(Kind::Loop))
        return loopMember(*object.loop, wanted);
    const Value *item = object.is(Kind::Dict) ? object.dict->find(wanted) : nullptr;
    if (item && (itemFirst || object.dict->isNamespace))
        return *item;
    std::span<const NamedBuiltin> methods;
    if (object.is(Kind::String))
        methods = stringMethods();
    else if (object.is(Kind::List))
        methods = listMethods();
    else if (object.is(Kind::Dict) && !object.dict->isNamespace)
        methods = dictMethods();
    if (const Builtin builtin = findBuiltin(methods, wanted))
        return m_heap.function({builtin, object});
    return item ? *item : Value::undefined(&wanted);
}

Value Interpreter::loopMember(LoopState &loop, const std::string &wanted)
{
    const int64_t index = static_cast<int64_t>(loop.index);
    const int64_t length = static_cast<int64_t>(loop.items->size());
    struct Figure
    {
        std::string_view name;
        int64_t value;
    };
    for (const Figure &figure : {Figure{"index", index + 1}, Figure{"index0", index}, Figure{"revindex", length - index},
             Figure{"revindex0", length - index - 1}, Figure{"length", length}, Figure{"depth", int64_t{loop.depth} + 1},
             Figure{"depth0", loop.depth}}) {
        if (figure.name == wanted)
            return Value(figure.value);
    }
    if (wanted == "first" || wanted == "last")
        return Value(index == (wanted == "first" ? 0 : length - 1));
    if (wanted == "previtem")
        return index > 0 ? (*loop.items)[loop.index - 1] : Value::undefined(&wanted);
    if (wanted == "nextitem")
        return index + 1 < length ? (*loop.items)[loop.index + 1] : Value::undefined(&wanted);
    if (const Builtin builtin = findBuiltin(loopMethods(), wanted))
        return m_heap.function({builtin, Value(&loop)});
    return Value::undefined(&wanted);
}

} // namespace plimsoll::engine::jinja
