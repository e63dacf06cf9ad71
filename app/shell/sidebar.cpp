// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/sidebar.h"

#include "shell/icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace plimsoll::app {

Sidebar::Sidebar(QWidget *parent) : QFrame(parent), m_mark(new QLabel(this)), m_pages(new QVBoxLayout), m_foot(new QVBoxLayout)
{
    showMark();
    auto *name = new QLabel(QStringLiteral("Plimsoll"), this);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.3);
    large.setWeight(QFont::DemiBold);
    name->setFont(large);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(8, 6, 8, 14);
    head->setSpacing(8);
    head->addWidget(m_mark);
    head->addWidget(name, 1);

    m_pages->setSpacing(2);
    m_foot->setSpacing(2);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(10, 12, 11, 10);
    column->addLayout(head);
    column->addLayout(m_pages);
    column->addStretch(1);
    column->addLayout(m_foot);
    setMinimumWidth(178);
    setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Expanding);
}

QToolButton *Sidebar::addButton()
{
    auto *button = new QToolButton(this);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setIconSize(QSize(27, 20));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setMinimumHeight(36);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return button;
}

QToolButton *Sidebar::addButton(QAction *action)
{
    QToolButton *button = addButton();
    button->setDefaultAction(action);
    button->setObjectName(action->objectName());
    return button;
}

void Sidebar::addPage(QAction *action)
{
    m_pages->addWidget(addButton(action));
}

void Sidebar::addCommand(QAction *action)
{
    m_foot->addWidget(addButton(action));
}

void Sidebar::addMenu(QMenu *menu, const QIcon &icon)
{
    QToolButton *button = addButton();
    button->setIcon(icon);
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    const auto rename = [button, menu] {
        for (const QAction *choice : menu->actions())
            if (choice->isChecked())
                button->setText(choice->text());
        button->setAccessibleName(menu->title());
        button->setToolTip(menu->title());
    };
    connect(menu->menuAction(), &QAction::changed, button, rename);
    for (QAction *choice : menu->actions())
        connect(choice, &QAction::changed, button, rename);
    rename();
    m_foot->addWidget(button);
}

void Sidebar::showMark()
{
    m_mark->setPixmap(icon(Glyph::Fit, palette().color(QPalette::Highlight)).pixmap(QSize(26, 26), devicePixelRatioF()));
}

void Sidebar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        showMark();
    QFrame::changeEvent(event);
}

void Sidebar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), palette().color(QPalette::Mid));
}

} // namespace plimsoll::app
