// SPDX-License-Identifier: GPL-3.0-or-later
#include "live_card.h"

#include "bridge/format.h"
#include "charts/live_graph.h"
#include "models/process_table.h"
#include "shell/plain_table.h"

#include <QEvent>
#include <QGridLayout>
#include <QHeaderView>

namespace plimsoll::app {

namespace {

constexpr int columns = 4;

} // namespace

LiveCard::LiveCard(QWidget *parent)
    : Card(parent), m_grid(new QGridLayout), m_processes(new ProcessTable(this)), m_processView(new PlainTable(this))
{
    setObjectName(QStringLiteral("live"));
    m_grid->setHorizontalSpacing(18);
    m_grid->setVerticalSpacing(10);
    body()->addLayout(m_grid);
    m_processView->setObjectName(QStringLiteral("processes"));
    m_processView->setModel(m_processes);
    m_processView->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_processView->horizontalHeader()->setSectionResizeMode(ProcessTable::Name, QHeaderView::Stretch);
    m_processView->hide();
    body()->addWidget(m_processView);
    retranslateUi();
    hide();
}

QVector<LiveCard::Figure> LiveCard::figuresOf(const Machine &reading)
{
    QVector<Figure> figures;
    const Bytes used = reading.ram.total - reading.ram.available;
    figures << Figure{tr("RAM in use"), used.gib(), reading.ram.total.gib(), format::memory(used)};
    for (size_t i = 0; i < reading.gpus.size(); ++i) {
        const Gpu &gpu = reading.gpus[i];
        const QString number = format::count(i);
        figures << Figure{tr("GPU %1: VRAM in use").arg(number), gpu.usedByOthers().gib(), gpu.total.gib(),
            format::memory(gpu.usedByOthers()) };
        if (gpu.utilization)
            figures << Figure{tr("GPU %1: load").arg(number), *gpu.utilization, 1, format::percent(*gpu.utilization)};
        if (gpu.temperatureC)
            figures << Figure{tr("GPU %1: temperature").arg(number), *gpu.temperatureC, 110, format::temperature(*gpu.temperatureC)};
        if (gpu.powerW)
            figures << Figure{tr("GPU %1: power").arg(number), *gpu.powerW, 0, format::power(*gpu.powerW)};
        if (gpu.clockMHz)
            figures << Figure{tr("GPU %1: clock").arg(number), *gpu.clockMHz, 0, format::clock(*gpu.clockMHz)};
    }
    return figures;
}

void LiveCard::add(const Machine &reading)
{
    m_last = reading;
    const QVector<Figure> figures = figuresOf(reading);
    while (m_graphs.size() > figures.size())
        delete m_graphs.takeLast();
    while (m_graphs.size() < figures.size()) {
        const int at = static_cast<int>(m_graphs.size());
        m_graphs << new LiveGraph(this);
        m_graphs.last()->setObjectName(QStringLiteral("live%1").arg(at));
        m_grid->addWidget(m_graphs.last(), at / columns, at % columns);
    }
    for (int i = 0; i < figures.size(); ++i) {
        m_graphs[i]->setTitle(figures[i].title);
        m_graphs[i]->add(figures[i].value, figures[i].most, figures[i].words);
    }
    const int before = m_processes->rowCount();
    m_processes->setReading(reading);
    if (m_processes->rowCount() != before)
        m_processView->fitHeight();
    m_processView->setVisible(m_processes->rowCount() > 0);
    show();
}

void LiveCard::retranslateUi()
{
    setTitle(tr("Now, on this computer"));
    m_processView->setAccessibleName(tr("Processes that use VRAM"));
    m_processes->retranslate();
    const QVector<Figure> figures = figuresOf(m_last);
    for (int i = 0; i < m_graphs.size() && i < figures.size(); ++i)
        m_graphs[i]->setTitle(figures[i].title);
}

void LiveCard::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    Card::changeEvent(event);
}

} // namespace plimsoll::app
