// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/machine/machine.h>

#include <QByteArray>
#include <QObject>

class QProcess;

namespace plimsoll::app {

/// Live readings of this computer, once a second, from `plimsoll-engine devices --watch`. Where that cannot be had nothing is emitted:
/// DeviceProbe says why.
class DeviceWatch : public QObject
{
    Q_OBJECT

public:
    explicit DeviceWatch(QObject *parent = nullptr);
    ~DeviceWatch() override;

    void start();
    void stop();
    bool running() const { return m_process != nullptr; }

    /// Empty: locateEngine() decides at each start.
    void setProgram(const QString &program) { m_program = program; }

signals:
    /// What is free, and the GPUs' temperature, power and load; the rest of a Machine is empty.
    void reading(const plimsoll::Machine &machine);

private:
    void readLines();

    QString m_program;
    QProcess *m_process = nullptr;
    QByteArray m_pending;   // a line that is not whole yet
};

} // namespace plimsoll::app
