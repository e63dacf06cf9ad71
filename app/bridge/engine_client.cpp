// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_client.h"

#include "engine_answers.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkProxy>
#include <QUrl>

namespace plimsoll::app {

namespace {

constexpr qsizetype longestRefusal = 256 * 1024;
constexpr int mostAttempts = 20;
constexpr int retryAfter = 150;     // ms
constexpr int steadyAfter = 5000;   // ms: a stream that lived this long may be opened anew as often as the first

bool accepted(QNetworkReply *reply)
{
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() == 200;
}

QByteArray status(QNetworkReply *reply)
{
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toByteArray();
}

Error connectionError(const QNetworkReply *reply)
{
    return {ErrorCode::EngineNoAnswer, {"connection", reply->errorString().left(300).toStdString()}};
}

} // namespace

EngineClient::EngineClient(quint16 port, const QByteArray &token, int silence, QObject *parent)
    : QObject(parent), m_port(port), m_token(token), m_silence(silence)
{
    m_network.setProxy(QNetworkProxy::NoProxy);
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_retry.setSingleShot(true);
    m_retry.setInterval(retryAfter);
    connect(&m_retry, &QTimer::timeout, this, &EngineClient::follow);
}

EngineClient::~EngineClient()
{
    drop(m_events);
    drop(m_answer);
}

QNetworkRequest EngineClient::request(const char *path) const
{
    QUrl url;
    url.setScheme(QStringLiteral("http"));
    url.setHost(QStringLiteral("127.0.0.1"));
    url.setPort(m_port);
    url.setPath(QString::fromLatin1(path));
    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Bearer " + m_token);
    request.setRawHeader("Accept-Encoding", "identity");
    return request;
}

void EngineClient::drop(QNetworkReply *&reply)
{
    if (!reply)
        return;
    reply->disconnect(this);
    reply->abort();
    reply->deleteLater();
    reply = nullptr;
}

void EngineClient::follow()
{
    drop(m_events);
    m_eventParser = EventStream();
    ++m_attempts;
    m_followed.start();
    QNetworkRequest wanted = request("/plimsoll/events");
    wanted.setTransferTimeout(m_silence);
    m_events = m_network.get(wanted);
    connect(m_events, &QNetworkReply::readyRead, this, &EngineClient::readEvents);
    connect(m_events, &QNetworkReply::finished, this, &EngineClient::eventsEnded);
}

void EngineClient::readEvents()
{
    if (!m_events->isOpen() || !accepted(m_events))
        return;
    const QList<StreamEvent> events = m_eventParser.feed(m_events->readAll());
    for (const StreamEvent &event : events) {
        takeEvent(event);
        if (!m_events)
            return;
    }
    if (m_eventParser.overrun()) {
        drop(m_events);
        emit broken(garbage(QString()));
    }
}

void EngineClient::takeEvent(const StreamEvent &event)
{
    if (m_followed.hasExpired(steadyAfter))
        m_attempts = 0;
    bool understood = true;
    if (event.name == "state") {
        const std::optional<StateEvent> state = readState(event.data);
        understood = state.has_value();
        if (state)
            emit stateReported(state->state, state->progress);
    } else if (event.name == "memory") {
        const std::optional<MemoryFigures> figures = readMemory(event.data);
        understood = figures.has_value();
        if (figures)
            emit memoryReported(*figures);
    } else if (event.name == "speed") {
        const std::optional<GenerationFigures> figures = readSpeed(event.data);
        understood = figures.has_value();
        if (figures)
            emit speedReported(*figures);
    }
    if (!understood) {
        drop(m_events);
        emit broken(garbage(QString::fromUtf8(event.data)));
    }
}

void EngineClient::eventsEnded()
{
    readEvents();
    if (!m_events)
        return;
    const QNetworkReply::NetworkError problem = m_events->error();
    const QByteArray code = status(m_events);
    Error error = connectionError(m_events);
    m_events->deleteLater();
    m_events = nullptr;
    if (!code.isEmpty() && code != "200")
        emit broken(garbage(QStringLiteral("HTTP %1").arg(QString::fromLatin1(code))));
    else if (problem == QNetworkReply::OperationCanceledError)
        emit broken({ErrorCode::EngineNoAnswer, {"silence", std::to_string(m_silence / 1000)}});
    else if (m_attempts >= mostAttempts)
        emit broken(error);
    else
        m_retry.start();
}

void EngineClient::ask(const QJsonArray &messages, const GenerateOptions &options)
{
    cancel();
    m_answerParser = EventStream();
    m_refusal.clear();
    m_complete = false;
    const QJsonObject body{{QStringLiteral("messages"), messages}, {QStringLiteral("stream"), true},
        {QStringLiteral("reasoning_format"), QStringLiteral("none")},   // the conversation shows thoughts as they come
        {QStringLiteral("max_tokens"), static_cast<qint64>(options.maxTokens)}, {QStringLiteral("temperature"), options.temperature}};
    QNetworkRequest wanted = request("/v1/chat/completions");
    wanted.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    m_answer = m_network.post(wanted, QJsonDocument(body).toJson(QJsonDocument::Compact));
    connect(m_answer, &QNetworkReply::readyRead, this, &EngineClient::readAnswer);
    connect(m_answer, &QNetworkReply::finished, this, &EngineClient::answerEnded);
}

void EngineClient::cancel()
{
    drop(m_answer);
}

void EngineClient::readAnswer()
{
    if (!m_answer->isOpen())
        return;
    const QByteArray bytes = m_answer->readAll();
    if (!accepted(m_answer)) {
        m_refusal = (m_refusal + bytes).left(longestRefusal);
        return;
    }
    const QList<StreamEvent> events = m_answerParser.feed(bytes);
    for (const StreamEvent &event : events) {
        if (m_complete)
            return;
        takeChunk(event);
        if (!m_answer)
            return;
    }
    if (m_answerParser.overrun()) {
        drop(m_answer);
        emit broken(garbage(QString()));
    }
}

void EngineClient::takeChunk(const StreamEvent &event)
{
    if (event.data == "[DONE]") {
        m_complete = true;
        drop(m_answer);
        emit answerFinished();
        return;
    }
    const std::optional<ChatChunk> chunk = readChatChunk(event.data);
    if (!chunk) {
        drop(m_answer);
        emit broken(garbage(QString::fromUtf8(event.data)));
        return;
    }
    if (chunk->error) {
        drop(m_answer);
        emit answerRefused(*chunk->error);
        return;
    }
    if (chunk->figures)
        emit speedReported(*chunk->figures);
    if (!chunk->text.isEmpty())
        emit textReceived(chunk->text);
}

void EngineClient::answerEnded()
{
    readAnswer();
    if (!m_answer)
        return;
    const QByteArray code = status(m_answer);
    const Error error = connectionError(m_answer);
    drop(m_answer);
    const std::optional<Error> refusal = readError(m_refusal);
    if (refusal)
        emit answerRefused(*refusal);
    else if (!code.isEmpty() && code != "200")
        emit broken(garbage(QStringLiteral("HTTP %1").arg(QString::fromLatin1(code))));
    else
        emit broken(error);
}

} // namespace plimsoll::app
