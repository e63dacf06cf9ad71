// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/scenario_card.h"

#include "bridge/format.h"
#include "bridge/sentences.h"
#include "charts/memory_bar.h"
#include "models/plan_view.h"
#include "pages/fit/fit_state.h"

#include <QEvent>
#include <QGridLayout>
#include <QPushButton>

namespace plimsoll::app {

namespace {

constexpr int mostModels = 16;

} // namespace

ScenarioCard::ScenarioCard(const FitState &state, QWidget *parent)
    : Card(parent), m_state(state), m_note(new QLabel(this)), m_add(new QPushButton(this)), m_rows(new QWidget(this)),
      m_barLayout(new QVBoxLayout)
{
    setObjectName(QStringLiteral("scenario"));
    m_note->setObjectName(QStringLiteral("scenarioVerdict"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_add->setObjectName(QStringLiteral("scenarioAdd"));
    m_barLayout->setSpacing(18);
    body()->addWidget(m_note);
    body()->addWidget(m_rows);
    body()->addLayout(m_barLayout);
    body()->addWidget(m_add, 0, Qt::AlignLeft);
    m_later.setSingleShot(true);
    m_later.setInterval(150);
    connect(&m_later, &QTimer::timeout, this, &ScenarioCard::plan);
    connect(m_add, &QPushButton::clicked, this, &ScenarioCard::add);
    connect(&state, &FitState::changed, this, [this] {
        if (!m_entries.isEmpty())
            m_later.start();
        m_add->setEnabled(m_state.plan().has_value() && m_entries.size() < mostModels);
    });
    rebuild();
}

void ScenarioCard::add()
{
    if (!m_state.plan() || m_entries.size() >= mostModels)
        return;
    const ModelEntry &model = m_state.model();
    const std::string_view type = plimsoll::name(m_state.request().quantization);
    const QString quantization = model.local() ? model.quantization : QString::fromLatin1(type.data(), static_cast<qsizetype>(type.size()));
    PlanRequest request = m_state.planRequest();
    request.offload = OffloadMode::Auto;   // how many layers fit depends on the others
    m_entries << Entry{model, m_state.types(), request,
        //: One of several models: its name, its quantization, its context in tokens.
        tr("%1 · %2 · %3").arg(model.name, quantization, format::count(request.options.context))};
    plan();
}

void ScenarioCard::remove(int index)
{
    m_entries.removeAt(index);
    plan();
}

void ScenarioCard::plan()
{
    m_later.stop();
    m_scenario.reset();
    std::vector<ScenarioModel> models;
    for (const Entry &entry : m_entries)
        models.push_back({entry.name.toStdString(), entry.model.shape.get(), &entry.types, entry.request});
    if (!models.empty() && m_state.machineKnown())
        if (auto scenario = planScenario(models, m_state.machine()))
            m_scenario = std::move(*scenario);
    rebuild();
}

void ScenarioCard::rebuild()
{
    setTitle(tr("Models together"));
    m_add->setText(tr("Add this plan"));
    m_add->setToolTip(tr("Runs it beside the others on the same machine; each takes what those before it left."));
    m_add->setEnabled(m_state.plan().has_value() && m_entries.size() < mostModels);
    if (m_entries.isEmpty())
        m_note->setText(
            tr("To see whether several models fit at the same time, add the plan above, choose another model, and add that too."));
    else if (m_scenario)
        //: The verdict on several models at once; %1 is the worst of theirs.
        m_note->setText(tr("%n model(s) together: %1", "", static_cast<int>(m_entries.size())).arg(Sentences::title(m_scenario->verdict)));
    else
        m_note->setText(tr("These models cannot be planned together on this machine."));
    QWidget *old = m_rows;
    m_rows = new QWidget(this);
    delete body()->replaceWidget(old, m_rows);
    // The row that was clicked is among them, and is still at work.
    old->hide();
    old->deleteLater();
    auto *grid = new QGridLayout(m_rows);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setColumnStretch(0, 1);
    for (int row = 0; row < m_entries.size(); ++row)
        addRow(grid, row);
    m_rows->setVisible(!m_entries.isEmpty());
    showBars();
}

void ScenarioCard::addRow(QGridLayout *grid, int row)
{
    const auto cell = [&](int column, const QString &text) {
        auto *label = new QLabel(text, m_rows);
        label->setTextFormat(Qt::PlainText);
        grid->addWidget(label, row, column);
    };
    cell(0, m_entries[row].name);
    if (m_scenario) {
        const Plan &plan = m_scenario->plans[static_cast<size_t>(row)];
        cell(1, Sentences::title(plan.verdict));
        cell(2, plan.verdict == Verdict::DoesNotFit ? QString() : format::tokenRate(plan.decode));
    }
    auto *button = new QPushButton(tr("Remove"), m_rows);
    button->setObjectName(QStringLiteral("scenarioRemove%1").arg(row));
    button->setAccessibleName(tr("Remove %1").arg(m_entries[row].name));
    connect(button, &QPushButton::clicked, this, [this, row] { remove(row); });
    grid->addWidget(button, row, 3);
}

/// A bar per device, RAM last; a part per model.
void ScenarioCard::showBars()
{
    const auto devices = m_scenario ? static_cast<DeviceIndex>(m_scenario->budgets.size()) : 0;
    while (m_bars.size() > static_cast<qsizetype>(devices))
        delete m_bars.takeLast();
    while (m_bars.size() < static_cast<qsizetype>(devices)) {
        m_bars << new MemoryBar(this);
        m_barLayout->addWidget(m_bars.last());
    }
    for (DeviceIndex next = 1; next <= devices; ++next) {
        const DeviceIndex device = next % devices;
        const DeviceBudget &budget = m_scenario->budgets[device];
        BarData bar{deviceTitle(device, budget), budget.total, budget.reserve, {}};
        const auto segment = [&bar](const BarSegment &each) {
            if (each.bytes.value > 0)
                bar.segments << each;
        };
        segment({SegmentRole::Others, budget.usedByOthers});
        for (int model = 0; model < m_entries.size(); ++model)
            segment({SegmentRole::Weights, m_scenario->shares[device][static_cast<size_t>(model)], false, m_entries[model].name, model});
        segment({SegmentRole::Headroom, budget.headroom});
        segment({SegmentRole::Shortage, budget.shortage});
        m_bars[static_cast<qsizetype>(next) - 1]->setObjectName(QStringLiteral("scenarioBar%1").arg(device));
        m_bars[static_cast<qsizetype>(next) - 1]->setData(bar);
    }
}

void ScenarioCard::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        rebuild();
    Card::changeEvent(event);
}

} // namespace plimsoll::app
