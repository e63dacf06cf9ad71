// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

class QWidget;

namespace plimsoll::app {

/// Everything modal goes through here, so that tests answer in the user's place.
class Dialogs
{
public:
    virtual ~Dialogs() = default;

    /// A GGUF file the user chose, starting in `folder`; empty when they changed their mind.
    virtual QString openModel(QWidget *parent, const QString &folder) = 0;
    /// A file of one of the kinds of `filters`, which QFileDialog understands; empty when they changed their mind.
    virtual QString openDocument(QWidget *parent, const QString &folder, const QString &filters) = 0;
    virtual QString chooseFolder(QWidget *parent, const QString &folder) = 0;
    /// Where to write, starting from `suggested`; `filters` as QFileDialog wants them. Empty when they changed their mind.
    virtual QString saveAs(QWidget *parent, const QString &suggested, const QString &filters) = 0;
    /// A failure that has no place on a page.
    virtual void complain(QWidget *parent, const QString &sentence) = 0;
    virtual void about(QWidget *parent) = 0;
};

class NativeDialogs : public Dialogs
{
    Q_DECLARE_TR_FUNCTIONS(plimsoll::app::Dialogs)

public:
    QString openModel(QWidget *parent, const QString &folder) override;
    QString openDocument(QWidget *parent, const QString &folder, const QString &filters) override;
    QString chooseFolder(QWidget *parent, const QString &folder) override;
    QString saveAs(QWidget *parent, const QString &suggested, const QString &filters) override;
    void complain(QWidget *parent, const QString &sentence) override;
    void about(QWidget *parent) override;
};

} // namespace plimsoll::app
