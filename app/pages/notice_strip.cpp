// SPDX-License-Identifier: GPL-3.0-or-later
#include "notice_strip.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>

namespace plimsoll::app {

NoticeStrip::NoticeStrip(Tone tone, QWidget *parent)
    : QFrame(parent), m_tone(tone), m_layout(new QHBoxLayout(this)), m_mark(new QLabel), m_text(new QLabel)
{
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setObjectName(QStringLiteral("noticeText"));
    m_mark->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    m_layout->addWidget(m_mark);
    m_layout->addWidget(m_text, 1);
    takeColours();
}

void NoticeStrip::setText(const QString &text)
{
    m_text->setText(text);
    m_text->setAccessibleName(text);
    setAccessibleName(text);
}

QString NoticeStrip::text() const
{
    return m_text->text();
}

void NoticeStrip::addButton(QWidget *button)
{
    m_layout->addWidget(button);
}

void NoticeStrip::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    // This object's own palette comes from takeColours(); what the theme changes arrives at the parent's palette first.
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        takeColours();
}

void NoticeStrip::takeColours()
{
    const QPalette base = parentWidget() ? parentWidget()->palette() : QPalette();
    const bool dark = isDark(base);
    QPalette own = palette();
    own.setColor(QPalette::Window, wash(m_tone, dark));
    own.setColor(QPalette::WindowText, base.color(QPalette::WindowText));
    if (own != palette())
        setPalette(own);
    const auto icon = m_tone == Tone::Bad || m_tone == Tone::Caution ? QStyle::SP_MessageBoxWarning : QStyle::SP_MessageBoxInformation;
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
    m_mark->setPixmap(style()->standardIcon(icon).pixmap(size));
}

} // namespace plimsoll::app
