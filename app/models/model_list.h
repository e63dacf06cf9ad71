// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/catalog/catalog.h>
#include <plimsoll/plan/plan.h>

#include <QAbstractTableModel>
#include <QHash>
#include <QString>
#include <QStringList>

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
    QStringList languages;      // ISO 639-1, as far as its source names them
    QStringList capabilities;   // "chat", "tools", …
    QString license;            // empty: not known

    bool local() const { return !path.isEmpty(); }
};

/// How a model does on a machine: at the quantization that suits it best, or at a file's own.
struct ModelOutlook
{
    bool known = false;                       // false: not worked out yet
    Verdict verdict = Verdict::Unknown;
    FileType best = FileType::Q4_K_M;         // of a catalogue model that runs
    Bytes size;                               // of the weights so
    RateEstimate decode;

    bool runs() const { return known && verdict != Verdict::DoesNotFit && verdict != Verdict::Unknown; }
};

/// Reads only the header; blocks for as long as the disk takes. Errors: those of readHeader and shapeFromGguf.
Result<ModelEntry> readModelFile(const QString &path);

/// Files that were opened, the latest first, then the catalogue in its order; the first column alone serves as a list to pick from.
/// SortRole gives figures that order as they should.
class ModelList : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Fits, Best, Size, Decode, Parameters, Active, Context, Languages, License, ColumnCount };
    enum Role { KeyRole = Qt::UserRole, LocalRole, SortRole };

    explicit ModelList(QObject *parent = nullptr);

    void setCatalog(const Catalog &catalog);
    /// To the top; replaces an entry of the same file. Returns its row: 0.
    int addFile(const ModelEntry &entry);

    /// -1 where there is none.
    int rowOf(const QString &key) const;
    /// Null outside the list.
    const ModelEntry *entry(int row) const;
    const ModelEntry *find(const QString &key) const { return entry(rowOf(key)); }
    const std::vector<ModelEntry> &entries() const { return m_entries; }

    /// By row; one not known outside the list.
    ModelOutlook outlook(int row) const;
    /// Ignored where there is no such model.
    void setOutlook(const QString &key, const ModelOutlook &outlook);
    /// For another machine or request: nothing is known any more.
    void forgetOutlooks();
    void retranslate();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVariant text(int row, int column) const;
    QVariant sortKey(int row, int column) const;
    static Qt::Alignment alignmentOf(int column);
    void columnsChanged(int first, int last);

    std::vector<ModelEntry> m_entries;
    QHash<QString, ModelOutlook> m_outlooks;   // by key
};

} // namespace plimsoll::app
