// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/model_list.h"
#include "shell/card.h"

#include <plimsoll/plan/scenario.h>

#include <QTimer>
#include <QVector>

class QGridLayout;
class QPushButton;

namespace plimsoll::app {

class FitState;
class MemoryBar;

/// Several models at the same time on one machine: each plan that was added sees as used what those before it take.
class ScenarioCard : public Card
{
    Q_OBJECT

public:
    /// `state` outlives the card: its plan is what can be added, its machine is where all run.
    explicit ScenarioCard(const FitState &state, QWidget *parent = nullptr);

    /// What follows for the models together; nothing while there are none, or no machine.
    const std::optional<Scenario> &scenario() const { return m_scenario; }

protected:
    void changeEvent(QEvent *event) override;

private:
    /// A model as it was asked when it was added.
    struct Entry
    {
        ModelEntry model;
        WeightTypes types;
        PlanRequest request;
        QString name;
    };

    void add();
    void remove(int index);
    void plan();
    void rebuild();
    void addRow(QGridLayout *grid, int row);
    void showBars();

    const FitState &m_state;
    QVector<Entry> m_entries;
    std::optional<Scenario> m_scenario;
    QTimer m_later;   // the machine may have changed; not at every step of a drag
    QLabel *m_note;
    QPushButton *m_add;
    QWidget *m_rows;
    QVBoxLayout *m_barLayout;
    QVector<MemoryBar *> m_bars;
};

} // namespace plimsoll::app
