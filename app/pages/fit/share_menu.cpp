// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/share_menu.h"

#include "bridge/save_text.h"
#include "pages/fit/fit_state.h"
#include "shell/dialogs.h"

#include <QClipboard>
#include <QEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QPdfWriter>
#include <QPushButton>
#include <QTextDocument>
#include <QVBoxLayout>

namespace plimsoll::app {

namespace {

bool savePdf(const QString &path, const Report &report)
{
    QPdfWriter writer(path);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout::Millimeter);
    QTextDocument document;
    QFont font = QGuiApplication::font();
    font.setPointSizeF(9);
    document.setDefaultFont(font);
    document.setHtml(toHtml(report));
    document.print(&writer);
    return QFileInfo(path).size() > 0;
}

} // namespace

ShareMenu::ShareMenu(const Catalog &catalog, const FitState &state, Dialogs &dialogs, std::function<Report()> report, QWidget *parent)
    : QWidget(parent), m_catalog(catalog), m_state(state), m_dialogs(dialogs), m_makeReport(std::move(report)),
      m_copy(new QPushButton(this)), m_report(new QPushButton(this)), m_copyMenu(new QMenu(this)), m_reportMenu(new QMenu(this)),
      m_copyReport(m_reportMenu->addAction(QString())), m_saveReport(m_reportMenu->addAction(QString()))
{
    m_copy->setObjectName(QStringLiteral("copyAs"));
    m_report->setObjectName(QStringLiteral("report"));
    m_copyReport->setObjectName(QStringLiteral("copyReport"));
    m_saveReport->setObjectName(QStringLiteral("saveReport"));
    for (const LaunchTarget target : launchTargets) {
        QAction *action = m_copyMenu->addAction(nameOf(target));
        action->setObjectName(QStringLiteral("copyFor%1").arg(static_cast<int>(target)));
        connect(action, &QAction::triggered, this, [this, target] { QGuiApplication::clipboard()->setText(command(target)); });
    }
    m_copy->setMenu(m_copyMenu);
    m_report->setMenu(m_reportMenu);
    connect(m_copyMenu, &QMenu::aboutToShow, this, [this] {
        for (const LaunchTarget target : launchTargets)
            m_copyMenu->actions()[static_cast<int>(target)]->setEnabled(!command(target).isEmpty());
    });
    connect(m_copyReport, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(toPlainText(m_makeReport())); });
    connect(m_saveReport, &QAction::triggered, this, &ShareMenu::save);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_copy);
    column->addWidget(m_report);
    retranslateUi();
    refresh();
}

QString ShareMenu::command(LaunchTarget target) const
{
    const ModelEntry &model = m_state.model();
    if (!m_state.plan() || !model.shape)
        return {};
    QString repository;
    if (const auto known = m_catalog.model(model.key.toStdString()); known && !model.local())
        repository = QString::fromStdString((*known)->repository);
    const std::string_view type = name(m_state.request().quantization);
    const PlanRequest request = m_state.planRequest();
    return launchText(target,
        { model, QString::fromLatin1(type.data(), static_cast<qsizetype>(type.size())), repository, m_state.machine(), request,
            *m_state.plan() });
}

void ShareMenu::refresh()
{
    const bool planned = m_state.plan().has_value();
    m_copy->setEnabled(planned);
    m_report->setEnabled(planned);
}

void ShareMenu::save()
{
    const QString filters = tr("Web page (*.html);;Document (*.pdf);;Markdown (*.md);;Text (*.txt)");
    const QString path = m_dialogs.saveAs(this, QFileInfo(m_state.model().key).completeBaseName() + QStringLiteral(".html"), filters);
    if (path.isEmpty())
        return;
    const Report report = m_makeReport();
    const QString ending = QFileInfo(path).suffix().toLower();
    const bool written = ending == u"pdf" ? savePdf(path, report)
        : saveText(path, ending == u"md" ? toMarkdown(report) : ending == u"txt" ? toPlainText(report) : toHtml(report));
    if (!written)
        emit failed(couldNotWrite(path));
}

void ShareMenu::retranslateUi()
{
    m_copy->setText(tr("Copy as"));
    m_copy->setToolTip(tr("Copies the command that launches this plan, for Plimsoll or another program."));
    m_copyMenu->setTitle(tr("Copy as"));
    m_report->setText(tr("Report"));
    m_report->setToolTip(tr("This plan with its figures and reasons, as text or as a file."));
    m_reportMenu->setTitle(tr("Report"));
    m_copyReport->setText(tr("Copy as text"));
    m_saveReport->setText(tr("Save…"));
}

void ShareMenu::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    QWidget::changeEvent(event);
}

} // namespace plimsoll::app
