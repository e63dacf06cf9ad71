// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QCPAxis;
class QCustomPlot;

/// What all drawings of QCustomPlot share.
namespace plimsoll::app {

/// Nothing drawn, axes linear and plain, colours, fonts and numbers those of `look` and its language.
void clearPlot(QCustomPlot *plot, const QWidget &look);

/// Tokens in powers of two, from 1,000 to a little beyond `longest`.
void setTokenAxis(QCPAxis *axis, double longest);

/// PNG, PDF or SVG by the file's ending, `size` large. False where it cannot be written.
bool savePlot(QCustomPlot *plot, const QString &path, const QSize &size);

} // namespace plimsoll::app
