// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/advice.h"
#include "shell/card.h"

class QGridLayout;

namespace plimsoll::app {

/// What would change the verdict or the speed: one row per change, each with what follows from it and a button that does it.
class SuggestionList : public Card
{
    Q_OBJECT

public:
    /// `models` outlives the list.
    explicit SuggestionList(const ModelList *models, QWidget *parent = nullptr);

    void show(const Advice &advice, const Plan &plan);
    /// The figures are being computed: what is shown belongs to an older plan and can't be applied.
    void setStale(bool stale);

signals:
    void applied(const plimsoll::Change &change);

protected:
    void changeEvent(QEvent *event) override;

private:
    void rebuild();
    void addRow(int row, const Change &change);
    QString farthest() const;
    QString inServers() const;

    const ModelList *m_models;
    Advice m_advice;
    Plan m_plan;
    bool m_stale = true;
    QWidget *m_rows = nullptr;
};

} // namespace plimsoll::app
