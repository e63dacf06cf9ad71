// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session.h"
#include "stop_filter.h"

#include <algorithm>

namespace plimsoll::engine {

/// Turns sampled tokens into the text people see: whole characters, without the space SentencePiece puts before a text, up to a stop text.
class TextOut
{
public:
    /// `options` outlive it.
    TextOut(const Tokenizer *tokenizer, const Session::GenerateOptions &options, bool atStart)
        : m_tokenizer(tokenizer), m_options(options), m_filter(options.stop),
          m_dropSpace(tokenizer && atStart && tokenizer->dropsLeadingSpace())
    {
    }

    /// False when nothing more is wanted.
    bool push(TokenId token, std::string &text)
    {
        if (!m_tokenizer)
            return true;
        const bool shown = std::find(m_options.shown.begin(), m_options.shown.end(), token) != m_options.shown.end();
        std::string bytes = m_tokenizer->decode(token, shown);
        if (m_dropSpace && !bytes.empty()) {
            m_dropSpace = false;
            if (bytes.front() == ' ')
                bytes.erase(0, 1);
        }
        return show(m_filter.push(m_stream.push(bytes)), text) && !m_filter.stopped();
    }

    void finish(std::string &text)
    {
        if (m_filter.stopped() || !m_wanted)
            return;
        show(m_filter.push(m_stream.finish()), text);
        show(m_filter.finish(), text);
    }

    bool stoppedByText() const { return m_filter.stopped(); }

private:
    bool show(const std::string &piece, std::string &text)
    {
        text += piece;
        if (!piece.empty() && m_options.onText && m_wanted)
            m_wanted = m_options.onText(piece);
        return m_wanted;
    }

    const Tokenizer *m_tokenizer;
    const Session::GenerateOptions &m_options;
    Utf8Stream m_stream;
    StopFilter m_filter;
    bool m_dropSpace;
    bool m_wanted = true;
};

} // namespace plimsoll::engine
