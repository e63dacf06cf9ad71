// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/main_window.h"

#include "bridge/sentences.h"
#include "pages/compare/compare_page.h"
#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/notice_strip.h"
#include "pages/run/run_page.h"
#include "settings/settings.h"
#include "shell/actions.h"
#include "shell/dialogs.h"
#include "shell/icons.h"
#include "shell/language.h"
#include "shell/sidebar.h"
#include "shell/status_strip.h"
#include "shell/theme.h"

#include <nlohmann/json.hpp>

#include <QApplication>
#include <QCloseEvent>
#include <QFileInfo>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace plimsoll::app {

namespace {

constexpr const char *firstModel = "llama-3.1-8b";
const QStringList pageNames{QStringLiteral("fit"), QStringLiteral("compare"), QStringLiteral("run"), QStringLiteral("hardware")};

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
      m_pages(new QStackedWidget(this)), m_fit(new FitPage(parts.catalog, this)),
      m_compare(new ComparePage(parts.catalog, m_fit->state(), parts.dialogs, this)), m_run(new RunPage(&m_engine, this)),
      m_hardware(new HardwarePanel(this)), m_status(new StatusStrip(&m_engine, this))
{
    setWindowTitle(QStringLiteral("Plimsoll"));
    setWindowIcon(programIcon());
    build();
    connectActions();
    connectPages();
    connectHardware();
    retranslateUi();
    engineStateChanged();
    restore();
}

MainWindow::~MainWindow()
{
    // Its end must not reach pages that are gone.
    m_engine.disconnect();
    m_probe.disconnect();
}

void MainWindow::build()
{
    m_hardware->setCatalog(&m_parts.catalog);
    m_hardware->layout()->setContentsMargins(24, 20, 24, 20);
    m_run->setContentsMargins(24, 18, 24, 14);
    m_pages->addWidget(m_fit);
    m_pages->addWidget(m_compare);
    m_pages->addWidget(m_run);
    m_pages->addWidget(scrolled(m_hardware));
    m_notice->setObjectName(QStringLiteral("notice"));
    m_notice->addButton(m_dismiss);
    m_notice->hide();

    for (QAction *page : {m_actions->fitPage, m_actions->comparePage, m_actions->runPage, m_actions->hardwarePage})
        m_sidebar->addPage(page);
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
    connect(m_actions->quit, &QAction::triggered, this, &QWidget::close);
    connect(m_actions->fitPage, &QAction::triggered, this, [this] { showPage(Page::Fit); });
    connect(m_actions->comparePage, &QAction::triggered, this, [this] { showPage(Page::Compare); });
    connect(m_actions->runPage, &QAction::triggered, this, [this] { showPage(Page::Run); });
    connect(m_actions->hardwarePage, &QAction::triggered, this, [this] { showPage(Page::Hardware); });
    connect(m_actions->launch, &QAction::triggered, m_fit, &FitPage::launch);
    connect(m_actions->stop, &QAction::triggered, &m_engine, &EngineProcess::stopGeneration);
    connect(m_actions->unload, &QAction::triggered, &m_engine, &EngineProcess::unload);
    connect(m_actions->about, &QAction::triggered, this, [this] { m_parts.dialogs.about(this); });
    connect(m_dismiss, &QPushButton::clicked, m_notice, &QWidget::hide);
    connect(&m_parts.language, &Language::changed, this, [this] { setLocale(QLocale()); });
    connect(&m_parts.theme, &Theme::changed, m_actions, &Actions::showChoices);
}

void MainWindow::connectPages()
{
    connect(m_fit, &FitPage::openRequested, this, [this] { chooseFile(false); });
    connect(m_fit, &FitPage::fileNeeded, this, [this] { chooseFile(true); });
    connect(m_fit, &FitPage::openFailed, this, [this](const Error &error) { notify(Sentences::of(error)); });
    connect(m_fit, &FitPage::opened, this, [this](const QString &path) {
        m_notice->hide();
        m_parts.settings.set(setting::modelFolder, QFileInfo(path).absolutePath());
    });
    connect(m_fit, &FitPage::machineRequested, this, [this] { showPage(Page::Hardware); });
    connect(m_fit, &FitPage::launchRequested, this, &MainWindow::launch);
    connect(m_compare, &ComparePage::quantizationChosen, this, [this](FileType type) {
        FitRequest request = m_fit->state().request();
        request.quantization = type;
        m_fit->setRequest(request);
    });
    connect(m_compare, &ComparePage::fitRequested, this, [this] { showPage(Page::Fit); });
    connect(m_compare, &ComparePage::failed, this, &MainWindow::notify);
    connect(m_run, &RunPage::chooseModelRequested, this, [this] { showPage(Page::Fit); });
    connect(&m_engine, &EngineProcess::stateChanged, this, &MainWindow::engineStateChanged);
}

void MainWindow::connectHardware()
{
    connect(&m_probe, &DeviceProbe::machineDetected, m_hardware, &HardwarePanel::setDetected);
    connect(&m_probe, &DeviceProbe::failed, this, [this](const Error &error) {
        m_hardware->setFailure(error);
        notify(Sentences::of(error));
    });
    connect(m_hardware, &HardwarePanel::machineChanged, m_fit, &FitPage::setMachine);
    connect(m_hardware, &HardwarePanel::detectRequested, this, &MainWindow::detectHardware);
}

void MainWindow::detectHardware()
{
    m_probe.detect();
}

void MainWindow::showPage(Page page)
{
    m_pages->setCurrentIndex(static_cast<int>(page));
    QAction *const actions[]{m_actions->fitPage, m_actions->comparePage, m_actions->runPage, m_actions->hardwarePage};
    actions[static_cast<int>(page)]->setChecked(true);
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
    showPage(Page::Fit);
    m_fit->openFile(path);
}

void MainWindow::chooseFile(bool thenLaunch)
{
    const QString path = m_parts.dialogs.openModel(this, m_parts.settings.value(setting::modelFolder));
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
}

void MainWindow::restore()
{
    const Settings &settings = m_parts.settings;
    restoreGeometry(settings.value(setting::windowGeometry));
    restoreRequest();
    restoreMachine();
    m_run->setOptions({static_cast<quint32>(settings.value(setting::maxTokens)), settings.value(setting::temperature)});
    const auto page = pageNames.indexOf(settings.value(setting::page));
    // Nothing runs at the start.
    showPage(page < 0 || page == static_cast<int>(Page::Run) ? Page::Fit : static_cast<Page>(page));
}

void MainWindow::restoreRequest()
{
    const Settings &settings = m_parts.settings;
    FitRequest request;
    request.model = settings.value(setting::fitModel);
    // A file is read in the background; until then, and where it is gone, there is a model of the catalogue.
    if (QFileInfo(request.model).isAbsolute() && QFileInfo::exists(request.model))
        m_fit->openFile(request.model);
    if (!m_fit->models().find(request.model))
        request.model = QString::fromLatin1(firstModel);
    if (!m_fit->models().find(request.model) && !m_parts.catalog.models.empty())
        request.model = QString::fromStdString(m_parts.catalog.models.front().id);
    if (const auto type = fileTypeFromName(settings.value(setting::fitQuantization).toStdString()))
        request.quantization = *type;
    if (const auto type = ggmlTypeFromName(settings.value(setting::fitKvType).toStdString()))
        request.kvType = *type;
    request.context = static_cast<uint32_t>(settings.value(setting::fitContext));
    m_fit->setRequest(request);
}

void MainWindow::restoreMachine()
{
    const std::string saved = m_parts.settings.value(setting::pretendedMachine).toStdString();
    if (saved.empty())
        return;
    const auto json = nlohmann::json::parse(saved, nullptr, false);
    if (json.is_discarded())
        return;
    if (const auto machine = machineFromJson(json, "settings"))
        m_hardware->setPretended(*machine);
}

void MainWindow::remember()
{
    Settings &settings = m_parts.settings;
    const FitRequest &request = m_fit->state().request();
    const auto text = [](std::string_view view) { return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size())); };
    settings.set(setting::windowGeometry, saveGeometry());
    settings.set(setting::page, pageNames[static_cast<int>(page())]);
    settings.set(setting::language, m_parts.language.choice());
    settings.set(setting::theme, m_parts.theme.choice());
    settings.set(setting::fitModel, request.model);
    settings.set(setting::fitQuantization, text(name(request.quantization)));
    settings.set(setting::fitKvType, text(name(request.kvType)));
    settings.set(setting::fitContext, static_cast<int>(request.context));
    settings.set(setting::temperature, m_run->options().temperature);
    settings.set(setting::maxTokens, static_cast<int>(m_run->options().maxTokens));
    settings.set(setting::pretendedMachine,
        m_hardware->pretending() ? QString::fromStdString(toJson(m_hardware->machine()).dump()) : QString());
    settings.save();
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
