// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_locator.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>

namespace plimsoll::app {

QString locateEngine()
{
    const QString chosen = qEnvironmentVariable("PLIMSOLL_ENGINE");
    if (!chosen.isEmpty())
        return chosen;
    const QString program = QStringLiteral("plimsoll-engine");
    const QString beside = QStandardPaths::findExecutable(program, {QCoreApplication::applicationDirPath()});
    return beside.isEmpty() ? QStandardPaths::findExecutable(program) : beside;
}

} // namespace plimsoll::app
