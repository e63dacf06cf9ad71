// SPDX-License-Identifier: Apache-2.0
#include "builtins.h"
#include "interpreter.h"
#include "operators.h"
#include "text_form.h"
#include "utf8.h"

#include <algorithm>
#include <charconv>

/// Filters over what can be gone through.
namespace plimsoll::engine::jinja {

namespace {

Value length(Interpreter &interpreter, const Value &self, const Arguments &)
{
    switch (self.kind) {
    case Kind::Undefined: return Value(int64_t{0});
    case Kind::String: interpreter.budget().step(self.string->size() / 16); return Value(static_cast<int64_t>(codePoints(*self.string)));
    case Kind::List: return Value(static_cast<int64_t>(self.list->items.size()));
    case Kind::Dict: return Value(static_cast<int64_t>(self.dict->entries.size()));
    default: fail("type", std::string("length: ") + kindName(self));
    }
}

/// value.a.b.0, as filters name what they look at; undefined where a part is.
Value attributeOf(Interpreter &interpreter, Value value, const Value &path)
{
    if (!path.is(Kind::String))
        return itemOf(value, path, interpreter.heap());
    std::string_view rest = *path.string;
    for (bool more = true; more;) {
        const size_t dot = rest.find('.');
        more = dot != std::string_view::npos;
        const std::string_view part = rest.substr(0, dot);
        rest.remove_prefix(more ? dot + 1 : rest.size());
        int64_t index = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
        const bool isIndex = error == std::errc() && end == part.data() + part.size();
        value = isIndex ? itemOf(value, Value(index), interpreter.heap())
                        : interpreter.member(value, *interpreter.string(std::string(part)).string, true);
    }
    return value;
}

/// With attribute=…, that of the value; else the value.
Value keyOf(Interpreter &interpreter, const Value &value, const Value *attribute)
{
    return attribute && !attribute->is(Kind::None) ? attributeOf(interpreter, value, *attribute) : value;
}

Value folded(Interpreter &interpreter, const Value &value, bool caseSensitive)
{
    return !caseSensitive && value.is(Kind::String) ? interpreter.string(lowered(*value.string)) : value;
}

Arguments rest(const Arguments &arguments, size_t from)
{
    Arguments result = arguments;
    result.positional.erase(result.positional.begin(),
        result.positional.begin() + static_cast<std::ptrdiff_t>(std::min(from, result.positional.size())));
    return result;
}

/// Of what counts as false, nothing.
std::vector<Value> itemsIfAny(Interpreter &interpreter, const Value &value)
{
    return isTrue(value) ? itemsOf(value, interpreter.heap()) : std::vector<Value>();
}

/// select, reject, selectattr, rejectattr
template <bool ByAttribute, bool Wanted>
Value select(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const size_t testAt = ByAttribute ? 1 : 0;
    const Value *test = testAt < arguments.positional.size() ? &arguments.positional[testAt] : nullptr;
    const Arguments others = rest(arguments, testAt + 1);
    std::vector<Value> kept;
    for (const Value &item : itemsIfAny(interpreter, self)) {
        const Value subject = ByAttribute ? attributeOf(interpreter, item, arguments.at(0, "attribute")) : item;
        const bool holds = test ? isTrue(interpreter.apply(tests(), textOf(*test, "select"), subject, others)) : isTrue(subject);
        if (holds == Wanted)
            kept.push_back(item);
    }
    return interpreter.heap().generator(std::move(kept));
}

Value map(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    std::vector<Value> items = itemsIfAny(interpreter, self);
    const Value *attribute = arguments.positional.empty() ? arguments.find(0, "attribute") : nullptr;
    const Value *otherwise = attribute ? arguments.find(1, "default") : nullptr;
    const Arguments others = rest(arguments, 1);
    for (Value &item : items) {
        if (attribute) {
            item = attributeOf(interpreter, item, *attribute);
            item = item.is(Kind::Undefined) && otherwise ? *otherwise : item;
        } else {
            item = interpreter.apply(filters(), textOf(arguments.at(0, "filter"), "map"), item, others);
        }
    }
    return interpreter.heap().generator(std::move(items));
}

Value join(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const Value *separator = arguments.find(0, "d");
    const std::string between = separator ? *asString(interpreter.heap(), *separator).string : std::string();
    const Value *attribute = arguments.find(1, "attribute");
    std::string text;
    bool first = true;
    for (const Value &item : itemsOf(self, interpreter.heap())) {
        interpreter.budget().allocate(between.size());
        text += first ? std::string() : between;
        appendText(text, keyOf(interpreter, item, attribute), interpreter.budget());
        first = false;
    }
    return interpreter.string(std::move(text));
}

template <bool Last>
Value end(Interpreter &interpreter, const Value &self, const Arguments &)
{
    if (Last && self.is(Kind::Generator))
        fail("type", "last: generator");
    const std::vector<Value> items = itemsOf(self, interpreter.heap());
    return items.empty() ? Value::undefined(nullptr) : Last ? items.back() : items.front();
}

Value toList(Interpreter &interpreter, const Value &self, const Arguments &)
{
    return interpreter.heap().list(itemsOf(self, interpreter.heap()));
}

Value reverse(Interpreter &interpreter, const Value &self, const Arguments &)
{
    std::vector<Value> items = itemsOf(self, interpreter.heap());
    std::reverse(items.begin(), items.end());
    if (self.is(Kind::Generator))
        return interpreter.heap().list(std::move(items));
    if (!self.is(Kind::String))
        return interpreter.heap().generator(std::move(items));
    std::string text;
    for (const Value &item : items)
        text += *item.string;
    return interpreter.string(std::move(text));
}

/// Pairs of key and item, in order of the keys.
void sortBy(Interpreter &interpreter, std::vector<std::pair<Value, Value>> &pairs, bool descending)
{
    interpreter.budget().allocate(pairs.size() * sizeof(pairs.front()));
    std::stable_sort(pairs.begin(), pairs.end(), [&](const auto &a, const auto &b) {
        return descending ? ordered(b.first, a.first, interpreter.budget()) < 0 : ordered(a.first, b.first, interpreter.budget()) < 0;
    });
}

Value sort(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const bool caseSensitive = arguments.truth(1, "case_sensitive", false);
    const Value *attribute = arguments.find(2, "attribute");
    std::vector<std::pair<Value, Value>> pairs;
    for (const Value &item : itemsOf(self, interpreter.heap()))
        pairs.emplace_back(folded(interpreter, keyOf(interpreter, item, attribute), caseSensitive), item);
    sortBy(interpreter, pairs, arguments.truth(0, "reverse", false));
    std::vector<Value> items;
    for (const auto &[key, item] : pairs)
        items.push_back(item);
    return interpreter.heap().list(std::move(items));
}

Value dictSort(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    if (!self.is(Kind::Dict))
        fail("type", std::string("dictsort: ") + kindName(self));
    const bool caseSensitive = arguments.truth(0, "case_sensitive", false);
    const bool byValue = arguments.text(1, "by", "key") == "value";
    std::vector<std::pair<Value, Value>> pairs;
    for (const auto &[key, value] : self.dict->entries)
        pairs.emplace_back(folded(interpreter, byValue ? value : key, caseSensitive), interpreter.heap().list({key, value}, true));
    sortBy(interpreter, pairs, arguments.truth(2, "reverse", false));
    std::vector<Value> items;
    for (const auto &[key, item] : pairs)
        items.push_back(item);
    return interpreter.heap().list(std::move(items));
}

Value items(Interpreter &interpreter, const Value &self, const Arguments &)
{
    if (self.is(Kind::Undefined))
        return interpreter.heap().generator({});
    if (!self.is(Kind::Dict))
        fail("type", std::string("items: ") + kindName(self));
    return interpreter.heap().generator(itemsOf(interpreter.apply(dictMethods(), "items", self, {}), interpreter.heap()));
}

template <bool Largest>
Value extreme(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const bool caseSensitive = arguments.truth(0, "case_sensitive", false);
    const Value *attribute = arguments.find(1, "attribute");
    Value best = Value::undefined(nullptr);
    Value bestKey;
    for (const Value &item : itemsOf(self, interpreter.heap())) {
        const Value key = folded(interpreter, keyOf(interpreter, item, attribute), caseSensitive);
        const bool better = bestKey.is(Kind::Undefined)
            || (Largest ? ordered(bestKey, key, interpreter.budget()) < 0 : ordered(key, bestKey, interpreter.budget()) < 0);
        if (better)
            best = item, bestKey = key;
    }
    return best;
}

Value sum(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const Value *attribute = arguments.find(0, "attribute");
    const Value *start = arguments.find(1, "start");
    Value total = start ? *start : Value(int64_t{0});
    for (const Value &item : itemsOf(self, interpreter.heap()))
        total = combined(Operator::Add, total, keyOf(interpreter, item, attribute), interpreter.heap());
    return total;
}

Value unique(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const bool caseSensitive = arguments.truth(0, "case_sensitive", false);
    const Value *attribute = arguments.find(1, "attribute");
    std::vector<Value> seen;
    std::vector<Value> kept;
    for (const Value &item : itemsOf(self, interpreter.heap())) {
        const Value key = folded(interpreter, keyOf(interpreter, item, attribute), caseSensitive);
        if (std::any_of(seen.begin(), seen.end(), [&](const Value &known) { return equal(known, key, interpreter.budget()); }))
            continue;
        seen.push_back(key);
        kept.push_back(item);
    }
    return interpreter.heap().generator(std::move(kept));
}

/// Lists of `linecount` items; the last is filled up where something is given for it.
Value batch(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const int64_t size = arguments.integer(0, "linecount", 0);
    if (size < 1)
        fail("value", "batch");
    const Value *fill = arguments.find(1, "fill_with");
    std::vector<Value> rows;
    std::vector<Value> row;
    for (const Value &item : itemsOf(self, interpreter.heap())) {
        row.push_back(item);
        if (static_cast<int64_t>(row.size()) == size)
            rows.push_back(interpreter.heap().list(std::exchange(row, {})));
    }
    if (!row.empty() && fill && size < (int64_t{1} << 20))
        row.resize(static_cast<size_t>(size), *fill);
    if (!row.empty())
        rows.push_back(interpreter.heap().list(std::move(row)));
    return interpreter.heap().generator(std::move(rows));
}

/// Pairs of a value of the attribute and the items that have it, in its order.
Value groupBy(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const Value &attribute = arguments.at(0, "attribute");
    std::vector<std::pair<Value, Value>> pairs;
    for (const Value &item : itemsOf(self, interpreter.heap()))
        pairs.emplace_back(attributeOf(interpreter, item, attribute), item);
    sortBy(interpreter, pairs, false);
    std::vector<Value> groups;
    for (size_t at = 0; at < pairs.size();) {
        const Value key = pairs[at].first;
        std::vector<Value> members;
        for (; at < pairs.size() && equal(pairs[at].first, key, interpreter.budget()); ++at)
            members.push_back(pairs[at].second);
        groups.push_back(interpreter.heap().list({key, interpreter.heap().list(std::move(members))}, true));
    }
    return interpreter.heap().list(std::move(groups));
}

Value attribute(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const Value &name = arguments.at(0, "name");
    const Value found = interpreter.member(self, *asString(interpreter.heap(), name).string, false);
    return self.is(Kind::Dict) && !self.dict->isNamespace && found.kind != Kind::Function ? Value::undefined(nullptr) : found;
}

} // namespace

std::span<const NamedBuiltin> listFilters()
{
    static constexpr NamedBuiltin table[] = {
        {"length", length}, {"count", length}, {"select", select<false, true>}, {"reject", select<false, false>},
        {"selectattr", select<true, true>}, {"rejectattr", select<true, false>}, {"map", map}, {"join", join}, {"first", end<false>},
        {"last", end<true>}, {"list", toList}, {"reverse", reverse}, {"sort", sort}, {"dictsort", dictSort}, {"items", items},
        {"min", extreme<false>}, {"max", extreme<true>}, {"sum", sum}, {"unique", unique}, {"batch", batch}, {"groupby", groupBy},
        {"attr", attribute},
    };
    return table;
}

} // namespace plimsoll::engine::jinja
