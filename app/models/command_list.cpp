// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/command_list.h"

#include <algorithm>

namespace plimsoll::app {

CommandList::CommandList(QObject *parent) : QAbstractTableModel(parent) {}

void CommandList::setCommands(const QVector<Command> &commands)
{
    beginResetModel();
    m_commands = commands;
    m_found = found();
    endResetModel();
}

void CommandList::setSearch(const QString &search)
{
    beginResetModel();
    m_words = search.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_found = found();
    endResetModel();
}

QVector<int> CommandList::found() const
{
    QVector<int> rows;
    for (int i = 0; i < m_commands.size(); ++i) {
        const Command &command = m_commands[i];
        const bool all = std::all_of(m_words.begin(), m_words.end(), [&command](const QString &word) {
            return command.title.contains(word, Qt::CaseInsensitive) || command.kind.contains(word, Qt::CaseInsensitive);
        });
        if (all)
            rows << i;
    }
    if (!m_words.isEmpty())
        std::stable_partition(rows.begin(), rows.end(), [this](int row) {
            return m_commands[row].title.startsWith(m_words.constFirst(), Qt::CaseInsensitive);
        });
    return rows;
}

const Command *CommandList::command(int row) const
{
    return row >= 0 && row < m_found.size() ? &m_commands[m_found[row]] : nullptr;
}

int CommandList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_found.size());
}

int CommandList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CommandList::data(const QModelIndex &index, int role) const
{
    const Command *found = index.isValid() ? command(index.row()) : nullptr;
    if (!found)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((index.column() == Title ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::AccessibleTextRole && index.column() == Title)
        return QStringLiteral("%1, %2").arg(found->title, found->kind);
    if (role != Qt::DisplayRole)
        return {};
    return index.column() == Title ? found->title : index.column() == Kind ? found->kind : found->keys;
}

} // namespace plimsoll::app
