// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/machine_row.h"

#include "bridge/format.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace plimsoll::app {

MachineRow::MachineRow(const Catalog &catalog, QWidget *parent)
    : QWidget(parent), m_machines(typicalMachines(catalog)), m_label(new QLabel(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 6, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_label);
    for (size_t i = 0; i < m_machines.size(); ++i) {
        auto *button = new QPushButton(m_machines[i].name, this);
        button->setObjectName(QStringLiteral("typical%1").arg(i));
        connect(button, &QPushButton::clicked, this, [this, i] { emit chosen(m_machines[i].machine); });
        row->addWidget(button);
        m_buttons << button;
    }
    row->addStretch(1);
    m_label->setForegroundRole(QPalette::PlaceholderText);
    retranslateUi();
}

void MachineRow::retranslateUi()
{
    m_label->setText(tr("Try on:", "followed by buttons with names of machines"));
    for (int i = 0; i < m_buttons.size(); ++i) {
        const Machine &machine = m_machines[static_cast<size_t>(i)].machine;
        //: A machine to pretend: its GPUs, its RAM, how many cores its processor has.
        const QString words = tr("Pretend %1 with %2 RAM and %n core(s)", "", static_cast<int>(machine.cpu.physicalCores))
                                  .arg(m_machines[static_cast<size_t>(i)].name, format::memory(machine.ram.total));
        m_buttons[i]->setToolTip(words);
        m_buttons[i]->setAccessibleName(words);
    }
}

void MachineRow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    QWidget::changeEvent(event);
}

} // namespace plimsoll::app
