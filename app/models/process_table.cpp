// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/process_table.h"

#include "bridge/format.h"

#include <algorithm>

namespace plimsoll::app {

namespace {

Qt::Alignment alignmentOf(int column)
{
    const bool figure = column == ProcessTable::Number || column == ProcessTable::Used;
    return (figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

} // namespace

ProcessTable::ProcessTable(QObject *parent) : QAbstractTableModel(parent) {}

void ProcessTable::setReading(const Machine &reading)
{
    QVector<Row> rows;
    for (size_t gpu = 0; gpu < reading.gpus.size(); ++gpu)
        for (const GpuProcess &process : reading.gpus[gpu].processes)
            rows << Row{process, gpu};
    std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) { return a.process.used > b.process.used; });
    if (rows.size() < m_rows.size()) {
        beginRemoveRows({}, static_cast<int>(rows.size()), rowCount() - 1);
        m_rows.resize(rows.size());
        endRemoveRows();
    } else if (rows.size() > m_rows.size()) {
        beginInsertRows({}, rowCount(), static_cast<int>(rows.size()) - 1);
        m_rows.resize(rows.size());
        endInsertRows();
    }
    m_rows = rows;
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void ProcessTable::retranslate()
{
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int ProcessTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ProcessTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProcessTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(alignmentOf(index.column()));
    return role == Qt::DisplayRole ? text(m_rows[index.row()], index.column()) : QVariant();
}

QString ProcessTable::text(const Row &row, int column)
{
    switch (column) {
    case Name: {
        const QString name = QString::fromStdString(row.process.name).simplified();
        return name.isEmpty() ? format::unknown() : name;
    }
    case Number: return QString::number(row.process.pid);
    case Device: return tr("GPU %1").arg(format::count(row.gpu));
    case Used: return row.process.used.value > 0 ? format::memory(row.process.used) : format::unknown();
    default: return {};
    }
}

QVariant ProcessTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(alignmentOf(section));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Process");
    case Number: return tr("Number", "of a process");
    case Device: return tr("GPU");
    case Used: return tr("VRAM in use");
    default: return {};
    }
}

} // namespace plimsoll::app
