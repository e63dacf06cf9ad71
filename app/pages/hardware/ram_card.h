// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shell/card.h"

#include <plimsoll/machine/machine.h>

namespace plimsoll::app {

class FactTable;
class GibBox;

/// The memory of the computer, and while editing its size and what is free of it.
class RamCard : public Card
{
    Q_OBJECT

public:
    explicit RamCard(QWidget *parent = nullptr);

    void setRam(const Ram &ram);
    void setEditing(bool editing);

signals:
    void ramChanged(const plimsoll::Ram &ram);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();
    void showRam();
    void takeTotal(Bytes total);
    void takeAvailable(Bytes available);

    Ram m_ram;
    FactTable *m_facts;
    QWidget *m_editRow;
    QLabel *m_totalLabel;
    GibBox *m_total;
    QLabel *m_availableLabel;
    GibBox *m_available;
};

} // namespace plimsoll::app
