// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_types.h"

#include <plimsoll/result/error.h>

#include <QObject>
#include <QProcess>
#include <QTimer>

namespace plimsoll::app {

/// The process of one engine, from start to end: hands over the token, reads the handshake, and sees to it that the process ends.
/// Used once; gone() is its last signal and comes exactly once after start().
class ChildEngine : public QObject
{
    Q_OBJECT

public:
    explicit ChildEngine(QObject *parent = nullptr);
    /// Kills what still runs and waits for it, at most a few seconds.
    ~ChildEngine() override;

    void start(const QString &program, const LaunchRequest &request, int startPatience);
    /// End of input; after `step` milliseconds a request to terminate; after as many again, force.
    void stop(int step);

    qint64 processId() const { return m_process.processId(); }
    QByteArray token() const { return m_token; }

signals:
    void listening(quint16 port);
    /// The engine could not be started, was not understood, reported that loading failed, or ended unasked. At most once, and
    /// not after stop(). The process may still run.
    void failed(const plimsoll::Error &error);
    void gone();

private:
    void handOver();
    void readOutput();
    void readLine(const QByteArray &line);
    void readComplaint();
    void reportStartFailure(QProcess::ProcessError error);
    void reportEnd(int exitCode, QProcess::ExitStatus status);
    void report(const Error &error);
    void insist();

    QProcess m_process;
    QTimer m_startTimer;
    QTimer m_stopTimer;
    QByteArray m_token;
    QByteArray m_output;      // an unfinished line
    QByteArray m_complaint;   // the end of what it wrote to its error output
    Error m_lastWord;         // a "failed" line
    bool m_listening = false;
    bool m_stopping = false;
    bool m_terminated = false;
    bool m_reported = false;
};

} // namespace plimsoll::app
