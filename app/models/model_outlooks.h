// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/model_list.h"

#include <QFutureWatcher>
#include <QObject>

namespace plimsoll::app {

/// How one model does. Catalogue models are tried at these quantizations, small to large, and at the one that ComparePage would recommend.
ModelOutlook outlookOf(const ModelEntry &model, const Machine &machine, PlanRequest request, const std::vector<FileType> &quantizations);

/// Works out how all models of a list do, in the background, and puts each into the list once it is known. Asking again gives up what
/// still runs.
class ModelOutlooks : public QObject
{
    Q_OBJECT

public:
    /// `models` outlives this object.
    explicit ModelOutlooks(ModelList *models, QObject *parent = nullptr);
    ~ModelOutlooks() override;

    void find(const Machine &machine, const PlanRequest &request, const std::vector<FileType> &quantizations);
    void cancel();
    /// Until all are in the list.
    bool busy() const { return m_busy; }

signals:
    void finished();

private:
    struct Found
    {
        QString key;
        ModelOutlook outlook;
    };

    ModelList *m_models;
    QFutureWatcher<Found> m_watcher;
    bool m_busy = false;
};

} // namespace plimsoll::app
