// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "budget.h"

#include <plimsoll/result/result.h>

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace plimsoll::engine::jinja {

struct Tree;

/// A template in the language of Jinja, as far as chat templates use it: see the documentation of Jinja 3 and of the transformers
/// library, which renders with trim_blocks, lstrip_blocks, break and continue, and in a sandbox where lists and dicts never change.
/// Immutable after parsing; may be rendered from several threads at once.
class Template
{
public:
    /// Errors: ModelInvalid: "chat template, line N"; "reason: detail", with a word of Failure and what it was about.
    static Result<Template> parse(std::string_view source);

    Template(Template &&) noexcept;
    Template &operator=(Template &&) noexcept;
    ~Template();

    /// The text for `variables`, an object. A template takes no more than `limits`, whatever it says.
    /// Errors: as parse().
    Result<std::string> render(const nlohmann::ordered_json &variables, const Limits &limits = {}) const;

private:
    explicit Template(std::unique_ptr<Tree> tree);

    std::unique_ptr<Tree> m_tree;
};

} // namespace plimsoll::engine::jinja
