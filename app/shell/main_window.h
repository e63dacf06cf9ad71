// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/device_probe.h"
#include "bridge/device_watch.h"
#include "bridge/engine_process.h"
#include "models/command_list.h"

#include <plimsoll/catalog/catalog.h>

#include <QMainWindow>

class QPushButton;
class QStackedWidget;

namespace plimsoll::app {

class Actions;
class CommandPalette;
class ComparePage;
class Dialogs;
class FitPage;
class HardwarePanel;
class Language;
class ModelsPage;
class NoticeStrip;
class RunPage;
class Settings;
class SettingsPage;
class Sidebar;
class StatusStrip;
class Theme;

/// Sidebar, pages and status, and what goes from one page to another.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// What the window is made of but does not own; all of it outlives the window.
    struct Parts
    {
        const Catalog &catalog;
        Settings &settings;
        Dialogs &dialogs;
        Language &language;
        Theme &theme;
    };

    enum class Page { Fit, Compare, Models, Run, Hardware, Settings };

    explicit MainWindow(const Parts &parts, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Looks at this computer, in the background. Called once after the window is made.
    void detectHardware();
    void showPage(Page page);
    Page page() const;
    /// A sentence above the page, until it is closed or another takes its place.
    void notify(const QString &sentence);
    /// A GGUF file, or a plan.
    void openFile(const QString &path);

    FitPage *fitPage() const { return m_fit; }
    ComparePage *comparePage() const { return m_compare; }
    ModelsPage *modelsPage() const { return m_models; }
    RunPage *runPage() const { return m_run; }
    HardwarePanel *hardwarePanel() const { return m_hardware; }
    EngineProcess *engine() { return &m_engine; }

protected:
    void changeEvent(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    bool event(QEvent *event) override;

private:
    void build();
    void connectActions();
    void connectPages();
    void connectFitPage();
    void connectSettings();
    void connectHardware();
    void restore();
    void remember();
    void restoreRequest();
    void restoreMachine();
    void warnOfDamage();
    void chooseFile(bool thenLaunch);
    void chooseModel(const QString &key, std::optional<FileType> quantization);
    void choosePlan();
    void openPlan(const QString &path);
    void savePlan();
    void addRecentPlan(const QString &path);
    void fillRecentPlans();
    void importMachine();
    void exportMachine();
    static QString planFilter();
    QAction *actionOf(Page page) const;
    Machine withReserve(Machine machine) const;
    void changeReserve(Bytes reserve);
    void machineChanged(const Machine &machine);
    void launch(const LaunchRequest &request);
    QVector<Command> commands();
    void useQuantization(FileType type);
    void engineStateChanged();
    void watchWhereNeeded();
    void retranslateUi();

    Parts m_parts;
    EngineProcess m_engine;
    DeviceProbe m_probe;
    DeviceWatch m_watch;
    bool m_stepping = false;   // through the history: what changes is no new step

    Actions *m_actions;
    Sidebar *m_sidebar;
    NoticeStrip *m_notice;
    QPushButton *m_dismiss;
    QStackedWidget *m_pages;
    FitPage *m_fit;
    ComparePage *m_compare;
    ModelsPage *m_models;
    RunPage *m_run;
    HardwarePanel *m_hardware;
    SettingsPage *m_settings;
    StatusStrip *m_status;
    CommandPalette *m_palette;
};

} // namespace plimsoll::app
