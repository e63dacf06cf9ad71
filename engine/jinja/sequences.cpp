// SPDX-License-Identifier: Apache-2.0
#include "operators.h"
#include "text_form.h"
#include "utf8.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace plimsoll::engine::jinja {

namespace {

/// Where each code point of a text begins, and its end.
std::vector<size_t> offsetsOf(std::string_view text, Budget &budget)
{
    budget.step(text.size());
    budget.allocate(text.size() * sizeof(size_t));
    std::vector<size_t> offsets;
    for (size_t at = 0; at < text.size(); at += codePointBytes(text.substr(at)))
        offsets.push_back(at);
    offsets.push_back(text.size());
    return offsets;
}

/// A bound of a slice over `size` items, as Python takes it; `otherwise` where it is not given.
int64_t bound(const Value &value, int64_t otherwise, int64_t size, bool backwards)
{
    if (value.is(Kind::None))
        return otherwise;
    if (!value.isIntegral()) {
        requireDefined(value);
        fail("type", std::string("[:] ") + kindName(value));
    }
    const int64_t low = backwards ? -1 : 0;
    const int64_t high = backwards ? size - 1 : size;
    const int64_t index = value.asInteger() < 0 ? std::max(value.asInteger(), -size - 1) + size : value.asInteger();
    return std::clamp(index, low, std::max(low, high));
}

/// One %… of a format: flags, width, precision, kind.
struct Conversion
{
    std::string flags;   // with width and precision, as printf takes them
    char kind = 's';
};

Conversion conversionAt(std::string_view format, size_t &at)
{
    Conversion conversion;
    while (at < format.size() && std::string_view("-+ #0123456789.").find(format[at]) != std::string_view::npos)
        conversion.flags += format[at++];
    if (at >= format.size() || conversion.flags.size() > 6)
        fail("value", "%" + conversion.flags);
    conversion.kind = format[at++];
    return conversion;
}

std::string printed(const Conversion &conversion, const Value &value, Budget &budget)
{
    if (conversion.kind == 's' || conversion.kind == 'r') {
        std::string text;
        conversion.kind == 's' ? appendText(text, value, budget) : appendRepresentation(text, value, budget);
        if (conversion.flags.empty())
            return text;
        const long width = std::strtol(conversion.flags.c_str(), nullptr, 10);   // below 0: to the left
        const size_t wanted = static_cast<size_t>(std::min(std::labs(width), 10000L));
        const size_t missing = wanted - std::min(codePoints(text), wanted);
        budget.allocate(missing);
        return width < 0 ? text + std::string(missing, ' ') : std::string(missing, ' ') + text;
    }
    const bool whole = conversion.kind == 'd' || conversion.kind == 'i' || conversion.kind == 'x' || conversion.kind == 'X';
    const bool real = std::string_view("fFeEgG").find(conversion.kind) != std::string_view::npos;
    if (!value.isNumber() || (!whole && !real) || (whole && std::isnan(value.asReal())))
        fail("type", std::string("%") + conversion.kind + " " + kindName(value));
    char buffer[512];
    int written = 0;
    if (whole) {
        const long long number = value.is(Kind::Real) ? static_cast<long long>(std::clamp(value.real, -9e18, 9e18)) : value.asInteger();
        written = std::snprintf(buffer, sizeof buffer, ("%" + conversion.flags + "ll" + conversion.kind).c_str(), number);
    } else {
        written = std::snprintf(buffer, sizeof buffer, ("%" + conversion.flags + conversion.kind).c_str(), value.asReal());
    }
    if (written < 0 || static_cast<size_t>(written) >= sizeof buffer)
        fail("limit", "%" + conversion.flags);
    return buffer;
}

} // namespace

std::vector<Value> itemsOf(const Value &value, Heap &heap)
{
    std::vector<Value> items;
    switch (value.kind) {
    case Kind::Undefined: return items;
    case Kind::List:
        heap.budget().allocate(value.list->items.size() * sizeof(Value));
        return value.list->items;
    case Kind::Generator:
        if (std::exchange(value.list->isSpent, true))
            return items;
        heap.budget().allocate(value.list->items.size() * sizeof(Value));
        return value.list->items;
    case Kind::Dict:
        if (value.dict->isNamespace)
            break;
        heap.budget().allocate(value.dict->entries.size() * sizeof(Value));
        for (const auto &[key, item] : value.dict->entries)
            items.push_back(key);
        return items;
    case Kind::String: {
        const std::vector<size_t> offsets = offsetsOf(*value.string, heap.budget());
        for (size_t i = 0; i + 1 < offsets.size(); ++i)
            items.push_back(heap.string(value.string->substr(offsets[i], offsets[i + 1] - offsets[i])));
        return items;
    }
    default: break;
    }
    fail("type", std::string("for … in ") + kindName(value));
}

Value itemOf(const Value &object, const Value &index, Heap &heap)
{
    const std::string *name = index.is(Kind::String) ? index.string : nullptr;
    if (object.is(Kind::Dict)) {
        heap.budget().step(object.dict->entries.size() / 4);
        for (const auto &[key, value] : object.dict->entries) {
            if (equal(key, index, heap.budget()))
                return value;
        }
        return Value::undefined(name);
    }
    if (!index.isIntegral() || (!object.is(Kind::List) && !object.is(Kind::String)))
        return Value::undefined(name);
    const std::vector<size_t> offsets = object.is(Kind::String) ? offsetsOf(*object.string, heap.budget()) : std::vector<size_t>();
    const int64_t size = static_cast<int64_t>(object.is(Kind::List) ? object.list->items.size() : offsets.size() - 1);
    const int64_t at = index.asInteger() < 0 ? index.asInteger() + size : index.asInteger();
    if (at < 0 || at >= size)
        return Value::undefined(nullptr);
    const size_t i = static_cast<size_t>(at);
    return object.is(Kind::List) ? object.list->items[i] : heap.string(object.string->substr(offsets[i], offsets[i + 1] - offsets[i]));
}

Value sliceOf(const Value &object, const Value &start, const Value &stop, const Value &step, Heap &heap)
{
    if (!object.is(Kind::List) && !object.is(Kind::String)) {
        requireDefined(object);
        fail("type", std::string(kindName(object)) + "[:]");
    }
    const bool isText = object.is(Kind::String);
    const std::vector<size_t> offsets = isText ? offsetsOf(*object.string, heap.budget()) : std::vector<size_t>();
    const int64_t size = static_cast<int64_t>(isText ? offsets.size() - 1 : object.list->items.size());
    if (!step.is(Kind::None) && (!step.isIntegral() || step.asInteger() == 0))
        fail("value", "[::]");
    const int64_t by = step.is(Kind::None) ? 1 : std::clamp<int64_t>(step.asInteger(), -size - 1, size + 1);
    const int64_t first = bound(start, by < 0 ? size - 1 : 0, size, by < 0);
    const int64_t end = bound(stop, by < 0 ? -1 : size, size, by < 0);

    std::string text;
    std::vector<Value> items;
    for (int64_t i = first; by < 0 ? i > end : i < end; i += by) {
        const size_t at = static_cast<size_t>(i);
        heap.budget().step();
        if (isText)
            text.append(*object.string, offsets[at], offsets[at + 1] - offsets[at]);
        else
            items.push_back(object.list->items[at]);
    }
    return isText ? heap.string(std::move(text)) : heap.list(std::move(items), object.list->isTuple);
}

Value formatted(std::string_view format, std::span<const Value> values, Heap &heap)
{
    std::string result;
    size_t used = 0;
    for (size_t at = 0; at < format.size();) {
        if (format[at] != '%') {
            result += format[at++];
            continue;
        }
        ++at;
        if (at < format.size() && format[at] == '%') {
            result += format[at++];
            continue;
        }
        const Conversion conversion = conversionAt(format, at);
        if (used >= values.size())
            fail("type", "%");
        result += printed(conversion, values[used++], heap.budget());
    }
    if (used < values.size())
        fail("type", "%");
    return heap.string(std::move(result));
}

} // namespace plimsoll::engine::jinja
