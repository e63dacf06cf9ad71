// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::engine {

/// How a family of models marks what it thinks before it answers.
struct ThinkingMarks
{
    std::string begin;         // empty: the family does not think, or not in a form known here
    std::string end;
    /// Where messages have headers that name their channel, as in the format of gpt-oss: they begin with one of `headers` and end
    /// with `headerEnd`; `begin` is what the header of a thought contains then.
    std::vector<std::string> headers;
    std::string headerEnd;

    /// All marks, for those whose tokens are control tokens, which are not shown otherwise.
    std::vector<std::string> all() const;
};

/// The marks that a chat template speaks of; <think> where there is none.
ThinkingMarks thinkingMarks(std::string_view chatTemplate);

/// Whether the prompt ends inside a thought, so that the model goes on with it.
bool endsThinking(const ThinkingMarks &marks, std::string_view prompt);

/// Parts what a model says into thought and answer, piece by piece. A thought comes first or not at all; white space at the edges of
/// both is dropped where they meet.
class ThinkingSplit
{
public:
    struct Piece
    {
        std::string thought;
        std::string answer;
    };

    /// `inside`: the text begins within a thought.
    ThinkingSplit(ThinkingMarks marks, bool inside);

    Piece push(std::string_view text);
    /// What was held back because it might have been the beginning of a mark.
    Piece finish();

private:
    enum class State { Start, Header, Inside, Between, Answer };

    bool step(Piece &piece);
    bool stepOutside(Piece &piece);
    bool stepInside(Piece &piece);
    size_t heldBack(std::string_view mark) const;

    ThinkingMarks m_marks;
    State m_state;
    std::string m_pending;
    bool m_ending = false;
    bool m_anyThought = false;
};

} // namespace plimsoll::engine
