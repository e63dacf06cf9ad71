// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/budget_table.h"

#include "bridge/format.h"

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr int deviceColumn = 0;
constexpr int totalColumn = 1;
constexpr int firstRole = 2;

} // namespace

BudgetTable::BudgetTable(QObject *parent) : QAbstractTableModel(parent) {}

void BudgetTable::setBars(const QVector<BarData> &bars)
{
    QVector<SegmentRole> columns;
    for (const BarData &bar : bars)
        for (const BarSegment &segment : bar.segments)
            if (!columns.contains(segment.role))
                columns << segment.role;
    std::sort(columns.begin(), columns.end());

    if (columns == m_columns && bars.size() == m_bars.size()) {
        m_bars = bars;
        if (!m_bars.isEmpty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_bars = bars;
    m_columns = columns;
    endResetModel();
}

void BudgetTable::retranslate()
{
    beginResetModel();
    endResetModel();
}

int BudgetTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_bars.size());
}

int BudgetTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : firstRole + static_cast<int>(m_columns.size());
}

QVariant BudgetTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_bars.size() || index.column() >= columnCount())
        return {};
    const BarData &bar = m_bars[index.row()];
    if (role == Qt::TextAlignmentRole)
        return QVariant(index.column() == deviceColumn ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == deviceColumn)
        return bar.title;
    if (index.column() == totalColumn)
        return format::memory(bar.total);
    const Bytes bytes = bar.of(m_columns[index.column() - firstRole]);
    return bytes.value == 0 ? format::unknown() : format::memory(bytes);
}

QVariant BudgetTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == deviceColumn ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (section == deviceColumn)
        return tr("Device");
    if (section == totalColumn)
        return tr("Total");
    return roleName(m_columns[section - firstRole]);
}

} // namespace plimsoll::app
