// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/save_text.h"

#include <QCoreApplication>
#include <QDir>
#include <QSaveFile>

namespace plimsoll::app {

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(plimsoll::app::SaveText)
};

} // namespace

bool saveText(const QString &path, const QString &text)
{
    QSaveFile file(path);
    const QByteArray bytes = text.toUtf8();
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
}

QString couldNotWrite(const QString &path)
{
    return Words::tr("%1 could not be written. Choose another folder.").arg(QDir::toNativeSeparators(path));
}

} // namespace plimsoll::app
