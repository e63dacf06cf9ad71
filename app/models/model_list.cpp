// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_list.h"

#include "bridge/format.h"
#include "bridge/sentences.h"

#include <plimsoll/gguf/gguf.h>
#include <plimsoll/model/architecture.h>
#include <plimsoll/plan/advice.h>

#include <QDir>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace plimsoll::app {

namespace {

QString fileTypeOf(const gguf::Header &header)
{
    const auto number = header.unsignedAt("general.file_type");
    if (!number || !number->has_value())
        return {};
    for (const FileTypeInfo &known : fileTypes())
        if (static_cast<uint64_t>(known.type) == **number)
            return QString::fromUtf8(known.name.data(), static_cast<qsizetype>(known.name.size()));
    return {};
}

} // namespace

Result<ModelEntry> readModelFile(const QString &path)
{
    const QFileInfo file(path);
    const QString absolute = QDir::cleanPath(file.absoluteFilePath());
    auto header = gguf::readHeader(QFile::encodeName(absolute).toStdString());
    if (!header)
        return header.error();
    auto shape = shapeFromGguf(*header);
    if (!shape)
        return shape.error();
    ModelEntry entry;
    entry.key = absolute;
    entry.path = absolute;
    entry.name = file.completeBaseName();
    entry.quantization = fileTypeOf(*header);
    entry.types = typesOf(*shape);
    entry.shape = std::make_shared<const ModelShape>(std::move(*shape));
    return entry;
}

ModelList::ModelList(QObject *parent) : QAbstractTableModel(parent) {}

void ModelList::setCatalog(const Catalog &catalog)
{
    beginResetModel();
    std::erase_if(m_entries, [](const ModelEntry &entry) { return !entry.local(); });
    m_outlooks.clear();
    for (const CatalogModel &model : catalog.models) {
        ModelEntry entry;
        entry.key = QString::fromStdString(model.id);
        entry.name = QString::fromStdString(model.name);
        entry.shape = std::make_shared<const ModelShape>(model.shape);
        entry.license = QString::fromStdString(model.license);
        for (const std::string &language : model.languages)
            entry.languages << QString::fromStdString(language);
        for (const std::string &capability : model.capabilities)
            entry.capabilities << QString::fromStdString(capability);
        m_entries.push_back(std::move(entry));
    }
    endResetModel();
}

int ModelList::addFile(const ModelEntry &entry)
{
    if (const int old = rowOf(entry.key); old >= 0) {
        beginRemoveRows({}, old, old);
        m_entries.erase(m_entries.begin() + old);
        endRemoveRows();
    }
    beginInsertRows({}, 0, 0);
    m_entries.insert(m_entries.begin(), entry);
    endInsertRows();
    return 0;
}

int ModelList::rowOf(const QString &key) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&key](const ModelEntry &entry) { return entry.key == key; });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

const ModelEntry *ModelList::entry(int row) const
{
    return row >= 0 && row < static_cast<int>(m_entries.size()) ? &m_entries[static_cast<size_t>(row)] : nullptr;
}

int ModelList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int ModelList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

ModelOutlook ModelList::outlook(int row) const
{
    const ModelEntry *model = entry(row);
    return model ? m_outlooks.value(model->key) : ModelOutlook{};
}

void ModelList::setOutlook(const QString &key, const ModelOutlook &outlook)
{
    const int row = rowOf(key);
    if (row < 0)
        return;
    m_outlooks.insert(key, outlook);
    emit dataChanged(index(row, Fits), index(row, Decode));
}

void ModelList::columnsChanged(int first, int last)
{
    if (!m_entries.empty())
        emit dataChanged(index(0, first), index(rowCount() - 1, last));
}

void ModelList::forgetOutlooks()
{
    m_outlooks.clear();
    columnsChanged(Fits, Decode);
}

void ModelList::retranslate()
{
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
    columnsChanged(0, ColumnCount - 1);
}

Qt::Alignment ModelList::alignmentOf(int column)
{
    const bool figure = column == Parameters || column == Active || column == Size || column == Context || column == Decode;
    return (figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

QVariant ModelList::data(const QModelIndex &index, int role) const
{
    const ModelEntry *model = index.isValid() ? entry(index.row()) : nullptr;
    if (!model)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(index.row(), index.column());
    case Qt::EditRole: return model->name;
    case Qt::TextAlignmentRole: return QVariant(alignmentOf(index.column()));
    case Qt::ToolTipRole:
        if (index.column() == Languages) {
            QStringList names;
            for (const QString &code : model->languages)
                names << QLocale(code).nativeLanguageName();
            return QLocale().createSeparatedList(names);
        }
        if (model->local())
            return QDir::toNativeSeparators(model->path);
        return tr("%1 parameters", "%1 is a number with its unit, as 8.0 B").arg(format::parameters(model->shape->parameters()));
    case KeyRole: return model->key;
    case LocalRole: return model->local();
    case SortRole: return sortKey(index.row(), index.column());
    default: return {};
    }
}

QVariant ModelList::text(int row, int column) const
{
    const ModelEntry &model = m_entries[static_cast<size_t>(row)];
    const ModelOutlook outlook = m_outlooks.value(model.key);
    switch (column) {
    case Name: return model.name;
    case Parameters: return format::parameters(model.shape->parameters());
    case Active: return format::parameters(model.shape->activeParameters());
    case Size: return outlook.known && outlook.size.value > 0 ? format::fileSize(outlook.size) : format::unknown();
    case Context: return model.shape->contextTrained > 0 ? format::count(model.shape->contextTrained) : format::unknown();
    case Languages: return model.languages.isEmpty() ? format::unknown() : model.languages.join(QLatin1Char(' '));
    case License: return model.license.isEmpty() ? format::unknown() : model.license;
    case Fits: return outlook.known ? Sentences::title(outlook.verdict) : QStringLiteral("…");
    case Best: {
        if (model.local())
            return model.quantization.isEmpty() ? format::unknown() : model.quantization;
        const std::string_view best = plimsoll::name(outlook.best);
        return outlook.runs() ? QString::fromLatin1(best.data(), static_cast<qsizetype>(best.size())) : format::unknown();
    }
    case Decode: return outlook.runs() ? format::tokenRate(outlook.decode) : format::unknown();
    default: return {};
    }
}

QVariant ModelList::sortKey(int row, int column) const
{
    const ModelEntry &model = m_entries[static_cast<size_t>(row)];
    const ModelOutlook outlook = m_outlooks.value(model.key);
    switch (column) {
    case Parameters: return QVariant::fromValue<qulonglong>(model.shape->parameters());
    case Active: return QVariant::fromValue<qulonglong>(model.shape->activeParameters());
    case Size: return QVariant::fromValue<qulonglong>(outlook.size.value);
    case Context: return model.shape->contextTrained;
    case Fits: return outlook.known ? rank(outlook.verdict) : 100;
    case Decode: return outlook.runs() ? outlook.decode.expected : 0.0;
    default: return text(row, column);
    }
}

QVariant ModelList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant(alignmentOf(section));
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (section) {
    case Name: return tip ? QVariant() : tr("Model");
    case Parameters: return tip ? QVariant() : tr("Parameters");
    case Active: return tip ? tr("Parameters that are read for each token") : tr("Active");
    case Size: return tip ? tr("Of the weights at the best quantization") : tr("Size");
    case Context: return tip ? tr("The longest that the model was trained on, in tokens") : tr("Context");
    case Languages: return tip ? tr("As far as the publisher names them") : tr("Languages");
    case License: return tip ? QVariant() : tr("Licence");
    case Fits: return tip ? tr("At the best quantization, with the context of the Fit page") : tr("On this machine");
    case Best: return tip ? tr("The most precise one that lies on the GPU as a whole, else the fastest") : tr("Best quantization");
    case Decode: return tip ? tr("Predicted") : tr("Generation");
    default: return {};
    }
}

} // namespace plimsoll::app
