// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_process.h"

#include "child_engine.h"
#include "engine_client.h"
#include "engine_locator.h"
#include "process_end.h"

#include <QJsonObject>
#include <QPointer>

namespace plimsoll::app {

namespace {

/// A broken connection is mostly the first sign of a process that dies; its end says more, and follows at once.
constexpr int waitForEnd = 500;   // ms

QJsonObject message(const char *role, const QString &text)
{
    return {{QStringLiteral("role"), QLatin1String(role)}, {QStringLiteral("content"), text}};
}

} // namespace

EngineProcess::EngineProcess(QObject *parent) : QObject(parent) {}

EngineProcess::~EngineProcess()
{
    disconnect();
    delete m_client;
    const QList<ChildEngine *> children = findChildren<ChildEngine *>(Qt::FindDirectChildrenOnly);
    for (ChildEngine *child : children)
        child->disconnect(this);
}

void EngineProcess::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    emit stateChanged(state);
}

qint64 EngineProcess::processId() const
{
    return m_child ? m_child->processId() : 0;
}

void EngineProcess::launch(const LaunchRequest &request)
{
    stopGeneration();
    retire();
    m_request = request;
    m_conversation = {};
    m_answer.clear();
    m_progress = 0;
    m_startWhenGone = true;
    setState(State::Starting);
    if (m_leaving == 0)
        start();
}

void EngineProcess::start()
{
    m_startWhenGone = false;
    const QString program = m_program.isEmpty() ? locateEngine() : m_program;
    auto *child = new ChildEngine(this);
    m_child = child;
    connect(child, &ChildEngine::listening, this, &EngineProcess::openClient);
    connect(child, &ChildEngine::failed, this, &EngineProcess::fail);
    connect(child, &ChildEngine::gone, this, [this, child] { childGone(child); });
    child->start(program, m_request, m_patience.start);
}

void EngineProcess::openClient(quint16 port)
{
    m_client = new EngineClient(port, m_child->token(), m_patience.silence, this);
    connect(m_client, &EngineClient::stateReported, this, &EngineProcess::engineStateReported);
    connect(m_client, &EngineClient::memoryReported, this, &EngineProcess::memoryReported);
    connect(m_client, &EngineClient::speedReported, this, &EngineProcess::statisticsChanged);
    connect(m_client, &EngineClient::textReceived, this, [this](const QString &text) {
        m_answer += text;
        emit textReceived(text);
    });
    connect(m_client, &EngineClient::answerFinished, this, &EngineProcess::answerFinished);
    connect(m_client, &EngineClient::answerRefused, this, &EngineProcess::answerRefused);
    connect(m_client, &EngineClient::broken, this, &EngineProcess::clientBroke);
    setState(State::Loading);
    m_client->follow();
}

void EngineProcess::engineStateReported(const QString &state, double progress)
{
    if (m_state != State::Loading)
        return;
    if (state == QLatin1String("loading")) {
        m_progress = progress;
        emit loadProgress(progress);
    } else if (state == QLatin1String("ready")) {
        m_progress = 1;
        emit loadProgress(1);
        setState(State::Ready);
    }
}

void EngineProcess::generate(const QString &userText, const GenerateOptions &options)
{
    if (m_state != State::Ready)
        return;
    m_conversation.append(message("user", userText));
    m_answer.clear();
    setState(State::Generating);
    emit promptAccepted(userText);
    m_client->ask(m_conversation, options);
}

void EngineProcess::stopGeneration()
{
    if (m_state != State::Generating)
        return;
    m_client->cancel();
    answerFinished();
}

void EngineProcess::clearConversation()
{
    stopGeneration();
    m_conversation = {};
}

void EngineProcess::answerFinished()
{
    m_conversation.append(message("assistant", m_answer));
    setState(State::Ready);
    emit generationFinished();
}

void EngineProcess::answerRefused(const Error &error)
{
    m_conversation.removeLast();
    setState(State::Ready);
    emit generationFinished();
    emit failed(error);
}

void EngineProcess::clientBroke(const Error &error)
{
    const QPointer<EngineClient> broken = m_client;
    QTimer::singleShot(waitForEnd, this, [this, broken, error] {
        if (broken && broken == m_client)
            fail(error);
    });
}

void EngineProcess::fail(const Error &error)
{
    const bool generating = m_state == State::Generating;
    retire();
    setState(State::Failed);
    if (generating)
        emit generationFinished();
    emit failed(error);
}

void EngineProcess::unload()
{
    m_startWhenGone = false;
    stopGeneration();
    retire();
    setState(m_leaving > 0 ? State::Stopping : State::Idle);
}

void EngineProcess::retire()
{
    if (m_client) {
        m_client->disconnect(this);
        m_client->cancel();
        m_client->deleteLater();
        m_client = nullptr;
    }
    if (!m_child)
        return;
    ChildEngine *child = m_child;
    m_child = nullptr;
    ++m_leaving;
    disconnect(child, &ChildEngine::listening, this, nullptr);
    disconnect(child, &ChildEngine::failed, this, nullptr);
    child->stop(m_patience.step);
}

void EngineProcess::childGone(ChildEngine *child)
{
    child->deleteLater();
    if (child == m_child)
        m_child = nullptr;
    else
        --m_leaving;
    if (m_leaving > 0)
        return;
    if (m_startWhenGone)
        start();
    else if (m_state == State::Stopping)
        setState(State::Idle);
}

} // namespace plimsoll::app
