// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/result/error.h>

#include <QByteArray>
#include <QProcess>
#include <QString>

namespace plimsoll::app {

/// Why `program`, "" where none was found, could not be started: EngineMissing.
Error startFailure(const QString &program);

/// A process that ended unasked: EngineCrashed with the last line of its error output. On Unix `exitCode` of a crash is the signal;
/// the one that the system sends when memory is short is told apart.
Error unexpectedEnd(int exitCode, QProcess::ExitStatus status, const QByteArray &errorOutput);

} // namespace plimsoll::app
