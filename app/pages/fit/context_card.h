// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shell/card.h"

class QPushButton;

namespace plimsoll::app {

struct ContextCurve;
class ContextChart;
class ContextTable;
class Dialogs;
class PlainTable;

/// What a longer or shorter context would take and how fast it would be: two charts and, on demand, their table.
class ContextCard : public Card
{
    Q_OBJECT

public:
    /// `dialogs` outlives the card.
    explicit ContextCard(Dialogs &dialogs, QWidget *parent = nullptr);

    void show(const ContextCurve &curve);

signals:
    void failed(const QString &sentence);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();
    void exportFigures();

    Dialogs &m_dialogs;
    ContextChart *m_memory;
    ContextChart *m_speed;
    QLabel *m_note;
    QPushButton *m_more;
    QPushButton *m_export;
    ContextTable *m_table;
    PlainTable *m_view;
};

} // namespace plimsoll::app
