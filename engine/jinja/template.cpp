// SPDX-License-Identifier: Apache-2.0
#include "template.h"

#include "interpreter.h"
#include "parser.h"

#include <algorithm>

namespace plimsoll::engine::jinja {

namespace {

constexpr size_t longestSource = size_t{4} << 20;   // bytes
constexpr size_t longestDetail = 500;               // bytes

Error templateError(uint32_t line, const Failure &failure)
{
    const std::string detail = failure.detail.empty() ? std::string() : ": " + failure.detail.substr(0, longestDetail);
    return {ErrorCode::ModelInvalid, {"chat template, line " + std::to_string(line), failure.reason + detail}};
}

} // namespace

Template::Template(std::unique_ptr<Tree> tree) : m_tree(std::move(tree)) {}
Template::Template(Template &&) noexcept = default;
Template &Template::operator=(Template &&) noexcept = default;
Template::~Template() = default;

Result<Template> Template::parse(std::string_view source)
{
    uint32_t line = 1;
    auto tree = std::make_unique<Tree>();
    try {
        if (source.size() > longestSource)
            fail("limit", "size");
        Parser parser(tokenize(source, line), *tree);
        try {
            parser.run();
        } catch (const Failure &failure) {
            return templateError(parser.line(), failure);
        }
    } catch (const Failure &failure) {
        return templateError(line, failure);
    }
    return Template(std::move(tree));
}

Result<std::string> Template::render(const nlohmann::ordered_json &variables, const Limits &limits) const
{
    Interpreter interpreter(limits);
    try {
        return interpreter.render(*m_tree, variables);
    } catch (const Failure &failure) {
        return templateError(interpreter.line(), failure);
    }
}

} // namespace plimsoll::engine::jinja
