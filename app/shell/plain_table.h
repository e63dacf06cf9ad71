// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>
#include <QTimer>

namespace plimsoll::app {

/// A table to read, in the look that all of them share: no grid, no frame, no row headers; Tab leaves it.
class PlainTable : public QTableView
{
    Q_OBJECT

public:
    explicit PlainTable(QWidget *parent = nullptr);

    /// From now on as high as its rows are, without a scroll bar of its own; rows of several lines get theirs. Call after its rows changed.
    void fitHeight();

private:
    QTimer m_later;   // columns got other widths, and so lines may break elsewhere
    bool m_fitted = false;
};

} // namespace plimsoll::app
