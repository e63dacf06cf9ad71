// SPDX-License-Identifier: Apache-2.0
#include "builtins.h"

#include "interpreter.h"
#include "operators.h"
#include "text_form.h"

#include <algorithm>
#include <chrono>
#include <ctime>

namespace plimsoll::engine::jinja {

const Value *Arguments::find(size_t index, std::string_view name) const
{
    if (index < positional.size())
        return &positional[index];
    for (const auto &[known, value] : named) {
        if (known == name)
            return &value;
    }
    return nullptr;
}

const Value &Arguments::at(size_t index, std::string_view name) const
{
    const Value *value = find(index, name);
    if (!value)
        fail("type", std::string(name));
    return *value;
}

int64_t Arguments::integer(size_t index, std::string_view name, int64_t otherwise) const
{
    const Value *value = find(index, name);
    if (!value || value->is(Kind::None))
        return otherwise;
    if (!value->isIntegral())
        fail("type", std::string(name) + ": " + kindName(*value));
    return value->asInteger();
}

bool Arguments::truth(size_t index, std::string_view name, bool otherwise) const
{
    const Value *value = find(index, name);
    return value ? isTrue(*value) : otherwise;
}

std::string_view Arguments::text(size_t index, std::string_view name, std::string_view otherwise) const
{
    const Value *value = find(index, name);
    return value && !value->is(Kind::None) ? textOf(*value, "text") : otherwise;
}

Builtin findBuiltin(std::span<const NamedBuiltin> table, std::string_view name)
{
    const auto found = std::find_if(table.begin(), table.end(), [name](const NamedBuiltin &entry) { return entry.name == name; });
    return found == table.end() ? nullptr : found->builtin;
}

std::span<const NamedBuiltin> filters()
{
    static const std::vector<NamedBuiltin> all = [] {
        std::vector<NamedBuiltin> joined(textFilters().begin(), textFilters().end());
        joined.insert(joined.end(), listFilters().begin(), listFilters().end());
        return joined;
    }();
    return all;
}

namespace {

Value range(Interpreter &interpreter, const Value &, const Arguments &arguments)
{
    const bool one = arguments.positional.size() < 2;
    const int64_t start = one ? 0 : arguments.integer(0, "start", 0);
    const int64_t stop = arguments.integer(one ? 0 : 1, "stop", 0);
    const int64_t step = arguments.integer(2, "step", 1);
    if (step == 0)
        fail("value", "range");
    const uint64_t span = step > 0 ? (stop > start ? static_cast<uint64_t>(stop) - static_cast<uint64_t>(start) : 0)
                                   : (start > stop ? static_cast<uint64_t>(start) - static_cast<uint64_t>(stop) : 0);
    const uint64_t by = step > 0 ? static_cast<uint64_t>(step) : uint64_t{0} - static_cast<uint64_t>(step);
    const uint64_t count = span / by + (span % by ? 1 : 0);
    if (count > interpreter.budget().limits().bytes / sizeof(Value))
        fail("limit", "range");
    interpreter.budget().allocate(count * sizeof(Value));
    std::vector<Value> items;
    items.reserve(count);
    for (uint64_t i = 0; i < count; ++i)
        items.emplace_back(start + static_cast<int64_t>(i) * step);
    return interpreter.heap().list(std::move(items));
}

/// dict(…) and namespace(…): entries of a dict, then those named.
Value dictOf(Interpreter &interpreter, const Arguments &arguments, bool isNamespace)
{
    Dict dict;
    if (const Value *first = arguments.find(0, "")) {
        if (!first->is(Kind::Dict))
            fail("type", std::string("dict: ") + kindName(*first));
        dict.entries = first->dict->entries;
    }
    for (const auto &[name, value] : arguments.named)
        dict.set(interpreter.string(std::string(name)), value);
    return interpreter.heap().dict(std::move(dict.entries), isNamespace);
}

Value raiseException(Interpreter &interpreter, const Value &, const Arguments &arguments)
{
    std::string message;
    if (const Value *given = arguments.find(0, "message"))
        appendText(message, *given, interpreter.budget());
    fail("raised", std::move(message));
}

Value strftimeNow(Interpreter &interpreter, const Value &, const Arguments &arguments)
{
    const std::string format(textOf(arguments.at(0, "format"), "strftime_now"));
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts = {};
    localtime_r(&now, &parts);
    if (format.size() > 200)
        fail("limit", "strftime_now");
    char buffer[4096];
    return interpreter.string(std::string(buffer, std::strftime(buffer, sizeof buffer, format.c_str(), &parts)));
}

Value cycle(Interpreter &, const Value &self, const Arguments &arguments)
{
    if (arguments.positional.empty())
        fail("type", "cycle");
    return arguments.positional[self.loop->index % arguments.positional.size()];
}

Value changed(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    LoopState &loop = *self.loop;
    const auto same = [&](const Value &a, const Value &b) { return equal(a, b, interpreter.budget()); };
    const bool isSame = loop.asked
        && std::equal(loop.seen.begin(), loop.seen.end(), arguments.positional.begin(), arguments.positional.end(), same);
    loop.seen = arguments.positional;
    loop.asked = true;
    return Value(!isSame);
}

} // namespace

std::span<const NamedBuiltin> globals()
{
    static constexpr NamedBuiltin table[] = {
        {"range", range},
        {"dict", [](Interpreter &i, const Value &, const Arguments &a) { return dictOf(i, a, false); }},
        {"namespace", [](Interpreter &i, const Value &, const Arguments &a) { return dictOf(i, a, true); }},
        {"raise_exception", raiseException},
        {"strftime_now", strftimeNow},
    };
    return table;
}

std::span<const NamedBuiltin> loopMethods()
{
    static constexpr NamedBuiltin table[] = {{"cycle", cycle}, {"changed", changed}};
    return table;
}

} // namespace plimsoll::engine::jinja
