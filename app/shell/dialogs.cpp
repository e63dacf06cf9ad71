// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/dialogs.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QMessageBox>

namespace plimsoll::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("plimsoll::app::Dialogs", text);
}

} // namespace

QString NativeDialogs::openModel(QWidget *parent, const QString &folder)
{
    return QFileDialog::getOpenFileName(parent, tr(QT_TRANSLATE_NOOP("plimsoll::app::Dialogs", "Open a model")), folder,
        tr(QT_TRANSLATE_NOOP("plimsoll::app::Dialogs", "GGUF models (*.gguf);;All files (*)")));
}

void NativeDialogs::complain(QWidget *parent, const QString &sentence)
{
    QMessageBox box(QMessageBox::Warning, QStringLiteral("Plimsoll"), sentence, QMessageBox::Ok, parent);
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

void NativeDialogs::about(QWidget *parent)
{
    const QString text = tr(QT_TRANSLATE_NOOP("plimsoll::app::Dialogs",
        "Plimsoll %1\n\nShows how deep a language model loads a computer, and runs it.\n\n"
        "The window is free software under the GNU General Public License, version 3 or later; the engine under the Apache License 2.0."));
    QMessageBox box(QMessageBox::NoIcon, QStringLiteral("Plimsoll"), text.arg(QStringLiteral(PLIMSOLL_VERSION)), QMessageBox::Ok, parent);
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

} // namespace plimsoll::app
