// SPDX-License-Identifier: Apache-2.0
#include "interpreter.h"
#include "operators.h"
#include "text_form.h"

#include <nlohmann/json.hpp>

namespace plimsoll::engine::jinja {

std::string Interpreter::render(const Tree &tree, const nlohmann::ordered_json &variables)
{
    Scope *scope = m_heap.scope(nullptr);
    for (const NamedBuiltin &global : globals())
        scope->set(global.name, m_heap.function({global.builtin}));
    for (const auto &[name, value] : variables.items())
        scope->set(*string(name).string, m_heap.fromJson(value));
    std::string out;
    execute(tree.body, m_heap.scope(scope), out);
    return out;
}

void Interpreter::write(std::string &out, std::string_view text)
{
    m_budget.allocate(text.size());
    if (text.size() > m_budget.limits().output - std::min(out.size(), m_budget.limits().output))
        fail("limit", "output");
    out += text;
}

Interpreter::Flow Interpreter::execute(const Body &body, Scope *scope, std::string &out)
{
    for (const Statement *statement : body) {
        if (const Flow flow = execute(*statement, scope, out); flow != Flow::On)
            return flow;
    }
    return Flow::On;
}

Interpreter::Flow Interpreter::execute(const Statement &statement, Scope *scope, std::string &out)
{
    const Nested nested(*this);
    m_budget.step();
    m_line = statement.line;
    switch (statement.kind) {
    case StatementKind::Text: write(out, statement.text); break;
    case StatementKind::Output: {
        std::string text;
        appendText(text, evaluate(*statement.expression, scope), m_budget);
        write(out, text);
        break;
    }
    case StatementKind::If: return executeIf(statement, scope, out);
    case StatementKind::For: executeFor(statement, evaluate(*statement.expression, scope), scope, out, 0); break;
    case StatementKind::Set:
    case StatementKind::SetMember: executeSet(statement, scope); break;
    case StatementKind::Macro: scope->set(statement.text, m_heap.function({nullptr, {}, &statement, scope})); break;
    case StatementKind::Call: executeCall(statement, scope, out); break;
    case StatementKind::FilterBlock: {
        const Value text = captured(statement.body, m_heap.scope(scope));
        write(out, *asString(m_heap, filteredText(statement.expression, text, scope)).string);
        break;
    }
    case StatementKind::With: {
        Scope *inner = m_heap.scope(scope);
        for (size_t i = 0; i < statement.targets.size(); ++i)
            inner->set(statement.targets[i], evaluate(*statement.values[i], scope));
        return execute(statement.body, inner, out);
    }
    case StatementKind::Block: return execute(statement.body, scope, out);
    case StatementKind::Break: return Flow::Break;
    case StatementKind::Continue: return Flow::Continue;
    }
    return Flow::On;
}

Interpreter::Flow Interpreter::executeIf(const Statement &statement, Scope *scope, std::string &out)
{
    const Statement *branch = &statement;   // "elif" is an if that stands alone in otherwise
    while (!isTrue(evaluate(*branch->expression, scope))) {
        if (branch->otherwise.size() != 1 || branch->otherwise.front()->kind != StatementKind::If)
            return execute(branch->otherwise, scope, out);
        branch = branch->otherwise.front();
        m_budget.step();
    }
    return execute(branch->body, scope, out);
}

void Interpreter::bind(const std::vector<std::string> &targets, const Value &value, Scope *scope)
{
    if (targets.size() == 1)
        return scope->set(targets.front(), value);
    requireDefined(value);
    const std::vector<Value> parts = itemsOf(value, m_heap);
    if (parts.size() != targets.size())
        fail("value", std::to_string(targets.size()) + " = " + std::to_string(parts.size()));
    for (size_t i = 0; i < targets.size(); ++i)
        scope->set(targets[i], parts[i]);
}

void Interpreter::executeFor(const Statement &statement, const Value &sequence, Scope *scope, std::string &out, uint32_t depth)
{
    std::vector<Value> items = itemsOf(sequence, m_heap);
    if (statement.condition) {
        Scope *trial = m_heap.scope(scope);
        std::erase_if(items, [&](const Value &item) {
            bind(statement.targets, item, trial);
            return !isTrue(evaluate(*statement.condition, trial));
        });
    }
    if (items.empty()) {
        execute(statement.otherwise, m_heap.scope(scope), out);
        return;
    }
    LoopState *loop = m_heap.loop({.statement = &statement, .scope = scope, .items = &items, .depth = depth});
    // One scope for all turns, as a macro may keep it; what a turn sets is forgotten at the next.
    Scope *inner = m_heap.scope(scope);
    for (; loop->index < items.size(); ++loop->index) {
        m_budget.step();
        inner->names.clear();
        inner->set("loop", Value(loop));
        bind(statement.targets, items[loop->index], inner);
        if (execute(statement.body, inner, out) == Flow::Break)
            break;
    }
    static const std::vector<Value> nothing;
    loop->items = &nothing;
}

Value Interpreter::captured(const Body &body, Scope *scope)
{
    std::string out;
    execute(body, scope, out);
    return string(std::move(out));
}

/// The filters of a block around its text.
Value Interpreter::filteredText(const Expression *filter, const Value &text, Scope *scope)
{
    if (!filter)
        return text;
    const Nested nested(*this);
    return filterOrTest(*filter, scope, filteredText(filter->parts.front(), text, scope));
}

void Interpreter::executeSet(const Statement &statement, Scope *scope)
{
    const Value value = statement.expression ? evaluate(*statement.expression, scope)
                                             : filteredText(statement.condition, captured(statement.body, m_heap.scope(scope)), scope);
    if (statement.kind == StatementKind::Set)
        return bind(statement.targets, value, scope);
    const Value *object = scope->find(statement.targets.front());
    if (!object)
        fail("undefined", statement.targets.front());
    if (!object->is(Kind::Dict) || !object->dict->isNamespace)
        fail("type", statement.targets.front() + "." + statement.text + ": " + kindName(*object));
    m_budget.allocate(2 * sizeof(Value));
    m_budget.step(object->dict->entries.size());
    object->dict->set(Value(&statement.text), value);
}

void Interpreter::executeCall(const Statement &statement, Scope *scope, std::string &out)
{
    const Value caller = m_heap.function({nullptr, {}, &statement, scope});
    write(out, *asString(m_heap, call(*statement.expression, scope, &caller)).string);
}

} // namespace plimsoll::engine::jinja
