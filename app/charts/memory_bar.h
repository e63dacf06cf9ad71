// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_data.h"

#include <QWidget>

namespace plimsoll::app {

/// One device's memory as a bar: what each part takes, where the capacity ends, what is left. Below it every part with its swatch, name and
/// figure, so that the bar can be read without telling colours apart. Longer than the capacity when the model does not fit: the part
/// beyond the line is the shortage.
class MemoryBar : public QWidget
{
    Q_OBJECT

public:
    explicit MemoryBar(QWidget *parent = nullptr);

    void setData(const BarData &data);
    const BarData &data() const { return m_data; }

    /// Every part with its figure, as one line of text.
    QString figures() const;

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Entry
    {
        BarSegment segment;
        QString text;
        QRect swatch;
        QRect words;
    };

    QVector<Entry> entries(int width) const;
    QRect barRect() const;
    QString headline() const;
    double pixelsPerByte() const;
    void drawHeadline(QPainter &painter) const;
    void drawBar(QPainter &painter) const;
    void drawLegend(QPainter &painter) const;
    void describe();

    BarData m_data;
};

} // namespace plimsoll::app
