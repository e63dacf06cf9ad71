// SPDX-License-Identifier: Apache-2.0
#include "builtins.h"
#include "interpreter.h"
#include "operators.h"
#include "search.h"
#include "text_form.h"
#include "utf8.h"

#include <algorithm>

/// Python's methods of strings, lists and dicts, those that change nothing.
namespace plimsoll::engine::jinja {

namespace {

constexpr int64_t everything = INT64_MAX;

std::string_view self(const Value &value) { return *value.string; }

/// Without characters of `set` at the ends; white space where it is empty.
std::string_view trimmed(std::string_view text, std::string_view set, bool left, bool right, Budget &budget)
{
    if (set.empty())
        return stripped(text, left, right);
    const auto holds = [&](std::string_view character) { return search(set, character, budget) != std::string_view::npos; };
    while (left && !text.empty() && holds(text.substr(0, codePointBytes(text))))
        text.remove_prefix(codePointBytes(text));
    while (right && !text.empty()) {
        size_t begin = text.size() - 1;
        while (begin > 0 && text.size() - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
            --begin;
        if (!holds(text.substr(begin)))
            break;
        text.remove_suffix(text.size() - begin);
    }
    return text;
}

template <bool Left, bool Right>
Value strip(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    return interpreter.string(std::string(trimmed(self(value), arguments.text(0, "chars", {}), Left, Right, interpreter.budget())));
}

template <auto Change>
Value changed(Interpreter &interpreter, const Value &value, const Arguments &)
{
    return interpreter.string(Change(self(value)));
}

std::string capitalized(std::string_view text)
{
    const size_t first = text.empty() ? 0 : codePointBytes(text);
    return uppered(text.substr(0, first)) + lowered(text.substr(first));
}

bool isLetter(std::string_view character)
{
    return lowered(character) != uppered(character) || (character.size() > 1 && codePointBytes(character) == character.size());
}

/// Every run of letters with a capital in front.
std::string titled(std::string_view text)
{
    std::string result;
    bool inside = false;
    while (!text.empty()) {
        const std::string_view character = text.substr(0, codePointBytes(text));
        result += inside ? lowered(character) : uppered(character);
        inside = isLetter(character);
        text.remove_prefix(character.size());
    }
    return result;
}

template <bool End>
Value beginsOrEnds(Interpreter &, const Value &value, const Arguments &arguments)
{
    const Value &wanted = arguments.at(0, "prefix");
    const auto matches = [&](const Value &each) {
        const std::string_view text = textOf(each, End ? "endswith" : "startswith");
        return End ? self(value).ends_with(text) : self(value).starts_with(text);
    };
    if (!wanted.is(Kind::List))
        return Value(matches(wanted));
    return Value(std::any_of(wanted.list->items.begin(), wanted.list->items.end(), matches));
}

template <bool End>
Value without(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    std::string_view text = self(value);
    const std::string_view part = textOf(arguments.at(0, "prefix"), End ? "removesuffix" : "removeprefix");
    if (End ? text.ends_with(part) : text.starts_with(part))
        End ? text.remove_suffix(part.size()) : text.remove_prefix(part.size());
    return interpreter.string(std::string(text));
}

/// At white space, from the left or right, at most `most` cuts.
std::vector<std::string_view> words(std::string_view text, int64_t most, bool fromRight, Budget &budget)
{
    std::vector<std::string_view> parts;
    for (text = stripped(text); !text.empty();) {
        budget.allocate(sizeof(std::string_view));
        if (most-- == 0) {
            parts.push_back(text);
            break;
        }
        size_t cut = 0;
        if (fromRight) {
            cut = text.find_last_of(" \t\n\v\f\r") + 1;   // 0 where there is none
            parts.push_back(text.substr(cut));
            text = stripped(text.substr(0, cut), false, true);
        } else {
            cut = std::min(text.find_first_of(" \t\n\v\f\r"), text.size());
            parts.push_back(text.substr(0, cut));
            text = stripped(text.substr(cut), true, false);
        }
    }
    return parts;
}

std::vector<std::string_view> pieces(std::string_view text, std::string_view separator, int64_t most, bool fromRight, Budget &budget)
{
    std::vector<std::string_view> parts;
    for (; most != 0; --most) {
        const size_t at = search(text, separator, budget, fromRight);
        if (at == std::string_view::npos)
            break;
        budget.allocate(sizeof(std::string_view));
        parts.push_back(fromRight ? text.substr(at + separator.size()) : text.substr(0, at));
        text = fromRight ? text.substr(0, at) : text.substr(at + separator.size());
    }
    parts.push_back(text);
    return parts;
}

template <bool FromRight>
Value split(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    const Value *separator = arguments.find(0, "sep");
    int64_t most = arguments.integer(1, "maxsplit", -1);
    most = most < 0 ? everything : most;
    Budget &budget = interpreter.budget();
    budget.step(self(value).size() / 16);
    const bool anySpace = !separator || separator->is(Kind::None);
    if (!anySpace && textOf(*separator, "split").empty())
        fail("value", "split");
    std::vector<std::string_view> parts
        = anySpace ? words(self(value), most, FromRight, budget) : pieces(self(value), *separator->string, most, FromRight, budget);
    if (FromRight)
        std::reverse(parts.begin(), parts.end());
    std::vector<Value> items;
    for (const std::string_view part : parts)
        items.push_back(interpreter.string(std::string(part)));
    return interpreter.heap().list(std::move(items));
}

template <bool FromRight>
Value partition(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    const std::string_view text = self(value);
    const std::string_view separator = textOf(arguments.at(0, "sep"), "partition");
    if (separator.empty())
        fail("value", "partition");
    const size_t at = search(text, separator, interpreter.budget(), FromRight);
    std::string_view parts[3] = {FromRight ? "" : text, "", FromRight ? text : ""};
    if (at != std::string_view::npos)
        parts[0] = text.substr(0, at), parts[1] = separator, parts[2] = text.substr(at + separator.size());
    std::vector<Value> items;
    for (const std::string_view part : parts)
        items.push_back(interpreter.string(std::string(part)));
    return interpreter.heap().list(std::move(items), true);
}

Value splitLines(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    const bool keep = arguments.truth(0, "keepends", false);
    std::vector<Value> items;
    for (std::string_view text = self(value); !text.empty();) {
        const size_t end = std::min(text.find_first_of("\n\r\v\f"), text.size());
        const size_t next = text.substr(end).starts_with("\r\n") ? end + 2 : std::min(end + 1, text.size());
        items.push_back(interpreter.string(std::string(text.substr(0, keep ? next : end))));
        text.remove_prefix(next);
    }
    return interpreter.heap().list(std::move(items));
}

template <bool FromRight, bool MustBeThere>
Value find(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    const std::string_view text = self(value);
    const std::string_view wanted = textOf(arguments.at(0, "sub"), "find");
    const int64_t length = static_cast<int64_t>(codePoints(text));
    interpreter.budget().step(text.size() / 4);
    const auto offset = [&](int64_t index) {
        return codePointOffset(text, static_cast<size_t>(std::clamp<int64_t>(index < 0 ? index + length : index, 0, length)));
    };
    const size_t from = offset(arguments.integer(1, "start", 0));
    const size_t to = offset(arguments.integer(2, "end", length));
    const std::string_view range = text.substr(0, to).substr(std::min(from, to));
    const size_t at = search(range, wanted, interpreter.budget(), FromRight);
    if (at == std::string_view::npos && MustBeThere)
        fail("value", "index");
    return Value(at == std::string_view::npos ? int64_t{-1} : static_cast<int64_t>(codePoints(text.substr(0, from + at))));
}

Value count(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    if (value.is(Kind::List)) {
        const auto same = [&](const Value &each) { return equal(each, arguments.at(0, "value"), interpreter.budget()); };
        return Value(static_cast<int64_t>(std::count_if(value.list->items.begin(), value.list->items.end(), same)));
    }
    const std::string_view wanted = textOf(arguments.at(0, "sub"), "count");
    if (wanted.empty())
        return Value(static_cast<int64_t>(codePoints(self(value))) + 1);
    return Value(static_cast<int64_t>(pieces(self(value), wanted, everything, false, interpreter.budget()).size()) - 1);
}

Value join(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    std::string text;
    bool first = true;
    for (const Value &each : itemsOf(arguments.at(0, "iterable"), interpreter.heap())) {
        interpreter.budget().allocate(self(value).size() + textOf(each, "join").size());
        text += first ? std::string_view() : self(value);
        text += *each.string;
        first = false;
    }
    return interpreter.string(std::move(text));
}

/// "{} {0} {name}".format(…), without format specifications.
Value format(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    const std::string_view text = self(value);
    std::string result;
    size_t next = 0;
    for (size_t at = 0; at < text.size(); ++at) {
        if ((text[at] == '{' || text[at] == '}') && text.substr(at + 1).starts_with(text[at])) {
            result += text[at++];
            continue;
        }
        if (text[at] != '{') {
            result += text[at];
            continue;
        }
        const size_t end = text.find('}', at);
        if (end == std::string_view::npos)
            fail("value", "format");
        const std::string name(text.substr(at + 1, end - at - 1));
        const bool isNumber = !name.empty() && name.size() < 6 && name.find_first_not_of("0123456789") == std::string::npos;
        const size_t index = name.empty() ? next++ : isNumber ? std::stoul(name) : SIZE_MAX;
        appendText(result, arguments.at(index, name), interpreter.budget());
        at = end;
    }
    return interpreter.string(std::move(result));
}

/// Whether there are characters and all satisfy `Test`.
template <auto Test>
Value all(Interpreter &, const Value &value, const Arguments &)
{
    std::string_view text = self(value);
    bool result = !text.empty();
    for (; result && !text.empty(); text.remove_prefix(codePointBytes(text)))
        result = Test(text.substr(0, codePointBytes(text)));
    return Value(result);
}

bool isDigit(std::string_view c) { return c.size() == 1 && c.front() >= '0' && c.front() <= '9'; }
bool isLetterOrDigit(std::string_view c) { return isDigit(c) || isLetter(c); }
bool isBlank(std::string_view c) { return stripped(c).empty(); }

template <bool Left, char Fill>
Value padded(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    const int64_t width = arguments.integer(0, "width", 0);
    const std::string_view fill = Fill ? std::string_view("0") : arguments.text(1, "fillchar", " ");
    const int64_t length = static_cast<int64_t>(codePoints(self(value)));
    if (fill.size() != 1 || width > static_cast<int64_t>(interpreter.budget().limits().bytes))
        fail("value", "width");
    const size_t missing = width > length ? static_cast<size_t>(width - length) : 0;
    interpreter.budget().allocate(missing);
    const std::string padding(missing, fill.front());
    const bool sign = Fill && !self(value).empty() && (self(value).front() == '-' || self(value).front() == '+');
    std::string text(self(value));
    return interpreter.string(Left ? text.insert(sign ? 1 : 0, padding) : text + padding);
}

Value index(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    const Value &wanted = arguments.at(0, "value");
    const std::vector<Value> &items = value.list->items;
    const auto same = [&](const Value &each) { return equal(each, wanted, interpreter.budget()); };
    const auto found = std::find_if(items.begin(), items.end(), same);
    if (found == items.end())
        fail("value", "index");
    return Value(static_cast<int64_t>(found - items.begin()));
}

template <bool Keys, bool Values>
Value entries(Interpreter &interpreter, const Value &value, const Arguments &)
{
    std::vector<Value> items;
    for (const auto &[key, each] : value.dict->entries)
        items.push_back(Keys && Values ? interpreter.heap().list({key, each}, true) : Keys ? key : each);
    return interpreter.heap().list(std::move(items));
}

Value get(Interpreter &interpreter, const Value &value, const Arguments &arguments)
{
    const Value found = itemOf(value, arguments.at(0, "key"), interpreter.heap());
    const Value *otherwise = arguments.find(1, "default");
    return !found.is(Kind::Undefined) ? found : otherwise ? *otherwise : Value::none();
}

Value copy(Interpreter &, const Value &value, const Arguments &)
{
    return value;   // nothing changes it
}

/// What Python would change in place; the sandbox in which chat templates are rendered refuses it too.
Value immutable(Interpreter &, const Value &value, const Arguments &)
{
    fail("unsupported", std::string("change of a ") + kindName(value));
}

} // namespace

std::span<const NamedBuiltin> stringMethods()
{
    static constexpr NamedBuiltin table[] = {
        {"upper", changed<&uppered>}, {"lower", changed<&lowered>}, {"casefold", changed<&lowered>}, {"capitalize", changed<&capitalized>},
        {"title", changed<&titled>}, {"strip", strip<true, true>}, {"lstrip", strip<true, false>}, {"rstrip", strip<false, true>},
        {"startswith", beginsOrEnds<false>}, {"endswith", beginsOrEnds<true>}, {"removeprefix", without<false>},
        {"removesuffix", without<true>}, {"split", split<false>}, {"rsplit", split<true>}, {"partition", partition<false>},
        {"rpartition", partition<true>}, {"splitlines", splitLines}, {"find", find<false, false>}, {"rfind", find<true, false>},
        {"index", find<false, true>}, {"rindex", find<true, true>}, {"count", count}, {"join", join}, {"format", format},
        {"isdigit", all<&isDigit>}, {"isdecimal", all<&isDigit>}, {"isnumeric", all<&isDigit>}, {"isalpha", all<&isLetter>},
        {"isalnum", all<&isLetterOrDigit>}, {"isspace", all<&isBlank>}, {"ljust", padded<false, '\0'>}, {"rjust", padded<true, '\0'>},
        {"zfill", padded<true, '0'>},
        {"replace", [](Interpreter &i, const Value &v, const Arguments &a) { return i.apply(filters(), "replace", v, a); }},
        {"isupper", [](Interpreter &i, const Value &v, const Arguments &a) { return i.apply(tests(), "upper", v, a); }},
        {"islower", [](Interpreter &i, const Value &v, const Arguments &a) { return i.apply(tests(), "lower", v, a); }},
    };
    return table;
}

std::span<const NamedBuiltin> listMethods()
{
    static constexpr NamedBuiltin table[] = {
        {"count", count}, {"index", index}, {"copy", copy}, {"append", immutable}, {"extend", immutable}, {"insert", immutable},
        {"pop", immutable}, {"remove", immutable}, {"clear", immutable}, {"sort", immutable}, {"reverse", immutable},
    };
    return table;
}

std::span<const NamedBuiltin> dictMethods()
{
    static constexpr NamedBuiltin table[] = {
        {"keys", entries<true, false>}, {"values", entries<false, true>}, {"items", entries<true, true>}, {"get", get}, {"copy", copy},
        {"update", immutable}, {"pop", immutable}, {"popitem", immutable}, {"setdefault", immutable}, {"clear", immutable},
    };
    return table;
}

} // namespace plimsoll::engine::jinja
