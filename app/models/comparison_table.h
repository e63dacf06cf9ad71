// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/comparison.h"

#include <QAbstractTableModel>

namespace plimsoll::app {

/// What is compared, one case per row: the twin of the charts. SortRole gives figures that order as they should.
class ComparisonTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Size, Bits, Fits, Decode, Prefill, Context, Quality, ColumnCount };
    enum Role { SortRole = Qt::UserRole };

    explicit ComparisonTable(QObject *parent = nullptr);

    void setComparison(const Comparison &comparison);
    const Comparison &comparison() const { return m_comparison; }
    void retranslate();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// All figures, plainly: one line per case, comma-separated, numbers with a point, bytes and tokens unrounded.
    QString csv() const;

private:
    QVariant text(const ComparedRow &row, int column) const;
    static QString nameOf(ComparedBy by);
    static QString rate(const RateEstimate &rate);
    static QVariant sortKey(const ComparedRow &row, int column);

    Comparison m_comparison;
};

} // namespace plimsoll::app
