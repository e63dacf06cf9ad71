// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace plimsoll::app {

/// The models that match: every word of a search in name, id, languages, licence or abilities, one language, one ability, and whether
/// they run. Sorted by ModelList::SortRole.
class ModelFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit ModelFilter(QObject *parent = nullptr);

    void setWords(const QString &text);
    /// ISO 639-1; empty: any.
    void setLanguage(const QString &code);
    /// As the catalogue names it, "tools"; empty: any.
    void setCapability(const QString &capability);
    /// Leaves out what is known not to run.
    void setOnlyRunning(bool only);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words;
    QString m_language;
    QString m_capability;
    bool m_onlyRunning = false;
};

} // namespace plimsoll::app
