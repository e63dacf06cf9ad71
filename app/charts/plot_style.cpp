// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_style.h"

#include <qcustomplot.h>

#include <QSvgGenerator>

namespace plimsoll::app {

namespace {

void styleAxis(QCPAxis *axis, const QWidget &look)
{
    const QColor text = look.palette().color(QPalette::WindowText);
    const QColor line = look.palette().color(QPalette::Mid);
    for (void (QCPAxis::*set)(const QPen &) : {&QCPAxis::setBasePen, &QCPAxis::setTickPen, &QCPAxis::setSubTickPen})
        (axis->*set)(QPen(line));
    axis->setLabelColor(text);
    axis->setTickLabelColor(text);
    axis->setLabelFont(look.font());
    axis->setTickLabelFont(look.font());
    QColor grid = line;
    grid.setAlphaF(0.35f);
    axis->grid()->setPen(QPen(grid, 1, Qt::DotLine));
    axis->grid()->setZeroLinePen(Qt::NoPen);
    axis->setScaleType(QCPAxis::stLinear);
    axis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
    axis->setNumberFormat(QStringLiteral("gb"));
    axis->setNumberPrecision(6);
    axis->setTickLabelRotation(0);
}

} // namespace

void clearPlot(QCustomPlot *plot, const QWidget &look)
{
    plot->clearPlottables();
    plot->clearItems();
    plot->setBackground(look.palette().brush(QPalette::Base));
    plot->setLocale(QLocale());
    for (QCPAxis *axis : {plot->xAxis, plot->yAxis})
        styleAxis(axis, look);
    plot->legend->setVisible(false);
    plot->legend->setBrush(look.palette().brush(QPalette::Base));
    plot->legend->setTextColor(look.palette().color(QPalette::WindowText));
    plot->legend->setBorderPen(QPen(look.palette().color(QPalette::Mid)));
    plot->legend->setFont(look.font());
}

void setTokenAxis(QCPAxis *axis, double longest)
{
    QSharedPointer<QCPAxisTickerLog> powers(new QCPAxisTickerLog);
    powers->setLogBase(2);
    axis->setScaleType(QCPAxis::stLogarithmic);
    axis->setTicker(powers);
    axis->setNumberFormat(QStringLiteral("f"));
    axis->setNumberPrecision(0);
    axis->setRange(1000, longest * 1.1);
}

bool savePlot(QCustomPlot *plot, const QString &path, const QSize &size)
{
    if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive))
        return plot->savePdf(path, size.width(), size.height());
    if (!path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive))
        return plot->savePng(path, size.width(), size.height(), 2);
    QSvgGenerator svg;
    svg.setFileName(path);
    svg.setSize(size);
    svg.setViewBox(QRect(QPoint(), size));
    QCPPainter painter;
    if (!painter.begin(&svg))
        return false;
    plot->toPainter(&painter, size.width(), size.height());
    return painter.end();
}

} // namespace plimsoll::app
