// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QActionGroup>
#include <QMenuBar>
#include <QObject>

namespace plimsoll::app {

class Language;
class Theme;

/// Every command of the window, with its words, icon and keys; and the menus that hold them.
class Actions : public QObject
{
    Q_OBJECT

public:
    /// The groups offer what `language` and `theme` know, and set it. Both outlive this object.
    Actions(QMenuBar *bar, Language *language, Theme *theme, QObject *parent);

    QAction *openFile;
    QAction *openPlan;
    QAction *savePlan;
    QAction *quit;
    QAction *undo;
    QAction *redo;
    QAction *fitPage;
    QAction *comparePage;
    QAction *modelsPage;
    QAction *runPage;
    QAction *hardwarePage;
    QAction *settingsPage;
    QAction *search;
    QAction *launch;
    QAction *stop;
    QAction *unload;
    QAction *about;

    QMenu *recentMenu;   // filled by the window
    QMenu *languageMenu;
    QMenu *themeMenu;

    void retranslateUi();
    /// Checks what is chosen.
    void showChoices();

private:
    QAction *add(const char *name);
    void buildChoices();

    Language *m_language;
    Theme *m_theme;
    QMenu *m_fileMenu;
    QMenu *m_editMenu;
    QMenu *m_viewMenu;
    QMenu *m_modelMenu;
    QMenu *m_helpMenu;
    QActionGroup *m_languages;
    QActionGroup *m_themes;
};

} // namespace plimsoll::app
