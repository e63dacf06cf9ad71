// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/machine/machine.h>
#include <plimsoll/result/error.h>

#include <QObject>
#include <QProcess>
#include <QTimer>

namespace plimsoll::app {

/// Asks `plimsoll-engine devices --json` what this computer is. Asynchronous; one question at a time.
class DeviceProbe : public QObject
{
    Q_OBJECT

public:
    explicit DeviceProbe(QObject *parent = nullptr);
    ~DeviceProbe() override;

    /// Ignored while an answer is awaited.
    void detect();
    bool busy() const { return m_process != nullptr; }

    /// Empty: locateEngine() decides each time.
    void setProgram(const QString &program) { m_program = program; }
    void setTimeout(int milliseconds) { m_timeout.setInterval(milliseconds); }

signals:
    void machineDetected(const plimsoll::Machine &machine);
    void failed(const plimsoll::Error &error);

private:
    void readOutput();
    void finish(int exitCode, QProcess::ExitStatus status);
    void giveUp(const Error &error);
    void dropProcess();

    QString m_program;
    QProcess *m_process = nullptr;
    QByteArray m_output;
    QByteArray m_complaint;   // the end of what it wrote to its error output
    QTimer m_timeout;
};

} // namespace plimsoll::app
