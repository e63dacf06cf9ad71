// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/budget_table.h"

#include "bridge/format.h"

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr int totalRow = 0;
constexpr int firstRole = 1;
constexpr int nameColumn = 0;
constexpr int firstDevice = 1;

Qt::Alignment alignment(int column)
{
    return (column == nameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter;
}

} // namespace

BudgetTable::BudgetTable(QObject *parent) : QAbstractTableModel(parent) {}

void BudgetTable::setBars(const QVector<BarData> &bars)
{
    QVector<SegmentRole> roles;
    for (const BarData &bar : bars)
        for (const BarSegment &segment : bar.segments)
            if (!roles.contains(segment.role))
                roles << segment.role;
    std::sort(roles.begin(), roles.end());

    if (roles == m_roles && bars.size() == m_bars.size()) {
        m_bars = bars;
        if (!m_bars.isEmpty()) {
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
            emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
        }
        return;
    }
    beginResetModel();
    m_bars = bars;
    m_roles = roles;
    endResetModel();
}

void BudgetTable::retranslate()
{
    beginResetModel();
    endResetModel();
}

int BudgetTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_bars.isEmpty() ? 0 : firstRole + static_cast<int>(m_roles.size());
}

int BudgetTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_bars.isEmpty() ? 0 : firstDevice + static_cast<int>(m_bars.size());
}

QVariant BudgetTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(alignment(index.column()));
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == nameColumn)
        return index.row() == totalRow ? tr("Total") : roleName(m_roles[index.row() - firstRole]);
    const BarData &bar = m_bars[index.column() - firstDevice];
    if (index.row() == totalRow)
        return format::memory(bar.total);
    const Bytes bytes = bar.of(m_roles[index.row() - firstRole]);
    return bytes.value == 0 ? format::unknown() : format::memory(bytes);
}

QVariant BudgetTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(alignment(section));
    if (role != Qt::DisplayRole)
        return {};
    return section == nameColumn ? tr("Part") : m_bars[section - firstDevice].title;
}

} // namespace plimsoll::app
