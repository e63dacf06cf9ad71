// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/live_graph.h"

#include "charts/palette.h"

#include <QPainter>

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr int mostSamples = 120;
constexpr int graphHeight = 44;

} // namespace

LiveGraph::LiveGraph(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void LiveGraph::setTitle(const QString &title)
{
    m_title = title;
    setAccessibleName(title);
    updateGeometry();
    update();
}

void LiveGraph::add(double value, double most, const QString &words)
{
    m_values << value;
    if (m_values.size() > mostSamples)
        m_values.removeFirst();
    m_most = most > 0 ? most : *std::max_element(m_values.begin(), m_values.end()) * 1.1;
    m_words = words;
    setAccessibleDescription(words);
    update();
}

QSize LiveGraph::sizeHint() const
{
    const int words = fontMetrics().horizontalAdvance(m_title) + fontMetrics().horizontalAdvance(QStringLiteral("  888.8 GiB"));
    return {std::max(170, words), fontMetrics().height() + 4 + graphHeight};
}

void LiveGraph::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect line(0, 0, width(), fontMetrics().height());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, m_title);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, m_words);

    const QRectF frame = QRectF(0, line.bottom() + 4, width(), graphHeight).adjusted(0.5, 0.5, -0.5, -1);
    painter.setPen(QPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::Mid), hasFocus() ? 1.5 : 1));
    painter.drawRect(frame);
    if (m_values.isEmpty() || m_most <= 0)
        return;
    QPolygonF curve;
    for (int i = 0; i < m_values.size(); ++i) {
        const double x = frame.right() - (m_values.size() - 1 - i) * frame.width() / (mostSamples - 1);
        curve << QPointF(x, frame.bottom() - std::clamp(m_values[i] / m_most, 0.0, 1.0) * (frame.height() - 2));
    }
    const QColor colour = sequenceColour(0, isDark(palette()));
    QColor below = colour;
    below.setAlphaF(0.18f);
    painter.setPen(Qt::NoPen);
    painter.setBrush(below);
    painter.drawPolygon(QPolygonF(curve) << QPointF(curve.last().x(), frame.bottom()) << QPointF(curve.first().x(), frame.bottom()));
    painter.setPen(QPen(colour, 1.6));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(curve);
}

} // namespace plimsoll::app
