// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/comparison.h"

#include <QWidget>

class QCustomPlot;

namespace plimsoll::app {

enum class ComparisonView : uint8_t {
    SizeAndSpeed,   // a point per row: size across, decode up, verdict as shape, published quality as colour
    Speed,          // prefill and decode side by side
    Memory,         // what each device holds, stacked, against what it has
    Context,        // decode over the tokens in the cache
};

/// One drawing of a comparison. Points and bars can be clicked, or walked through with the arrow keys. Its twin is ComparisonTable.
class ComparisonChart : public QWidget
{
    Q_OBJECT

public:
    explicit ComparisonChart(QWidget *parent = nullptr);

    void setComparison(const Comparison &comparison);
    void setView(ComparisonView view);
    ComparisonView view() const { return m_view; }
    /// Row of the comparison that is marked, -1 for none.
    int current() const { return m_current; }
    void setCurrent(int row);

    /// PNG, PDF or SVG by the file's ending. False where it cannot be written.
    bool save(const QString &path);

    QSize sizeHint() const override;

signals:
    void currentChanged(int row);
    /// Clicked, or Enter was pressed on it.
    void chosen(int row);

protected:
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void draw();
    void drawSizeAndSpeed();
    void drawSpeed();
    void drawMemory();
    void drawContext();
    double placeOf(int row, qsizetype device, double width) const;
    double addLimit(qsizetype device);
    void addOwnLimits(double width);
    void nameRows();
    void mark();
    void describe();
    void labelPoints();
    int rowAt(const QPointF &position) const;
    bool dark() const;

    Comparison m_comparison;
    ComparisonView m_view = ComparisonView::SizeAndSpeed;
    int m_current = -1;
    QVector<QPointF> m_anchors;   // where each row stands, in plot coordinates; null points for rows that are not drawn
    QCustomPlot *m_plot;
};

} // namespace plimsoll::app
