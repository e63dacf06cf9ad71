// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_list.h"

#include "bridge/format.h"

#include <plimsoll/gguf/gguf.h>
#include <plimsoll/model/architecture.h>

#include <QDir>
#include <QFileInfo>

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

ModelList::ModelList(QObject *parent) : QAbstractListModel(parent) {}

void ModelList::setCatalog(const Catalog &catalog)
{
    beginResetModel();
    std::erase_if(m_entries, [](const ModelEntry &entry) { return !entry.local(); });
    for (const CatalogModel &model : catalog.models)
        m_entries.push_back({QString::fromStdString(model.id), QString::fromStdString(model.name), {}, {},
            std::make_shared<const ModelShape>(model.shape), {}});
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

QVariant ModelList::data(const QModelIndex &index, int role) const
{
    const ModelEntry *model = index.isValid() ? entry(index.row()) : nullptr;
    if (!model)
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole: return model->name;
    case Qt::ToolTipRole:
        if (model->local())
            return QDir::toNativeSeparators(model->path);
        return tr("%1 parameters", "%1 is a number with its unit, as 8.0 B").arg(format::parameters(model->shape->parameters()));
    case KeyRole: return model->key;
    case LocalRole: return model->local();
    default: return {};
    }
}

} // namespace plimsoll::app
