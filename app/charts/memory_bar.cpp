// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/memory_bar.h"

#include "bridge/format.h"
#include "charts/hatch.h"
#include "charts/palette.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

namespace plimsoll::app {

namespace {

constexpr int barHeight = 26;
constexpr int gap = 7;          // between headline, bar and legend
constexpr int swatchSize = 12;
constexpr int entryGap = 20;

int lineHeight(const QWidget &widget)
{
    return widget.fontMetrics().height();
}

} // namespace

MemoryBar::MemoryBar(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setFocusPolicy(Qt::TabFocus);
}

void MemoryBar::setData(const BarData &data)
{
    if (data == m_data)
        return;
    m_data = data;
    describe();
    updateGeometry();
    update();
}

QString MemoryBar::figures() const
{
    QStringList parts;
    for (const BarSegment &segment : m_data.segments) {
        const QString amount = segment.estimated ? tr("≈ %1", "an estimated amount of memory").arg(format::memory(segment.bytes))
                                                 : format::memory(segment.bytes);
        parts << tr("%1 %2", "part of memory and its size").arg(segment.title(), amount);
    }
    return parts.join(tr(", ", "between the parts of a bar"));
}

QString MemoryBar::headline() const
{
    const Bytes missing = m_data.of(SegmentRole::Shortage);
    if (missing.value > 0)
        return tr("%1 missing of %2").arg(format::memory(missing), format::memory(m_data.total));
    return tr("%1 free of %2").arg(format::memory(m_data.of(SegmentRole::Headroom)), format::memory(m_data.total));
}

QVector<MemoryBar::Entry> MemoryBar::entries(int width) const
{
    QVector<Entry> result;
    const int height = lineHeight(*this);
    int x = 0;
    int y = height + gap + barHeight + gap;
    for (const BarSegment &segment : m_data.segments) {
        const QString amount = segment.estimated ? tr("≈ %1", "an estimated amount of memory").arg(format::memory(segment.bytes))
                                                 : format::memory(segment.bytes);
        const QString text = tr("%1 %2", "part of memory and its size").arg(segment.title(), amount);
        const int needed = swatchSize + 6 + fontMetrics().horizontalAdvance(text) + 2;
        if (x > 0 && x + needed > width) {
            x = 0;
            y += height + 3;
        }
        result << Entry{segment, text, QRect(x, y + (height - swatchSize) / 2, swatchSize, swatchSize),
            QRect(x + swatchSize + 6, y, needed - swatchSize - 6, height)};
        x += needed + entryGap;
    }
    return result;
}

int MemoryBar::heightForWidth(int width) const
{
    const QVector<Entry> all = entries(width);
    return all.isEmpty() ? lineHeight(*this) + gap + barHeight + 2 : all.last().words.bottom() + 2;
}

QSize MemoryBar::sizeHint() const
{
    return {560, heightForWidth(560)};
}

QSize MemoryBar::minimumSizeHint() const
{
    return {260, heightForWidth(qMax(260, width()))};
}

QRect MemoryBar::barRect() const
{
    return {0, lineHeight(*this) + gap, width(), barHeight};
}

double MemoryBar::pixelsPerByte() const
{
    Bytes extent;
    for (const BarSegment &segment : m_data.segments)
        if (segment.role != SegmentRole::Shortage)
            extent += segment.bytes;
    const uint64_t longest = qMax<uint64_t>(1, qMax(extent.value, m_data.total.value));
    return barRect().width() / static_cast<double>(longest);
}

void MemoryBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    drawHeadline(painter);
    drawBar(painter);
    drawLegend(painter);
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(barRect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
    }
}

void MemoryBar::drawHeadline(QPainter &painter) const
{
    const QRect line(0, 0, width(), lineHeight(*this));
    const bool missing = m_data.of(SegmentRole::Shortage).value > 0;
    painter.save();
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(missing ? ink(Tone::Bad, isDark(palette())) : palette().color(QPalette::WindowText));
    const QString right = headline();
    const int rightWidth = painter.fontMetrics().horizontalAdvance(right);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, right);
    painter.setPen(palette().color(QPalette::WindowText));
    const QString left = painter.fontMetrics().elidedText(m_data.title, Qt::ElideRight, qMax(0, line.width() - rightWidth - 16));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, left);
    painter.restore();
}

void MemoryBar::drawBar(QPainter &painter) const
{
    const QRectF bar = barRect();
    const double scale = pixelsPerByte();
    const bool dark = isDark(palette());
    painter.save();
    QPainterPath outline;
    outline.addRoundedRect(bar, 4, 4);
    painter.setClipPath(outline);
    fillHatched(painter, bar, hatching(SegmentRole::Headroom, dark));
    double x = bar.left();
    for (const BarSegment &segment : m_data.segments) {
        if (segment.role == SegmentRole::Shortage)
            continue;
        const double end = x + static_cast<double>(segment.bytes.value) * scale;
        if (segment.role != SegmentRole::Headroom) {
            // At least a sliver, and a line of the background between neighbours.
            const QRectF part(x, bar.top(), qMax(2.0, end - x), bar.height());
            fillHatched(painter, part, hatching(segment, dark));
            painter.fillRect(QRectF(part.right() - 1, bar.top(), 1, bar.height()), palette().color(QPalette::Base));
        }
        x = end;
    }
    const QColor lineColour = palette().color(QPalette::WindowText);
    const double capacity = bar.left() + static_cast<double>(m_data.total.value) * scale;
    const bool missing = m_data.of(SegmentRole::Shortage).value > 0;
    if (missing)
        painter.fillRect(QRectF(capacity, bar.top(), bar.right() - capacity, bar.height()),
            QBrush(hatching(SegmentRole::Shortage, dark).lines, Qt::DiagCrossPattern));
    painter.setClipping(false);
    if (missing)
        painter.fillRect(QRectF(capacity - 1, bar.top() - 3, 2, bar.height() + 6), lineColour);
    else if (m_data.reserve.value > 0 && m_data.reserve < m_data.total) {
        const double loadLine = bar.left() + static_cast<double>((m_data.total - m_data.reserve).value) * scale;
        painter.setPen(QPen(lineColour, 1.2, Qt::DotLine));
        painter.drawLine(QPointF(loadLine, bar.top() + 1), QPointF(loadLine, bar.bottom() - 1));
    }
    painter.restore();
}

void MemoryBar::drawLegend(QPainter &painter) const
{
    const bool dark = isDark(palette());
    for (const Entry &entry : entries(width())) {
        fillHatched(painter, entry.swatch, hatching(entry.segment, dark));
        painter.setPen(palette().color(QPalette::Mid));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(entry.swatch).adjusted(0.5, 0.5, -0.5, -0.5));
        painter.setPen(entry.segment.role == SegmentRole::Shortage ? ink(Tone::Bad, dark) : palette().color(QPalette::PlaceholderText));
        painter.drawText(entry.words, Qt::AlignLeft | Qt::AlignVCenter, entry.text);
    }
}

void MemoryBar::describe()
{
    setAccessibleName(m_data.title);
    setAccessibleDescription(tr("%1: %2", "summary of a bar, then its parts").arg(headline(), figures()));
}

void MemoryBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::LocaleChange) {
        describe();
        updateGeometry();
        update();
    } else if (event->type() == QEvent::FontChange) {
        updateGeometry();
    }
    QWidget::changeEvent(event);
}

bool MemoryBar::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QRect bar = barRect();
    double x = bar.left();
    for (const BarSegment &segment : m_data.segments) {
        if (segment.role == SegmentRole::Shortage)
            continue;
        x += qMax(2.0, static_cast<double>(segment.bytes.value) * pixelsPerByte());
        if (bar.contains(help->pos()) && help->pos().x() <= x) {
            QToolTip::showText(help->globalPos(),
                tr("%1 %2", "part of memory and its size").arg(segment.title(), format::memory(segment.bytes)), this);
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

} // namespace plimsoll::app
