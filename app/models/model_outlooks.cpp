// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_outlooks.h"

#include <plimsoll/plan/recommend.h>

#include <QPromise>
#include <QThreadPool>

namespace plimsoll::app {

ModelOutlook outlookOf(const ModelEntry &model, const Machine &machine, PlanRequest request, const std::vector<FileType> &quantizations)
{
    ModelOutlook outlook;
    outlook.known = true;
    request.offload = OffloadMode::Auto;
    if (model.local()) {
        const auto plan = makePlan(*model.shape, model.types, machine, request);
        outlook.size = weightBytes(*model.shape, model.types);
        if (plan) {
            outlook.verdict = plan->verdict;
            outlook.decode = plan->decode;
        }
        return outlook;
    }
    const auto best = recommend(*model.shape, machine, request, quantizations);
    if (!best)
        return outlook;
    outlook.verdict = best->plan.verdict;
    outlook.best = best->type;
    outlook.size = best->size;
    outlook.decode = best->plan.decode;
    return outlook;
}

ModelOutlooks::ModelOutlooks(ModelList *models, QObject *parent) : QObject(parent), m_models(models)
{
    connect(&m_watcher, &QFutureWatcherBase::resultReadyAt, this, [this](int index) {
        const Found found = m_watcher.resultAt(index);
        m_models->setOutlook(found.key, found.outlook);
    });
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        m_busy = false;
        emit finished();
    });
}

ModelOutlooks::~ModelOutlooks()
{
    cancel();
}

void ModelOutlooks::cancel()
{
    m_watcher.cancel();
}

void ModelOutlooks::find(const Machine &machine, const PlanRequest &request, const std::vector<FileType> &quantizations)
{
    cancel();
    m_models->forgetOutlooks();
    auto promise = std::make_shared<QPromise<Found>>();
    m_watcher.setFuture(promise->future());
    promise->start();
    m_busy = true;
    QThreadPool::globalInstance()->start([promise, entries = m_models->entries(), machine, request, quantizations] {
        for (const ModelEntry &entry : entries) {
            if (promise->isCanceled())
                break;
            promise->addResult(Found{entry.key, outlookOf(entry, machine, request, quantizations)});
        }
        promise->finish();
    });
}

} // namespace plimsoll::app
