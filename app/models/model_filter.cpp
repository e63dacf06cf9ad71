// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_filter.h"

#include "models/model_list.h"

#include <algorithm>

namespace plimsoll::app {

ModelFilter::ModelFilter(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(ModelList::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setDynamicSortFilter(true);
}

void ModelFilter::setWords(const QString &text)
{
    m_words = text.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void ModelFilter::setLanguage(const QString &code)
{
    m_language = code;
    invalidateFilter();
}

void ModelFilter::setCapability(const QString &capability)
{
    m_capability = capability;
    invalidateFilter();
}

void ModelFilter::setOnlyRunning(bool only)
{
    m_onlyRunning = only;
    invalidateFilter();
}

bool ModelFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const auto *models = qobject_cast<const ModelList *>(sourceModel());
    const ModelEntry *model = models ? models->entry(row) : nullptr;
    if (!model)
        return false;
    const QString all = QStringList{model->name, model->key, model->license, model->languages.join(QLatin1Char(' ')),
        model->capabilities.join(QLatin1Char(' '))}.join(QLatin1Char(' '));
    const auto found = [&all](const QString &word) { return all.contains(word, Qt::CaseInsensitive); };
    if (!std::all_of(m_words.begin(), m_words.end(), found))
        return false;
    if ((!m_language.isEmpty() && !model->languages.contains(m_language))
        || (!m_capability.isEmpty() && !model->capabilities.contains(m_capability)))
        return false;
    const ModelOutlook outlook = models->outlook(row);
    return !m_onlyRunning || !outlook.known || outlook.runs();
}

} // namespace plimsoll::app
