// SPDX-License-Identifier: Apache-2.0
#include "builtins.h"
#include "interpreter.h"
#include "operators.h"
#include "utf8.h"

namespace plimsoll::engine::jinja {

namespace {

template <Kind... Kinds>
Value isKind(Interpreter &, const Value &self, const Arguments &)
{
    return Value((self.is(Kinds) || ...));
}

template <bool Truth>
Value isTruth(Interpreter &, const Value &self, const Arguments &)
{
    return Value(self.is(Kind::Bool) && self.truth == Truth);
}

template <Operator Operation>
Value compares(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    return Value(compared(Operation, self, arguments.at(0, "other"), interpreter.budget()));
}

int64_t integerOf(const Value &value)
{
    if (!value.isIntegral()) {
        requireDefined(value);
        fail("type", kindName(value));
    }
    return value.asInteger();
}

template <int64_t Rest>
Value hasRest(Interpreter &, const Value &self, const Arguments &)
{
    return Value((integerOf(self) & 1) == Rest);
}

Value divisibleBy(Interpreter &, const Value &self, const Arguments &arguments)
{
    const int64_t divisor = integerOf(arguments.at(0, "num"));
    if (divisor == 0)
        fail("value", "/ 0");
    return Value(divisor == -1 || integerOf(self) % divisor == 0);
}

Value isDefined(Interpreter &, const Value &self, const Arguments &)
{
    return Value(!self.is(Kind::Undefined));
}

Value isNumber(Interpreter &, const Value &self, const Arguments &)
{
    return Value(self.isNumber());
}

/// As Python tells it: whether it has a length and items.
Value isSequence(Interpreter &, const Value &self, const Arguments &)
{
    const bool isDict = self.is(Kind::Dict) && !self.dict->isNamespace;
    return Value(self.is(Kind::String) || self.is(Kind::List) || self.is(Kind::Undefined) || isDict);
}

Value isMapping(Interpreter &, const Value &self, const Arguments &)
{
    return Value(self.is(Kind::Dict) && !self.dict->isNamespace);
}

Value isSame(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    const Value &other = arguments.at(0, "other");
    if (self.kind != other.kind)
        return Value(false);
    if (self.is(Kind::List) || self.is(Kind::Dict) || self.is(Kind::Generator))
        return Value(self.list == other.list);
    return Value(equal(self, other, interpreter.budget()));
}

Value isIterable(Interpreter &interpreter, const Value &self, const Arguments &arguments)
{
    return self.is(Kind::Generator) ? Value(true) : isSequence(interpreter, self, arguments);
}

Value isEscaped(Interpreter &, const Value &self, const Arguments &)
{
    return Value(self.isMarkup);
}

template <bool Upper>
Value isInCase(Interpreter &, const Value &self, const Arguments &)
{
    if (!self.is(Kind::String))
        return Value(false);
    const std::string &text = *self.string;
    const std::string other = Upper ? lowered(text) : uppered(text);
    return Value((Upper ? uppered(text) : lowered(text)) == text && other != text);
}

template <auto Table>
Value isKnown(Interpreter &, const Value &self, const Arguments &)
{
    return Value(self.is(Kind::String) && findBuiltin(Table(), *self.string) != nullptr);
}

} // namespace

std::span<const NamedBuiltin> tests()
{
    static constexpr NamedBuiltin table[] = {
        {"defined", isDefined}, {"undefined", isKind<Kind::Undefined>}, {"none", isKind<Kind::None>}, {"boolean", isKind<Kind::Bool>},
        {"true", isTruth<true>}, {"false", isTruth<false>}, {"integer", isKind<Kind::Integer>}, {"float", isKind<Kind::Real>},
        {"number", isNumber}, {"string", isKind<Kind::String>}, {"mapping", isMapping}, {"sequence", isSequence}, {"iterable", isIterable},
        {"callable", isKind<Kind::Function, Kind::Loop>}, {"escaped", isEscaped}, {"odd", hasRest<1>}, {"even", hasRest<0>},
        {"divisibleby", divisibleBy}, {"eq", compares<Operator::Equal>}, {"equalto", compares<Operator::Equal>},
        {"==", compares<Operator::Equal>}, {"ne", compares<Operator::NotEqual>}, {"!=", compares<Operator::NotEqual>},
        {"lt", compares<Operator::Less>}, {"lessthan", compares<Operator::Less>}, {"<", compares<Operator::Less>},
        {"le", compares<Operator::LessEqual>}, {"<=", compares<Operator::LessEqual>}, {"gt", compares<Operator::Greater>},
        {"greaterthan", compares<Operator::Greater>}, {">", compares<Operator::Greater>}, {"ge", compares<Operator::GreaterEqual>},
        {">=", compares<Operator::GreaterEqual>}, {"in", compares<Operator::In>}, {"sameas", isSame}, {"lower", isInCase<false>},
        {"upper", isInCase<true>}, {"filter", isKnown<&filters>}, {"test", isKnown<&tests>},
    };
    return table;
}

} // namespace plimsoll::engine::jinja
