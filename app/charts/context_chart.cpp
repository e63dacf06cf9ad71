// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/context_chart.h"

#include "bridge/format.h"
#include "charts/palette.h"
#include "charts/plot_style.h"
#include "models/plan_view.h"

#include <qcustomplot.h>

#include <QVBoxLayout>

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr Qt::PenStyle dashes[]{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};

} // namespace

ContextChart::ContextChart(ContextView view, QWidget *parent) : QWidget(parent), m_view(view), m_plot(new QCustomPlot(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    setFocusPolicy(Qt::StrongFocus);
    draw();
}

void ContextChart::setCurve(const ContextCurve &curve)
{
    m_curve = curve;
    draw();
}

QSize ContextChart::sizeHint() const
{
    return {420, 260};
}

void ContextChart::draw()
{
    clearPlot(m_plot, *this);
    const double top = m_view == ContextView::Memory ? drawMemory() : drawSpeed();
    const double longest = m_curve.points.empty() ? 131072 : m_curve.points.back().context;
    setTokenAxis(m_plot->xAxis, longest * 1.2);
    m_plot->xAxis->setLabel(tr("Context, tokens"));
    m_plot->yAxis->setRange(0, top * 1.2);
    const bool dark = isDark(palette());
    if (m_curve.asked > 0)
        mark(m_curve.asked, top * 0.09, tr("chosen"), QPen(palette().color(QPalette::Highlight), 1.5, Qt::DashLine));
    if (m_curve.largest > 0 && m_curve.largest < longest)
        mark(m_curve.largest, top * 0.2, tr("fits up to %1").arg(format::count(m_curve.largest)), QPen(ink(Tone::Bad, dark), 1.5));
    describe();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

double ContextChart::drawMemory()
{
    const bool dark = isDark(palette());
    double top = 1;
    for (DeviceIndex device = 0; device < m_curve.budgets.size(); ++device) {
        const DeviceBudget &budget = m_curve.budgets[device];
        const int look = static_cast<int>(device);
        QCPGraph *line = m_plot->addGraph();
        line->setPen(QPen(sequenceColour(look, dark), 2.5, dashes[look % 4]));
        line->setName(deviceTitle(device, budget));
        for (const ContextPoint &point : m_curve.points)
            if (device < point.needed.size()) {
                line->addData(point.context, point.needed[device].gib());
                if (point.context <= std::max(m_curve.largest, m_curve.asked))
                    top = std::max(top, point.needed[device].gib());
            }
        const double free = (budget.total - budget.usedByOthers).gib();
        top = std::max(top, free);
        QCPGraph *limit = m_plot->addGraph();
        limit->setPen(QPen(sequenceColour(look, dark), 1, dashes[look % 4]));
        limit->removeFromLegend();
        limit->addData({1000, 1e8}, {free, free});
    }
    m_plot->yAxis->setLabel(tr("Needed, GiB"));
    m_plot->legend->setVisible(true);
    m_plot->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignLeft);
    return top * 1.25;
}

double ContextChart::drawSpeed()
{
    double fastest = 1;
    QCPGraph *low = m_plot->addGraph();
    QCPGraph *high = m_plot->addGraph();
    QCPGraph *expected = m_plot->addGraph();
    const QColor colour = sequenceColour(0, isDark(palette()));
    QColor band = colour;
    band.setAlphaF(0.18f);
    for (QCPGraph *edge : {low, high})
        edge->setPen(Qt::NoPen);
    high->setBrush(band);
    high->setChannelFillGraph(low);
    expected->setPen(QPen(colour, 2.5));
    for (const ContextPoint &point : m_curve.points) {
        if (point.context > m_curve.largest || !point.decode.known())
            continue;
        low->addData(point.context, point.decode.low);
        high->addData(point.context, point.decode.high);
        expected->addData(point.context, point.decode.expected);
        fastest = std::max(fastest, point.decode.high);
    }
    m_plot->yAxis->setLabel(tr("Generation, tokens/s (predicted)"));
    return fastest;
}

/// A line from bottom to top, with its words at that height on the side where there is room.
void ContextChart::mark(double tokens, double height, const QString &text, const QPen &pen)
{
    QCPGraph *line = m_plot->addGraph();
    line->setPen(pen);
    line->removeFromLegend();
    line->addData({tokens, tokens * 1.000001}, {0, m_plot->yAxis->range().upper});
    auto *words = new QCPItemText(m_plot);
    const bool toTheLeft = tokens > m_plot->xAxis->range().upper / 16;
    words->position->setCoords(tokens, height);
    words->setPositionAlignment((toTheLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    words->setPadding({5, 0, 5, 0});
    words->setText(text);
    words->setFont(font());
    words->setColor(palette().color(QPalette::WindowText));
}

void ContextChart::describe()
{
    setAccessibleName(m_view == ContextView::Memory ? tr("Chart of memory over the context") : tr("Chart of speed over the context"));
    setAccessibleDescription(m_curve.largest > 0
            ? tr("Fits up to %1 tokens. The table has the same figures.").arg(format::count(m_curve.largest))
            : tr("No context fits. The table has the same figures."));
}

bool ContextChart::save(const QString &path)
{
    return savePlot(m_plot, path, m_plot->size().expandedTo(sizeHint()));
}

void ContextChart::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::LanguageChange || event->type() == QEvent::FontChange)
        draw();
    QWidget::changeEvent(event);
}

} // namespace plimsoll::app
