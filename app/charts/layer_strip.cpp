// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/layer_strip.h"

#include "bridge/format.h"
#include "charts/hatch.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr int cellHeight = 26;
constexpr int outputGap = 6;
constexpr int swatch = 18;

QString letterOf(LayerPlace place)
{
    switch (place) {
    case LayerPlace::Gpu: return QStringLiteral("G");
    case LayerPlace::ExpertsInRam: return QStringLiteral("E");
    case LayerPlace::Cpu: return QStringLiteral("C");
    }
    return {};
}

// Black or white, whichever reads better on the fill.
QColor letterColour(const QColor &fill)
{
    return contrast(fill, Qt::white) >= contrast(fill, QColor(0x10, 0x16, 0x1c)) ? QColor(Qt::white) : QColor(0x10, 0x16, 0x1c);
}

} // namespace

LayerStrip::LayerStrip(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setFocusPolicy(Qt::TabFocus);
}

void LayerStrip::setData(const StripData &data)
{
    if (data == m_data)
        return;
    m_data = data;
    m_current = qBound(0, m_current, qMax(0, static_cast<int>(data.layers.size()) - 1));
    describe();
    updateGeometry();
    update();
}

QString LayerStrip::letters() const
{
    QString all;
    for (const LayerCell &cell : m_data.layers)
        all += letterOf(cell.place);
    return all;
}

QString LayerStrip::placeName(LayerPlace place)
{
    switch (place) {
    case LayerPlace::Gpu: return tr("on the GPU");
    case LayerPlace::ExpertsInRam: return tr("on the GPU, experts in RAM");
    case LayerPlace::Cpu: return tr("in RAM, on the CPU");
    }
    return {};
}

QVector<LayerStrip::Run> LayerStrip::runs() const
{
    QVector<Run> result;
    for (int i = 0; i < m_data.layers.size(); ++i) {
        if (!result.isEmpty() && result.last().cell == m_data.layers[i])
            result.last().last = i;
        else
            result << Run{i, i, m_data.layers[i]};
    }
    return result;
}

QString LayerStrip::runName(const Run &run) const
{
    const QString device = run.cell.device != hostDevice ? m_data.devices.value(static_cast<int>(run.cell.device)) : QString();
    const QString place = device.isEmpty() ? placeName(run.cell.place)
        : run.cell.place == LayerPlace::ExpertsInRam ? tr("on %1, experts in RAM", "%1 is a GPU").arg(device)
                                                      : tr("on %1", "%1 is a GPU").arg(device);
    const QString first = format::count(static_cast<quint64>(run.first));
    if (run.first == run.last)
        return tr("Layer %1: %2").arg(first, place);
    return tr("Layers %1 to %2: %3").arg(first, format::count(static_cast<quint64>(run.last)), place);
}

int LayerStrip::outputWidth() const
{
    return fontMetrics().horizontalAdvance(tr("Output", "the last part of a model")) + 16;
}

QRectF LayerStrip::cellRect(int layer) const
{
    const double step = (width() - outputWidth() - outputGap) / static_cast<double>(qMax<qsizetype>(1, m_data.layers.size()));
    return {layer * step, 0, step, cellHeight};
}

QRectF LayerStrip::outputRect() const
{
    return {static_cast<double>(width() - outputWidth()), 0, static_cast<double>(outputWidth()), cellHeight};
}

void LayerStrip::drawCell(QPainter &painter, const QRectF &rect, const LayerCell &cell, const QString &letter) const
{
    const Hatching style = hatching(cell.place, isDark(palette()));
    fillHatched(painter, rect, style);
    drawLetter(painter, rect, letter, style.fill);
}

// With a plain patch behind it, so that neither hatching nor the gaps between layers run through the letter.
void LayerStrip::drawLetter(QPainter &painter, const QRectF &rect, const QString &letter, const QColor &fill) const
{
    const QRectF words = painter.boundingRect(rect, Qt::AlignCenter, letter).adjusted(-2, 0, 2, 0);
    if (letter.isEmpty() || words.width() > rect.width())
        return;
    painter.fillRect(words.intersected(rect.adjusted(0, 3, 0, -3)), fill);
    painter.setPen(letterColour(fill));
    painter.drawText(rect, Qt::AlignCenter, letter);
}

void LayerStrip::drawRuns(QPainter &painter) const
{
    const bool severalGpus = m_data.devices.size() > 2;
    const auto letter = [&](const LayerCell &cell) {
        return severalGpus && cell.device != hostDevice ? letterOf(cell.place) + QString::number(cell.device - 1) : letterOf(cell.place);
    };
    const double step = cellRect(0).width();
    // Where the next layer lies on another device the gap is wider.
    const auto gapAfter = [&](const Run &run) {
        const bool last = run.last + 1 >= m_data.layers.size();
        return last || m_data.layers[run.last + 1].device == run.cell.device ? 1.0 : qMin(4.0, step / 2);
    };
    const bool roomForEach = step >= painter.fontMetrics().horizontalAdvance(severalGpus ? QStringLiteral("G0") : QStringLiteral("G")) + 5;
    for (const Run &run : runs()) {
        if (roomForEach) {
            for (int i = run.first; i <= run.last; ++i)
                drawCell(painter, cellRect(i).adjusted(0, 0, i == run.last ? -gapAfter(run) : -1, 0), run.cell, letter(run.cell));
            continue;
        }
        for (int i = run.first; i <= run.last; ++i)
            drawCell(painter, cellRect(i).adjusted(0, 0, i == run.last ? -gapAfter(run) : (step >= 4 ? -1 : 0), 0), run.cell, {});
        const QRectF whole = cellRect(run.first).united(cellRect(run.last)).adjusted(0, 0, -1, 0);
        drawLetter(painter, whole, letter(run.cell), hatching(run.cell.place, isDark(palette())).fill);
    }
}

void LayerStrip::drawLegend(QPainter &painter) const
{
    for (const Entry &entry : legend(width())) {
        QRectF square(entry.area.left(), entry.area.top(), swatch, entry.area.height());
        drawCell(painter, square, LayerCell{entry.place, hostDevice}, letterOf(entry.place));
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(entry.area.adjusted(swatch + 6, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, entry.text);
    }
}

// First and last layer's number under the ends of each run, then the legend to their right or below.
QVector<LayerStrip::Entry> LayerStrip::legend(int width) const
{
    QVector<Entry> result;
    const int height = fontMetrics().height();
    int x = 0;
    int y = cellHeight + 8;
    for (const LayerPlace place : {LayerPlace::Gpu, LayerPlace::ExpertsInRam, LayerPlace::Cpu}) {
        const auto count = std::count_if(
            m_data.layers.begin(), m_data.layers.end(), [place](const LayerCell &cell) { return cell.place == place; });
        if (count == 0)
            continue;
        const QString text = place == LayerPlace::Gpu ? tr("%n layer(s) on the GPU", nullptr, static_cast<int>(count))
            : place == LayerPlace::ExpertsInRam      ? tr("%n layer(s) on the GPU, their experts in RAM", nullptr, static_cast<int>(count))
                                                     : tr("%n layer(s) in RAM, on the CPU", nullptr, static_cast<int>(count));
        const int needed = swatch + 6 + fontMetrics().horizontalAdvance(text) + 2;
        if (x > 0 && x + needed > width) {
            x = 0;
            y += height + 3;
        }
        result << Entry{place, text, QRect(x, y, needed, height)};
        x += needed + 20;
    }
    return result;
}

int LayerStrip::heightForWidth(int width) const
{
    const QVector<Entry> all = legend(width);
    return all.isEmpty() ? cellHeight : all.last().area.bottom() + 2;
}

QSize LayerStrip::sizeHint() const
{
    return {560, heightForWidth(560)};
}

QSize LayerStrip::minimumSizeHint() const
{
    return {260, heightForWidth(qMax(260, width()))};
}

void LayerStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    painter.setFont(small);
    drawRuns(painter);
    if (!m_data.layers.isEmpty())
        drawCell(painter, outputRect(), m_data.output, tr("Output", "the last part of a model"));
    painter.setFont(font());
    drawLegend(painter);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
        painter.drawRect(QRectF(0.75, 0.75, width() - 1.5, cellHeight - 1.5));
        painter.setPen(QPen(palette().color(QPalette::WindowText), 2));
        painter.drawRect(cellRect(m_current).adjusted(0, 1, -1, -1));
    }
}

void LayerStrip::mousePressEvent(QMouseEvent *event)
{
    for (int layer = 0; layer < m_data.layers.size(); ++layer) {
        if (event->button() == Qt::LeftButton && cellRect(layer).contains(event->position())) {
            m_current = layer;
            emit layerClicked(layer);
            return;
        }
    }
    QWidget::mousePressEvent(event);
}

void LayerStrip::keyPressEvent(QKeyEvent *event)
{
    const int last = static_cast<int>(m_data.layers.size()) - 1;
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (event->key() == Qt::Key_Space && last >= 0) {
        emit layerClicked(m_current);
    } else if (step != 0 && last >= 0) {
        m_current = qBound(0, m_current + step, last);
        describe();
        update();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void LayerStrip::describe()
{
    QStringList parts;
    for (const Run &run : runs())
        parts << runName(run);
    setAccessibleName(tr("Layers"));
    if (hasFocus() && m_current < m_data.layers.size())
        parts.prepend(runName({m_current, m_current, m_data.layers[m_current]}));
    setAccessibleDescription(parts.join(tr("; ", "between the runs of layers")));
}

void LayerStrip::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::FontChange) {
        describe();
        updateGeometry();
        update();
    }
    QWidget::changeEvent(event);
}

bool LayerStrip::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    for (const Run &run : runs()) {
        if (cellRect(run.first).united(cellRect(run.last)).contains(help->pos())) {
            QToolTip::showText(help->globalPos(), runName(run), this);
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

} // namespace plimsoll::app
