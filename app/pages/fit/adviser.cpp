// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/adviser.h"

#include "models/elsewhere.h"
#include "pages/fit/fit_state.h"

namespace plimsoll::app {

namespace {

/// A drag or a row of key presses is one change.
constexpr int settleMilliseconds = 150;

} // namespace

Adviser::Adviser(const Catalog &catalog, const ModelList &models, const FitState &state, QObject *parent)
    : QObject(parent), m_catalog(catalog), m_models(models), m_state(state), m_cancel(std::make_shared<std::atomic<bool>>(false))
{
    m_later.setSingleShot(true);
    m_later.setInterval(settleMilliseconds);
    connect(&m_later, &QTimer::timeout, this, &Adviser::ask);
    connect(&state, &FitState::changed, this, [this] {
        *m_cancel = true;
        m_later.start();
    });
}

Adviser::~Adviser()
{
    *m_cancel = true;
}

void Adviser::ask()
{
    if (!m_state.plan())
        return;
    AdviceInput input;
    input.model = m_state.model();
    input.types = m_state.types();
    input.machine = m_state.machine();
    input.request = m_state.planRequest();
    input.plan = *m_state.plan();
    for (const CatalogGpu &gpu : m_catalog.gpus)
        input.gpus.push_back(gpu.gpu);
    if (!input.model.local()) {
        input.quantizations = m_catalog.quantizations;
        for (const CatalogModel *each : m_catalog.siblings(input.model.key.toStdString()))
            if (const ModelEntry *entry = m_models.find(QString::fromStdString(each->id)))
                input.siblings.push_back(*entry);
    }
    m_cancel = std::make_shared<std::atomic<bool>>(false);
    ++m_running;
    auto given = std::make_shared<const Plan>(input.plan);
    elsewhere([input = std::move(input), cancel = m_cancel] { return adviceFor(input, *cancel); })
        .then(this, [this, given, cancel = m_cancel](const std::shared_ptr<const Advice> &advice) {
            --m_running;
            if (!*cancel)
                emit answered(*advice, *given);
        });
}

} // namespace plimsoll::app
