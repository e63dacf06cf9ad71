// SPDX-License-Identifier: GPL-3.0-or-later
#include "process_end.h"

#include <QFileInfo>

namespace plimsoll::app {

namespace {

constexpr int killSignal = 9;
constexpr qsizetype longestLine = 300;   // characters

QString lastLine(const QByteArray &text)
{
    const QList<QByteArray> lines = text.trimmed().split('\n');
    return QString::fromUtf8(lines.last()).trimmed().left(longestLine);
}

} // namespace

Error startFailure(const QString &program)
{
    const QFileInfo file(program);
    const char *reason = "unstartable";
    if (program.isEmpty() || !file.exists())
        reason = "missing";
    else if (file.isDir() || !file.isExecutable())
        reason = "permission";
    return {ErrorCode::EngineMissing, {program.toStdString(), reason}};
}

Error unexpectedEnd(int exitCode, QProcess::ExitStatus status, const QByteArray &errorOutput)
{
    const char *reason = "exit";
    if (status == QProcess::CrashExit)
        reason = exitCode == killSignal ? "killed" : "signal";
    return {ErrorCode::EngineCrashed, {reason, std::to_string(exitCode), lastLine(errorOutput).toStdString()}};
}

} // namespace plimsoll::app
