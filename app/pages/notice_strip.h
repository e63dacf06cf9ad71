// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/palette.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;

namespace plimsoll::app {

/// A strip across a page: a mark that does not depend on colour, a sentence, and buttons for the ways out. Colours follow the
/// palette.
class NoticeStrip : public QFrame
{
    Q_OBJECT

public:
    explicit NoticeStrip(Tone tone, QWidget *parent = nullptr);

    /// Plain text; also what a screen reader reads.
    void setText(const QString &text);
    QString text() const;
    void addButton(QWidget *button);

protected:
    void changeEvent(QEvent *event) override;

private:
    void takeColours();

    Tone m_tone;
    QHBoxLayout *m_layout;
    QLabel *m_mark;
    QLabel *m_text;
};

} // namespace plimsoll::app
