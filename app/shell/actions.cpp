// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/actions.h"

#include "shell/icons.h"
#include "shell/language.h"
#include "shell/theme.h"

namespace plimsoll::app {

Actions::Actions(QMenuBar *bar, Language *language, Theme *theme, QObject *parent)
    : QObject(parent), openFile(add("actionOpen")), openPlan(add("actionOpenPlan")), savePlan(add("actionSavePlan")),
      quit(add("actionQuit")), undo(add("actionUndo")), redo(add("actionRedo")), fitPage(add("pageFit")), comparePage(add("pageCompare")),
      modelsPage(add("pageModels")), runPage(add("pageRun")), hardwarePage(add("pageHardware")), settingsPage(add("pageSettings")),
      search(add("actionSearch")),
      launch(add("actionLaunch")), stop(add("actionStop")), unload(add("actionUnload")), about(add("actionAbout")),
      recentMenu(new QMenu(bar)), languageMenu(new QMenu(bar)), themeMenu(new QMenu(bar)), m_language(language), m_theme(theme),
      m_fileMenu(bar->addMenu(QString())), m_editMenu(bar->addMenu(QString())), m_viewMenu(bar->addMenu(QString())),
      m_modelMenu(bar->addMenu(QString())), m_helpMenu(bar->addMenu(QString())), m_languages(new QActionGroup(this)),
      m_themes(new QActionGroup(this))
{
    openFile->setShortcut(QKeySequence::Open);
    openFile->setIcon(icon(Glyph::Open));
    quit->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q));
    undo->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Z));
    redo->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    quit->setMenuRole(QAction::QuitRole);
    about->setMenuRole(QAction::AboutRole);
    search->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_K));
    search->setIcon(icon(Glyph::Search));
    launch->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_L));
    launch->setIcon(icon(Glyph::Play));
    stop->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Period));
    stop->setIcon(icon(Glyph::Stop));
    unload->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    unload->setIcon(icon(Glyph::Eject));

    auto *pages = new QActionGroup(this);
    int key = Qt::Key_1;
    const std::pair<QAction *, Glyph> all[]{{fitPage, Glyph::Fit}, {comparePage, Glyph::Compare}, {modelsPage, Glyph::Models},
        {runPage, Glyph::Run}, {hardwarePage, Glyph::Hardware}, {settingsPage, Glyph::Settings}};
    for (const auto &[page, glyph] : all) {
        page->setCheckable(true);
        page->setIcon(icon(glyph));
        page->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(key++)));
        pages->addAction(page);
        m_viewMenu->addAction(page);
    }
    openPlan->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
    savePlan->setShortcut(QKeySequence::Save);
    recentMenu->setObjectName(QStringLiteral("recentPlans"));
    m_fileMenu->addActions({openFile});
    m_fileMenu->addSeparator();
    m_fileMenu->addActions({openPlan, savePlan});
    m_fileMenu->addMenu(recentMenu);
    m_fileMenu->addSeparator();
    m_fileMenu->addAction(quit);
    m_editMenu->addActions({undo, redo});
    m_viewMenu->addSeparator();
    m_viewMenu->addAction(search);
    m_viewMenu->addSeparator();
    m_viewMenu->addMenu(languageMenu);
    m_viewMenu->addMenu(themeMenu);
    m_modelMenu->addActions({launch, stop, unload});
    m_helpMenu->addAction(about);
    buildChoices();
    retranslateUi();
}

QAction *Actions::add(const char *name)
{
    auto *action = new QAction(this);
    action->setObjectName(QString::fromLatin1(name));
    return action;
}

void Actions::buildChoices()
{
    const auto choice = [](QMenu *menu, QActionGroup *group, const QString &data) {
        QAction *action = menu->addAction(QString());
        action->setCheckable(true);
        action->setData(data);
        group->addAction(action);
        return action;
    };
    choice(languageMenu, m_languages, QString());
    for (const QString &code : Language::codes())
        choice(languageMenu, m_languages, code)->setText(Language::nativeName(code));
    for (const QString &name : Theme::names())
        choice(themeMenu, m_themes, name);
    connect(m_languages, &QActionGroup::triggered, m_language, [this](QAction *action) { m_language->use(action->data().toString()); });
    connect(m_themes, &QActionGroup::triggered, m_theme, [this](QAction *action) { m_theme->use(action->data().toString()); });
}

void Actions::showChoices()
{
    for (QAction *action : m_languages->actions())
        action->setChecked(action->data().toString() == m_language->choice());
    for (QAction *action : m_themes->actions())
        action->setChecked(action->data().toString() == m_theme->choice());
}

void Actions::retranslateUi()
{
    m_fileMenu->setTitle(tr("&File"));
    m_editMenu->setTitle(tr("&Edit"));
    undo->setText(tr("&Undo"));
    redo->setText(tr("&Redo"));
    m_viewMenu->setTitle(tr("&View"));
    m_modelMenu->setTitle(tr("&Model"));
    m_helpMenu->setTitle(tr("&Help"));
    openFile->setText(tr("&Open GGUF file…"));
    openPlan->setText(tr("Open &plan…"));
    savePlan->setText(tr("&Save plan…"));
    recentMenu->setTitle(tr("&Recent plans"));
    quit->setText(tr("&Quit"));
    fitPage->setText(tr("Fit"));
    fitPage->setToolTip(tr("Does a model fit this computer?"));
    comparePage->setText(tr("Compare"));
    comparePage->setToolTip(tr("Which quantization of the model?"));
    modelsPage->setText(tr("Models"));
    modelsPage->setToolTip(tr("Which model? All that Plimsoll knows, and your files"));
    settingsPage->setText(tr("Settings"));
    settingsPage->setToolTip(tr("Language, appearance, reserve and folders"));
    runPage->setText(tr("Run"));
    runPage->setToolTip(tr("Talk to the model that is loaded"));
    hardwarePage->setText(tr("Hardware"));
    hardwarePage->setToolTip(tr("What this computer has, or pretends to have"));
    search->setText(tr("Search"));
    search->setToolTip(tr("Find a model, a quantization, a machine, a page or an action (%1)", "%1 is a key")
                           .arg(search->shortcut().toString(QKeySequence::NativeText)));
    launch->setText(tr("&Launch"));
    stop->setText(tr("&Stop generating"));
    unload->setText(tr("&Unload"));
    about->setText(tr("&About Plimsoll"));
    languageMenu->setTitle(tr("Language"));
    themeMenu->setTitle(tr("Appearance"));
    m_languages->actions().constFirst()->setText(tr("As the system"));
    for (QAction *theme : m_themes->actions())
        theme->setText(Theme::title(theme->data().toString()));
    showChoices();
}

} // namespace plimsoll::app
