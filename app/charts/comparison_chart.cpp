// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/comparison_chart.h"

#include "bridge/format.h"
#include "bridge/sentences.h"
#include "charts/palette.h"
#include "charts/plot_style.h"

#include <qcustomplot.h>

#include <QKeyEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace plimsoll::app {

namespace {

constexpr double gigabyte = 1e9;
constexpr double gibibyte = 1073741824.0;
constexpr double barWidth = 0.36;
/// A line of its own look for each row in the chart over context: colour and dash together tell them apart.
constexpr int dashes = 4;

double gibOf(Bytes bytes)
{
    return static_cast<double>(bytes.value) / gibibyte;
}

/// The shape that stands for a verdict.
QCPScatterStyle::ScatterShape shapeOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::FitsOnGpu: return QCPScatterStyle::ssCircle;
    case Verdict::Tight: return QCPScatterStyle::ssDiamond;
    case Verdict::FitsWithOffload: return QCPScatterStyle::ssTriangle;
    case Verdict::CpuOnly: return QCPScatterStyle::ssSquare;
    case Verdict::RunsFromDisk: return QCPScatterStyle::ssTriangleInverted;
    case Verdict::DoesNotFit:
    case Verdict::Unknown: return QCPScatterStyle::ssCross;
    }
    return QCPScatterStyle::ssCross;
}

/// Where a name can stand beside its point, the best place first.
struct Beside
{
    Qt::Alignment of;   // the point's place, seen from the name
    QMargins padding;

    QRectF area(const QPointF &at, const QSizeF &size) const
    {
        const double left = of & Qt::AlignLeft ? at.x() + padding.left()
            : of & Qt::AlignRight              ? at.x() - padding.right() - size.width()
                                               : at.x() - size.width() / 2;
        const double top = of & Qt::AlignTop ? at.y() + padding.top()
            : of & Qt::AlignBottom           ? at.y() - padding.bottom() - size.height()
                                             : at.y() - size.height() / 2;
        return {QPointF(left, top), size};
    }
};

} // namespace

ComparisonChart::ComparisonChart(QWidget *parent) : QWidget(parent), m_plot(new QCustomPlot(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    setFocusPolicy(Qt::StrongFocus);
    m_plot->setFocusProxy(this);
    m_plot->setNoAntialiasingOnDrag(true);
    connect(m_plot, &QCustomPlot::mousePress, this, [this](QMouseEvent *event) {
        if (const int row = rowAt(event->position()); row >= 0) {
            setCurrent(row);
            emit chosen(row);
        }
    });
    draw();
}

void ComparisonChart::setComparison(const Comparison &comparison)
{
    m_comparison = comparison;
    if (m_current >= comparison.rows.size())
        m_current = -1;
    draw();
}

void ComparisonChart::setView(ComparisonView view)
{
    m_view = view;
    draw();
}

void ComparisonChart::setCurrent(int row)
{
    if (row == m_current || row >= m_comparison.rows.size())
        return;
    m_current = row;
    draw();
    emit currentChanged(row);
}

QSize ComparisonChart::sizeHint() const
{
    return {720, 360};
}

bool ComparisonChart::dark() const
{
    return isDark(palette());
}

void ComparisonChart::draw()
{
    clearPlot(m_plot, *this);
    m_anchors = QVector<QPointF>(m_comparison.rows.size());
    switch (m_view) {
    case ComparisonView::SizeAndSpeed: drawSizeAndSpeed(); break;
    case ComparisonView::Speed: drawSpeed(); break;
    case ComparisonView::Memory: drawMemory(); break;
    case ComparisonView::Context: drawContext(); break;
    }
    mark();
    describe();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

/// Names the points: first the marked and the recommended one, then every other whose name has room.
void ComparisonChart::labelPoints()
{
    static const Beside places[]{{Qt::AlignHCenter | Qt::AlignBottom, {0, 0, 0, 9}}, {Qt::AlignLeft | Qt::AlignVCenter, {11, 0, 0, 0}},
        {Qt::AlignHCenter | Qt::AlignTop, {0, 9, 0, 0}}, {Qt::AlignRight | Qt::AlignVCenter, {0, 0, 11, 0}}};
    QVector<int> order;
    for (const int row : {m_current, m_comparison.recommended})
        if (row >= 0 && !order.contains(row))
            order << row;
    for (int i = 0; i < m_comparison.rows.size(); ++i)
        if (!order.contains(i))
            order << i;
    const auto pixelsOf = [this](const QPointF &at) {
        return QPointF(m_plot->xAxis->coordToPixel(at.x()), m_plot->yAxis->coordToPixel(at.y()));
    };
    QVector<QRectF> points, taken;
    for (const QPointF &anchor : m_anchors)
        points << QRectF(pixelsOf(anchor) - QPointF(6, 6), QSizeF(12, 12));
    for (const int i : order) {
        QFont face = font();
        face.setBold(i == m_comparison.recommended);
        const QString &name = m_comparison.rows[i].name;
        const QSizeF size = QFontMetricsF(face).size(0, name);
        const QPointF at = pixelsOf(m_anchors[i]);
        const auto place = std::find_if(std::begin(places), std::end(places), [&](const Beside &beside) {
            const QRectF area = beside.area(at, size);
            const auto hit = [&area](const QRectF &other) { return other.intersects(area); };
            const bool important = i == m_current || i == m_comparison.recommended;
            return std::none_of(taken.begin(), taken.end(), hit) && (important || std::none_of(points.begin(), points.end(), hit));
        });
        if (place == std::end(places))
            continue;
        taken << place->area(at, size);
        auto *item = new QCPItemText(m_plot);
        item->position->setCoords(m_anchors[i]);
        item->setPositionAlignment(place->of);
        item->setPadding(place->padding);
        item->setText(name);
        item->setFont(face);
        item->setColor(palette().color(QPalette::WindowText));
    }
}

void ComparisonChart::drawSizeAndSpeed()
{
    double widest = 0;
    double fastest = 0;
    for (int i = 0; i < m_comparison.rows.size(); ++i) {
        const ComparedRow &row = m_comparison.rows[i];
        const QPointF at(static_cast<double>(row.size.value) / gigabyte, row.decode.expected);
        m_anchors[i] = at;
        QCPGraph *point = m_plot->addGraph();
        point->setLineStyle(QCPGraph::lsNone);
        const QColor outline = palette().color(QPalette::WindowText);
        const QColor fill = row.quality ? qualityColour(row.quality->perplexityIncrease, dark()) : QColor(Qt::transparent);
        point->setScatterStyle(QCPScatterStyle(shapeOf(row.verdict), QPen(outline, 1.4), QBrush(fill), 13));
        point->addData(at.x(), at.y());
        widest = std::max(widest, at.x());
        fastest = std::max(fastest, at.y());
    }
    m_plot->xAxis->setLabel(tr("Size, GB"));
    m_plot->yAxis->setLabel(tr("Decode, tokens/s (predicted)"));
    m_plot->xAxis->setRange(0, std::max(widest, 0.1) * 1.08);
    m_plot->yAxis->setRange(-std::max(fastest, 1.0) * 0.05, std::max(fastest, 1.0) * 1.15);
    labelPoints();
}

void ComparisonChart::nameRows()
{
    QSharedPointer<QCPAxisTickerText> names(new QCPAxisTickerText);
    for (int i = 0; i < m_comparison.rows.size(); ++i)
        names->addTick(i, m_comparison.rows[i].name);
    m_plot->xAxis->setTicker(names);
    m_plot->xAxis->setTickLabelRotation(-50);
    m_plot->xAxis->setLabel(QString());
    m_plot->xAxis->setRange(-0.7, static_cast<double>(m_comparison.rows.size()) - 0.3);
}

void ComparisonChart::drawSpeed()
{
    // Prefill is tens of times faster than decode: powers of ten hold both.
    double fastest = 10;
    const auto bars = [&](SegmentRole look, const QString &name, double offset, RateEstimate ComparedRow::*rate) {
        auto *plot = new QCPBars(m_plot->xAxis, m_plot->yAxis);
        const Hatching hatch = hatching(look, dark());
        plot->setName(name);
        plot->setWidth(barWidth);
        plot->setPen(QPen(hatch.lines));
        plot->setBrush(QBrush(hatch.fill, hatch.pattern == Qt::NoBrush ? Qt::SolidPattern : hatch.pattern));
        for (int i = 0; i < m_comparison.rows.size(); ++i)
            if (const RateEstimate &each = m_comparison.rows[i].*rate; each.known()) {
                plot->addData(i + offset, each.expected);
                fastest = std::max(fastest, each.high);
                m_anchors[i] = {static_cast<double>(i), each.expected};
            }
        plot->setBaseValue(1);
    };
    bars(SegmentRole::Kv, tr("Prefill"), -barWidth / 2, &ComparedRow::prefill);
    bars(SegmentRole::Weights, tr("Decode"), barWidth / 2, &ComparedRow::decode);
    nameRows();
    m_plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
    m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTickerLog>(new QCPAxisTickerLog));
    m_plot->yAxis->setNumberFormat(QStringLiteral("f"));
    m_plot->yAxis->setNumberPrecision(0);
    m_plot->yAxis->setRange(1, fastest * 2);
    m_plot->yAxis->setLabel(tr("Tokens/s (predicted)"));
    m_plot->legend->setVisible(true);
}

/// Where in row `row` the bar of a device stands.
double ComparisonChart::placeOf(int row, qsizetype device, double width) const
{
    const auto devices = m_comparison.rows[row].bars.size();
    return row + (static_cast<double>(device) - static_cast<double>(devices - 1) / 2) * width;
}

/// A line through all rows: the whole memory of a device that they share. In GiB.
double ComparisonChart::addLimit(qsizetype device)
{
    const auto has = [device](const ComparedRow &row) { return device < row.bars.size(); };
    const auto first = std::find_if(m_comparison.rows.begin(), m_comparison.rows.end(), has);
    const BarData &bar = first->bars[device];
    auto *limit = m_plot->addGraph();
    limit->setPen(QPen(ink(Tone::Bad, dark()), 1.4, device == 0 ? Qt::DashLine : device == 1 ? Qt::DashDotLine : Qt::DotLine));
    limit->setName(tr("%1: all there is", "%1 is a device, the line is its whole memory").arg(bar.title));
    limit->addData({-0.7, static_cast<double>(m_comparison.rows.size()) - 0.3}, {gibOf(bar.total), gibOf(bar.total)});
    return gibOf(bar.total);
}

/// A stroke above each bar: the whole memory of that device, which differs from row to row.
void ComparisonChart::addOwnLimits(double width)
{
    auto *limits = m_plot->addGraph();
    limits->setPen(QPen(ink(Tone::Bad, dark()), 2));
    limits->setName(tr("All there is"));
    for (int row = 0; row < m_comparison.rows.size(); ++row)
        for (qsizetype device = 0; device < m_comparison.rows[row].bars.size(); ++device) {
            const double total = gibOf(m_comparison.rows[row].bars[device].total);
            const double at = placeOf(row, device, width);
            limits->addData(at - width * 0.45, total);
            limits->addData(at + width * 0.45, total);
            limits->addData(at + width * 0.46, qQNaN());   // the next is another stroke
        }
}

void ComparisonChart::drawMemory()
{
    qsizetype devices = 0;
    for (const ComparedRow &row : m_comparison.rows)
        devices = std::max(devices, row.bars.size());
    const double width = devices > 0 ? 0.8 / static_cast<double>(devices) : 0.8;
    double highest = 1;
    QVector<SegmentRole> named;
    for (qsizetype device = 0; device < devices; ++device) {
        QCPBars *below = nullptr;
        for (const SegmentRole role : { SegmentRole::Others, SegmentRole::WeightsMapped, SegmentRole::Weights, SegmentRole::Kv,
                 SegmentRole::State, SegmentRole::Compute, SegmentRole::Overhead }) {
            auto *bars = new QCPBars(m_plot->xAxis, m_plot->yAxis);
            const Hatching hatch = hatching(role, dark());
            bars->setWidth(width * 0.9);
            bars->setPen(QPen(hatch.lines));
            bars->setBrush(QBrush(hatch.fill));
            bars->setName(roleName(role));
            bool used = false;
            for (int i = 0; i < m_comparison.rows.size(); ++i) {
                const auto &row = m_comparison.rows[i];
                const Bytes bytes = device < row.bars.size() ? row.bars[device].of(role) : Bytes{};
                bars->addData(placeOf(i, device, width), gibOf(bytes));
                used |= bytes.value > 0;
            }
            if (below)
                bars->moveAbove(below);
            below = bars;
            if (!used || named.contains(role))
                bars->removeFromLegend();
            else
                named << role;
        }
        if (m_comparison.input.by != ComparedBy::Machine)
            highest = std::max(highest, addLimit(device) * 1.5);
        for (const ComparedRow &row : m_comparison.rows)
            if (m_comparison.input.by == ComparedBy::Machine && device < row.bars.size())
                highest = std::max(highest, gibOf(row.bars[device].used()) * 1.2);
    }
    if (m_comparison.input.by == ComparedBy::Machine)
        addOwnLimits(width);
    for (int i = 0; i < m_comparison.rows.size(); ++i)
        m_anchors[i] = {static_cast<double>(i), highest / 2};
    nameRows();
    m_plot->yAxis->setRange(0, highest);
    m_plot->yAxis->setLabel(tr("GiB"));
    m_plot->legend->setVisible(true);
}

void ComparisonChart::drawContext()
{
    double fastest = 1;
    double longest = 2048;
    for (int i = 0; i < m_comparison.rows.size(); ++i) {
        const ComparedRow &row = m_comparison.rows[i];
        QCPGraph *line = m_plot->addGraph();
        line->setName(row.name);
        const bool strong = i == m_current || i == m_comparison.recommended;
        constexpr Qt::PenStyle styles[dashes] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
        line->setPen(QPen(sequenceColour(i, dark()), strong ? 3 : 1.5, styles[i % dashes]));
        for (const SpeedAt &speed : row.speeds) {
            longest = std::max(longest, static_cast<double>(speed.context));
            if (!speed.decode.known())
                continue;
            line->addData(speed.context, speed.decode.expected);
            m_anchors[i] = {static_cast<double>(speed.context), speed.decode.expected};
            fastest = std::max(fastest, speed.decode.expected);
        }
        if (line->dataCount() == 0)
            line->removeFromLegend();
    }
    setTokenAxis(m_plot->xAxis, longest * 1.45);   // room for the legend
    m_plot->xAxis->setLabel(tr("Tokens in the cache; a line ends where the context no longer fits"));
    m_plot->yAxis->setRange(0, fastest * 1.1);
    m_plot->yAxis->setLabel(tr("Decode, tokens/s (predicted)"));
    m_plot->legend->setVisible(true);
}

/// A ring around the current row.
void ComparisonChart::mark()
{
    if (m_current < 0 || m_current >= m_anchors.size())
        return;
    const QPointF at = m_anchors[m_current];
    auto *ring = m_plot->addGraph();
    ring->setLineStyle(QCPGraph::lsNone);
    ring->removeFromLegend();
    ring->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(palette().color(QPalette::Highlight), 2.5), Qt::NoBrush, 24));
    ring->addData(at.x(), at.y());
}

void ComparisonChart::describe()
{
    setAccessibleName(tr("Chart of the comparison"));
    if (m_current < 0) {
        setAccessibleDescription(tr("The arrow keys walk through the points, Enter chooses one. The table has the same figures."));
        return;
    }
    const ComparedRow &row = m_comparison.rows[m_current];
    setAccessibleDescription(tr("%1: %2, %3, %4", "what is compared, size, verdict, speed")
                                 .arg(row.name, format::fileSize(row.size), Sentences::title(row.verdict), format::tokenRate(row.decode)));
}

int ComparisonChart::rowAt(const QPointF &position) const
{
    const bool byColumn = m_view == ComparisonView::Speed || m_view == ComparisonView::Memory;
    int nearest = -1;
    double least = byColumn ? 1e9 : 24;
    for (int i = 0; i < m_anchors.size(); ++i) {
        if (m_anchors[i].isNull())
            continue;
        const QPointF at(m_plot->xAxis->coordToPixel(m_anchors[i].x()), m_plot->yAxis->coordToPixel(m_anchors[i].y()));
        const double distance = byColumn ? std::abs(at.x() - position.x()) : std::hypot(at.x() - position.x(), at.y() - position.y());
        if (distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return nearest;
}

void ComparisonChart::keyPressEvent(QKeyEvent *event)
{
    const auto last = static_cast<int>(m_comparison.rows.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Down: setCurrent(std::min(m_current + 1, last)); return;
    case Qt::Key_Left:
    case Qt::Key_Up: setCurrent(std::max(m_current - 1, 0)); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0)
            emit chosen(m_current);
        return;
    default: QWidget::keyPressEvent(event);
    }
}

void ComparisonChart::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::LanguageChange || event->type() == QEvent::FontChange)
        draw();
    QWidget::changeEvent(event);
}

bool ComparisonChart::save(const QString &path)
{
    return savePlot(m_plot, path, m_plot->size().expandedTo(sizeHint()));
}

} // namespace plimsoll::app
