// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/fit_page.h"

#include "bridge/sentences.h"
#include "charts/layer_strip.h"
#include "charts/memory_bar.h"
#include "models/budget_table.h"
#include "models/plan_view.h"
#include "pages/fit/offload_control.h"
#include "pages/fit/request_bar.h"
#include "pages/fit/verdict_banner.h"

#include <QDragEnterEvent>
#include <QEvent>
#include <QFuture>
#include <QHeaderView>
#include <QMimeData>
#include <QPromise>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>
#include <QThreadPool>
#include <QVBoxLayout>

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

// A model's file is read elsewhere: a slow disk must not hold the window.
QFuture<std::shared_ptr<const Result<ModelEntry>>> readElsewhere(const QString &path)
{
    auto promise = std::make_shared<QPromise<std::shared_ptr<const Result<ModelEntry>>>>();
    auto future = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start([promise, path] {
        promise->addResult(std::make_shared<const Result<ModelEntry>>(readModelFile(path)));
        promise->finish();
    });
    return future;
}

} // namespace

FitPage::FitPage(const Catalog &catalog, QWidget *parent)
    : QWidget(parent), m_catalog(catalog), m_state(&m_models), m_requestBar(new RequestBar(&m_models, catalog.quantizations, this)),
      m_verdict(new VerdictBanner(this)), m_memory(new Card(this)), m_barLayout(new QVBoxLayout), m_memoryNote(new QLabel(this)),
      m_layers(new Card(this)), m_strip(new LayerStrip(this)), m_offload(new OffloadControl(this)), m_why(new Card(this)),
      m_reasons(new QLabel(this)), m_tableCard(new Card(this)), m_table(new BudgetTable(this)), m_tableView(new QTableView(this))
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

    m_reasons->setObjectName(QStringLiteral("reasons"));
    m_reasons->setTextFormat(Qt::PlainText);
    m_reasons->setWordWrap(true);
    m_reasons->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_why->body()->addWidget(m_reasons);

    m_tableView->setObjectName(QStringLiteral("budgets"));
    m_tableView->setModel(m_table);
    m_tableView->setShowGrid(false);
    m_tableView->setFrameShape(QFrame::NoFrame);
    m_tableView->setSelectionMode(QAbstractItemView::NoSelection);
    m_tableView->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tableView->setWordWrap(true);
    m_tableView->verticalHeader()->hide();
    m_tableView->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_tableView->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_tableView->horizontalHeader()->setHighlightSections(false);
    m_tableCard->body()->addWidget(m_tableView);

    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(14);
    for (QWidget *part : {static_cast<QWidget *>(m_requestBar), static_cast<QWidget *>(m_verdict), static_cast<QWidget *>(m_memory),
             static_cast<QWidget *>(m_layers), static_cast<QWidget *>(m_why), static_cast<QWidget *>(m_tableCard)})
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
    connect(m_requestBar, &RequestBar::edited, this, &FitPage::setRequest);
    connect(m_requestBar, &RequestBar::openRequested, this, &FitPage::openRequested);
    connect(m_requestBar, &RequestBar::machineRequested, this, &FitPage::machineRequested);
    connect(m_offload, &OffloadControl::chosen, this, [this](OffloadMode mode, quint32 layers) {
        FitRequest request = m_state.request();
        request.offload = mode;
        request.gpuLayers = layers;
        setRequest(request);
    });
    connect(m_verdict->launchButton(), &QPushButton::clicked, this, &FitPage::launch);
    connect(&m_state, &FitState::changed, this, &FitPage::showPlan);
}

void FitPage::setRequest(const FitRequest &request)
{
    m_state.setRequest(request);
    emit requestChanged();
}

void FitPage::setMachine(const Machine &machine)
{
    m_state.setMachine(machine);
}

void FitPage::openFile(const QString &path)
{
    readFile(path, false);
}

void FitPage::launchFile(const QString &path)
{
    readFile(path, true);
}

void FitPage::readFile(const QString &path, bool thenLaunch)
{
    ++m_opening;
    readElsewhere(path).then(this, [this, thenLaunch](const std::shared_ptr<const Result<ModelEntry>> &result) {
        --m_opening;
        fileRead(*result, thenLaunch);
    });
}

void FitPage::fileRead(const Result<ModelEntry> &result, bool thenLaunch)
{
    if (!result) {
        emit openFailed(result.error());
        return;
    }
    m_models.addFile(*result);
    FitRequest request = m_state.request();
    request.model = result->key;
    setRequest(request);
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
    // What is planned for a pretended machine says nothing about this one: there the engine chooses.
    const bool byHand = request.offload == OffloadMode::Layers && !m_state.machine().pretended;
    launch.gpuLayers = byHand ? static_cast<int>(request.gpuLayers) : -1;
    emit launchRequested(launch);
}

void FitPage::showPlan()
{
    m_requestBar->show(m_state);
    m_verdict->show(m_state);
    m_offload->show(m_state.request().offload, m_state.offloadedLayers(), m_state.mostLayers(), !m_state.machine().gpus.empty());
    showBars();
    showReasons();
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
    m_tableView->setFixedHeight(m_tableView->horizontalHeader()->sizeHint().height()
        + m_table->rowCount() * m_tableView->verticalHeader()->defaultSectionSize() + 4);
    for (Card *card : {m_memory, m_layers, m_tableCard})
        card->setVisible(plan.has_value());
    m_memoryNote->setVisible(m_state.machine().pretended);
}

void FitPage::showReasons()
{
    QStringList lines;
    if (m_state.plan())
        for (const Reason &reason : m_state.plan()->reasons)
            lines << tr("• %1", "one line of a list").arg(Sentences::of(reason, *m_state.plan()));
    m_reasons->setText(lines.join(QLatin1Char('\n')));
    m_why->setVisible(!lines.isEmpty());
}

void FitPage::retranslateUi()
{
    m_memory->setTitle(tr("Memory"));
    m_memoryNote->setText(tr("These figures are for the pretended machine. Launching uses this computer."));
    m_layers->setTitle(tr("Layers"));
    m_why->setTitle(tr("Why"));
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
