// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

/// An engine without a model, for tests of what the window does with good and bad ones. A test program becomes it when it is
/// started as `serve …`; the environment variable FAKE_ENGINE says how it behaves.
class FakeEngine
{
public:
    static bool wanted(int argc, char **argv) { return argc > 1 && (std::string(argv[1]) == "serve" || std::string(argv[1]) == "devices"); }

    static int run(int argc, char **argv)
    {
        QCoreApplication application(argc, argv);
        FakeEngine engine(qEnvironmentVariable("FAKE_ENGINE", QStringLiteral("good")));
        if (std::string(argv[1]) == "devices")
            return engine.devices();
        engine.start();
        return QCoreApplication::exec();
    }

    /// For the duration of a test.
    static void behave(const char *how) { qputenv("FAKE_ENGINE", how); }

private:
    explicit FakeEngine(const QString &mode) : m_mode(mode), m_input(STDIN_FILENO, QSocketNotifier::Read) {}

    bool is(const char *mode) const { return m_mode == QLatin1String(mode); }

    static void say(const QByteArray &line)
    {
        std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stdout);
        std::fputc('\n', stdout);
        std::fflush(stdout);
    }

    int devices()
    {
        if (is("silent"))
            return QCoreApplication::exec();
        if (is("garbage"))
            say("this is no JSON");
        else if (is("exit"))
            return std::fputs("no such thing\n", stderr), 7;
        else if (is("flood"))
            flood();
        else
            say(R"({"name":"fake","gpus":[{"name":"Fake GPU","total":8589934592,"free":4294967296}],"cpu":{"model":"Fake CPU",)"
                R"("physicalCores":4,"logicalCores":8},"ram":{"total":34359738368,"available":17179869184},"disks":[],"backends":[]})");
        return 0;
    }

    [[noreturn]] static void flood()
    {
        const std::string block(65536, 'x');
        for (;;)
            std::fwrite(block.data(), 1, block.size(), stdout);
    }

    void start()
    {
        if (is("stubborn"))
            std::signal(SIGTERM, SIG_IGN);
        QObject::connect(&m_input, &QSocketNotifier::activated, QCoreApplication::instance(), [this] { readInput(); });
        QObject::connect(&m_server, &QTcpServer::newConnection, QCoreApplication::instance(), [this] { accept(); });
    }

    void readInput()
    {
        char bytes[512];
        const ssize_t size = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (size <= 0) {
            m_input.setEnabled(false);
            if (!is("stubborn"))
                std::_Exit(0);
            return;
        }
        m_line.append(bytes, size);
        if (m_line.endsWith('\n') && m_token.isEmpty()) {
            m_token = QJsonDocument::fromJson(m_line).object().value(QStringLiteral("token")).toString().toLatin1();
            shakeHands();
        }
    }

    void shakeHands()
    {
        if (is("mute"))
            return;
        if (is("garbage"))
            return say("Segmentation fault, or so it seems");
        if (is("flood"))
            flood();
        if (is("exit")) {
            std::fputs("first line\nthe last words\n", stderr);
            std::exit(7);
        }
        if (is("killed"))
            std::raise(SIGKILL);
        m_server.listen(QHostAddress::LocalHost);
        const QJsonObject hello{{QStringLiteral("event"), QStringLiteral("listening")},
            {QStringLiteral("protocol"), is("protocol") ? 99 : 1},
            {QStringLiteral("version"), is("version") ? QStringLiteral("9.9.9") : QStringLiteral(PLIMSOLL_VERSION)},
            {QStringLiteral("port"), is("port") ? 70000 : m_server.serverPort()}};
        say(QJsonDocument(hello).toJson(QJsonDocument::Compact));
        if (is("load-fails")) {
            QTimer::singleShot(50, QCoreApplication::instance(), [] {
                say(R"({"event":"failed","error":{"code":"not-enough-memory","arguments":["RAM","9000000000","1000000000"]}})");
                std::exit(3);
            });
        }
        if (is("crash-loading"))
            QTimer::singleShot(50, QCoreApplication::instance(), [] { crash(); });
    }

    [[noreturn]] static void crash()
    {
        std::signal(SIGSEGV, SIG_DFL);
        std::raise(SIGSEGV);
        std::_Exit(1);
    }

    void accept()
    {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            QObject::connect(socket, &QTcpSocket::readyRead, QCoreApplication::instance(), [this, socket] { answer(socket); });
            QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        }
    }

    void answer(QTcpSocket *socket)
    {
        QByteArray request = socket->property("request").toByteArray() + socket->readAll();
        socket->setProperty("request", request);
        const qsizetype end = request.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        const QByteArray head = request.left(end);
        const QByteArray lower = head.toLower();
        const qsizetype at = lower.indexOf("content-length:");
        const qsizetype length = at < 0 ? 0 : lower.mid(at + 15, lower.indexOf('\r', at) - at - 15).trimmed().toLongLong();
        if (request.size() < end + 4 + length)
            return;
        socket->setProperty("request", QByteArray());
        if (!lower.contains("authorization: bearer " + m_token))
            return refuse(socket, "401 Unauthorized", R"({"error":{"code":"request-refused","arguments":["401","token"]}})");
        if (head.startsWith("GET /plimsoll/events"))
            sendEvents(socket);
        else if (head.startsWith("POST /v1/chat/completions"))
            sendAnswer(socket, QJsonDocument::fromJson(request.mid(end + 4)).object());
    }

    static void refuse(QTcpSocket *socket, const QByteArray &status, const QByteArray &body)
    {
        socket->write("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size())
            + "\r\nConnection: close\r\n\r\n" + body);
        socket->disconnectFromHost();
    }

    static void beginStream(QTcpSocket *socket)
    {
        socket->write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    static void send(QTcpSocket *socket, const QByteArray &bytes)
    {
        socket->write(QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n");
        socket->flush();
    }

    static void event(QTcpSocket *socket, const QByteArray &name, const QByteArray &data)
    {
        send(socket, "event: " + name + "\ndata: " + data + "\n\n");
    }

    void sendEvents(QTcpSocket *socket)
    {
        if (is("events-refused"))
            return refuse(socket, "500 Internal Server Error", "{}");
        beginStream(socket);
        m_events = socket;
        QObject::connect(socket, &QObject::destroyed, QCoreApplication::instance(), [this] { m_events = nullptr; });
        if (is("silent"))
            return send(socket, ": ping\n\n");
        if (is("huge-event"))
            return send(socket, "event: state\ndata: " + QByteArray(4 << 20, 'x'));
        if (is("bad-event"))
            return event(socket, "state", "{\"state\":");
        event(socket, "state", R"({"state":"loading","progress":0.25})");
        if (is("load-fails") || is("crash-loading") || is("slow"))
            return;
        event(socket, "state", R"({"state":"loading","progress":0.75})");
        event(socket, "memory",
            R"({"predicted":{"owned":1073741824,"mapped":2147483648},"actual":{"owned":1084227584,"mapped":2147483648}})");
        event(socket, "state", R"({"state":"ready","progress":1})");
    }

    void sendAnswer(QTcpSocket *socket, const QJsonObject &body)
    {
        if (is("refuse"))
            return refuse(socket, "400 Bad Request", R"({"error":{"code":"context-too-long","arguments":["5000","4096"],"message":"m"}})");
        if (is("answer-500"))
            return refuse(socket, "500 Internal Server Error", "oops");
        beginStream(socket);
        if (is("bad-chunk"))
            return send(socket, "data: {]\n\n");
        if (is("crash-generating")) {
            chunk(socket, QStringLiteral("Once"));
            QTimer::singleShot(30, QCoreApplication::instance(), [] { crash(); });
            return;
        }
        if (is("endless"))
            return streamForever(socket);
        const QJsonArray messages = body.value(QStringLiteral("messages")).toArray();
        speakTo(messages.last().toObject().value(QStringLiteral("content")).toString(), messages.size(), socket);
    }

    void streamForever(QTcpSocket *socket)
    {
        auto *timer = new QTimer(socket);
        QObject::connect(timer, &QTimer::timeout, socket, [this, socket] { chunk(socket, QStringLiteral("again ")); });
        timer->start(5);
    }

    /// "n: text ✓", with the last character cut in two on its way.
    void speakTo(const QString &text, qsizetype messages, QTcpSocket *socket)
    {
        chunk(socket, QString::number(messages) + QStringLiteral(": "));
        chunk(socket, text);
        const QByteArray mark = "data: " + chunkJson(QStringLiteral(" ✓")) + "\n\n";
        const qsizetype cut = mark.indexOf("\xE2\x9C\x93") + 1;
        send(socket, mark.left(cut));
        QTimer::singleShot(20, socket, [this, socket, mark, cut] {
            send(socket, mark.mid(cut));
            const QByteArray speed = R"({"prompt_tokens":12,"generated_tokens":5,"prefill_tokens_per_second":90.5,)"
                                     R"("decode_tokens_per_second":33.25,"time_to_first_token_ms":132.5})";
            if (m_events)
                event(m_events, "speed", speed);
            send(socket, R"(data: {"choices":[{"delta":{},"finish_reason":"stop"}],"timings":)" + speed + "}\n\n");
            send(socket, "data: [DONE]\n\n");
            socket->write("0\r\n\r\n");
        });
    }

    static QByteArray chunkJson(const QString &text)
    {
        const QJsonObject delta{{QStringLiteral("content"), text}};
        const QJsonObject choice{{QStringLiteral("index"), 0}, {QStringLiteral("delta"), delta}};
        return QJsonDocument(QJsonObject{{QStringLiteral("choices"), QJsonArray{choice}}}).toJson(QJsonDocument::Compact);
    }

    static void chunk(QTcpSocket *socket, const QString &text) { send(socket, "data: " + chunkJson(text) + "\n\n"); }

    QString m_mode;
    QSocketNotifier m_input;
    QByteArray m_line;
    QByteArray m_token;
    QTcpServer m_server;
    QTcpSocket *m_events = nullptr;
};
