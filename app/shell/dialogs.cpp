// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/dialogs.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>

namespace plimsoll::app {

QString NativeDialogs::openModel(QWidget *parent, const QString &folder)
{
    return QFileDialog::getOpenFileName(parent, tr("Open a model"), folder, tr("GGUF models (*.gguf);;All files (*)"));
}

QString NativeDialogs::openDocument(QWidget *parent, const QString &folder, const QString &filters)
{
    return QFileDialog::getOpenFileName(parent, tr("Open"), folder, filters);
}

QString NativeDialogs::chooseFolder(QWidget *parent, const QString &folder)
{
    return QFileDialog::getExistingDirectory(parent, tr("Choose a folder"), folder);
}

QString NativeDialogs::saveAs(QWidget *parent, const QString &suggested, const QString &filters)
{
    QString chosen;
    QString path = QFileDialog::getSaveFileName(parent, tr("Export"), suggested, filters, &chosen);
    // A name without an ending gets the one of the chosen kind: "Picture (*.png)".
    if (!path.isEmpty() && QFileInfo(path).suffix().isEmpty())
        path += chosen.section(QLatin1Char('*'), -1).section(QLatin1Char(')'), 0, 0);
    return path;
}

void NativeDialogs::complain(QWidget *parent, const QString &sentence)
{
    QMessageBox box(QMessageBox::Warning, QStringLiteral("Plimsoll"), sentence, QMessageBox::Ok, parent);
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

void NativeDialogs::about(QWidget *parent)
{
    const QString text = tr("Plimsoll %1\n\nShows how deep a language model loads a computer, and runs it.\n\n"
        "The window is free software under the GNU General Public License, version 3 or later; the engine under the Apache License 2.0.");
    QMessageBox box(QMessageBox::NoIcon, QStringLiteral("Plimsoll"), text.arg(QStringLiteral(PLIMSOLL_VERSION)), QMessageBox::Ok, parent);
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

} // namespace plimsoll::app
