// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tokenizer.h"

#include <plimsoll/result/result.h>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::engine {

/// A context-free grammar over bytes. Written in GBNF: rules `name ::= …` of "texts", [character classes], other rules, (groups), the
/// repetitions * + ? {m} {m,} {m,n}, alternatives |, . for any character, and # comments; the rule `root` is the whole. Immutable.
class Grammar
{
public:
    /// Errors: InvalidArgument ("grammar", what is wrong with it, what is accepted).
    static Result<Grammar> parse(std::string_view text);
    /// Texts that are valid JSON of the schema; of any kind, beginning with an object, for null. What only bounds the size of numbers is
    /// not enforced.
    /// Errors: InvalidArgument ("json_schema", keyword, what is accepted).
    static Result<Grammar> ofJsonSchema(const nlohmann::ordered_json &schema);

    /// One step of an alternative: a byte in a range, or a rule; an End closes each alternative.
    struct Symbol
    {
        enum class Kind : uint8_t { End, Bytes, Rule } kind = Kind::End;
        uint8_t low = 0;
        uint8_t high = 0;
        uint32_t rule = 0;
    };

private:
    friend class GrammarParser;
    friend class GrammarState;
    std::vector<Symbol> m_symbols;                     // all alternatives, one after another
    std::vector<std::vector<uint32_t>> m_rules;        // where the alternatives of each rule begin
    uint32_t m_root = 0;
};

/// Where a text that follows a grammar stands. A value.
class GrammarState
{
public:
    /// `grammar` must outlive this.
    explicit GrammarState(const Grammar &grammar);

    /// Goes on by one byte; where the grammar does not allow it nothing is possible afterwards.
    void push(uint8_t byte);
    void push(std::string_view bytes);
    bool isPossible() const { return !m_stacks.empty() || m_mayEnd; }
    /// Whether the text may end here.
    bool mayEnd() const { return m_mayEnd; }

private:
    using Stack = std::vector<uint32_t>;   // symbols to come, the next one last
    void add(std::vector<Stack> stacks);

    const Grammar *m_grammar;
    std::vector<Stack> m_stacks;           // ascending, each with a byte symbol on top
    bool m_mayEnd = false;
};

/// Keeps a generation inside a grammar.
class GrammarFilter
{
public:
    /// Both must outlive this.
    GrammarFilter(const Grammar &grammar, const Tokenizer &tokenizer);

    bool allows(TokenId token) const;
    /// One entry per token, 1 where it may come next. Valid until the next call.
    std::span<const uint8_t> allowed();
    void accept(TokenId token);

private:
    const Tokenizer &m_tokenizer;
    GrammarState m_state;
    struct Spelled
    {
        std::string bytes;
        TokenId token;
    };
    std::vector<Spelled> m_tokens;     // by their bytes; made when first needed
    std::vector<uint8_t> m_allowed;
};

} // namespace plimsoll::engine
