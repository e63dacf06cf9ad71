// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/precision_table.h"

#include "bridge/format.h"

#include <plimsoll/model/checkpoint_format.h>

namespace plimsoll::app {

namespace {

/// "FP16", "INT8" or "INT4": the precision that a column is about.
const char *precisionOf(int column)
{
    switch (column) {
    case PrecisionTable::Int8: return "INT8";
    case PrecisionTable::Int4:
    case PrecisionTable::Int4Customary: return "INT4";
    default: return "FP16";
    }
}

bool customary(int column)
{
    return column == PrecisionTable::Fp16Customary || column == PrecisionTable::Int4Customary;
}

QString weightAt(const ModelShape &shape, int column)
{
    const auto options = checkpointFromName(precisionOf(column));
    if (!options)
        return format::unknown();
    const double bytes = static_cast<double>(checkpointBytes(shape, *options).value) * (customary(column) ? customaryOverhead : 1);
    return format::fileSize(Bytes{static_cast<uint64_t>(bytes)});
}

} // namespace

PrecisionTable::PrecisionTable(QObject *parent) : QAbstractTableModel(parent) {}

void PrecisionTable::setModels(const QVector<Model> &models)
{
    beginResetModel();
    m_models = models;
    endResetModel();
}

void PrecisionTable::retranslate()
{
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
    if (!m_models.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int PrecisionTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_models.size());
}

int PrecisionTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PrecisionTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const Model &model = m_models[index.row()];
    switch (index.column()) {
    case Name: return model.name;
    case Parameters: return format::count(model.shape->parameters());
    default: return weightAt(*model.shape, index.column());
    }
}

QVariant PrecisionTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && customary(section))
        return tr("The customary estimate of what a server needs: weights, and two fifths on top for cache and buffers");
    if (role != Qt::DisplayRole)
        return {};
    if (section == Name)
        return tr("Model");
    if (section == Parameters)
        return tr("Parameters");
    const QString precision = QLatin1String(precisionOf(section));
    //: A precision such as FP16, and what its weights are multiplied by.
    return customary(section) ? tr("%1 × %2").arg(precision, format::number(customaryOverhead, 1)) : precision;
}

} // namespace plimsoll::app
