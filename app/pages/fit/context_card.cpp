// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/context_card.h"

#include "bridge/save_text.h"
#include "charts/context_chart.h"
#include "models/context_table.h"
#include "shell/dialogs.h"
#include "shell/plain_table.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>

namespace plimsoll::app {

ContextCard::ContextCard(Dialogs &dialogs, QWidget *parent)
    : Card(parent), m_dialogs(dialogs), m_memory(new ContextChart(ContextView::Memory, this)),
      m_speed(new ContextChart(ContextView::Speed, this)), m_note(new QLabel(this)), m_more(new QPushButton(this)),
      m_export(new QPushButton(this)), m_table(new ContextTable(this)), m_view(new PlainTable(this))
{
    m_memory->setObjectName(QStringLiteral("memoryOverContext"));
    m_speed->setObjectName(QStringLiteral("speedOverContext"));
    m_more->setObjectName(QStringLiteral("showContextTable"));
    m_more->setCheckable(true);
    m_export->setObjectName(QStringLiteral("exportContext"));
    m_view->setObjectName(QStringLiteral("contextTable"));
    m_view->setModel(m_table);
    m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_view->hide();
    auto *charts = new QHBoxLayout;
    charts->setSpacing(18);
    for (ContextChart *chart : {m_memory, m_speed}) {
        chart->setMinimumHeight(chart->sizeHint().height());
        charts->addWidget(chart, 1);
    }
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_more);
    buttons->addWidget(m_export);
    buttons->addStretch(1);
    m_note->setWordWrap(true);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    body()->addLayout(charts);
    body()->addWidget(m_note);
    body()->addLayout(buttons);
    body()->addWidget(m_view);
    connect(m_more, &QPushButton::toggled, this, [this](bool on) {
        m_view->setVisible(on);
        m_view->fitHeight();
    });
    connect(m_export, &QPushButton::clicked, this, &ContextCard::exportFigures);
    retranslateUi();
}

void ContextCard::show(const ContextCurve &curve)
{
    m_memory->setCurve(curve);
    m_speed->setCurve(curve);
    m_table->setCurve(curve);
    m_view->fitHeight();
}

void ContextCard::exportFigures()
{
    const QString filters = tr("Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)");
    const QString path = m_dialogs.saveAs(this, QStringLiteral("context.png"), filters);
    if (path.isEmpty())
        return;
    const bool written = path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive) ? saveText(path, m_table->csv()) : m_memory->save(path);
    if (!written)
        emit failed(couldNotWrite(path));
}

void ContextCard::retranslateUi()
{
    setTitle(tr("Over the context"));
    m_note->setText(tr("Thick lines: what is needed. Thin lines: what is free. The band is the error of the prediction."));
    m_more->setText(tr("Show as a table"));
    m_export->setText(tr("Export…"));
    m_export->setToolTip(tr("The chart of memory as PNG, SVG or PDF, or both as CSV"));
    m_view->setAccessibleName(tr("Memory and speed over the context as a table"));
    m_table->retranslate();
}

void ContextCard::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    Card::changeEvent(event);
}

} // namespace plimsoll::app
