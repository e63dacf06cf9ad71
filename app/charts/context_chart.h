// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/advice.h"

#include <QWidget>

class QCustomPlot;

namespace plimsoll::app {

enum class ContextView : uint8_t {
    Memory,   // what each device needs, against what it has free
    Speed,    // predicted decode with its band
};

/// Memory or speed over the context: where the plan stands, and where it stops fitting. Its twin is ContextTable.
class ContextChart : public QWidget
{
    Q_OBJECT

public:
    explicit ContextChart(ContextView view, QWidget *parent = nullptr);

    void setCurve(const ContextCurve &curve);

    /// PNG, PDF or SVG by the file's ending. False where it cannot be written.
    bool save(const QString &path);

    QSize sizeHint() const override;

protected:
    void changeEvent(QEvent *event) override;

private:
    void draw();
    double drawMemory();
    double drawSpeed();
    void mark(double tokens, double height, const QString &text, const QPen &pen);
    void describe();

    ContextView m_view;
    ContextCurve m_curve;
    QCustomPlot *m_plot;
};

} // namespace plimsoll::app
