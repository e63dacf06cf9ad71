// SPDX-License-Identifier: Apache-2.0
#include "value.h"

#include <nlohmann/json.hpp>

namespace plimsoll::engine::jinja {

Value Value::none()
{
    Value value;
    value.kind = Kind::None;
    return value;
}

Value Value::undefined(const std::string *name)
{
    Value value;
    value.string = name;
    return value;
}

const Value *Dict::find(std::string_view key) const
{
    for (const auto &[name, value] : entries) {
        if (name.is(Kind::String) && *name.string == key)
            return &value;
    }
    return nullptr;
}

void Dict::set(Value key, Value value)
{
    for (auto &[name, old] : entries) {
        if (name.is(Kind::String) && key.is(Kind::String) && *name.string == *key.string) {
            old = value;
            return;
        }
    }
    entries.emplace_back(key, value);
}

const Value *Scope::find(std::string_view name) const
{
    for (const Scope *scope = this; scope; scope = scope->outer) {
        for (const auto &[known, value] : scope->names) {
            if (known == name)
                return &value;
        }
    }
    return nullptr;
}

void Scope::set(std::string_view name, Value value)
{
    for (auto &[known, old] : names) {
        if (known == name) {
            old = value;
            return;
        }
    }
    names.emplace_back(name, value);
}

Value Heap::string(std::string text)
{
    m_budget.allocate(sizeof(std::string) + text.size());
    return Value(&m_strings.emplace_back(std::move(text)));
}

Value Heap::list(std::vector<Value> items, bool isTuple)
{
    m_budget.allocate(sizeof(List) + items.size() * sizeof(Value));
    return Value(&m_lists.emplace_back(List{std::move(items), isTuple}));
}

Value Heap::generator(std::vector<Value> items)
{
    Value value = list(std::move(items));
    value.kind = Kind::Generator;
    return value;
}

Value Heap::dict(std::vector<std::pair<Value, Value>> entries, bool isNamespace)
{
    m_budget.allocate(sizeof(Dict) + entries.size() * 2 * sizeof(Value));
    return Value(&m_dicts.emplace_back(Dict{std::move(entries), isNamespace}));
}

Value Heap::function(Function function)
{
    m_budget.allocate(sizeof(Function));
    return Value(&m_functions.emplace_back(function));
}

Scope *Heap::scope(Scope *outer)
{
    m_budget.allocate(sizeof(Scope));
    return &m_scopes.emplace_back(Scope{outer, {}});
}

LoopState *Heap::loop(LoopState state)
{
    m_budget.allocate(sizeof(LoopState));
    return &m_loops.emplace_back(std::move(state));
}

Value Heap::fromJson(const nlohmann::ordered_json &json)
{
    if (json.is_null() || json.is_discarded())
        return Value::none();
    if (json.is_boolean())
        return Value(json.get<bool>());
    if (json.is_number_integer() && !(json.is_number_unsigned() && json.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)))
        return Value(json.get<int64_t>());
    if (json.is_number())
        return Value(json.get<double>());
    if (json.is_string())
        return string(json.get<std::string>());
    if (json.is_array()) {
        std::vector<Value> items;
        items.reserve(json.size());
        for (const auto &item : json)
            items.push_back(fromJson(item));
        return list(std::move(items));
    }
    std::vector<std::pair<Value, Value>> entries;
    entries.reserve(json.size());
    for (const auto &[key, item] : json.items())
        entries.emplace_back(string(key), fromJson(item));
    return dict(std::move(entries));
}

const char *kindName(const Value &value)
{
    switch (value.kind) {
    case Kind::Undefined: return "undefined";
    case Kind::None: return "none";
    case Kind::Bool: return "boolean";
    case Kind::Integer: return "integer";
    case Kind::Real: return "float";
    case Kind::String: return "string";
    case Kind::List: return value.list->isTuple ? "tuple" : "list";
    case Kind::Generator: return "generator";
    case Kind::Dict: return value.dict->isNamespace ? "namespace" : "dict";
    case Kind::Function: return "function";
    case Kind::Loop: return "loop";
    }
    return "value";
}

} // namespace plimsoll::engine::jinja
