// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "value.h"

#include <span>
#include <string_view>

/// What templates may call, by name. Each takes the value it is applied to as `self`: what stands before the bar of a filter or before
/// "is", or the object of a method. Names and meaning: Jinja's and Python's documentation.
namespace plimsoll::engine::jinja {

struct Arguments
{
    std::vector<Value> positional;
    std::vector<std::pair<std::string_view, Value>> named;

    /// The argument at `index` or by that name; null where it is not given.
    const Value *find(size_t index, std::string_view name) const;
    /// The same, which must be there. Throws Failure "type".
    const Value &at(size_t index, std::string_view name) const;
    int64_t integer(size_t index, std::string_view name, int64_t otherwise) const;
    bool truth(size_t index, std::string_view name, bool otherwise) const;
    /// Throws Failure "type" for what is no string.
    std::string_view text(size_t index, std::string_view name, std::string_view otherwise) const;
};

struct NamedBuiltin
{
    std::string_view name;
    Builtin builtin;
};

/// Null for a name not known.
Builtin findBuiltin(std::span<const NamedBuiltin> table, std::string_view name);

std::span<const NamedBuiltin> filters();
std::span<const NamedBuiltin> tests();
std::span<const NamedBuiltin> globals();
std::span<const NamedBuiltin> stringMethods();
std::span<const NamedBuiltin> listMethods();
std::span<const NamedBuiltin> dictMethods();
std::span<const NamedBuiltin> loopMethods();

// Groups of filters(), in files of their own.
std::span<const NamedBuiltin> textFilters();
std::span<const NamedBuiltin> listFilters();

} // namespace plimsoll::engine::jinja
