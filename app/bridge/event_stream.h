// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace plimsoll::app {

struct StreamEvent
{
    QByteArray name;   // "message" where the stream names none
    QByteArray data;   // lines joined with '\n'
};

/// Cuts a stream of server-sent events (WHATWG HTML, "Interpreting an event stream") into events, however its bytes arrive in
/// pieces. Comments, ids and retry times are dropped. Holds at most `limit` bytes of one event; a longer one ends the reading.
class EventStream
{
public:
    static constexpr qsizetype defaultLimit = 1 << 20;

    explicit EventStream(qsizetype limit = defaultLimit) : m_limit(limit) {}

    /// The events that `bytes` completes. None, for good, once overrun().
    QList<StreamEvent> feed(const QByteArray &bytes);
    /// An event was longer than the limit.
    bool overrun() const { return m_overrun; }

private:
    void takeLine(QList<StreamEvent> &events);
    void dispatch(QList<StreamEvent> &events);

    qsizetype m_limit;
    QByteArray m_line;
    QByteArray m_name;
    QByteArray m_data;
    bool m_hasData = false;
    bool m_afterReturn = false;   // the last byte was '\r': a '\n' now belongs to it
    bool m_firstLine = true;
    bool m_overrun = false;
};

} // namespace plimsoll::app
