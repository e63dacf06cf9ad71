// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "budget.h"

#include <nlohmann/json_fwd.hpp>

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::engine::jinja {

class Interpreter;
struct Arguments;
struct Dict;
struct Function;
struct List;
struct LoopState;
struct Scope;
struct Statement;

/// A generator is what filters like map() give: a list that can be gone through once, and has neither length nor indices.
enum class Kind : uint8_t { Undefined, None, Bool, Integer, Real, String, List, Generator, Dict, Function, Loop };

/// One value of the language; a handle of 16 bytes. What it points to belongs to the heap of the rendering, or to the template.
struct Value
{
    Kind kind = Kind::Undefined;
    bool isMarkup = false;   // of a string: escaped already; text that is added to it will be
    union {
        const std::string *string = nullptr;   // of an undefined value: its name, or null
        bool truth;
        int64_t integer;
        double real;
        const List *list;   // of a generator too
        Dict *dict;
        const Function *function;
        LoopState *loop;
    };

    Value() = default;
    explicit Value(bool value) : kind(Kind::Bool), truth(value) {}
    explicit Value(int64_t value) : kind(Kind::Integer), integer(value) {}
    explicit Value(double value) : kind(Kind::Real), real(value) {}
    explicit Value(const std::string *value) : kind(Kind::String), string(value) {}
    explicit Value(const List *value) : kind(Kind::List), list(value) {}
    explicit Value(Dict *value) : kind(Kind::Dict), dict(value) {}
    explicit Value(const Function *value) : kind(Kind::Function), function(value) {}
    explicit Value(LoopState *value) : kind(Kind::Loop), loop(value) {}

    static Value none();
    static Value undefined(const std::string *name);

    bool is(Kind other) const { return kind == other; }
    bool isNumber() const { return kind == Kind::Integer || kind == Kind::Real || kind == Kind::Bool; }
    bool isIntegral() const { return kind == Kind::Integer || kind == Kind::Bool; }
    /// Of a number.
    double asReal() const { return kind == Kind::Real ? real : static_cast<double>(asInteger()); }
    /// Of an integer or truth value.
    int64_t asInteger() const { return kind == Kind::Bool ? int64_t{truth} : integer; }
};

struct List
{
    std::vector<Value> items;
    bool isTuple = false;
    mutable bool isSpent = false;   // of a generator that was gone through
};

/// Entries in the order they were made. Only a namespace ever changes.
struct Dict
{
    std::vector<std::pair<Value, Value>> entries;
    bool isNamespace = false;

    const Value *find(std::string_view key) const;
    void set(Value key, Value value);
};

using Builtin = Value (*)(Interpreter &, const Value &self, const Arguments &arguments);

/// A built-in function or method bound to `self`, or a macro with the scope it was written in.
struct Function
{
    Builtin builtin = nullptr;
    Value self;
    const Statement *macro = nullptr;
    Scope *scope = nullptr;
};

/// What `loop` tells inside a for loop.
struct LoopState
{
    const Statement *statement = nullptr;
    Scope *scope = nullptr;      // around the loop
    const std::vector<Value> *items = nullptr;
    size_t index = 0;
    uint32_t depth = 0;
    std::vector<Value> seen;     // what changed() was asked last; empty before
    bool asked = false;
};

/// Names and what they stand for; looked up outwards.
struct Scope
{
    Scope *outer = nullptr;
    std::vector<std::pair<std::string_view, Value>> names;

    const Value *find(std::string_view name) const;
    void set(std::string_view name, Value value);
};

/// Owns what a rendering makes; everything goes when it goes, so that no value needs to know who else holds it.
class Heap
{
public:
    explicit Heap(Budget &budget) : m_budget(budget) {}

    Value string(std::string text);
    Value list(std::vector<Value> items, bool isTuple = false);
    Value generator(std::vector<Value> items);
    Value dict(std::vector<std::pair<Value, Value>> entries, bool isNamespace = false);
    Value function(Function function);
    Scope *scope(Scope *outer);
    LoopState *loop(LoopState state);
    Value fromJson(const nlohmann::ordered_json &json);

    Budget &budget() { return m_budget; }

private:
    Budget &m_budget;
    std::deque<std::string> m_strings;
    std::deque<List> m_lists;
    std::deque<Dict> m_dicts;
    std::deque<Function> m_functions;
    std::deque<Scope> m_scopes;
    std::deque<LoopState> m_loops;
};

/// "string", "list" and so on, for messages.
const char *kindName(const Value &value);

} // namespace plimsoll::engine::jinja
