// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_data.h"

#include <QWidget>

namespace plimsoll::app {

/// The layers of a model side by side, each with the letter of its place: G on a GPU, E experts in RAM, C on the CPU. With several GPUs
/// a letter carries the GPU's number, and the gap is wider where the device changes. A click on a layer, or Space on the one that the arrow
/// keys walked to, asks for the next place.
class LayerStrip : public QWidget
{
    Q_OBJECT

public:
    explicit LayerStrip(QWidget *parent = nullptr);

    void setData(const StripData &data);
    const StripData &data() const { return m_data; }

    /// The places of all layers, one letter each: "CCCCGGGG".
    QString letters() const;
    static QString placeName(LayerPlace place);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void layerClicked(int layer);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Run
    {
        int first = 0;
        int last = 0;
        LayerCell cell;
    };
    struct Entry
    {
        LayerPlace place;
        QString text;
        QRect area;
    };

    QVector<Run> runs() const;
    QVector<Entry> legend(int width) const;
    QString runName(const Run &run) const;
    QRectF cellRect(int layer) const;
    QRectF outputRect() const;
    int outputWidth() const;
    void drawCell(QPainter &painter, const QRectF &rect, const LayerCell &cell, const QString &letter) const;
    void drawLetter(QPainter &painter, const QRectF &rect, const QString &letter, const QColor &fill) const;
    void drawRuns(QPainter &painter) const;
    void drawLegend(QPainter &painter) const;
    void describe();

    StripData m_data;
    int m_current = 0;   // where the keyboard is
};

} // namespace plimsoll::app
