// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/card.h"

#include <QPainter>

namespace plimsoll::app {

Card::Card(QWidget *parent) : QFrame(parent), m_title(new QLabel(this)), m_body(new QVBoxLayout(this))
{
    QFont heading = m_title->font();
    heading.setWeight(QFont::DemiBold);
    m_title->setFont(heading);
    m_title->setVisible(false);
    m_body->setContentsMargins(18, 14, 18, 16);
    m_body->setSpacing(10);
    m_body->addWidget(m_title);
}

void Card::setTitle(const QString &title)
{
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
    setAccessibleName(title);
}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(palette().color(QPalette::Mid));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

} // namespace plimsoll::app
