// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/sidebar.h"

#include "shell/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace plimsoll::app {

Sidebar::Sidebar(QWidget *parent) : QFrame(parent), m_pages(new QVBoxLayout), m_foot(new QVBoxLayout)
{
    auto *mark = new QLabel(this);
    mark->setPixmap(programIcon().pixmap(QSize(26, 26), devicePixelRatioF()));
    auto *name = new QLabel(QStringLiteral("Plimsoll"), this);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.3);
    large.setWeight(QFont::DemiBold);
    name->setFont(large);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(8, 6, 8, 14);
    head->setSpacing(8);
    head->addWidget(mark);
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
    button->setIconSize(QSize(20, 20));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setMinimumHeight(36);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return button;
}

void Sidebar::addPage(QAction *action)
{
    QToolButton *button = addButton();
    button->setDefaultAction(action);
    button->setObjectName(action->objectName());
    m_pages->addWidget(button);
}

void Sidebar::addMenu(QMenu *menu, const QIcon &icon)
{
    QToolButton *button = addButton();
    button->setIcon(icon);
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    const auto rename = [button, menu] {
        button->setText(menu->title());
        button->setAccessibleName(menu->title());
    };
    connect(menu->menuAction(), &QAction::changed, button, rename);
    rename();
    m_foot->addWidget(button);
}

void Sidebar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), palette().color(QPalette::Mid));
}

} // namespace plimsoll::app
