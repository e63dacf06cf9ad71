// SPDX-License-Identifier: GPL-3.0-or-later
#include "ram_card.h"

#include "bridge/format.h"
#include "fact_table.h"
#include "pages/gib_box.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

namespace plimsoll::app {

namespace {

constexpr Bytes leastRam = gib(1);
constexpr Bytes mostRam = gib(65536);

} // namespace

RamCard::RamCard(QWidget *parent)
    : Card(parent), m_facts(new FactTable), m_editRow(new QWidget), m_totalLabel(new QLabel), m_total(new GibBox),
      m_availableLabel(new QLabel), m_available(new GibBox)
{
    m_total->setObjectName(QStringLiteral("totalRam"));
    m_available->setObjectName(QStringLiteral("availableRam"));
    m_totalLabel->setBuddy(m_total);
    m_availableLabel->setBuddy(m_available);
    auto *row = new QHBoxLayout(m_editRow);
    row->setContentsMargins(0, 4, 0, 0);
    row->addWidget(m_totalLabel);
    row->addWidget(m_total);
    row->addSpacing(18);
    row->addWidget(m_availableLabel);
    row->addWidget(m_available);
    row->addStretch(1);
    body()->addWidget(m_facts);
    body()->addWidget(m_editRow);
    m_editRow->hide();
    connect(m_total, &GibBox::bytesChanged, this, &RamCard::takeTotal);
    connect(m_available, &GibBox::bytesChanged, this, &RamCard::takeAvailable);
    retranslateUi();
}

void RamCard::setRam(const Ram &ram)
{
    m_ram = ram;
    showRam();
}

void RamCard::setEditing(bool editing)
{
    m_editRow->setVisible(editing);
}

void RamCard::takeTotal(Bytes total)
{
    // What others use stays what it is.
    const Bytes used = m_ram.total - m_ram.available;
    m_ram.total = total;
    m_ram.available = total - used;
    showRam();
    emit ramChanged(m_ram);
}

void RamCard::takeAvailable(Bytes available)
{
    m_ram.available = available;
    showRam();
    emit ramChanged(m_ram);
}

void RamCard::showRam()
{
    m_facts->setFacts({{tr("Total"), format::memory(m_ram.total)}, {tr("Free"), format::memory(m_ram.available)}});
    m_total->setBytes(m_ram.total, leastRam, mostRam);
    m_available->setBytes(m_ram.available, {}, m_ram.total);
}

void RamCard::retranslateUi()
{
    setTitle(tr("RAM"));
    m_totalLabel->setText(tr("&Total RAM:"));
    m_total->setAccessibleName(tr("Total RAM"));
    m_availableLabel->setText(tr("Free &RAM:"));
    m_available->setAccessibleName(tr("Free RAM"));
    showRam();
}

void RamCard::changeEvent(QEvent *event)
{
    Card::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
}

} // namespace plimsoll::app
