// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/save_text.h"
#include "pages/fit/fit_page.h"
#include "pages/fit/plan_document.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/run/run_page.h"
#include "settings/settings.h"
#include "shell/actions.h"
#include "shell/dialogs.h"
#include "shell/language.h"
#include "shell/main_window.h"
#include "shell/theme.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMenu>

// What the window remembers from one start to the next, and what it saves where the user says.
namespace plimsoll::app {

namespace {

constexpr const char *firstModel = "llama-3.1-8b";
constexpr int mostRecent = 10;
constexpr qint64 longestMachine = 1 << 20;
const QStringList pageNames{QStringLiteral("fit"), QStringLiteral("compare"), QStringLiteral("models"), QStringLiteral("run"),
    QStringLiteral("hardware"), QStringLiteral("settings")};

} // namespace

void MainWindow::restore()
{
    const Settings &settings = m_parts.settings;
    restoreGeometry(settings.value(setting::windowGeometry));
    restoreRequest();
    restoreMachine();
    fillRecentPlans();
    warnOfDamage();
    m_fit->history()->clear();
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
    const QString file = QFileInfo(request.model).isAbsolute() && QFileInfo::exists(request.model) ? request.model : QString();
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
    // A file is read in the background; until then, and where it is gone, there is a model of the catalogue.
    if (!file.isEmpty()) {
        request.model = file;
        m_fit->openRequest(request);
    }
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

void MainWindow::warnOfDamage()
{
    QStringList names;
    for (const QString &path : m_parts.settings.damagedFiles())
        names << QDir::toNativeSeparators(path);
    if (!names.isEmpty())
        notify(tr("Settings could not be read, and the defaults are used. The damaged file is kept as %1.")
                   .arg(QLocale().createSeparatedList(names)));
}

void MainWindow::choosePlan()
{
    const QString path = m_parts.dialogs.openDocument(this, m_parts.settings.value(setting::modelFolder), planFilter());
    if (!path.isEmpty())
        openPlan(path);
}

void MainWindow::openPlan(const QString &path)
{
    const auto document = readPlan(path);
    if (!document) {
        notify(tr("%1 is no plan that can be read. The file was left as it is, and so was the plan that is shown.")
                   .arg(QDir::toNativeSeparators(path)));
        return;
    }
    showPage(Page::Fit);
    if (document->machine)
        m_hardware->setPretended(*document->machine);
    else if (m_hardware->pretending())
        m_hardware->resetToDetected();
    m_fit->openRequest(document->request);
    addRecentPlan(path);
}

void MainWindow::savePlan()
{
    const FitState &state = m_fit->state();
    const QString suggested = QFileInfo(state.model().key).completeBaseName() + planSuffix();
    const QString path = m_parts.dialogs.saveAs(this, suggested, planFilter());
    if (path.isEmpty())
        return;
    PlanDocument document{state.request(), {}};
    if (m_hardware->pretending())
        document.machine = m_hardware->machine();
    if (!saveText(path, QString::fromUtf8(toJson(document)))) {
        notify(couldNotWrite(path));
        return;
    }
    addRecentPlan(path);
}

void MainWindow::addRecentPlan(const QString &path)
{
    QStringList recent = m_parts.settings.value(setting::recentPlans);
    recent.removeAll(path);
    recent.prepend(path);
    m_parts.settings.set(setting::recentPlans, recent.mid(0, mostRecent));
    fillRecentPlans();
}

void MainWindow::fillRecentPlans()
{
    QMenu *menu = m_actions->recentMenu;
    menu->clear();
    for (const QString &path : m_parts.settings.value(setting::recentPlans)) {
        QAction *action = menu->addAction(QFileInfo(path).completeBaseName());
        action->setToolTip(QDir::toNativeSeparators(path));
        connect(action, &QAction::triggered, this, [this, path] { openPlan(path); });
    }
    menu->setEnabled(!menu->isEmpty());
}

void MainWindow::importMachine()
{
    const QString path = m_parts.dialogs.openDocument(this, {}, tr("Machines (*.json)"));
    if (path.isEmpty())
        return;
    QFile file(path);
    const bool readable = file.size() <= longestMachine && file.open(QIODevice::ReadOnly);
    const QByteArray text = readable ? file.readAll() : QByteArray();
    const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
    const auto machine
        = json.is_discarded() ? Result<Machine>(Error{ ErrorCode::JsonInvalid, {} }) : machineFromJson(json, path.toStdString());
    if (machine)
        m_hardware->setPretended(*machine);
    else
        notify(tr("%1 describes no machine that can be read. The file was left as it is.").arg(QDir::toNativeSeparators(path)));
}

void MainWindow::exportMachine()
{
    const QString path = m_parts.dialogs.saveAs(this, QStringLiteral("machine.json"), tr("Machines (*.json)"));
    if (!path.isEmpty() && !saveText(path, QString::fromStdString(toJson(m_hardware->machine()).dump(2)) + QLatin1Char('\n')))
        notify(couldNotWrite(path));
}

QString MainWindow::planFilter()
{
    return tr("Plans (*.plimsoll)");
}

} // namespace plimsoll::app
