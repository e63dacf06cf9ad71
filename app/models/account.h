// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/plan/plan.h>

#include <QAbstractTableModel>
#include <QString>
#include <QVector>

namespace plimsoll::app {

/// One part of a device's memory, and how it comes about.
struct AccountRow
{
    QString device;
    QString part;
    Bytes bytes;
    QString formula;   // with this model's numbers
    QString source;    // where the numbers come from
};

/// What an account is made of; all of it outlives the call.
struct AccountInput
{
    const ModelShape &shape;
    const WeightTypes &types;
    const Machine &machine;
    const PlanRequest &request;
    const Plan &plan;
    bool fromFile = false;   // the types are those of a file, not of a quantization's rule
};

/// Every part of every device that holds something, the GPUs first, in the chosen language.
QVector<AccountRow> accountOf(const AccountInput &input);

/// The account as a table.
class AccountTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Device, Part, Size, Formula, Source, ColumnCount };

    explicit AccountTable(QObject *parent = nullptr);

    void setRows(const QVector<AccountRow> &rows);
    const QVector<AccountRow> &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVector<AccountRow> m_rows;
};

} // namespace plimsoll::app
