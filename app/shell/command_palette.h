// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/command_list.h"

#include <QDialog>

class QLabel;
class QLineEdit;

namespace plimsoll::app {

class PlainTable;

/// One field that finds models, quantizations, machines, pages and actions: type, choose with the arrow keys, Enter. Closes with Esc, and
/// when another window is used.
class CommandPalette : public QDialog
{
    Q_OBJECT

public:
    explicit CommandPalette(QWidget *parent);

    /// Over the upper part of the parent, with nothing typed.
    void open(const QVector<Command> &commands);

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    using QDialog::open;

    void retranslateUi();
    void search(const QString &text);
    void choose(int row);
    void step(int rows);

    CommandList *m_commands;
    QLineEdit *m_search;
    PlainTable *m_list;
    QLabel *m_nothing;
};

} // namespace plimsoll::app
