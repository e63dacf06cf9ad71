// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/typical_machines.h"

#include <QVector>
#include <QWidget>

class QLabel;
class QPushButton;

namespace plimsoll::app {

/// Typical machines, one click each.
class MachineRow : public QWidget
{
    Q_OBJECT

public:
    explicit MachineRow(const Catalog &catalog, QWidget *parent = nullptr);

signals:
    void chosen(const plimsoll::Machine &machine);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();

    std::vector<TypicalMachine> m_machines;
    QLabel *m_label;
    QVector<QPushButton *> m_buttons;
};

} // namespace plimsoll::app
