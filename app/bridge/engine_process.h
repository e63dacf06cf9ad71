// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_types.h"

#include <plimsoll/result/error.h>

#include <QJsonArray>
#include <QObject>

namespace plimsoll::app {

class ChildEngine;
class EngineClient;

/// One engine, from the start of its process to its end: `plimsoll-engine serve`, spoken to over a pipe and loopback HTTP.
/// Everything is asynchronous and lives on the thread that made it; only the destructor waits, at most a few seconds, so that no
/// process is left behind.
///
/// A failure of the engine gives failed() and State::Failed; launch() starts anew from there. A request that the engine refuses
/// (a prompt that is too long) gives failed() too, but the state stays Ready.
class EngineProcess : public QObject
{
    Q_OBJECT

public:
    enum class State { Idle, Starting, Loading, Ready, Generating, Stopping, Failed };
    Q_ENUM(State)

    /// Milliseconds to wait: for the handshake, for a sign of life on the event stream, and for each step of ending the process.
    struct Patience
    {
        int start = 15000;
        int silence = 60000;
        int step = 2000;
    };

    explicit EngineProcess(QObject *parent = nullptr);
    ~EngineProcess() override;

    /// Ends a running engine first; the new one starts when the old one's memory is free again.
    void launch(const LaunchRequest &request);
    /// Adds `userText` to the conversation and asks for the answer. Only when Ready; ignored otherwise.
    void generate(const QString &userText, const GenerateOptions &options = {});
    /// Ends the answer where it is; it stays in the conversation.
    void stopGeneration();
    /// Forgets what was said; the next prompt starts a conversation.
    void clearConversation();
    /// Ends the process: end of input, then a request to terminate, then force. Idle when it is gone.
    void unload();

    State state() const { return m_state; }
    /// 0 when no process runs.
    qint64 processId() const;
    const LaunchRequest &request() const { return m_request; }
    double progress() const { return m_progress; }

    /// Empty: locateEngine() decides at each start.
    void setProgram(const QString &program) { m_program = program; }
    void setPatience(const Patience &patience) { m_patience = patience; }

signals:
    void stateChanged(plimsoll::app::EngineProcess::State state);
    void loadProgress(double fraction);
    void memoryReported(const plimsoll::app::MemoryFigures &figures);
    void statisticsChanged(const plimsoll::app::GenerationFigures &figures);
    /// A prompt was taken into the conversation; its answer follows as textReceived().
    void promptAccepted(const QString &text);
    void textReceived(const QString &text);
    void generationFinished();
    void failed(const plimsoll::Error &error);

private:
    void setState(State state);
    void start();
    void openClient(quint16 port);
    void engineStateReported(const QString &state, double progress);
    void answerFinished();
    void answerRefused(const Error &error);
    void clientBroke(const Error &error);
    void fail(const Error &error);
    void retire();
    void childGone(ChildEngine *child);

    State m_state = State::Idle;
    LaunchRequest m_request;
    QString m_program;
    Patience m_patience;
    double m_progress = 0;

    ChildEngine *m_child = nullptr;      // the one in use; those on their way out are still children of this object
    EngineClient *m_client = nullptr;
    int m_leaving = 0;                   // processes on their way out
    bool m_startWhenGone = false;

    QJsonArray m_conversation;           // of {role, content}
    QString m_answer;                    // of the running generation
};

} // namespace plimsoll::app
