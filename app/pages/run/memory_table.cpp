// SPDX-License-Identifier: GPL-3.0-or-later
#include "memory_table.h"

#include "bridge/format.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>

namespace plimsoll::app {

MemoryTable::MemoryTable(QWidget *parent)
    : Card(parent), m_predicted(new QLabel), m_actual(new QLabel), m_owned(new QLabel), m_mapped(new QLabel)
{
    auto *grid = new QGridLayout;
    body()->addLayout(grid);
    grid->setColumnStretch(0, 1);
    grid->setHorizontalSpacing(14);
    grid->addWidget(m_predicted, 0, 1, Qt::AlignRight);
    grid->addWidget(m_actual, 0, 2, Qt::AlignRight);
    grid->addWidget(m_owned, 1, 0);
    grid->addWidget(m_mapped, 2, 0);
    static const char *const names[2][2] = {{"ownedPredicted", "ownedActual"}, {"mappedPredicted", "mappedActual"}};
    for (int row = 0; row < 2; ++row) {
        for (int column = 0; column < 2; ++column) {
            m_values[row][column] = new QLabel;
            m_values[row][column]->setObjectName(QLatin1String(names[row][column]));
            m_values[row][column]->setTextInteractionFlags(Qt::TextSelectableByMouse);
            grid->addWidget(m_values[row][column], row + 1, column + 1, Qt::AlignRight);
        }
    }
    retranslateUi();
}

void MemoryTable::setFigures(const MemoryFigures &figures)
{
    m_figures = figures;
    showFigures();
}

void MemoryTable::forget()
{
    m_figures.reset();
    showFigures();
}

void MemoryTable::retranslateUi()
{
    setTitle(tr("Memory"));
    m_predicted->setText(tr("Predicted"));
    m_actual->setText(tr("Actual"));
    //: Memory that the engine allocated for itself: KV cache, compute buffers.
    m_owned->setText(tr("Allocated"));
    m_owned->setToolTip(tr("KV cache, compute buffers and whatever else the engine allocated for itself."));
    //: Weights that lie in memory as part of the file; the system may drop and reread them.
    m_mapped->setText(tr("From the file"));
    m_mapped->setToolTip(tr("Weights used where the file is mapped. The system may drop them and read them again."));
    showFigures();
}

void MemoryTable::showFigures()
{
    const Bytes bytes[2][2] = {
        {m_figures.value_or(MemoryFigures()).predictedOwned, m_figures.value_or(MemoryFigures()).actualOwned},
        {m_figures.value_or(MemoryFigures()).predictedMapped, m_figures.value_or(MemoryFigures()).actualMapped}};
    const QString sides[2] = {m_predicted->text(), m_actual->text()};
    const QString kinds[2] = {m_owned->text(), m_mapped->text()};
    for (int row = 0; row < 2; ++row) {
        for (int column = 0; column < 2; ++column) {
            QLabel *label = m_values[row][column];
            label->setText(m_figures ? format::memory(bytes[row][column]) : format::unknown());
            //: For screen readers: kind of memory, predicted or actual, amount.
            label->setAccessibleName(tr("%1, %2: %3").arg(kinds[row], sides[column], label->text()));
        }
    }
}

void MemoryTable::changeEvent(QEvent *event)
{
    Card::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
}

} // namespace plimsoll::app
