// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QUndoCommand>

#include <functional>

namespace plimsoll::app {

/// A step of the undo history: a value before and after. It is pushed once the new value is in place. Steps of the same part that follow
/// each other at once, as in a drag, are one.
template <typename Value>
class ValueEdit : public QUndoCommand
{
public:
    using Setter = std::function<void(const Value &)>;

    /// `part` tells what was changed; -1 never joins another step. `set` outlives the history.
    ValueEdit(Value before, Value after, int part, Setter set)
        : m_before(std::move(before)), m_after(std::move(after)), m_part(part), m_set(std::move(set))
    {
        m_age.start();
    }

    void undo() override { m_set(m_before); }
    void redo() override
    {
        if (m_inPlace)
            m_set(m_after);
        m_inPlace = true;
    }
    int id() const override { return m_part; }
    bool mergeWith(const QUndoCommand *other) override
    {
        const auto *next = dynamic_cast<const ValueEdit *>(other);
        if (!next || m_age.elapsed() > joinedMilliseconds)
            return false;
        m_after = next->m_after;
        m_age.restart();
        return true;
    }

private:
    static constexpr qint64 joinedMilliseconds = 700;

    Value m_before;
    Value m_after;
    int m_part;
    Setter m_set;
    QElapsedTimer m_age;
    bool m_inPlace = false;   // false for the redo() that comes with the push
};

} // namespace plimsoll::app
