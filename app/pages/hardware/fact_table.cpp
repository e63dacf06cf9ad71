// SPDX-License-Identifier: GPL-3.0-or-later
#include "fact_table.h"

#include <QGridLayout>
#include <QLabel>

namespace plimsoll::app {

FactTable::FactTable(QWidget *parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(18);
    m_grid->setVerticalSpacing(5);
    m_grid->setColumnStretch(1, 1);
}

void FactTable::setFacts(const QList<Fact> &facts)
{
    while (m_names.size() < facts.size())
        addRow();
    for (qsizetype row = 0; row < m_names.size(); ++row) {
        const bool used = row < facts.size();
        m_names[row]->setVisible(used);
        m_values[row]->setVisible(used);
        if (!used)
            continue;
        m_names[row]->setText(facts[row].name);
        m_values[row]->setText(facts[row].value);
    }
    setVisible(!facts.isEmpty());
}

void FactTable::addRow()
{
    auto *name = new QLabel;
    auto *value = new QLabel;
    name->setForegroundRole(QPalette::PlaceholderText);
    name->setMinimumWidth(210);
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    const int row = static_cast<int>(m_names.size());
    m_grid->addWidget(name, row, 0, Qt::AlignTop);
    m_grid->addWidget(value, row, 1);
    m_names << name;
    m_values << value;
}

} // namespace plimsoll::app
