// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "builtins.h"
#include "syntax.h"

namespace plimsoll::engine::jinja {

/// Renders one tree once. Throws Failure; then line() is where.
class Interpreter
{
public:
    explicit Interpreter(const Limits &limits) : m_budget(limits), m_heap(m_budget) {}

    std::string render(const Tree &tree, const nlohmann::ordered_json &variables);
    uint32_t line() const { return m_line; }

    Heap &heap() { return m_heap; }
    Budget &budget() { return m_budget; }
    Value string(std::string text) { return m_heap.string(std::move(text)); }

    /// Calls a function, a macro, or a recursive loop.
    Value call(const Value &callee, const Arguments &arguments);
    /// object.name: Python's methods before items, unless `itemFirst`.
    Value member(const Value &object, const std::string &name, bool itemFirst);
    /// Applies a filter or test named at run time, as map() and select() do. Throws Failure "unsupported" for one not known.
    Value apply(std::span<const NamedBuiltin> table, std::string_view name, const Value &value, const Arguments &arguments);

private:
    enum class Flow : uint8_t { On, Break, Continue };
    using Body = std::vector<const Statement *>;

    // expressions (evaluate.cpp)
    Value evaluate(const Expression &expression, Scope *scope);
    Value evaluateOr(const Expression *expression, Scope *scope, Value otherwise);
    Value name(const Expression &expression, Scope *scope) const;
    Value listOf(const Expression &expression, Scope *scope);
    Value dictOf(const Expression &expression, Scope *scope);
    Value compare(const Expression &expression, Scope *scope);
    Value call(const Expression &expression, Scope *scope, const Value *caller = nullptr);
    Value filterOrTest(const Expression &expression, Scope *scope, const Value &input);
    Arguments argumentsOf(const Expression &expression, Scope *scope);
    Value callMacro(const Function &function, const Arguments &arguments);
    Value loopMember(LoopState &loop, const std::string &name);

    // statements (execute.cpp)
    Flow execute(const Body &body, Scope *scope, std::string &out);
    Flow execute(const Statement &statement, Scope *scope, std::string &out);
    Flow executeIf(const Statement &statement, Scope *scope, std::string &out);
    void executeFor(const Statement &statement, const Value &sequence, Scope *scope, std::string &out, uint32_t depth);
    void executeSet(const Statement &statement, Scope *scope);
    void executeCall(const Statement &statement, Scope *scope, std::string &out);
    Value captured(const Body &body, Scope *scope);
    Value filteredText(const Expression *filters, const Value &text, Scope *scope);
    void bind(const std::vector<std::string> &targets, const Value &value, Scope *scope);
    void write(std::string &out, std::string_view text);

    /// Guards against nesting that would take the stack.
    class Nested
    {
    public:
        explicit Nested(Interpreter &interpreter) : m_depth(interpreter.m_depth)
        {
            if (m_depth >= interpreter.m_budget.limits().depth)
                fail("limit", "nesting");
            ++m_depth;
        }
        ~Nested() { --m_depth; }
        Nested(const Nested &) = delete;
        Nested &operator=(const Nested &) = delete;

    private:
        uint32_t &m_depth;
    };

    Budget m_budget;
    Heap m_heap;
    uint32_t m_line = 1;
    uint32_t m_depth = 0;
};

} // namespace plimsoll::engine::jinja
