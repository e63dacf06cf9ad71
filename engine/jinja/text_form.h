// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "value.h"

/// Values as text: as Python's str() and repr() write them, and as JSON.
namespace plimsoll::engine::jinja {

/// What {{ value }} shows; appended to `out`.
void appendText(std::string &out, const Value &value, Budget &budget);
/// As inside of a printed list.
void appendRepresentation(std::string &out, const Value &value, Budget &budget, uint32_t depth = 0);
/// Python's repr of a float: the shortest digits that read back the same.
std::string realText(double value);

struct JsonForm
{
    int indent = -1;              // below 0: all in one line
    std::string itemSeparator = ", ";
    std::string keySeparator = ": ";
    bool sortKeys = false;
    bool ascii = false;           // everything else as \u escapes
};
/// Throws Failure "type" for what JSON cannot say.
void appendJson(std::string &out, const Value &value, const JsonForm &form, Budget &budget, uint32_t depth = 0);

/// `value` as the text of a value that must be one. Throws Failure "type" otherwise.
std::string_view textOf(const Value &value, const char *what);
/// Any value as a text of the heap; strings as they are.
Value asString(Heap &heap, const Value &value);

} // namespace plimsoll::engine::jinja
