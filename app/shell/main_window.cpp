// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/main_window.h"

#include "bridge/sentences.h"
#include "pages/compare/compare_page.h"
#include "pages/fit/fit_page.h"
#include "pages/fit/plan_document.h"
#include "pages/fit/value_edit.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/models/models_page.h"
#include "pages/notice_strip.h"
#include "pages/run/run_page.h"
#include "pages/settings/settings_page.h"
#include "settings/settings.h"
#include "shell/actions.h"
#include "shell/command_palette.h"
#include "shell/dialogs.h"
#include "shell/icons.h"
#include "shell/language.h"
#include "shell/sidebar.h"
#include "shell/status_strip.h"
#include "shell/theme.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFileInfo>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace plimsoll::app {

namespace {

constexpr MainWindow::Page allPages[]{MainWindow::Page::Fit, MainWindow::Page::Compare, MainWindow::Page::Models, MainWindow::Page::Run,
    MainWindow::Page::Hardware, MainWindow::Page::Settings};

QScrollArea *scrolled(QWidget *content)
{
    auto *area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    return area;
}

} // namespace

MainWindow::MainWindow(const Parts &parts, QWidget *parent)
    : QMainWindow(parent), m_parts(parts), m_actions(new Actions(menuBar(), &parts.language, &parts.theme, this)),
      m_sidebar(new Sidebar(this)), m_notice(new NoticeStrip(Tone::Caution, this)), m_dismiss(new QPushButton(this)),
      m_pages(new QStackedWidget(this)), m_fit(new FitPage(parts.catalog, parts.dialogs, this)),
      m_compare(new ComparePage(parts.catalog, m_fit->models(), m_fit->state(), parts.dialogs, this)),
      m_models(new ModelsPage(parts.catalog, m_fit->modelList(), m_fit->state(), this)), m_run(new RunPage(&m_engine, this)),
      m_hardware(new HardwarePanel(this)), m_settings(new SettingsPage(parts.settings, parts.language, parts.theme, parts.dialogs, this)),
      m_status(new StatusStrip(&m_engine, this)), m_palette(new CommandPalette(this))
{
    setWindowTitle(QStringLiteral("Plimsoll"));
    setWindowIcon(programIcon());
    build();
    connectActions();
    connectPages();
    connectHardware();
    connectSettings();
    retranslateUi();
    engineStateChanged();
    restore();
}

MainWindow::~MainWindow()
{
    // Its end must not reach pages that are gone.
    m_engine.disconnect();
    m_probe.disconnect();
    m_watch.disconnect();
    m_hardware->disconnect(this);
}

void MainWindow::build()
{
    m_hardware->setCatalog(&m_parts.catalog);
    m_hardware->layout()->setContentsMargins(24, 20, 24, 20);
    m_run->setContentsMargins(24, 18, 24, 14);
    m_pages->addWidget(m_fit);
    m_pages->addWidget(m_compare);
    m_pages->addWidget(m_models);
    m_pages->addWidget(m_run);
    m_pages->addWidget(scrolled(m_hardware));
    m_pages->addWidget(scrolled(m_settings));
    m_notice->setObjectName(QStringLiteral("notice"));
    m_notice->addButton(m_dismiss);
    m_notice->hide();

    for (const Page page : allPages)
        m_sidebar->addPage(actionOf(page));
    m_sidebar->addCommand(m_actions->search);
    m_sidebar->addMenu(m_actions->languageMenu, icon(Glyph::Language));
    m_sidebar->addMenu(m_actions->themeMenu, icon(Glyph::Theme));

    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(m_notice);
    column->addWidget(m_pages, 1);
    column->addWidget(m_status);
    auto *central = new QWidget(this);
    auto *row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_sidebar);
    row->addLayout(column, 1);
    setCentralWidget(central);
    resize(1180, 880);
}

void MainWindow::connectActions()
{
    connect(m_actions->openFile, &QAction::triggered, this, [this] { chooseFile(false); });
    connect(m_actions->openPlan, &QAction::triggered, this, &MainWindow::choosePlan);
    connect(m_actions->savePlan, &QAction::triggered, this, &MainWindow::savePlan);
    connect(m_actions->quit, &QAction::triggered, this, &QWidget::close);
    QUndoStack *history = m_fit->history();
    connect(m_actions->undo, &QAction::triggered, history, &QUndoStack::undo);
    connect(m_actions->redo, &QAction::triggered, history, &QUndoStack::redo);
    connect(history, &QUndoStack::canUndoChanged, m_actions->undo, &QAction::setEnabled);
    connect(history, &QUndoStack::canRedoChanged, m_actions->redo, &QAction::setEnabled);
    m_actions->undo->setEnabled(false);
    m_actions->redo->setEnabled(false);
    for (const Page page : allPages)
        connect(actionOf(page), &QAction::triggered, this, [this, page] { showPage(page); });
    connect(m_actions->launch, &QAction::triggered, m_fit, &FitPage::launch);
    connect(m_actions->stop, &QAction::triggered, &m_engine, &EngineProcess::stopGeneration);
    connect(m_actions->unload, &QAction::triggered, &m_engine, &EngineProcess::unload);
    connect(m_actions->search, &QAction::triggered, this, [this] { m_palette->open(commands()); });
    connect(m_actions->about, &QAction::triggered, this, [this] { m_parts.dialogs.about(this); });
    connect(m_dismiss, &QPushButton::clicked, m_notice, &QWidget::hide);
    connect(&m_parts.language, &Language::changed, this, [this] { setLocale(QLocale()); });
    connect(&m_parts.theme, &Theme::changed, m_actions, &Actions::showChoices);
}

void MainWindow::connectFitPage()
{
    connect(m_fit, &FitPage::openRequested, this, [this] { chooseFile(false); });
    connect(m_fit, &FitPage::fileNeeded, this, [this] { chooseFile(true); });
    connect(m_fit, &FitPage::openFailed, this, [this](const Error &error) { notify(Sentences::of(error)); });
    connect(m_fit, &FitPage::opened, this, [this](const QString &path) {
        m_notice->hide();
        m_parts.settings.set(setting::modelFolder, QFileInfo(path).absolutePath());
    });
    connect(m_fit, &FitPage::machineRequested, this, [this] { showPage(Page::Hardware); });
    connect(m_fit, &FitPage::compareRequested, this, [this] { showPage(Page::Compare); });
    connect(m_fit, &FitPage::failed, this, &MainWindow::notify);
    connect(m_fit, &FitPage::launchRequested, this, &MainWindow::launch);
}

void MainWindow::connectPages()
{
    connectFitPage();
    connect(m_compare, &ComparePage::quantizationChosen, this, &MainWindow::useQuantization);
    connect(m_compare, &ComparePage::modelChosen, this, [this](const QString &key) { chooseModel(key, {}); });
    connect(m_compare, &ComparePage::machineChosen, m_hardware, &HardwarePanel::setPretended);
    connect(m_compare, &ComparePage::fitRequested, this, [this] { showPage(Page::Fit); });
    connect(m_compare, &ComparePage::failed, this, &MainWindow::notify);
    connect(m_models, &ModelsPage::chosen, this, &MainWindow::chooseModel);
    connect(m_models, &ModelsPage::openRequested, this, [this] { chooseFile(false); });
    connect(m_run, &RunPage::chooseModelRequested, this, [this] { showPage(Page::Fit); });
    connect(&m_engine, &EngineProcess::stateChanged, this, &MainWindow::engineStateChanged);
}

void MainWindow::connectSettings()
{
    const auto useEngine = [this] {
        const QString program = m_parts.settings.value(setting::enginePath);
        m_engine.setProgram(program);
        m_probe.setProgram(program);
        m_watch.setProgram(program);
    };
    useEngine();
    connect(m_settings, &SettingsPage::engineChanged, this, [this, useEngine] {
        useEngine();
        detectHardware();
    });
    connect(m_settings, &SettingsPage::reserveChosen, this, &MainWindow::changeReserve);
    connect(m_fit, &FitPage::reserveProposed, this, &MainWindow::changeReserve);
}

/// The machine with as much VRAM kept free as the settings say.
Machine MainWindow::withReserve(Machine machine) const
{
    for (Gpu &gpu : machine.gpus)
        gpu.reserve = reserveOf(m_parts.settings);
    return machine;
}

/// As a step of the history.
void MainWindow::changeReserve(Bytes reserve)
{
    const auto use = [this](Bytes value) {
        setReserve(m_parts.settings, value);
        m_settings->showChoices();
        m_fit->setMachine(withReserve(m_hardware->machine()));
    };
    const Bytes before = reserveOf(m_parts.settings);
    use(reserve);
    m_fit->history()->push(new ValueEdit<Bytes>(before, reserve, 0, use));
}

void MainWindow::connectHardware()
{
    connect(&m_probe, &DeviceProbe::machineDetected, m_hardware, &HardwarePanel::setDetected);
    connect(&m_probe, &DeviceProbe::failed, this, [this](const Error &error) {
        m_hardware->setFailure(error);
        notify(Sentences::of(error));
    });
    connect(m_hardware, &HardwarePanel::machineChanged, this, &MainWindow::machineChanged);
    connect(m_fit, &FitPage::machineProposed, m_hardware, &HardwarePanel::setPretended);
    connect(m_fit, &FitPage::thisComputerProposed, m_hardware, &HardwarePanel::resetToDetected);
    connect(m_hardware, &HardwarePanel::importRequested, this, &MainWindow::importMachine);
    connect(m_hardware, &HardwarePanel::exportRequested, this, &MainWindow::exportMachine);
    connect(m_hardware, &HardwarePanel::liveWanted, this, [this] { watchWhereNeeded(); });
    connect(&m_watch, &DeviceWatch::reading, m_hardware, &HardwarePanel::addReading);
    connect(&m_watch, &DeviceWatch::reading, m_status, &StatusStrip::showReading);
    connect(m_hardware, &HardwarePanel::detectRequested, this, &MainWindow::detectHardware);
}

void MainWindow::machineChanged(const Machine &machine)
{
    const Machine before = m_fit->state().machine();
    m_fit->setMachine(withReserve(machine));
    // What detection brings is no step of the user's.
    if (m_stepping || (!machine.pretended && !before.pretended))
        return;
    m_fit->history()->push(new ValueEdit<Machine>(before, machine, -1, [this](const Machine &value) {
        const QScopedValueRollback guard(m_stepping, true);
        if (value.pretended)
            m_hardware->setPretended(value);
        else
            m_hardware->resetToDetected();
    }));
}

void MainWindow::detectHardware()
{
    m_probe.detect();
}

void MainWindow::showPage(Page page)
{
    m_pages->setCurrentIndex(static_cast<int>(page));
    actionOf(page)->setChecked(true);
}

QAction *MainWindow::actionOf(Page page) const
{
    switch (page) {
    case Page::Fit: return m_actions->fitPage;
    case Page::Compare: return m_actions->comparePage;
    case Page::Models: return m_actions->modelsPage;
    case Page::Run: return m_actions->runPage;
    case Page::Hardware: return m_actions->hardwarePage;
    case Page::Settings: return m_actions->settingsPage;
    }
    return m_actions->fitPage;
}

MainWindow::Page MainWindow::page() const
{
    return static_cast<Page>(m_pages->currentIndex());
}

void MainWindow::notify(const QString &sentence)
{
    m_notice->setText(sentence);
    m_notice->show();
}

void MainWindow::openFile(const QString &path)
{
    if (path.endsWith(planSuffix(), Qt::CaseInsensitive)) {
        openPlan(path);
        return;
    }
    showPage(Page::Fit);
    m_fit->openFile(path);
}

void MainWindow::chooseModel(const QString &key, std::optional<FileType> quantization)
{
    FitRequest request = m_fit->state().request();
    request.model = key;
    request.quantization = quantization.value_or(request.quantization);
    request.offload = OffloadMode::Auto;
    m_fit->edit(request);
    showPage(Page::Fit);
}

void MainWindow::useQuantization(FileType type)
{
    FitRequest request = m_fit->state().request();
    request.quantization = type;
    m_fit->edit(request);
}

void MainWindow::chooseFile(bool thenLaunch)
{
    const QString folder = m_parts.settings.value(setting::dataFolder);
    const QString path = m_parts.dialogs.openModel(this, folder.isEmpty() ? m_parts.settings.value(setting::modelFolder) : folder);
    if (path.isEmpty())
        return;
    showPage(Page::Fit);
    if (thenLaunch)
        m_fit->launchFile(path);
    else
        m_fit->openFile(path);
}

void MainWindow::launch(const LaunchRequest &request)
{
    m_notice->hide();
    m_engine.launch(request);
    showPage(Page::Run);
}

void MainWindow::engineStateChanged()
{
    using State = EngineProcess::State;
    const State state = m_engine.state();
    m_actions->stop->setEnabled(state == State::Generating);
    m_actions->unload->setEnabled(state != State::Idle && state != State::Stopping && state != State::Failed);
    watchWhereNeeded();
}

/// Live readings, for as long as a page or the foot shows them.
void MainWindow::watchWhereNeeded()
{
    using State = EngineProcess::State;
    const bool loaded = m_engine.state() == State::Ready || m_engine.state() == State::Generating;
    if (loaded || m_hardware->isVisible())
        m_watch.start();
    else
        m_watch.stop();
}

void MainWindow::retranslateUi()
{
    m_dismiss->setText(tr("Close"));
}

void MainWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange) {
        m_actions->retranslateUi();
        retranslateUi();
    }
    QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    remember();
    QMainWindow::closeEvent(event);
}

bool MainWindow::event(QEvent *event)
{
    if (event->type() == QEvent::ThemeChange)
        m_parts.theme.followSystem();
    return QMainWindow::event(event);
}

} // namespace plimsoll::app
