// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syntax.h"

#include <span>

/// What Python's operators do to values.
namespace plimsoll::engine::jinja {

bool isTrue(const Value &value);
bool equal(const Value &a, const Value &b, Budget &budget, uint32_t depth = 0);
/// Below 0, 0, above 0. Throws Failure "type" for kinds that have no order between them.
int ordered(const Value &a, const Value &b, Budget &budget, uint32_t depth = 0);
/// Whether `container` holds `item`.
bool contains(const Value &container, const Value &item, Budget &budget);
/// One of Equal … NotIn.
bool compared(Operator operation, const Value &a, const Value &b, Budget &budget);
/// One of Add … Concatenate.
Value combined(Operator operation, const Value &a, const Value &b, Heap &heap);
Value negative(const Value &value);

/// What a for loop goes through: items of a list, keys of a dict, characters of a string, nothing for undefined
/// and for a generator the second time.
/// Throws Failure "type" for anything else.
std::vector<Value> itemsOf(const Value &value, Heap &heap);
/// object[index], undefined where there is none.
Value itemOf(const Value &object, const Value &index, Heap &heap);
/// object[start:stop:step]
Value sliceOf(const Value &object, const Value &start, const Value &stop, const Value &step, Heap &heap);

/// With what means something in HTML escaped, unless it is so already; marked as such.
Value escaped(const Value &text, Heap &heap);

/// "…" % values, printf's way.
Value formatted(std::string_view format, std::span<const Value> values, Heap &heap);

/// Throws Failure "undefined" where it is.
void requireDefined(const Value &value);

} // namespace plimsoll::engine::jinja
