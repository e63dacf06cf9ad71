// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shell/card.h"

#include <plimsoll/machine/machine.h>

#include <QVector>

class QGridLayout;

namespace plimsoll::app {

class LiveGraph;
class PlainTable;
class ProcessTable;

/// What this computer does now: RAM in use, and of each GPU memory, load, temperature, power and clock, and the processes that
/// use it, as far as the driver tells them.
class LiveCard : public Card
{
    Q_OBJECT

public:
    explicit LiveCard(QWidget *parent = nullptr);

    void add(const Machine &reading);

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Figure
    {
        QString title;
        double value = 0;
        double most = 0;   // 0: not known
        QString words;
    };

    static QVector<Figure> figuresOf(const Machine &reading);
    void retranslateUi();

    QGridLayout *m_grid;
    QVector<LiveGraph *> m_graphs;
    ProcessTable *m_processes;
    PlainTable *m_processView;   // shown while there is a process
    Machine m_last;
};

} // namespace plimsoll::app
