// SPDX-License-Identifier: Apache-2.0
#include "text_form.h"

#include "utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace plimsoll::engine::jinja {

namespace {

constexpr uint32_t deepest = 200;   // levels of nesting that are written; a namespace may hold itself

void add(std::string &out, std::string_view text, Budget &budget)
{
    budget.allocate(text.size());
    out += text;
}

void appendQuoted(std::string &out, std::string_view text, Budget &budget)
{
    budget.allocate(text.size() + 2);
    const char quote = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos ? '"' : '\'';
    out += quote;
    for (const char c : text) {
        static constexpr char digits[] = "0123456789abcdef";
        const unsigned char byte = static_cast<unsigned char>(c);
        if (c == quote || c == '\\')
            (out += '\\') += c;
        else if (c == '\n' || c == '\r' || c == '\t')
            (out += '\\') += c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
        else if (byte < 0x20 || byte == 0x7F)
            ((out += "\\x") += digits[byte >> 4]) += digits[byte & 15];
        else
            out += c;
    }
    out += quote;
}

void appendEscape(std::string &out, uint32_t unit)
{
    static constexpr char digits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += digits[unit >> shift & 15];
}

uint32_t codePointOf(std::string_view character)
{
    static constexpr uint8_t leadBits[] = {0x7F, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = static_cast<unsigned char>(character.front()) & leadBits[character.size()];
    for (const char c : character.substr(1))
        code = code << 6 | (static_cast<unsigned char>(c) & 0x3F);
    return code;
}

void appendJsonString(std::string &out, std::string_view text, bool ascii, Budget &budget)
{
    budget.allocate(text.size() + 2);
    out += '"';
    while (!text.empty()) {
        const std::string_view character = text.substr(0, codePointBytes(text));
        text.remove_prefix(character.size());
        const char c = character.front();
        static constexpr std::string_view from = "\"\\\n\r\t\b\f";
        static constexpr std::string_view to = "\"\\nrtbf";
        if (const size_t at = from.find(c); at != std::string_view::npos) {
            (out += '\\') += to[at];
        } else if (static_cast<unsigned char>(c) < 0x20) {
            appendEscape(out, static_cast<unsigned char>(c));
        } else if (ascii && character.size() > 1) {
            const uint32_t code = codePointOf(character);
            if (code >= 0x10000)
                appendEscape(out, 0xD800 + ((code - 0x10000) >> 10));
            appendEscape(out, code >= 0x10000 ? 0xDC00 + ((code - 0x10000) & 0x3FF) : code);
        } else {
            out += character;
        }
    }
    out += '"';
}

void newLine(std::string &out, const JsonForm &form, uint32_t depth, Budget &budget)
{
    if (form.indent < 0)
        return;
    add(out, "\n" + std::string(static_cast<size_t>(form.indent) * depth, ' '), budget);
}

std::string jsonKey(const Value &key)
{
    switch (key.kind) {
    case Kind::String: return *key.string;
    case Kind::Bool: return key.truth ? "true" : "false";
    case Kind::None: return "null";
    case Kind::Integer: return std::to_string(key.integer);
    case Kind::Real: return realText(key.real);
    default: fail("type", std::string("tojson: ") + kindName(key));
    }
}

void appendJsonDict(std::string &out, const Dict &dict, const JsonForm &form, Budget &budget, uint32_t depth)
{
    std::vector<std::pair<std::string, const Value *>> entries;
    for (const auto &[key, value] : dict.entries)
        entries.emplace_back(jsonKey(key), &value);
    budget.step(entries.size());
    if (form.sortKeys)
        std::stable_sort(entries.begin(), entries.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    out += '{';
    for (size_t i = 0; i < entries.size(); ++i) {
        if (i > 0)
            add(out, form.itemSeparator, budget);
        newLine(out, form, depth + 1, budget);
        appendJsonString(out, entries[i].first, form.ascii, budget);
        add(out, form.keySeparator, budget);
        appendJson(out, *entries[i].second, form, budget, depth + 1);
    }
    if (!entries.empty())
        newLine(out, form, depth, budget);
    out += '}';
}

void appendJsonList(std::string &out, const List &list, const JsonForm &form, Budget &budget, uint32_t depth)
{
    out += '[';
    for (size_t i = 0; i < list.items.size(); ++i) {
        if (i > 0)
            add(out, form.itemSeparator, budget);
        newLine(out, form, depth + 1, budget);
        appendJson(out, list.items[i], form, budget, depth + 1);
    }
    if (!list.items.empty())
        newLine(out, form, depth, budget);
    out += ']';
}

} // namespace

std::string realText(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value < 0 ? "-inf" : "inf";
    char buffer[32];
    const double size = std::abs(value);
    const bool exponent = size != 0 && (size < 1e-4 || size >= 1e16);
    const auto format = exponent ? std::chars_format::scientific : std::chars_format::fixed;
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr;
    std::string text(buffer, end);
    if (!exponent && text.find('.') == std::string::npos)
        text += ".0";
    return text;
}

void appendRepresentation(std::string &out, const Value &value, Budget &budget, uint32_t depth)
{
    budget.step();
    if (depth > deepest)
        fail("limit", "nesting");
    if (value.is(Kind::String))
        return appendQuoted(out, *value.string, budget);
    if (value.is(Kind::List)) {
        const List &list = *value.list;
        add(out, list.isTuple ? "(" : "[", budget);
        for (size_t i = 0; i < list.items.size(); ++i) {
            add(out, i > 0 ? ", " : "", budget);
            appendRepresentation(out, list.items[i], budget, depth + 1);
        }
        add(out, list.isTuple ? (list.items.size() == 1 ? ",)" : ")") : "]", budget);
    } else if (value.is(Kind::Dict)) {
        const Dict &dict = *value.dict;
        add(out, dict.isNamespace ? "<Namespace {" : "{", budget);
        for (size_t i = 0; i < dict.entries.size(); ++i) {
            add(out, i > 0 ? ", " : "", budget);
            appendRepresentation(out, dict.entries[i].first, budget, depth + 1);
            add(out, ": ", budget);
            appendRepresentation(out, dict.entries[i].second, budget, depth + 1);
        }
        add(out, dict.isNamespace ? "}>" : "}", budget);
    } else if (value.is(Kind::Undefined)) {
        add(out, "Undefined", budget);
    } else {
        appendText(out, value, budget);
    }
}

void appendText(std::string &out, const Value &value, Budget &budget)
{
    switch (value.kind) {
    case Kind::Undefined: return;
    case Kind::None: return add(out, "None", budget);
    case Kind::Bool: return add(out, value.truth ? "True" : "False", budget);
    case Kind::Integer: return add(out, std::to_string(value.integer), budget);
    case Kind::Real: return add(out, realText(value.real), budget);
    case Kind::String: return add(out, *value.string, budget);
    case Kind::Function: return add(out, "<function>", budget);
    case Kind::Generator: return add(out, "<generator>", budget);
    case Kind::Loop: return add(out, "<LoopContext>", budget);
    case Kind::List:
    case Kind::Dict: break;
    }
    appendRepresentation(out, value, budget);
}

void appendJson(std::string &out, const Value &value, const JsonForm &form, Budget &budget, uint32_t depth)
{
    budget.step();
    if (depth > deepest)
        fail("limit", "nesting");
    switch (value.kind) {
    case Kind::None: return add(out, "null", budget);
    case Kind::Bool: return add(out, value.truth ? "true" : "false", budget);
    case Kind::Integer: return add(out, std::to_string(value.integer), budget);
    case Kind::Real:
        if (!std::isfinite(value.real))
            return add(out, std::isnan(value.real) ? "NaN" : value.real < 0 ? "-Infinity" : "Infinity", budget);
        return add(out, realText(value.real), budget);
    case Kind::String: return appendJsonString(out, *value.string, form.ascii, budget);
    case Kind::List: return appendJsonList(out, *value.list, form, budget, depth);
    case Kind::Dict:
        if (!value.dict->isNamespace)
            return appendJsonDict(out, *value.dict, form, budget, depth);
        break;
    case Kind::Undefined:
    case Kind::Generator:
    case Kind::Function:
    case Kind::Loop: break;
    }
    fail("type", std::string("tojson: ") + kindName(value));
}

std::string_view textOf(const Value &value, const char *what)
{
    if (!value.is(Kind::String))
        fail("type", std::string(what) + ": " + kindName(value));
    return *value.string;
}

Value asString(Heap &heap, const Value &value)
{
    if (value.is(Kind::String))
        return value;
    std::string text;
    appendText(text, value, heap.budget());
    return heap.string(std::move(text));
}

} // namespace plimsoll::engine::jinja
