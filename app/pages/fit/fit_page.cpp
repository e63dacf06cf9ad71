// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/fit_page.h"

#include "charts/layer_strip.h"
#include "charts/memory_bar.h"
#include "models/budget_table.h"
#include "models/elsewhere.h"
#include "models/plan_view.h"
#include "pages/fit/adviser.h"
#include "pages/fit/apply_change.h"
#include "pages/fit/context_card.h"
#include "pages/fit/offload_control.h"
#include "pages/fit/plan_report.h"
#include "pages/fit/request_bar.h"
#include "pages/fit/scenario_card.h"
#include "pages/fit/share_menu.h"
#include "pages/fit/suggestion_list.h"
#include "pages/fit/value_edit.h"
#include "pages/fit/verdict_banner.h"
#include "pages/fit/why_card.h"
#include "shell/plain_table.h"

#include <plimsoll/runtime/launch_command.h>

#include <QDragEnterEvent>
#include <QEvent>
#include <QFileInfo>
#include <QHeaderView>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <initializer_list>
#include <memory>

namespace plimsoll::app {

namespace {

QString droppedFile(const QMimeData *data)
{
    for (const QUrl &url : data->urls())
        if (url.isLocalFile() && url.path().endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive))
            return url.toLocalFile();
    return {};
}

/// How the engine is told to place what the page shows. Automatically planned it chooses itself, by the memory that is free when it
/// starts; so it does where the plan is for a pretended machine, which says nothing about this one. Weights that RAM is too small for stay
/// on disk.
QStringList placingOf(const FitState &state)
{
    if (!state.plan() || state.machine().pretended)
        return {};
    const Plan &plan = *state.plan();
    const bool pages = plan.fromDisk.value > 0;
    if (state.request().offload == OffloadMode::Auto && !pages)
        return {};
    const ModelShape &shape = *state.model().shape;
    QStringList options;
    for (const std::string &each : placementArguments(shape, pages ? withHostOnDisk(shape, plan.placement) : plan.placement))
        options << QString::fromStdString(each);
    return options;
}

/// What differs, where it is one number that is dragged or typed: steps of the same join. -1: a step of its own.
int partOf(const FitRequest &before, const FitRequest &after)
{
    FitRequest same = after;
    same.context = before.context;
    if (same == before)
        return 1;
    same = after;
    same.parallel = before.parallel;
    if (same == before)
        return 2;
    same = after;
    same.gpuLayers = before.gpuLayers;
    same.offload = before.offload;
    return same == before && after.offload == OffloadMode::Layers ? 3 : -1;
}

} // namespace

FitPage::FitPage(const Catalog &catalog, Dialogs &dialogs, QWidget *parent)
    : QWidget(parent), m_catalog(catalog), m_state(&m_models), m_requestBar(new RequestBar(&m_models, catalog, this)),
      m_verdict(new VerdictBanner(this)), m_memory(new Card(this)), m_barLayout(new QVBoxLayout), m_memoryNote(new QLabel(this)),
      m_layers(new Card(this)), m_strip(new LayerStrip(this)), m_offload(new OffloadControl(this)),
      m_suggestions(new SuggestionList(&m_models, this)), m_why(new WhyCard(this)), m_context(new ContextCard(dialogs, this)),
      m_scenario(new ScenarioCard(m_state, this)),
      m_share(new ShareMenu(catalog, m_state, dialogs, [this] { return reportOf(m_state, m_changes, m_models); }, this)),
      m_compare(new QPushButton(this)), m_tableCard(new Card(this)), m_table(new BudgetTable(this)), m_tableView(new PlainTable(this)),
      m_adviser(new Adviser(catalog, m_models, m_state, this))
{
    m_models.setCatalog(catalog);
    setAcceptDrops(true);
    build();
    connectParts();
    retranslateUi();
    showPlan();
}

void FitPage::build()
{
    m_barLayout->setSpacing(18);
    m_memory->body()->addLayout(m_barLayout);
    m_memoryNote->setWordWrap(true);
    m_memoryNote->setForegroundRole(QPalette::PlaceholderText);
    m_memory->body()->addWidget(m_memoryNote);

    m_strip->setObjectName(QStringLiteral("layerStrip"));
    m_layers->body()->addWidget(m_strip);
    m_layers->body()->addWidget(m_offload);

    m_tableView->setObjectName(QStringLiteral("budgets"));
    m_tableView->setModel(m_table);
    m_tableView->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_tableCard->body()->addWidget(m_tableView);
    m_compare->setObjectName(QStringLiteral("compare"));
    m_verdict->addBelowLaunch(m_compare);
    m_verdict->addBeside(m_share);

    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(14);
    for (QWidget *part : std::initializer_list<QWidget *>{
             m_requestBar, m_verdict, m_memory, m_layers, m_suggestions, m_why, m_context, m_scenario, m_tableCard })
        column->addWidget(part);
    column->addStretch(1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->addWidget(scroll);
}

void FitPage::connectParts()
{
    connect(m_requestBar, &RequestBar::edited, this, &FitPage::edit);
    connect(m_requestBar, &RequestBar::openRequested, this, &FitPage::openRequested);
    connect(m_requestBar, &RequestBar::machineRequested, this, &FitPage::machineRequested);
    connect(m_requestBar, &RequestBar::thisComputerChosen, this, &FitPage::thisComputerProposed);
    connect(m_requestBar, &RequestBar::machineChosen, this, &FitPage::machineProposed);
    connect(m_requestBar, &RequestBar::reserveChosen, this, &FitPage::reserveProposed);
    connect(m_requestBar, &RequestBar::gpusChosen, this, [this](const Gpu &gpu, int count) {
        Machine machine = m_state.machine();
        machine.gpus.assign(static_cast<size_t>(count), gpu);
        for (Gpu &each : machine.gpus)
            each.free = each.total;
        machine.gpuNotice.clear();
        machine.pretended = true;
        emit machineProposed(machine);
    });
    connect(m_offload, &OffloadControl::chosen, this, &FitPage::chooseOffload);
    connect(m_strip, &LayerStrip::layerClicked, this, &FitPage::moveLayer);
    connect(m_verdict->launchButton(), &QPushButton::clicked, this, &FitPage::launch);
    connect(m_compare, &QPushButton::clicked, this, &FitPage::compareRequested);
    connect(m_suggestions, &SuggestionList::applied, this, &FitPage::apply);
    connect(m_context, &ContextCard::failed, this, &FitPage::failed);
    connect(m_share, &ShareMenu::failed, this, &FitPage::failed);
    connect(m_adviser, &Adviser::answered, this, &FitPage::showAdvice);
    connect(&m_state, &FitState::changed, this, [this] {
        m_changes.clear();
        m_suggestions->setStale(true);
        showPlan();
    });
}

void FitPage::setRequest(const FitRequest &request)
{
    m_state.setRequest(request);
    emit requestChanged();
}

void FitPage::edit(const FitRequest &request)
{
    const FitRequest before = m_state.request();
    setRequest(request);
    const FitRequest after = m_state.request();
    if (!(after == before))
        m_history.push(
            new ValueEdit<FitRequest>(before, after, partOf(before, after), [this](const FitRequest &value) { setRequest(value); }));
}

void FitPage::chooseOffload(OffloadMode mode, uint32_t layers)
{
    FitRequest request = m_state.request();
    request.offload = mode;
    request.gpuLayers = layers;
    request.expertLayersInRam = 0;
    if (mode == OffloadMode::ByHand && m_state.plan())
        request.byHand = m_state.plan()->placement.devices;
    edit(request);
}

void FitPage::moveLayer(int layer)
{
    if (!m_state.plan() || m_state.machine().gpus.empty())
        return;
    FitRequest request = m_state.request();
    request.offload = OffloadMode::ByHand;
    request.byHand = withLayerMoved(m_state.plan()->placement, *m_state.model().shape, layer,
        static_cast<DeviceIndex>(m_state.machine().gpus.size())).devices;
    edit(request);
}

void FitPage::apply(const Change &change)
{
    if (!m_state.model().shape)
        return;
    FitRequest request = m_state.request();
    Machine machine = m_state.machine();
    if (applyTo(request, change, m_state.model().shape->layers()))
        edit(request);
    else if (applyTo(machine, change, m_catalog))
        emit machineProposed(machine);
}

bool FitPage::advising() const
{
    return m_adviser->busy();
}

void FitPage::setMachine(const Machine &machine)
{
    m_state.setMachine(machine);
}

/// The present request of another file.
FitRequest FitPage::asking(const QString &path) const
{
    FitRequest request = m_state.request();
    request.model = path;
    return request;
}

void FitPage::openFile(const QString &path)
{
    readFile(asking(path), false);
}

void FitPage::launchFile(const QString &path)
{
    readFile(asking(path), true);
}

void FitPage::openRequest(const FitRequest &request)
{
    if (m_models.find(request.model))
        edit(request);
    else if (QFileInfo(request.model).isAbsolute())
        readFile(request, false);
    else
        emit openFailed(m_catalog.model(request.model.toStdString()).error());
}

void FitPage::readFile(FitRequest request, bool thenLaunch)
{
    ++m_opening;
    elsewhere([path = request.model] { return readModelFile(path); })
        .then(this, [this, request, thenLaunch](const std::shared_ptr<const Result<ModelEntry>> &result) {
            --m_opening;
            fileRead(*result, request, thenLaunch);
        });
}

void FitPage::fileRead(const Result<ModelEntry> &result, FitRequest request, bool thenLaunch)
{
    if (!result) {
        emit openFailed(result.error());
        return;
    }
    m_models.addFile(*result);
    request.model = result->key;
    edit(request);
    emit opened(result->path);
    if (thenLaunch)
        launch();
}

void FitPage::launch()
{
    const ModelEntry &model = m_state.model();
    if (!model.shape)
        return;
    if (!model.local()) {
        emit fileNeeded(model.name);
        return;
    }
    const FitRequest &request = m_state.request();
    LaunchRequest launch;
    launch.modelPath = model.path;
    launch.modelName = model.name;
    launch.context = request.context;
    launch.parallel = request.parallel;
    const std::string_view kv = name(request.kvType);
    launch.kvType = QString::fromUtf8(kv.data(), static_cast<qsizetype>(kv.size())).toLower();
    launch.placing = placingOf(m_state);
    emit launchRequested(launch);
}

void FitPage::showPlan()
{
    m_requestBar->show(m_state);
    m_verdict->show(m_state);
    m_offload->show(m_state.request().offload, m_state.offloadedLayers(), m_state.mostLayers(), !m_state.machine().gpus.empty());
    showBars();
    m_why->show(m_state);
    m_share->refresh();
    for (QWidget *part : std::initializer_list<QWidget *>{m_suggestions, m_context})
        part->setVisible(m_state.plan().has_value());
}

void FitPage::showAdvice(const Advice &advice, const Plan &plan)
{
    m_changes = advice.changes;
    m_suggestions->show(advice, plan);
    m_context->show(advice.curve);
}

void FitPage::showBars()
{
    const auto &plan = m_state.plan();
    const QVector<BarData> bars = plan ? barsOf(*plan) : QVector<BarData>();
    while (m_bars.size() > bars.size())
        delete m_bars.takeLast();
    while (m_bars.size() < bars.size()) {
        m_bars << new MemoryBar(m_memory);
        m_barLayout->addWidget(m_bars.last());
    }
    for (int i = 0; i < bars.size(); ++i) {
        m_bars[i]->setObjectName(i + 1 == bars.size() ? QStringLiteral("barRam") : QStringLiteral("barGpu%1").arg(i));
        m_bars[i]->setData(bars[i]);
    }
    m_strip->setData(plan ? stripOf(*plan, *m_state.model().shape) : StripData());
    m_table->setBars(bars);
    m_tableView->fitHeight();
    for (Card *card : {m_memory, m_layers, m_tableCard})
        card->setVisible(plan.has_value());
    m_memoryNote->setVisible(m_state.machine().pretended);
}

void FitPage::retranslateUi()
{
    m_memory->setTitle(tr("Memory"));
    m_memoryNote->setText(tr("These figures are for the pretended machine. Launching uses this computer."));
    m_layers->setTitle(tr("Layers"));
    m_compare->setText(tr("Compare"));
    m_compare->setToolTip(tr("All quantizations of this model on this machine"));
    m_tableCard->setTitle(tr("The same as a table"));
    m_tableView->setAccessibleName(tr("Memory of each device as a table"));
    m_table->retranslate();
}

void FitPage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslateUi();
        showPlan();
    }
    QWidget::changeEvent(event);
}

void FitPage::dragEnterEvent(QDragEnterEvent *event)
{
    if (!droppedFile(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void FitPage::dropEvent(QDropEvent *event)
{
    if (const QString path = droppedFile(event->mimeData()); !path.isEmpty()) {
        event->acceptProposedAction();
        openFile(path);
    }
}

} // namespace plimsoll::app
