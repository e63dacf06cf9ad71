// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/model/shape.h>

#include <QAbstractTableModel>
#include <QString>
#include <QVector>

#include <memory>

namespace plimsoll::app {

/// What checkpoints of models weigh at 16, 8 and 4 bits, by their exact numbers of parameters; and the customary estimate of what a server
/// needs for the first and the last, weights × 1.4.
class PrecisionTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    struct Model
    {
        QString name;
        std::shared_ptr<const ModelShape> shape;
    };

    enum Column { Name, Parameters, Fp16, Int8, Int4, Fp16Customary, Int4Customary, ColumnCount };

    explicit PrecisionTable(QObject *parent = nullptr);

    void setModels(const QVector<Model> &models);
    void retranslate();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVector<Model> m_models;
};

} // namespace plimsoll::app
