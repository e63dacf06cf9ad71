// SPDX-License-Identifier: Apache-2.0
#include "operators.h"

#include "search.h"
#include "text_form.h"
#include "utf8.h"

#include <cmath>

namespace plimsoll::engine::jinja {

namespace {

constexpr uint32_t deepest = 200;   // levels of nesting that are compared

const char *symbolOf(Operator operation)
{
    static constexpr const char *symbols[] = {"+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in"};
    return symbols[static_cast<size_t>(operation)];
}

[[noreturn]] void mismatch(Operator operation, const Value &a, const Value &b)
{
    requireDefined(a);
    requireDefined(b);
    fail("type", std::string(kindName(a)) + " " + symbolOf(operation) + " " + kindName(b));
}

Value integers(Operator operation, int64_t a, int64_t b)
{
    int64_t result = 0;
    bool overflow = false;
    switch (operation) {
    case Operator::Add: overflow = __builtin_add_overflow(a, b, &result); break;
    case Operator::Subtract: overflow = __builtin_sub_overflow(a, b, &result); break;
    case Operator::Multiply: overflow = __builtin_mul_overflow(a, b, &result); break;
    default:   // FloorDivide, Modulo: towards minus infinity
        if (b == 0)
            fail("value", "/ 0");
        if (b == -1)
            return operation == Operator::Modulo ? Value(int64_t{0}) : integers(Operator::Subtract, 0, a);
        const int64_t rest = a % b;
        const bool below = rest != 0 && (rest < 0) != (b < 0);
        return Value(operation == Operator::Modulo ? rest + (below ? b : 0) : a / b - (below ? 1 : 0));
    }
    if (overflow)
        fail("value", "integer");
    return Value(result);
}

Value integerPower(int64_t base, int64_t exponent)
{
    int64_t result = 1;
    for (; exponent > 0; exponent >>= 1) {
        if ((exponent & 1) && __builtin_mul_overflow(result, base, &result))
            fail("value", "integer");
        if (exponent > 1 && __builtin_mul_overflow(base, base, &base))
            fail("value", "integer");
    }
    return Value(result);
}

Value numbers(Operator operation, const Value &a, const Value &b)
{
    const bool whole = a.isIntegral() && b.isIntegral();
    if (whole && operation == Operator::Power && b.asInteger() >= 0)
        return integerPower(a.asInteger(), b.asInteger());
    if (whole && operation != Operator::Divide && operation != Operator::Power)
        return integers(operation, a.asInteger(), b.asInteger());
    const double x = a.asReal();
    const double y = b.asReal();
    switch (operation) {
    case Operator::Add: return Value(x + y);
    case Operator::Subtract: return Value(x - y);
    case Operator::Multiply: return Value(x * y);
    case Operator::Power: return Value(std::pow(x, y));
    default: break;
    }
    if (y == 0)
        fail("value", "/ 0");
    if (operation == Operator::Divide)
        return Value(x / y);
    if (operation == Operator::FloorDivide)
        return Value(std::floor(x / y));
    return Value(x - y * std::floor(x / y));
}

/// Text or list, that many times.
Value repeated(const Value &value, int64_t times, Heap &heap)
{
    const uint64_t count = times < 0 ? 0 : static_cast<uint64_t>(times);
    const size_t size = value.is(Kind::String) ? value.string->size() : value.list->items.size() * sizeof(Value);
    if (size != 0 && count > heap.budget().limits().bytes / size)
        fail("limit", "memory");
    heap.budget().allocate(size * count);
    if (value.is(Kind::String)) {
        std::string text;
        text.reserve(size * count);
        for (uint64_t i = 0; size != 0 && i < count; ++i)
            text += *value.string;
        return heap.string(std::move(text));
    }
    std::vector<Value> items;
    for (uint64_t i = 0; size != 0 && i < count; ++i)
        items.insert(items.end(), value.list->items.begin(), value.list->items.end());
    return heap.list(std::move(items), value.list->isTuple);
}

Value sum(const Value &a, const Value &b, Heap &heap)
{
    if (a.is(Kind::String) && b.is(Kind::String)) {
        if (a.isMarkup != b.isMarkup)
            return sum(escaped(a, heap), escaped(b, heap), heap);
        heap.budget().allocate(a.string->size() + b.string->size());
        Value whole = heap.string(*a.string + *b.string);
        whole.isMarkup = a.isMarkup;
        return whole;
    }
    if (!a.is(Kind::List) || !b.is(Kind::List) || a.list->isTuple != b.list->isTuple)
        mismatch(Operator::Add, a, b);
    heap.budget().allocate((a.list->items.size() + b.list->items.size()) * sizeof(Value));
    std::vector<Value> items = a.list->items;
    items.insert(items.end(), b.list->items.begin(), b.list->items.end());
    return heap.list(std::move(items), a.list->isTuple);
}

} // namespace

void requireDefined(const Value &value)
{
    if (value.is(Kind::Undefined))
        fail("undefined", value.string ? *value.string : std::string());
}

bool isTrue(const Value &value)
{
    switch (value.kind) {
    case Kind::Undefined:
    case Kind::None: return false;
    case Kind::Bool: return value.truth;
    case Kind::Integer: return value.integer != 0;
    case Kind::Real: return value.real != 0;
    case Kind::String: return !value.string->empty();
    case Kind::List: return !value.list->items.empty();
    case Kind::Dict: return value.dict->isNamespace || !value.dict->entries.empty();
    case Kind::Generator:
    case Kind::Function:
    case Kind::Loop: break;
    }
    return true;
}

bool equal(const Value &a, const Value &b, Budget &budget, uint32_t depth)
{
    budget.step();
    if (depth > deepest)
        fail("limit", "nesting");
    if (a.isNumber() && b.isNumber())
        return a.isIntegral() && b.isIntegral() ? a.asInteger() == b.asInteger() : a.asReal() == b.asReal();
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case Kind::String: budget.step(a.string->size() / 64); return *a.string == *b.string;
    case Kind::List:
        if (a.list->items.size() != b.list->items.size() || a.list->isTuple != b.list->isTuple)
            return false;
        for (size_t i = 0; i < a.list->items.size(); ++i) {
            if (!equal(a.list->items[i], b.list->items[i], budget, depth + 1))
                return false;
        }
        return true;
    case Kind::Dict:
        if (a.dict == b.dict || a.dict->isNamespace || b.dict->isNamespace || a.dict->entries.size() != b.dict->entries.size())
            return a.dict == b.dict;
        for (const auto &[key, value] : a.dict->entries) {
            budget.step(b.dict->entries.size());
            const Value *other = key.is(Kind::String) ? b.dict->find(*key.string) : nullptr;
            if (!other || !equal(value, *other, budget, depth + 1))
                return false;
        }
        return true;
    case Kind::Generator: return a.list == b.list;
    case Kind::Function: return a.function == b.function;
    case Kind::Loop: return a.loop == b.loop;
    default: return true;   // none, undefined
    }
}

int ordered(const Value &a, const Value &b, Budget &budget, uint32_t depth)
{
    budget.step();
    if (depth > deepest)
        fail("limit", "nesting");
    if (a.isNumber() && b.isNumber()) {
        if (a.isIntegral() && b.isIntegral())
            return a.asInteger() < b.asInteger() ? -1 : a.asInteger() > b.asInteger();
        return a.asReal() < b.asReal() ? -1 : a.asReal() > b.asReal();
    }
    if (a.is(Kind::String) && b.is(Kind::String)) {
        budget.step(std::min(a.string->size(), b.string->size()) / 64);
        return a.string->compare(*b.string);   // the order of UTF-8 is that of code points
    }
    if (!a.is(Kind::List) || !b.is(Kind::List))
        mismatch(Operator::Less, a, b);
    const std::vector<Value> &x = a.list->items;
    const std::vector<Value> &y = b.list->items;
    for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        if (!equal(x[i], y[i], budget, depth + 1))
            return ordered(x[i], y[i], budget, depth + 1);
    }
    return x.size() < y.size() ? -1 : x.size() > y.size();
}

bool contains(const Value &container, const Value &item, Budget &budget)
{
    switch (container.kind) {
    case Kind::String:
        if (!item.is(Kind::String))
            mismatch(Operator::In, item, container);
        return search(*container.string, *item.string, budget) != std::string_view::npos;
    case Kind::Generator:
        if (std::exchange(container.list->isSpent, true))
            return false;
        [[fallthrough]];
    case Kind::List:
        for (const Value &each : container.list->items) {
            if (equal(each, item, budget))
                return true;
        }
        return false;
    case Kind::Dict:
        budget.step(container.dict->entries.size());
        for (const auto &[key, value] : container.dict->entries) {
            if (equal(key, item, budget))
                return true;
        }
        return false;
    case Kind::Undefined: return false;
    default: mismatch(Operator::In, item, container);
    }
}

bool compared(Operator operation, const Value &a, const Value &b, Budget &budget)
{
    switch (operation) {
    case Operator::Equal: return equal(a, b, budget);
    case Operator::NotEqual: return !equal(a, b, budget);
    case Operator::In: return contains(b, a, budget);
    case Operator::NotIn: return !contains(b, a, budget);
    case Operator::Less: return ordered(a, b, budget) < 0;
    case Operator::LessEqual: return ordered(a, b, budget) <= 0;
    case Operator::Greater: return ordered(a, b, budget) > 0;
    default: return ordered(a, b, budget) >= 0;
    }
}

Value combined(Operator operation, const Value &a, const Value &b, Heap &heap)
{
    if (operation == Operator::Concatenate) {
        std::string text;
        appendText(text, a, heap.budget());
        appendText(text, b, heap.budget());
        return heap.string(std::move(text));
    }
    if (a.isNumber() && b.isNumber())
        return numbers(operation, a, b);
    if (operation == Operator::Add)
        return sum(a, b, heap);
    if (operation == Operator::Modulo && a.is(Kind::String)) {
        const bool several = b.is(Kind::List) && b.list->isTuple;
        return formatted(*a.string, several ? std::span<const Value>(b.list->items) : std::span<const Value>(&b, 1), heap);
    }
    if (operation == Operator::Multiply) {
        if ((a.is(Kind::String) || a.is(Kind::List)) && b.isIntegral())
            return repeated(a, b.asInteger(), heap);
        if ((b.is(Kind::String) || b.is(Kind::List)) && a.isIntegral())
            return repeated(b, a.asInteger(), heap);
    }
    mismatch(operation, a, b);
}

Value escaped(const Value &text, Heap &heap)
{
    if (text.isMarkup)
        return text;
    std::string result;
    heap.budget().allocate(text.string->size() * 5);
    for (const char c : *text.string) {
        static constexpr std::string_view from = "&<>'\"";
        static constexpr const char *to[] = {"&amp;", "&lt;", "&gt;", "&#39;", "&#34;"};
        if (const size_t at = from.find(c); at != std::string_view::npos)
            result += to[at];
        else
            result += c;
    }
    Value value = heap.string(std::move(result));
    value.isMarkup = true;
    return value;
}

Value negative(const Value &value)
{
    if (value.is(Kind::Real))
        return Value(-value.real);
    if (!value.isNumber()) {
        requireDefined(value);
        fail("type", std::string("- ") + kindName(value));
    }
    return integers(Operator::Subtract, 0, value.asInteger());
}

} // namespace plimsoll::engine::jinja
