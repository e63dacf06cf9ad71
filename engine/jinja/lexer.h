// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::engine::jinja {

enum class TokenType : uint8_t {
    Text,            // what stands outside of all tags
    BlockBegin,      // {%
    BlockEnd,        // %}
    OutputBegin,     // {{
    OutputEnd,       // }}
    Name,
    String,          // unescaped
    Integer,
    Real,
    Operator,
    End,
};

struct Token
{
    TokenType type = TokenType::End;
    std::string text;
    uint32_t line = 1;
};

/// Takes a template apart as Jinja does with trim_blocks and lstrip_blocks, which is how chat templates are meant: a newline behind a
/// block is dropped, and so is white space from the beginning of a line up to a block. Comments vanish; raw blocks become text.
/// Throws Failure "syntax"; then `line` is where.
std::vector<Token> tokenize(std::string_view source, uint32_t &line);

} // namespace plimsoll::engine::jinja
