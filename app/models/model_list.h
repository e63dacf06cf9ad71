// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/catalog/catalog.h>

#include <QAbstractListModel>
#include <QString>

#include <memory>
#include <vector>

namespace plimsoll::app {

/// A model that can be planned: of the catalogue, or a file of this computer. Immutable and cheap to copy.
struct ModelEntry
{
    QString key;             // the catalogue's id, or the file's absolute path
    QString name;
    QString path;            // empty for a model of the catalogue
    QString quantization;    // a file's own, "Q4_K_M"; empty where it names none
    std::shared_ptr<const ModelShape> shape;
    WeightTypes types;       // a file's own; empty for a model of the catalogue

    bool local() const { return !path.isEmpty(); }
};

/// Reads only the header; blocks for as long as the disk takes. Errors: those of readHeader and shapeFromGguf.
Result<ModelEntry> readModelFile(const QString &path);

/// Files that were opened, the latest first, then the catalogue in its order.
class ModelList : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { KeyRole = Qt::UserRole, LocalRole };

    explicit ModelList(QObject *parent = nullptr);

    void setCatalog(const Catalog &catalog);
    /// To the top; replaces an entry of the same file. Returns its row: 0.
    int addFile(const ModelEntry &entry);

    /// -1 where there is none.
    int rowOf(const QString &key) const;
    /// Null outside the list.
    const ModelEntry *entry(int row) const;
    const ModelEntry *find(const QString &key) const { return entry(rowOf(key)); }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    std::vector<ModelEntry> m_entries;
};

} // namespace plimsoll::app
