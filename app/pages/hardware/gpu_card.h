// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shell/card.h"

#include <plimsoll/machine/machine.h>

class QPushButton;

namespace plimsoll::app {

class FactTable;
class GibBox;

/// One GPU: what is known of it, and while editing its free memory and a way to remove it.
class GpuCard : public Card
{
    Q_OBJECT

public:
    explicit GpuCard(QWidget *parent = nullptr);

    void setGpu(const Gpu &gpu);
    void setEditing(bool editing);

signals:
    void freeChanged(plimsoll::Bytes free);
    void removeRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();
    void showGpu();
    QString processes() const;

    Gpu m_gpu;
    FactTable *m_facts;
    QWidget *m_editRow;
    QLabel *m_freeLabel;
    GibBox *m_free;
    QPushButton *m_remove;
};

} // namespace plimsoll::app
