// SPDX-License-Identifier: Apache-2.0
#include "builtins.h"
#include "interpreter.h"
#include "operators.h"
#include "search.h"
#include "text_form.h"
#include "utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>

/// Filters that make one value of one value, most of them texts.
namespace plimsoll::engine::jinja {

namespace {

std::string_view text(Interpreter &interpreter, const Value &value)
{
    return *asString(interpreter.heap(), value).string;
}

/// A filter that is a method of strings too; any value counts as its text.
template <const char *Name>
Value method(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    return interpreter.apply(stringMethods(), Name, asString(interpreter.heap(), self), arguments);
}

constexpr char upperName[] = "upper";
constexpr char lowerName[] = "lower";
constexpr char capitalizeName[] = "capitalize";
constexpr char stripName[] = "strip";

Value replace(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const std::string_view whole = text(interpreter, self);
    const std::string_view before = text(interpreter, arguments.at(0, "old"));
    const std::string_view after = text(interpreter, arguments.at(1, "new"));
    int64_t most = arguments.integer(2, "count", -1);
    Budget &budget = interpreter.budget();
    std::string result;
    size_t at = 0;
    while (most != 0 && at <= whole.size()) {
        const std::string_view rest = whole.substr(at);
        if (before.empty() && rest.empty())
            break;
        const size_t ahead = search(rest, before, budget);
        if (ahead == std::string_view::npos)
            break;
        budget.allocate(ahead + after.size() + 1);
        result += rest.substr(0, ahead);
        result += after;
        at += ahead + before.size();
        if (before.empty())   // between all characters
            result += whole[at++];
        --most;
    }
    if (before.empty() && most != 0)
        result += after;
    result += whole.substr(std::min(at, whole.size()));
    return interpreter.string(std::move(result));
}

/// Words begin behind white space, hyphens and opening brackets.
Value title(Interpreter &interpreter, const Value &self, const Arguments &)
{
    std::string result;
    bool begins = true;
    for (std::string_view rest = text(interpreter, self); !rest.empty();) {
        const std::string_view character = rest.substr(0, codePointBytes(rest));
        result += begins ? uppered(character) : lowered(character);
        begins = std::string_view("-({[< \t\n\r\v\f").find(character) != std::string_view::npos;
        rest.remove_prefix(character.size());
    }
    return interpreter.string(std::move(result));
}

Value indent(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const Value *width = arguments.find(0, "width");
    const int64_t spaces = width && width->isIntegral() ? width->asInteger() : 4;
    if (spaces < 0 || spaces > 10000)
        fail("value", "indent");
    const std::string padding = width && width->is(Kind::String) ? *width->string : std::string(static_cast<size_t>(spaces), ' ');
    const bool first = arguments.truth(1, "first", false);
    const bool blank = arguments.truth(2, "blank", false);
    const std::string_view whole = text(interpreter, self);
    std::string result;
    for (size_t at = 0; at <= whole.size();) {
        const size_t end = std::min(whole.find('\n', at), whole.size());
        const std::string_view line = whole.substr(at, end - at);
        const bool pads = at == 0 ? first : blank || !line.empty();
        interpreter.budget().allocate(line.size() + padding.size() + 1);
        if (at > 0)
            result += '\n';
        result += pads ? padding : std::string();
        result += line;
        at = end + 1;
    }
    return interpreter.string(std::move(result));
}

template <bool Again>
Value escape(Interpreter &interpreter, const Value &self, const Arguments &)
{
    Value value = asString(interpreter.heap(), self);
    value.isMarkup = value.isMarkup && !Again;
    return escaped(value, interpreter.heap());
}

Value safe(Interpreter &interpreter, const Value &self, const Arguments &)
{
    Value value = asString(interpreter.heap(), self);
    value.isMarkup = true;
    return value;
}

Value truncate(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const std::string_view whole = text(interpreter, self);
    const int64_t length = arguments.integer(0, "length", 255);
    const bool cutsWords = arguments.truth(1, "killwords", false);
    const std::string_view end = arguments.text(2, "end", "...");
    const int64_t leeway = arguments.integer(3, "leeway", 5);
    const int64_t tail = static_cast<int64_t>(codePoints(end));
    if (length < tail || leeway < 0)
        fail("value", "truncate");
    const int64_t size = static_cast<int64_t>(codePoints(whole));
    if (size <= length || size - length <= leeway)
        return interpreter.string(std::string(whole));
    std::string_view kept = whole.substr(0, codePointOffset(whole, static_cast<size_t>(length - tail)));
    if (!cutsWords)
        kept = kept.substr(0, std::min(kept.rfind(' '), kept.size()));
    return interpreter.string(std::string(kept) + std::string(end));
}

Value center(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const std::string_view whole = text(interpreter, self);
    const int64_t missing = std::clamp<int64_t>(arguments.integer(0, "width", 80), 0, 1 << 20) - static_cast<int64_t>(codePoints(whole));
    if (missing <= 0)
        return interpreter.string(std::string(whole));
    const size_t left = static_cast<size_t>(missing) / 2;
    return interpreter.string(std::string(left, ' ') + std::string(whole) + std::string(static_cast<size_t>(missing) - left, ' '));
}

Value wordCount(Interpreter &interpreter, const Value &self, const Arguments &)
{
    const Value words = interpreter.apply(stringMethods(), "split", asString(interpreter.heap(), self), {});
    return Value(static_cast<int64_t>(words.list->items.size()));
}

Value asText(Interpreter &interpreter, const Value &self, const Arguments &)
{
    return asString(interpreter.heap(), self);
}

Value printfFormat(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    return formatted(text(interpreter, self), arguments.positional, interpreter.heap());
}

Value toJson(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    JsonForm form;
    form.indent = static_cast<int>(std::clamp<int64_t>(arguments.integer(1, "indent", -1), -1, 100));
    if (form.indent >= 0)
        form.itemSeparator = ",";
    form.ascii = arguments.truth(0, "ensure_ascii", false);
    form.sortKeys = arguments.truth(3, "sort_keys", false);
    if (const Value *separators = arguments.find(2, "separators"); separators && !separators->is(Kind::None)) {
        if (!separators->is(Kind::List) || separators->list->items.size() != 2)
            fail("type", "separators");
        form.itemSeparator = textOf(separators->list->items[0], "separators");
        form.keySeparator = textOf(separators->list->items[1], "separators");
    }
    std::string result;
    appendJson(result, self, form, interpreter.budget());
    return interpreter.string(std::move(result));
}

Value byDefault(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const bool missing = self.is(Kind::Undefined) || (arguments.truth(1, "boolean", false) && !isTrue(self));
    if (!missing)
        return self;
    const Value *otherwise = arguments.find(0, "default_value");
    return otherwise ? *otherwise : interpreter.string({});
}

Value toInteger(Interpreter &, const Value &self, const Arguments &arguments)
{
    const int64_t otherwise = arguments.integer(0, "default", 0);
    if (self.isIntegral())
        return Value(self.asInteger());
    if (self.is(Kind::Real))
        return Value(std::abs(self.real) < 9.2e18 ? static_cast<int64_t>(self.real) : otherwise);
    if (!self.is(Kind::String))
        return Value(otherwise);
    const std::string_view digits = stripped(*self.string);
    const size_t sign = digits.starts_with('+');
    int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data() + sign, digits.data() + digits.size(), number);
    if (error == std::errc() && end == digits.data() + digits.size())
        return Value(number);
    double real = 0;
    const auto [realEnd, realError] = std::from_chars(digits.data() + sign, digits.data() + digits.size(), real);
    const bool whole = realError == std::errc() && realEnd == digits.data() + digits.size() && std::abs(real) < 9.2e18;
    return Value(whole ? static_cast<int64_t>(real) : otherwise);
}

Value toReal(Interpreter &, const Value &self, const Arguments &arguments)
{
    const Value *otherwise = arguments.find(0, "default");
    if (self.isNumber())
        return Value(self.asReal());
    if (self.is(Kind::String)) {
        const std::string_view digits = stripped(*self.string);
        double real = 0;
        const auto [end, error] = std::from_chars(digits.data() + digits.starts_with('+'), digits.data() + digits.size(), real);
        if (error == std::errc() && end == digits.data() + digits.size())
            return Value(real);
    }
    return otherwise ? *otherwise : Value(0.0);
}

Value absolute(Interpreter &, const Value &self, const Arguments &)
{
    if (!self.isNumber())
        fail("type", std::string("abs: ") + kindName(self));
    if (self.is(Kind::Real))
        return Value(std::abs(self.real));
    return self.asInteger() < 0 ? negative(self) : Value(self.asInteger());
}

Value round(Interpreter &, const Value &self, const Arguments &arguments)
{
    if (!self.isNumber())
        fail("type", std::string("round: ") + kindName(self));
    const int64_t digits = std::clamp<int64_t>(arguments.integer(0, "precision", 0), -300, 300);
    const std::string_view way = arguments.text(1, "method", "common");
    const double scale = std::pow(10.0, static_cast<double>(digits));
    const double scaled = self.asReal() * scale;
    if (way == "common")
        return Value(std::nearbyint(scaled) / scale);   // to even, as Python does
    if (way != "ceil" && way != "floor")
        fail("value", "round");
    return Value((way == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / scale);
}

} // namespace

std::span<const NamedBuiltin> textFilters()
{
    static constexpr NamedBuiltin table[] = {
        {"upper", method<upperName>}, {"lower", method<lowerName>}, {"capitalize", method<capitalizeName>}, {"trim", method<stripName>},
        {"replace", replace}, {"title", title}, {"indent", indent}, {"escape", escape<false>}, {"e", escape<false>},
        {"forceescape", escape<true>},
        {"truncate", truncate}, {"center", center}, {"wordcount", wordCount}, {"string", asText}, {"safe", safe},
        {"format", printfFormat}, {"tojson", toJson}, {"default", byDefault}, {"d", byDefault}, {"int", toInteger}, {"float", toReal},
        {"abs", absolute}, {"round", round},
    };
    return table;
}

} // namespace plimsoll::engine::jinja
