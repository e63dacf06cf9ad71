// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_data.h"

#include <QAbstractTableModel>

namespace plimsoll::app {

/// The memory bars as a table: a column per device, a row for its capacity and for each part that any device has.
class BudgetTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit BudgetTable(QObject *parent = nullptr);

    void setBars(const QVector<BarData> &bars);
    /// The language changed: every text is asked for anew.
    void retranslate();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVector<BarData> m_bars;
    QVector<SegmentRole> m_roles;   // after the row of the total
};

} // namespace plimsoll::app
