// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_stream.h"

namespace plimsoll::app {

QList<StreamEvent> EventStream::feed(const QByteArray &bytes)
{
    QList<StreamEvent> events;
    for (const char c : bytes) {
        if (m_overrun)
            return {};
        const bool secondOfPair = c == '\n' && m_afterReturn;
        m_afterReturn = c == '\r';
        if (secondOfPair)
            continue;
        if (c == '\n' || c == '\r')
            takeLine(events);
        else
            m_line.append(c);
        m_overrun = m_line.size() + m_data.size() > m_limit;
    }
    return events;
}

void EventStream::takeLine(QList<StreamEvent> &events)
{
    if (m_firstLine && m_line.startsWith("\xEF\xBB\xBF"))
        m_line.remove(0, 3);
    m_firstLine = false;
    if (m_line.isEmpty()) {
        dispatch(events);
        return;
    }
    const qsizetype colon = m_line.indexOf(':');
    const QByteArray field = colon < 0 ? m_line : m_line.left(colon);
    QByteArray value = colon < 0 ? QByteArray() : m_line.mid(colon + 1);
    if (value.startsWith(' '))
        value.remove(0, 1);
    if (field == "event") {
        m_name = value;
    } else if (field == "data") {
        if (m_hasData)
            m_data.append('\n');
        m_data.append(value);
        m_hasData = true;
    }
    m_line.clear();
}

void EventStream::dispatch(QList<StreamEvent> &events)
{
    if (m_hasData)
        events.append({m_name.isEmpty() ? QByteArray("message") : m_name, m_data});
    m_name.clear();
    m_data.clear();
    m_hasData = false;
}

} // namespace plimsoll::app
