// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/advice.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace plimsoll::app {

class FitState;

/// Asks for advice about the plan of a FitState whenever that rests for a moment, in the background; a newer plan cancels what still runs.
class Adviser : public QObject
{
    Q_OBJECT

public:
    /// All outlive this object.
    Adviser(const Catalog &catalog, const ModelList &models, const FitState &state, QObject *parent = nullptr);
    ~Adviser() override;

    /// True until the advice for the present plan was given.
    bool busy() const { return m_running > 0 || m_later.isActive(); }

signals:
    void answered(const plimsoll::app::Advice &advice, const plimsoll::Plan &plan);

private:
    void ask();

    const Catalog &m_catalog;
    const ModelList &m_models;
    const FitState &m_state;
    QTimer m_later;
    std::shared_ptr<std::atomic<bool>> m_cancel;
    int m_running = 0;
};

} // namespace plimsoll::app
