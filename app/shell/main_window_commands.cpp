// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/typical_machines.h"
#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "shell/actions.h"
#include "shell/command_palette.h"
#include "shell/main_window.h"

#include <QMenu>

// What the command palette of the window finds.
namespace plimsoll::app {

namespace {

QString wordsOf(const QAction *action)
{
    QString text = action->text();
    return text.remove(QLatin1Char('&'));
}

void add(QVector<Command> &commands, const QList<QAction *> &actions, const QString &kind)
{
    for (QAction *action : actions)
        if (action->isEnabled() && !action->isSeparator() && !action->menu())
            commands << Command{
                wordsOf(action), kind, action->shortcut().toString(QKeySequence::NativeText), [action] { action->trigger(); }};
}

} // namespace

QVector<Command> MainWindow::commands()
{
    QVector<Command> all;
    add(all,
        {m_actions->fitPage, m_actions->comparePage, m_actions->modelsPage, m_actions->runPage, m_actions->hardwarePage,
            m_actions->settingsPage},
        tr("Page", "one of the window's"));
    add(all,
        {m_actions->openFile, m_actions->openPlan, m_actions->savePlan, m_actions->undo, m_actions->redo, m_actions->launch,
            m_actions->stop, m_actions->unload, m_actions->about, m_actions->quit},
        tr("Action"));
    add(all, m_actions->recentMenu->actions(), tr("Plan"));
    for (const ModelEntry &model : m_fit->models().entries())
        all << Command{model.name, tr("Model"), {}, [this, key = model.key] { chooseModel(key, {}); }};
    if (!m_fit->state().model().local())
        for (const FileType type : m_parts.catalog.quantizations) {
            const std::string_view words = name(type);
            all << Command{QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size())), tr("Quantization"), {},
                [this, type] { useQuantization(type); }};
        }
    for (const TypicalMachine &machine : typicalMachines(m_parts.catalog))
        all << Command{machine.name, tr("Machine"), {}, [this, machine] { m_hardware->setPretended(machine.machine); }};
    add(all, m_actions->languageMenu->actions(), m_actions->languageMenu->title());
    add(all, m_actions->themeMenu->actions(), m_actions->themeMenu->title());
    return all;
}

} // namespace plimsoll::app
