// SPDX-License-Identifier: Apache-2.0
#include "grammar.h"

#include <algorithm>
#include <set>

namespace plimsoll::engine {

namespace {

constexpr size_t mostStacks = 1024;    // at once; a grammar that needs more is given up
constexpr size_t deepestStack = 256;  // symbols; bounds rules that begin with themselves

} // namespace

GrammarState::GrammarState(const Grammar &grammar) : m_grammar(&grammar)
{
    std::vector<Stack> begins;
    for (const uint32_t alternative : grammar.m_rules[grammar.m_root])
        begins.push_back({alternative});
    add(std::move(begins));
}

/// Replaces rules on top by what they may begin with, until bytes are on top of all stacks.
void GrammarState::add(std::vector<Stack> stacks)
{
    m_stacks.clear();
    m_mayEnd = false;
    std::set<Stack> seen;
    while (!stacks.empty()) {
        Stack stack = std::move(stacks.back());
        stacks.pop_back();
        while (!stack.empty() && m_grammar->m_symbols[stack.back()].kind == Grammar::Symbol::Kind::End)
            stack.pop_back();
        if (stack.size() > deepestStack || seen.size() >= mostStacks || !seen.insert(stack).second)
            continue;
        if (stack.empty()) {
            m_mayEnd = true;
            continue;
        }
        const Grammar::Symbol &top = m_grammar->m_symbols[stack.back()];
        if (top.kind == Grammar::Symbol::Kind::Bytes) {
            m_stacks.push_back(std::move(stack));
            continue;
        }
        ++stack.back();   // what follows the rule
        if (m_grammar->m_symbols[stack.back()].kind == Grammar::Symbol::Kind::End)
            stack.pop_back();
        for (const uint32_t alternative : m_grammar->m_rules[top.rule]) {
            stacks.push_back(stack);
            stacks.back().push_back(alternative);
        }
    }
}

void GrammarState::push(uint8_t byte)
{
    std::vector<Stack> next;
    for (Stack &stack : m_stacks) {
        const Grammar::Symbol &top = m_grammar->m_symbols[stack.back()];
        if (byte < top.low || byte > top.high)
            continue;
        ++stack.back();
        next.push_back(std::move(stack));
    }
    add(std::move(next));
}

void GrammarState::push(std::string_view bytes)
{
    for (const char byte : bytes) {
        if (m_stacks.empty()) {
            m_mayEnd = false;
            return;
        }
        push(static_cast<uint8_t>(byte));
    }
}

GrammarFilter::GrammarFilter(const Grammar &grammar, const Tokenizer &tokenizer) : m_tokenizer(tokenizer), m_state(grammar) {}

bool GrammarFilter::allows(TokenId token) const
{
    if (m_tokenizer.isEndOfGeneration(token))
        return m_state.mayEnd();
    const std::string bytes = m_tokenizer.decode(token);
    GrammarState state = m_state;
    state.push(bytes);
    return !bytes.empty() && state.isPossible();
}

std::span<const uint8_t> GrammarFilter::allowed()
{
    const uint32_t size = m_tokenizer.vocabularySize();
    if (m_tokens.empty()) {
        for (uint32_t token = 0; token < size; ++token) {
            std::string bytes = m_tokenizer.decode(static_cast<TokenId>(token));
            if (!bytes.empty() && !m_tokenizer.isEndOfGeneration(static_cast<TokenId>(token)))
                m_tokens.push_back({std::move(bytes), static_cast<TokenId>(token)});
        }
        std::sort(m_tokens.begin(), m_tokens.end(), [](const Spelled &a, const Spelled &b) { return a.bytes < b.bytes; });
    }
    m_allowed.assign(size, 0);
    for (uint32_t token = 0; token < size && m_state.mayEnd(); ++token)
        m_allowed[token] = m_tokenizer.isEndOfGeneration(static_cast<TokenId>(token));

    // Neighbours share beginnings: states[i] is that behind i bytes of the last token.
    std::vector<GrammarState> states = {m_state};
    std::string_view last;
    for (const Spelled &spelled : m_tokens) {
        const std::string_view bytes = spelled.bytes;
        size_t common = 0;
        while (common < std::min(bytes.size(), states.size() - 1) && bytes[common] == last[common])
            ++common;
        states.erase(states.begin() + static_cast<std::ptrdiff_t>(common) + 1, states.end());
        while (states.size() <= bytes.size() && states.back().isPossible()) {
            states.push_back(states.back());
            states.back().push(bytes.substr(states.size() - 2, 1));
        }
        last = bytes;
        m_allowed[static_cast<size_t>(spelled.token)] = states.size() > bytes.size() && states.back().isPossible();
    }
    return m_allowed;
}

void GrammarFilter::accept(TokenId token)
{
    m_state.push(m_tokenizer.decode(token));
}

} // namespace plimsoll::engine
