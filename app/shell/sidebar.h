// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QVector>

class QLabel;
class QMenu;
class QToolButton;
class QVBoxLayout;

namespace plimsoll::app {

/// The pages, one below the other, and at the foot the language and the appearance.
class Sidebar : public QFrame
{
    Q_OBJECT

public:
    explicit Sidebar(QWidget *parent = nullptr);

    /// `action` is checkable; its icon and text are the button's.
    void addPage(QAction *action);
    /// A button at the foot.
    void addCommand(QAction *action);
    /// A button at the foot that opens this menu; its words are what is checked in it.
    void addMenu(QMenu *menu, const QIcon &icon);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QToolButton *addButton();
    QToolButton *addButton(QAction *action);
    void showMark();

    QLabel *m_mark;
    QVBoxLayout *m_pages;
    QVBoxLayout *m_foot;
};

} // namespace plimsoll::app
