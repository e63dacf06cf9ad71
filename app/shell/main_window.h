// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/device_probe.h"
#include "bridge/engine_process.h"

#include <plimsoll/catalog/catalog.h>

#include <QMainWindow>

class QPushButton;
class QStackedWidget;

namespace plimsoll::app {

class Actions;
class ComparePage;
class Dialogs;
class FitPage;
class HardwarePanel;
class Language;
class NoticeStrip;
class RunPage;
class Settings;
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

    enum class Page { Fit, Compare, Run, Hardware };

    explicit MainWindow(const Parts &parts, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Looks at this computer, in the background. Called once after the window is made.
    void detectHardware();
    void showPage(Page page);
    Page page() const;
    /// A sentence above the page, until it is closed or another takes its place.
    void notify(const QString &sentence);
    void openFile(const QString &path);

    FitPage *fitPage() const { return m_fit; }
    ComparePage *comparePage() const { return m_compare; }
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
    void connectHardware();
    void restore();
    void remember();
    void restoreRequest();
    void restoreMachine();
    void chooseFile(bool thenLaunch);
    void launch(const LaunchRequest &request);
    void engineStateChanged();
    void retranslateUi();

    Parts m_parts;
    EngineProcess m_engine;
    DeviceProbe m_probe;

    Actions *m_actions;
    Sidebar *m_sidebar;
    NoticeStrip *m_notice;
    QPushButton *m_dismiss;
    QStackedWidget *m_pages;
    FitPage *m_fit;
    ComparePage *m_compare;
    RunPage *m_run;
    HardwarePanel *m_hardware;
    StatusStrip *m_status;
};

} // namespace plimsoll::app
