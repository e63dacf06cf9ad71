// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/advice.h"

#include <QAbstractTableModel>

namespace plimsoll::app {

/// Memory and speed over the context as a table: a row per context, then a column per device, RAM last, then verdict and speed.
class ContextTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit ContextTable(QObject *parent = nullptr);

    void setCurve(const ContextCurve &curve);
    void retranslate();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// All figures, plainly: comma-separated, numbers with a point, bytes and tokens unrounded.
    QString csv() const;

private:
    DeviceIndex deviceOf(int column) const { return static_cast<DeviceIndex>(column) % static_cast<DeviceIndex>(m_curve.budgets.size()); }
    int verdictColumn() const { return 1 + static_cast<int>(m_curve.budgets.size()); }

    ContextCurve m_curve;
};

} // namespace plimsoll::app
