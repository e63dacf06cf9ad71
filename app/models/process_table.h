// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/machine/machine.h>

#include <QAbstractTableModel>
#include <QVector>

namespace plimsoll::app {

/// The processes that hold VRAM, the largest first; one row for each GPU that a process is on.
class ProcessTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Number, Device, Used, ColumnCount };

    explicit ProcessTable(QObject *parent = nullptr);

    void setReading(const Machine &reading);
    void retranslate();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        GpuProcess process;
        size_t gpu = 0;
    };

    static QString text(const Row &row, int column);

    QVector<Row> m_rows;
};

} // namespace plimsoll::app
