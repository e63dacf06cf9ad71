// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <QVector>

#include <functional>

namespace plimsoll::app {

/// Something that can be searched for and done.
struct Command
{
    QString title;   // "Qwen3 14B"
    QString kind;    // "Model"
    QString keys;    // of its shortcut; empty: it has none
    std::function<void()> run;
};

/// The commands that hold every word of a search, those that begin with it first; else in the order they came in.
class CommandList : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Title, Kind, Keys, ColumnCount };

    explicit CommandList(QObject *parent = nullptr);

    void setCommands(const QVector<Command> &commands);
    void setSearch(const QString &search);
    /// Null outside what was found.
    const Command *command(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    QVector<int> found() const;

    QVector<Command> m_commands;
    QStringList m_words;
    QVector<int> m_found;   // of m_commands
};

} // namespace plimsoll::app
