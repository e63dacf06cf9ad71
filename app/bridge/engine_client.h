// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_types.h"
#include "event_stream.h"

#include <plimsoll/result/error.h>

#include <QElapsedTimer>
#include <QJsonArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>

namespace plimsoll::app {

/// Speaks with one engine over loopback HTTP: follows its events, and asks for one answer at a time.
class EngineClient : public QObject
{
    Q_OBJECT

public:
    /// `silence`: milliseconds without a byte after which the event stream counts as dead.
    EngineClient(quint16 port, const QByteArray &token, int silence, QObject *parent = nullptr);
    ~EngineClient() override;

    void follow();
    void ask(const QJsonArray &messages, const GenerateOptions &options);
    /// The engine sees the closed connection and ends the answer; no signal follows.
    void cancel();
    bool asking() const { return m_answer != nullptr; }

signals:
    void stateReported(const QString &state, double progress);
    void memoryReported(const plimsoll::app::MemoryFigures &figures);
    void speedReported(const plimsoll::app::GenerationFigures &figures);
    void textReceived(const QString &text);
    void answerFinished();
    /// The engine understood the request and declined it, or broke off the answer with a reason.
    void answerRefused(const plimsoll::Error &error);
    /// The engine does not speak as it should, or not at all.
    void broken(const plimsoll::Error &error);

private:
    QNetworkRequest request(const char *path) const;
    void readEvents();
    void takeEvent(const StreamEvent &event);
    void eventsEnded();
    void readAnswer();
    void takeChunk(const StreamEvent &event);
    void answerEnded();
    void drop(QNetworkReply *&reply);

    quint16 m_port;
    QByteArray m_token;
    int m_silence;
    QNetworkAccessManager m_network;
    QTimer m_retry;
    QElapsedTimer m_followed;            // since the event stream was opened
    int m_attempts = 0;                  // of opening it
    QNetworkReply *m_events = nullptr;
    QNetworkReply *m_answer = nullptr;
    EventStream m_eventParser;
    EventStream m_answerParser;
    QByteArray m_refusal;                // the body of an answer that is not a stream
    bool m_complete = false;             // the stream said that it is done
};

} // namespace plimsoll::app
