// SPDX-License-Identifier: GPL-3.0-or-later
#include "speed_table.h"

#include "bridge/format.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>

namespace plimsoll::app {

SpeedTable::SpeedTable(QWidget *parent) : Card(parent)
{
    auto *grid = new QGridLayout;
    body()->addLayout(grid);
    grid->setColumnStretch(0, 1);
    grid->setHorizontalSpacing(14);
    static const char *const names[rows] = {"decodeRate", "timeToFirstToken", "prefillRate", "promptTokens", "generatedTokens"};
    for (int row = 0; row < rows; ++row) {
        const auto index = static_cast<size_t>(row);
        m_titles[index] = new QLabel;
        m_titles[index]->setWordWrap(true);
        m_values[index] = new QLabel;
        m_values[index]->setObjectName(QLatin1String(names[row]));
        m_values[index]->setTextInteractionFlags(Qt::TextSelectableByMouse);
        grid->addWidget(m_titles[index], row, 0);
        grid->addWidget(m_values[index], row, 1, Qt::AlignRight | Qt::AlignVCenter);
    }
    QFont strong = font();
    strong.setBold(true);
    m_values[0]->setFont(strong);
    retranslateUi();
}

void SpeedTable::setFigures(const GenerationFigures &figures)
{
    m_figures = figures;
    showFigures();
}

void SpeedTable::retranslateUi()
{
    setTitle(tr("Speed"));
    m_titles[0]->setText(tr("Generation"));
    m_titles[1]->setText(tr("Time to first token"));
    m_titles[2]->setText(tr("Prompt processing"));
    m_titles[3]->setText(tr("Prompt tokens"));
    m_titles[4]->setText(tr("Answer tokens"));
    showFigures();
}

void SpeedTable::showFigures()
{
    const auto tokens = [](quint32 number) { return number > 0 ? format::count(number) : format::unknown(); };
    const QString texts[rows] = {format::tokenRate(m_figures.decodeRate), format::duration(m_figures.timeToFirstTokenMs),
        format::tokenRate(m_figures.prefillRate), tokens(m_figures.promptTokens), tokens(m_figures.generatedTokens)};
    for (size_t row = 0; row < rows; ++row) {
        m_values[row]->setText(texts[row]);
        //: For screen readers: what is measured, and the figure.
        m_values[row]->setAccessibleName(tr("%1: %2").arg(m_titles[row]->text(), texts[row]));
    }
}

void SpeedTable::changeEvent(QEvent *event)
{
    Card::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
}

} // namespace plimsoll::app
