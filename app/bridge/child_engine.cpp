// SPDX-License-Identifier: GPL-3.0-or-later
#include "child_engine.h"

#include "engine_answers.h"
#include "process_end.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include <array>

namespace plimsoll::app {

namespace {

constexpr qsizetype longestLine = 64 * 1024;
constexpr qsizetype keptComplaint = 4096;

QByteArray freshToken()
{
    std::array<quint32, 8> bits;
    QRandomGenerator::system()->fillRange(bits.data(), bits.size());
    return QByteArray(reinterpret_cast<const char *>(bits.data()), sizeof bits).toHex();
}

QStringList argumentsFor(const LaunchRequest &request)
{
    QStringList arguments{QStringLiteral("serve"), QStringLiteral("--handshake"), QStringLiteral("--port"), QStringLiteral("0"),
        QStringLiteral("--model"), request.modelPath};
    const auto add = [&arguments](const char *option, qint64 value) {
        arguments << QString::fromLatin1(option) << QString::number(value);
    };
    if (request.context > 0)
        add("--ctx", request.context);
    if (request.batch > 0)
        add("--batch", request.batch);
    if (request.threads > 0)
        add("--threads", request.threads);
    arguments << request.placing;
    if (request.parallel > 0)
        add("--parallel", request.parallel);
    if (!request.kvType.isEmpty())
        arguments << QStringLiteral("--kv-type") << request.kvType;
    return arguments;
}

} // namespace

ChildEngine::ChildEngine(QObject *parent) : QObject(parent), m_token(freshToken())
{
    m_startTimer.setSingleShot(true);
    m_stopTimer.setSingleShot(true);
    connect(&m_startTimer, &QTimer::timeout, this, [this] {
        report({ErrorCode::EngineNoAnswer, {"start", std::to_string(m_startTimer.interval() / 1000)}});
    });
    connect(&m_stopTimer, &QTimer::timeout, this, &ChildEngine::insist);
    connect(&m_process, &QProcess::started, this, &ChildEngine::handOver);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &ChildEngine::readOutput);
    connect(&m_process, &QProcess::readyReadStandardError, this, &ChildEngine::readComplaint);
    connect(&m_process, &QProcess::finished, this, &ChildEngine::reportEnd);
    connect(&m_process, &QProcess::errorOccurred, this, &ChildEngine::reportStartFailure);
}

ChildEngine::~ChildEngine()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(300)) {
        m_process.kill();
        m_process.waitForFinished(3000);
    }
}

void ChildEngine::start(const QString &program, const LaunchRequest &request, int startPatience)
{
    m_startTimer.start(startPatience);
    m_process.start(program, argumentsFor(request));
}

void ChildEngine::stop(int step)
{
    if (m_stopping)
        return;
    m_stopping = true;
    m_startTimer.stop();
    m_process.closeWriteChannel();
    m_stopTimer.start(step);
}

void ChildEngine::insist()
{
    if (m_terminated) {
        m_process.kill();
        return;
    }
    m_terminated = true;
    m_process.terminate();
    m_stopTimer.start();
}

void ChildEngine::handOver()
{
    const QJsonObject line{{QStringLiteral("protocol"), engineProtocol}, {QStringLiteral("token"), QString::fromLatin1(m_token)}};
    m_process.write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
}

void ChildEngine::readOutput()
{
    m_output += m_process.readAllStandardOutput();
    for (qsizetype end = m_output.indexOf('\n'); end >= 0; end = m_output.indexOf('\n')) {
        const QByteArray line = m_output.left(end);
        m_output.remove(0, end + 1);
        readLine(line);
    }
    if (m_output.size() > longestLine) {
        m_output.clear();
        if (!m_listening)
            report(garbage(QString()));
    }
}

void ChildEngine::readLine(const QByteArray &line)
{
    if (m_listening) {
        if (const std::optional<Error> error = readError(line))
            m_lastWord = *error;
        return;
    }
    if (m_reported || m_stopping)
        return;
    const Result<Handshake> handshake = readHandshake(line, QStringLiteral(PLIMSOLL_VERSION));
    if (!handshake) {
        report(handshake.error());
        return;
    }
    m_listening = true;
    m_startTimer.stop();
    emit listening(handshake->port);
}

void ChildEngine::readComplaint()
{
    m_complaint = (m_complaint + m_process.readAllStandardError()).right(keptComplaint);
}

void ChildEngine::reportStartFailure(QProcess::ProcessError error)
{
    if (error != QProcess::FailedToStart)
        return;
    m_stopTimer.stop();
    report(startFailure(m_process.program()));
    emit gone();
}

void ChildEngine::reportEnd(int exitCode, QProcess::ExitStatus status)
{
    m_stopTimer.stop();
    readOutput();
    readComplaint();
    if (m_lastWord.code != ErrorCode::None)
        report(m_lastWord);
    else
        report(unexpectedEnd(exitCode, status, m_complaint));
    emit gone();
}

void ChildEngine::report(const Error &error)
{
    if (m_reported || m_stopping)
        return;
    m_reported = true;
    m_startTimer.stop();
    emit failed(error);
}

} // namespace plimsoll::app
