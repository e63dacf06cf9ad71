// SPDX-License-Identifier: Apache-2.0
#include "thinking.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

struct Pair
{
    std::string_view begin;
    std::string_view end;
};

constexpr Pair pairs[] = {{"<think>", "</think>"}, {"[THINK]", "[/THINK]"}, {"<|START_THINKING|>", "<|END_THINKING|>"},
    {"<seed:think>", "</seed:think>"}, {"<|think|>", "<|/think|>"}, {"<|channel>thought", "<channel|>"}, {"<thought>", "</thought>"}};

size_t leadingSpace(std::string_view text)
{
    return std::min(text.find_first_not_of(" \t\r\n"), text.size());
}

} // namespace

std::vector<std::string> ThinkingMarks::all() const
{
    std::vector<std::string> marks = {begin, end, headerEnd};
    marks.insert(marks.end(), headers.begin(), headers.end());
    std::erase(marks, std::string());
    return marks;
}

ThinkingMarks thinkingMarks(std::string_view chatTemplate)
{
    const auto has = [chatTemplate](std::string_view word) { return chatTemplate.find(word) != std::string_view::npos; };
    if (has("<|channel|>") && has("<|message|>"))
        return {"analysis", "<|end|>", {"<|channel|>", "<|start|>"}, "<|message|>"};
    for (const Pair &pair : pairs) {
        if (has(pair.end))
            return {std::string(pair.begin), std::string(pair.end), {}, {}};
    }
    if (!chatTemplate.empty() && !has(pairs[0].begin))
        return {};
    return {std::string(pairs[0].begin), std::string(pairs[0].end), {}, {}};
}

bool endsThinking(const ThinkingMarks &marks, std::string_view prompt)
{
    if (marks.begin.empty() || !marks.headers.empty())
        return false;
    return prompt.substr(0, prompt.find_last_not_of(" \t\r\n") + 1).ends_with(marks.begin);
}

ThinkingSplit::ThinkingSplit(ThinkingMarks marks, bool inside)
    : m_marks(std::move(marks)), m_state(inside ? State::Inside : m_marks.begin.empty() ? State::Answer : State::Start)
{
}

ThinkingSplit::Piece ThinkingSplit::push(std::string_view text)
{
    m_pending += text;
    Piece piece;
    while (step(piece)) {
    }
    return piece;
}

ThinkingSplit::Piece ThinkingSplit::finish()
{
    m_ending = true;
    return push({});
}

/// Bytes at the end of what is pending that may become `mark`.
size_t ThinkingSplit::heldBack(std::string_view mark) const
{
    if (m_ending)
        return 0;
    size_t length = std::min(mark.size() - 1, m_pending.size());
    while (length > 0 && !std::string_view(m_pending).ends_with(mark.substr(0, length)))
        --length;
    return length;
}

/// Handles what the state can; false when it needs more text.
bool ThinkingSplit::step(Piece &piece)
{
    switch (m_state) {
    case State::Start:
    case State::Between: return stepOutside(piece);
    case State::Inside: return stepInside(piece);
    case State::Header: {
        const size_t end = m_pending.find(m_marks.headerEnd);
        if (end == std::string::npos)
            return false;
        m_state = std::string_view(m_pending).substr(0, end).find(m_marks.begin) != std::string_view::npos ? State::Inside : State::Answer;
        m_pending.erase(0, end + m_marks.headerEnd.size());
        return true;
    }
    case State::Answer: break;
    }
    piece.answer += m_pending;
    m_pending.clear();
    return false;
}

/// Before the answer: a mark may come, else it begins.
bool ThinkingSplit::stepOutside(Piece &piece)
{
    const size_t space = leadingSpace(m_pending);
    const std::string_view text = std::string_view(m_pending).substr(space);
    const bool headed = !m_marks.headers.empty();
    std::vector<std::string> marks = headed ? m_marks.headers : std::vector<std::string>();
    if (!headed && m_state == State::Start)
        marks.push_back(m_marks.begin);
    for (const std::string &mark : marks) {
        if (text.starts_with(mark)) {
            m_pending.erase(0, space + mark.size());
            m_state = headed ? State::Header : State::Inside;
            return true;
        }
        if (!m_ending && std::string_view(mark).starts_with(text))   // also nothing but space so far
            return false;
    }
    if (text.empty() && !m_ending)
        return false;
    if (m_state == State::Between)
        m_pending.erase(0, space);
    m_state = State::Answer;
    return step(piece);
}

bool ThinkingSplit::stepInside(Piece &piece)
{
    if (!m_anyThought)
        m_pending.erase(0, leadingSpace(m_pending));
    const size_t end = m_pending.find(m_marks.end);
    size_t ready = end != std::string::npos ? end : m_pending.size() - heldBack(m_marks.end);
    const size_t taken = ready;
    while (ready > 0 && std::string_view(" \t\r\n").find(m_pending[ready - 1]) != std::string_view::npos)
        --ready;   // space is shown when more of the thought follows
    piece.thought.append(m_pending, 0, ready);
    m_anyThought = m_anyThought || ready > 0;
    m_pending.erase(0, end != std::string::npos ? taken + m_marks.end.size() : m_ending ? taken : ready);
    if (end == std::string::npos)
        return false;
    m_state = State::Between;
    return true;
}

} // namespace plimsoll::engine
