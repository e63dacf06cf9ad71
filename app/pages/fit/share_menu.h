// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/launch_texts.h"
#include "models/report.h"

#include <QWidget>

#include <functional>

class QAction;
class QMenu;
class QPushButton;

namespace plimsoll::app {

class Dialogs;
class FitState;

/// Takes a plan elsewhere: the command that launches it in several programs, and a report in several forms.
class ShareMenu : public QWidget
{
    Q_OBJECT

public:
    /// All outlive this widget; `report` gives the present plan as a document.
    ShareMenu(const Catalog &catalog, const FitState &state, Dialogs &dialogs, std::function<Report()> report, QWidget *parent = nullptr);

    /// The plan changed: offers what can be had of it.
    void refresh();

signals:
    void failed(const QString &sentence);

protected:
    void changeEvent(QEvent *event) override;

private:
    QString command(LaunchTarget target) const;
    void save();
    void retranslateUi();

    const Catalog &m_catalog;
    const FitState &m_state;
    Dialogs &m_dialogs;
    std::function<Report()> m_makeReport;
    QPushButton *m_copy;
    QPushButton *m_report;
    QMenu *m_copyMenu;
    QMenu *m_reportMenu;
    QAction *m_copyReport;
    QAction *m_saveReport;
};

} // namespace plimsoll::app
