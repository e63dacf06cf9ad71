// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/serve/access.h>
#include <plimsoll/engine/serve/http_service.h>
#include <plimsoll/engine/serve/requests.h>

#include <httplib.h>

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <atomic>
#include <map>
#include <thread>

using namespace plimsoll;
using namespace plimsoll::engine;
using namespace std::chrono_literals;

namespace {

const char token[] = "0123456789abcdef";

/// What the stand-in for a model does, and what became of it.
struct Behaviour
{
    std::atomic<bool> load = true;         // false: loading waits
    std::atomic<bool> refuse = false;      // loading fails
    std::atomic<bool> hold = false;        // a generation waits before its first piece, until this is lifted or it is cancelled
    std::atomic<int> pieces = 3;
    std::atomic<uint32_t> parallel = 1;
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;             // that ran at once
    std::atomic<int> finished = 0;
    std::atomic<int> cancelled = 0;
};

/// Answers with numbered words; a prompt has one token per byte.
class FakeModel final : public ServedModel
{
public:
    explicit FakeModel(Behaviour &behaviour) : m_behaviour(behaviour) {}

    Result<ChatPrompt> encode(const Prompt &prompt) const override
    {
        const auto *conversation = std::get_if<Conversation>(&prompt);
        const std::string &text = conversation ? conversation->messages.back().content : std::get<std::string>(prompt);
        return ChatPrompt{.tokens = {text.begin(), text.end()}};
    }
    uint32_t context() const override { return 100; }
    MemoryReport memory() const override { return {10, 20, 11, 21, {{"GPU", 30, 31, 3}}}; }

    uint32_t sequences() const override { return m_behaviour.parallel; }

    Result<uint32_t> start(std::vector<TokenId> prompt, Session::GenerateOptions options) override
    {
        uint32_t sequence = 0;
        while (m_running.contains(sequence))
            ++sequence;
        Running &run = m_running[sequence];
        run.options = std::move(options);
        run.result.statistics.promptTokens = static_cast<uint32_t>(prompt.size());
        m_behaviour.most = std::max<int>(m_behaviour.most, ++m_behaviour.running);
        return sequence;
    }

    /// One piece of each; while held, nothing but looking whether it is cancelled.
    std::vector<Batcher::Ended> step() override
    {
        std::vector<Batcher::Ended> ended;
        for (auto &[sequence, run] : m_running) {
            if (m_behaviour.hold && !*run.options.cancel)
                continue;
            if (advance(run))
                ended.push_back({sequence, std::move(run.result)});
        }
        for (const Batcher::Ended &each : ended) {
            m_running.erase(each.sequence);
            --m_behaviour.running;
            ++m_behaviour.finished;
        }
        if (m_behaviour.hold || m_behaviour.pieces > 100)
            std::this_thread::sleep_for(1ms);
        return ended;
    }

private:
    struct Running
    {
        Session::GenerateOptions options;
        Session::Generation result;
    };

    /// Whether it is over.
    bool advance(Running &run)
    {
        Session::Generation &result = run.result;
        const auto i = static_cast<int>(result.tokens.size());
        const std::string piece = "w" + std::to_string(i) + " ";
        result.text += piece;
        result.tokens.push_back(i);
        result.statistics.generatedTokens = static_cast<uint32_t>(result.tokens.size());
        if (run.options.logprobs >= 0) {
            result.logprobs.push_back({{i, piece, -0.5f - static_cast<float>(i)}, {}});
            run.options.onLogprobs(result.logprobs.back());
        }
        if (*run.options.cancel || !run.options.onText(piece)) {
            result.stop = StopReason::Cancelled;
            ++m_behaviour.cancelled;
            return true;
        }
        return i + 1 >= std::min<int>(m_behaviour.pieces, static_cast<int>(run.options.maxTokens));
    }

    Behaviour &m_behaviour;
    std::map<uint32_t, Running> m_running;
};

/// A service on a free port with the stand-in behind it.
class Service
{
public:
    explicit Service(Behaviour &behaviour, const std::string &secret = token, size_t jobs = 3)
        : m_events(2), m_http({secret, "fake", jobs, 2, {}}), m_port(*m_http.bind(0))
    {
        m_thread = std::thread([this, &behaviour, jobs] {
            Scheduler scheduler(
                [&behaviour](const auto &progress, const std::atomic<bool> &cancel) -> Result<std::unique_ptr<ServedModel>> {
                    progress(0.25);
                    while (!behaviour.load && !cancel)
                        std::this_thread::sleep_for(1ms);
                    if (behaviour.refuse)
                        return Error{ErrorCode::FileNotFound, {"x"}};
                    return std::unique_ptr<ServedModel>(std::make_unique<FakeModel>(behaviour));
                },
                m_events, jobs, [this](const Error &) { m_http.stop(); });
            m_http.run(scheduler, m_events);
            m_ended = true;
        });
    }
    ~Service()
    {
        m_http.stop();
        m_thread.join();
    }

    int port() const { return m_port; }
    bool ended() const { return m_ended; }

    httplib::Client client(bool authorized = true) const
    {
        httplib::Client client("127.0.0.1", m_port);
        client.set_read_timeout(20s);
        if (authorized)
            client.set_bearer_token_auth(token);
        return client;
    }

    bool waitReady() const
    {
        return QTest::qWaitFor([this] {
            const auto health = client(false).Get("/health");
            return health && health->status == 200;
        }, 20000);
    }

private:
    EventHub m_events;
    HttpService m_http;
    int m_port;
    std::atomic<bool> m_ended = false;
    std::thread m_thread;
};

QJsonObject object(const std::string &text)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

QString errorCode(const httplib::Result &response)
{
    return object(response->body)[u"error"][u"code"].toString();
}

} // namespace

/// The service over real connections, with a stand-in for the model.
class ServeTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsWhetherItIsReady();
    void asksForTheToken();
    void keepsWebPagesOut_data();
    void keepsWebPagesOut();
    void completes();
    void chats();
    void streams();
    void streamsChat();
    void streamsLogprobs_data();
    void streamsLogprobs();
    void answersSeveralAtOnce();
    void cancelsWhenTheClientLeaves_data();
    void cancelsWhenTheClientLeaves();
    void refusesWhenFull();
    void refusesBadRequests_data();
    void refusesBadRequests();
    void limitsBodies();
    void tellsEvents();
    void limitsEventStreams();
    void endsWhenLoadingFails();
    void stopsWhileGenerating();
    void comparesSecrets();
    void readsHandshakes();
};

void ServeTest::tellsWhetherItIsReady()
{
    Behaviour behaviour;
    behaviour.load = false;
    const Service service(behaviour);
    QTRY_COMPARE(object(service.client(false).Get("/health")->body)[u"progress"].toDouble(), 0.25);
    auto client = service.client();
    const auto loading = client.Get("/health");
    QCOMPARE(loading->status, 503);
    QCOMPARE(object(loading->body)[u"status"].toString(), u"loading"_qs);
    const auto early = client.Post("/v1/completions", R"({"prompt":"a"})", "application/json");
    QCOMPARE(early->status, 503);
    QCOMPARE(errorCode(early), u"service-loading"_qs);
    behaviour.load = true;
    QVERIFY(service.waitReady());
    QCOMPARE(object(client.Get("/v1/models")->body)[u"data"][0][u"id"].toString(), u"fake"_qs);
}

void ServeTest::asksForTheToken()
{
    Behaviour behaviour;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    auto stranger = service.client(false);
    QCOMPARE(stranger.Get("/health")->status, 200);
    for (const char *path : {"/v1/models", "/plimsoll/events", "/nothing"})
        QCOMPARE(stranger.Get(path)->status, 401);
    const auto refused = stranger.Post("/v1/completions", R"({"prompt":"a"})", "application/json");
    QCOMPARE(refused->status, 401);
    QCOMPARE(errorCode(refused), u"request-refused"_qs);
    stranger.set_bearer_token_auth("0123456789abcdeX");
    QCOMPARE(stranger.Get("/v1/models")->status, 401);
    QCOMPARE(service.client().Get("/v1/models")->status, 200);
    QCOMPARE(service.client().Get("/nothing")->status, 404);

    const Service open(behaviour, "");
    QVERIFY(open.waitReady());
    QCOMPARE(open.client(false).Get("/v1/models")->status, 200);
}

void ServeTest::keepsWebPagesOut_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("status");
    QTest::newRow("own name") << u"Host"_qs << u"localhost:%1"_qs << 200;
    QTest::newRow("rebound name") << u"Host"_qs << u"evil.example:%1"_qs << 403;
    QTest::newRow("no port") << u"Host"_qs << u"127.0.0.1"_qs << 403;
    QTest::newRow("other port") << u"Host"_qs << u"127.0.0.1:1"_qs << 403;
    QTest::newRow("own origin") << u"Origin"_qs << u"http://localhost:3000"_qs << 200;
    QTest::newRow("other origin") << u"Origin"_qs << u"https://evil.example"_qs << 403;
    QTest::newRow("pretended origin") << u"Origin"_qs << u"http://localhost.evil.example"_qs << 403;
    QTest::newRow("pretended port") << u"Origin"_qs << u"http://127.0.0.1:80@evil.example"_qs << 403;
    QTest::newRow("no origin") << u"Origin"_qs << u"null"_qs << 403;
}

void ServeTest::keepsWebPagesOut()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(int, status);
    Behaviour behaviour;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    const std::string given = value.replace(u"%1"_qs, QString::number(service.port())).toStdString();
    QCOMPARE(service.client().Get("/v1/models", {{name.toStdString(), given}})->status, status);
    QCOMPARE(service.client().Get("/health", {{name.toStdString(), given}})->status, status);
}

void ServeTest::completes()
{
    Behaviour behaviour;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    const auto answer = service.client().Post("/v1/completions", R"({"prompt":"abc","max_tokens":2,"temperature":0})", "application/json");
    QCOMPARE(answer->status, 200);
    const QJsonObject json = object(answer->body);
    QCOMPARE(json[u"object"].toString(), u"text_completion"_qs);
    QCOMPARE(json[u"choices"][0][u"text"].toString(), u"w0 w1 "_qs);
    QCOMPARE(json[u"choices"][0][u"finish_reason"].toString(), u"length"_qs);
    QCOMPARE(json[u"usage"][u"prompt_tokens"].toInt(), 3);
    QCOMPARE(json[u"usage"][u"total_tokens"].toInt(), 5);
    QCOMPARE(json[u"timings"][u"generated_tokens"].toInt(), 2);
}

void ServeTest::chats()
{
    Behaviour behaviour;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    const char body[] = R"({"messages":[{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"hello"}]}]})";
    const auto answer = service.client().Post("/v1/chat/completions", body, "application/json");
    QCOMPARE(answer->status, 200);
    const QJsonObject json = object(answer->body);
    QCOMPARE(json[u"object"].toString(), u"chat.completion"_qs);
    QCOMPARE(json[u"choices"][0][u"message"][u"content"].toString(), u"w0 w1 w2 "_qs);
    QCOMPARE(json[u"choices"][0][u"message"][u"role"].toString(), u"assistant"_qs);
    QCOMPARE(json[u"usage"][u"prompt_tokens"].toInt(), 5);
}

void ServeTest::streams()
{
    Behaviour behaviour;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    const auto answer = service.client().Post("/v1/completions", R"({"prompt":"a","stream":true})", "application/json");
    QCOMPARE(answer->get_header_value("Content-Type"), std::string("text/event-stream"));
    const QStringList events = QString::fromStdString(answer->body).split(u"\n\n"_qs, Qt::SkipEmptyParts);
    QVERIFY(events.size() >= 3);
    QCOMPARE(events.last(), u"data: [DONE]"_qs);
    QString text;
    for (qsizetype i = 0; i + 1 < events.size(); ++i) {
        QVERIFY(events[i].startsWith(u"data: "));
        const QJsonObject json = object(events[i].mid(6).toStdString());
        text += json[u"choices"][0][u"text"].toString();
        const bool isLast = i + 2 == events.size();
        QCOMPARE(json.contains(u"timings"), isLast);
        QCOMPARE(json[u"choices"][0][u"finish_reason"].isString(), isLast);
    }
    QCOMPARE(text, u"w0 w1 w2 "_qs);
}

void ServeTest::streamsChat()
{
    Behaviour behaviour;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    const char body[] = R"({"messages":[{"role":"user","content":"hi"}],"stream":true})";
    const auto answer = service.client().Post("/v1/chat/completions", body, "application/json");
    const QStringList events = QString::fromStdString(answer->body).split(u"\n\n"_qs, Qt::SkipEmptyParts);
    QCOMPARE(object(events.first().mid(6).toStdString())[u"choices"][0][u"delta"][u"role"].toString(), u"assistant"_qs);
    const QJsonObject last = object(events[events.size() - 2].mid(6).toStdString());
    QCOMPARE(last[u"object"].toString(), u"chat.completion.chunk"_qs);
    QVERIFY(last[u"choices"][0][u"delta"].toObject().isEmpty());
    QCOMPARE(last[u"usage"][u"completion_tokens"].toInt(), 3);
}

void ServeTest::streamsLogprobs_data()
{
    QTest::addColumn<bool>("chat");
    QTest::newRow("completion") << false;
    QTest::newRow("conversation") << true;
}

/// Each piece brings those of its own tokens, and none comes twice.
void ServeTest::streamsLogprobs()
{
    QFETCH(bool, chat);
    Behaviour behaviour;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    const auto answer = chat
        ? service.client().Post("/v1/chat/completions", R"({"messages":[{"role":"user","content":"a"}],"stream":true,"logprobs":true})",
              "application/json")
        : service.client().Post("/v1/completions", R"({"prompt":"a","stream":true,"logprobs":1})", "application/json");
    const QStringList events = QString::fromStdString(answer->body).split(u"\n\n"_qs, Qt::SkipEmptyParts);
    QString text;
    QString tokens;
    for (qsizetype i = 0; i + 1 < events.size(); ++i) {
        const QJsonObject choice = object(events[i].mid(6).toStdString())[u"choices"][0].toObject();
        text += chat ? choice[u"delta"][u"content"].toString() : choice[u"text"].toString();
        for (const QJsonValue each : choice[u"logprobs"][u"content"].toArray())
            tokens += each[u"token"].toString();
        for (const QJsonValue each : choice[u"logprobs"][u"tokens"].toArray())
            tokens += each.toString();
        QCOMPARE(tokens, text);
    }
    QCOMPARE(text, u"w0 w1 w2 "_qs);
}

/// As many as there are sequences; one that leaves makes room for the next.
void ServeTest::answersSeveralAtOnce()
{
    Behaviour behaviour;
    behaviour.parallel = 2;
    behaviour.hold = true;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    QMutex mutex;
    QByteArray seen;
    auto listener = service.client();
    std::thread listening([&] {
        (void)listener.Get("/plimsoll/events", [&](const char *data, size_t bytes) {
            const QMutexLocker lock(&mutex);
            seen.append(data, static_cast<qsizetype>(bytes));
            return true;
        });
    });
    std::vector<httplib::Client> clients;
    for (int i = 0; i < 3; ++i)
        clients.push_back(service.client());
    std::vector<std::thread> asking;
    std::atomic<int> answered = 0;
    for (auto &client : clients) {
        asking.emplace_back([&] {
            const auto answer = client.Post("/v1/completions", R"({"prompt":"abc","stream":true})", "application/json");
            answered += answer && answer->status == 200 && answer->body.find("[DONE]") != std::string::npos;
        });
        QTest::qWait(100);   // in this order
    }
    const bool both = QTest::qWaitFor([&] { return behaviour.running == 2; }, 20000);
    clients[0].stop();
    const bool freed = QTest::qWaitFor([&] { return behaviour.cancelled == 1 && behaviour.running == 2; }, 20000);
    behaviour.hold = false;
    for (std::thread &thread : asking)
        thread.join();
    const auto saw = [&](const QByteArray &text) {
        return QTest::qWaitFor([&] {
            const QMutexLocker lock(&mutex);
            return seen.contains(text);
        }, 20000);
    };
    const bool told = saw("event: sequences\ndata: {\"running\":2,\"waiting\":0,\"parallel\":2}") && saw("\"sequence\":0}")
        && saw("\"sequence\":1}") && saw("{\"running\":0,\"waiting\":0,\"parallel\":2}");
    listener.stop();
    listening.join();
    QVERIFY(both && freed && told);
    QCOMPARE(behaviour.most.load(), 2);
    QCOMPARE(answered.load(), 2);
}

void ServeTest::cancelsWhenTheClientLeaves_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<bool>("started");
    QTest::newRow("in the middle of a stream") << true << true;
    QTest::newRow("while a whole answer is made") << false << true;
    QTest::newRow("before anything came") << true << false;
}

void ServeTest::cancelsWhenTheClientLeaves()
{
    QFETCH(bool, stream);
    QFETCH(bool, started);
    Behaviour behaviour;
    behaviour.pieces = 1000000;
    behaviour.hold = !started;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    auto client = service.client();
    std::thread asking([&] {
        const char *body = stream ? R"({"prompt":"a","stream":true,"max_tokens":1000000})" : R"({"prompt":"a","max_tokens":1000000})";
        (void)client.Post("/v1/completions", body, "application/json");
    });
    const bool ran = QTest::qWaitFor([&] { return behaviour.running == 1; }, 20000);
    QElapsedTimer timer;
    timer.start();
    client.stop();
    const bool stopped = QTest::qWaitFor([&] { return behaviour.finished == 1; }, 20000);
    qInfo("cancelled after %lld ms", static_cast<long long>(timer.elapsed()));
    asking.join();
    QVERIFY(ran && stopped);
    QCOMPARE(behaviour.cancelled.load(), 1);
    behaviour.pieces = 1;
    behaviour.hold = false;
    QCOMPARE(service.client().Post("/v1/completions", R"({"prompt":"a"})", "application/json")->status, 200);   // and it goes on
}

void ServeTest::refusesWhenFull()
{
    Behaviour behaviour;
    behaviour.hold = true;
    const Service service(behaviour);   // three at once
    QVERIFY(service.waitReady());
    std::vector<std::thread> asking;
    std::atomic<int> answered = 0;
    std::atomic<int> refused = 0;
    for (int i = 0; i < 4; ++i) {       // whichever comes last finds it full; the others wait for what is held
        asking.emplace_back([&] {
            const auto answer = service.client().Post("/v1/completions", R"({"prompt":"a"})", "application/json");
            answered += answer && answer->status == 200;
            refused += answer && answer->status == 429 && errorCode(answer) == u"service-busy";
        });
    }
    const bool full = QTest::qWaitFor([&] { return refused == 1; }, 15000);
    const int health = service.client().Get("/health")->status;
    behaviour.hold = false;
    for (std::thread &thread : asking)
        thread.join();
    QVERIFY(full);
    QCOMPARE(health, 200);
    QCOMPARE(answered.load(), 3);
    QCOMPARE(refused.load(), 1);
}

void ServeTest::refusesBadRequests_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("chat");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("field");
    const auto invalid = [](const char *name, const QByteArray &body) {
        QTest::newRow(name) << body << false << u"json-invalid"_qs << QString();
    };
    const auto field = [](const char *name, const QByteArray &rest, const char *wrong) {
        QTest::newRow(name) << "{\"prompt\":\"a\"," + rest + "}" << false << u"json-field"_qs << QString::fromLatin1(wrong);
    };
    const auto message = [](const char *name, const QByteArray &messages, const char *wrong) {
        QTest::newRow(name) << "{\"messages\":" + messages + "}" << true << u"json-field"_qs << QString::fromLatin1(wrong);
    };
    invalid("empty", "");
    invalid("cut off", "{\"prompt\":\"a");
    invalid("list", "[1]");
    invalid("not UTF-8", "{\"prompt\":\"\xff\xfe\"}");
    invalid("huge number", "{\"prompt\":\"a\",\"temperature\":1e999}");
    invalid("deep", "{\"prompt\":" + QByteArray(100000, '[') + "}");
    invalid("wide", "{\"prompt\":[" + QByteArray("[],").repeated(200000) + "1]}");
    QTest::newRow("no prompt") << QByteArray("{}") << false << u"json-field"_qs << u"prompt"_qs;
    QTest::newRow("prompt a number") << QByteArray("{\"prompt\":1}") << false << u"json-field"_qs << u"prompt"_qs;
    field("no tokens", "\"max_tokens\":0", "max_tokens");
    field("negative tokens", "\"max_tokens\":-5", "max_tokens");
    field("too many tokens", "\"max_tokens\":18446744073709551615", "max_tokens");
    field("half a token", "\"max_tokens\":1.5", "max_tokens");
    field("temperature", "\"temperature\":-1", "temperature");
    field("temperature a text", "\"temperature\":\"1\"", "temperature");
    field("top_p", "\"top_p\":1.01", "top_p");
    field("top_k", "\"top_k\":4294967296", "top_k");
    field("min_p", "\"min_p\":true", "min_p");
    field("penalty", "\"repeat_penalty\":0", "repeat_penalty");
    field("seed", "\"seed\":-2", "seed");
    field("stop", "\"stop\":[\"a\",1]", "stop");
    field("empty stop", "\"stop\":\"\"", "stop");
    field("many stops", "\"stop\":[" + QByteArray("\"a\",").repeated(20) + "\"b\"]", "stop");
    field("stream", "\"stream\":1", "stream");
    field("several answers", "\"n\":2", "n");
    message("no messages", "[]", "messages");
    message("messages a text", "\"x\"", "messages");
    message("a message a number", "[1]", "messages.role");
    message("a strange role", "[{\"role\":\"root\",\"content\":\"x\"}]", "messages.role");
    message("no content", "[{\"role\":\"user\"}]", "messages.content");
    message("an image", "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", "messages.content");
    QTest::newRow("empty prompt") << QByteArray("{\"prompt\":\"\"}") << false << u"invalid-argument"_qs << u"prompt"_qs;
    QTest::newRow("too long") << "{\"prompt\":\"" + QByteArray(101, 'x') + "\"}" << false << u"context-too-long"_qs << u"101"_qs;
}

void ServeTest::refusesBadRequests()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, chat);
    QFETCH(QString, code);
    QFETCH(QString, field);
    static Behaviour behaviour;
    static const Service service(behaviour);
    QVERIFY(service.waitReady());
    const auto answer
        = service.client().Post(chat ? "/v1/chat/completions" : "/v1/completions", body.toStdString(), "application/json");
    QCOMPARE(answer->status, 400);
    QCOMPARE(errorCode(answer), code);
    const QJsonObject error = object(answer->body)[u"error"].toObject();
    QVERIFY(!error[u"message"].toString().isEmpty());
    if (!field.isEmpty())
        QVERIFY(error[u"arguments"].toArray().contains(field));
    QCOMPARE(behaviour.finished.load(), 0);
}

void ServeTest::limitsBodies()
{
    Behaviour behaviour;
    const Service service(behaviour);
    QVERIFY(service.waitReady());
    const auto tooLong = service.client().Post("/v1/completions", {{"Content-Length", "99999999999"}}, "x", 1, "application/json");
    QCOMPARE(tooLong->status, 413);
    QCOMPARE(errorCode(tooLong), u"request-refused"_qs);
    const auto chunked = service.client().Post("/v1/completions", [](size_t, httplib::DataSink &sink) {
        sink.done();
        return true;
    }, "application/json");
    QVERIFY(chunked && chunked->status == 411);
    const auto packed = service.client().Post("/v1/completions", {{"Content-Encoding", "gzip"}}, "x", 1, "application/json");
    QCOMPARE(packed->status, 415);
}

void ServeTest::tellsEvents()
{
    Behaviour behaviour;
    behaviour.load = false;
    const Service service(behaviour);
    QTRY_COMPARE(object(service.client(false).Get("/health")->body)[u"progress"].toDouble(), 0.25);
    QMutex mutex;
    QByteArray seen;
    auto listener = service.client();
    std::thread listening([&] {
        (void)listener.Get("/plimsoll/events", [&](const char *data, size_t bytes) {
            const QMutexLocker lock(&mutex);
            seen.append(data, static_cast<qsizetype>(bytes));
            return true;
        });
    });
    const auto saw = [&](const QByteArray &text) {
        return QTest::qWaitFor([&] {
            const QMutexLocker lock(&mutex);
            return seen.contains(text);
        }, 20000);
    };
    const bool loading = saw("event: state\ndata: {\"state\":\"loading\",\"progress\":0.25}\n\n");
    behaviour.load = true;
    const bool ready = saw("{\"state\":\"ready\",\"progress\":1.0}");
    const bool memory = saw("event: memory\n"
                            "data: {\"actual\":{\"mapped\":21,\"owned\":11},"
                            "\"devices\":[{\"actual\":31,\"name\":\"GPU\",\"overhead\":3,\"predicted\":30}],"
                            "\"predicted\":{\"mapped\":20,\"owned\":10}}\n\n");
    (void)service.client().Post("/v1/completions", R"({"prompt":"abc"})", "application/json");
    const bool generating = saw("{\"state\":\"generating\",\"progress\":1.0}");
    const bool speed = saw("event: speed\ndata: {\"prompt_tokens\":3,\"generated_tokens\":3,");
    listener.stop();
    listening.join();
    QVERIFY(loading && ready && memory && generating && speed);
    QVERIFY2(seen.startsWith("event: state\n"), seen);
    QVERIFY(seen.indexOf("generating") < seen.lastIndexOf("ready"));
}

void ServeTest::limitsEventStreams()
{
    Behaviour behaviour;
    const Service service(behaviour);   // two at most
    QVERIFY(service.waitReady());
    std::vector<httplib::Client> clients;
    std::vector<std::thread> listening;
    std::atomic<int> open = 0;
    for (int i = 0; i < 2; ++i)
        clients.push_back(service.client());
    for (auto &client : clients) {
        listening.emplace_back([&] {
            bool first = true;
            (void)client.Get("/plimsoll/events", [&](const char *, size_t) {
                open += first;
                first = false;
                return true;
            });
        });
    }
    const bool both = QTest::qWaitFor([&] { return open == 2; }, 20000);
    const auto third = service.client().Get("/plimsoll/events");
    const auto answer = service.client().Post("/v1/completions", R"({"prompt":"abc"})", "application/json");
    for (auto &client : clients)
        client.stop();
    for (std::thread &thread : listening)
        thread.join();
    QVERIFY(both);
    QCOMPARE(third->status, 503);
    QCOMPARE(errorCode(third), u"service-busy"_qs);
    QCOMPARE(answer->status, 200);
    const bool again = QTest::qWaitFor([&] {   // places of those who left are free again
        bool came = false;
        (void)service.client().Get("/plimsoll/events", [&](const char *, size_t) {
            came = true;
            return false;
        });
        return came;
    }, 20000);
    QVERIFY(again);
}

void ServeTest::endsWhenLoadingFails()
{
    Behaviour behaviour;
    behaviour.refuse = true;
    const Service service(behaviour);
    QTRY_VERIFY_WITH_TIMEOUT(service.ended(), 20000);
}

void ServeTest::stopsWhileGenerating()
{
    Behaviour behaviour;
    behaviour.pieces = 1000000;
    std::thread asking;
    {
        const Service service(behaviour);
        QVERIFY(service.waitReady());
        asking = std::thread([client = std::make_shared<httplib::Client>("127.0.0.1", service.port())] {
            client->set_bearer_token_auth(token);
            (void)client->Post("/v1/completions", R"({"prompt":"a","stream":true,"max_tokens":1000000})", "application/json");
        });
        QTRY_COMPARE_WITH_TIMEOUT(behaviour.running.load(), 1, 20000);
    }
    asking.join();
    QCOMPARE(behaviour.cancelled.load(), 1);
}

void ServeTest::comparesSecrets()
{
    QVERIFY(sameSecret("abc", "abc"));
    QVERIFY(!sameSecret("abc", "abd"));
    QVERIFY(!sameSecret("abc", "ab"));
    QVERIFY(!sameSecret("abc", "abcabc"));
    QVERIFY(!sameSecret("abc", ""));
    QVERIFY(!sameSecret("", "a"));
    QCOMPARE(std::string(bearerToken("Bearer x y")), std::string("x y"));
    QVERIFY(bearerToken("Basic x").empty());
}

void ServeTest::readsHandshakes()
{
    QCOMPARE(*readHandshake(R"({"protocol":1,"token":"0123456789abcdef"})"), std::string("0123456789abcdef"));
    for (const char *line : {"", "x", "{}", R"({"protocol":2,"token":"0123456789abcdef"})", R"({"protocol":1})",
             R"({"protocol":1,"token":""})", R"({"protocol":1,"token":7})", R"({"protocol":"1","token":"0123456789abcdef"})"}) {
        QVERIFY(!readHandshake(line).ok());
    }
}

QTEST_GUILESS_MAIN(ServeTest)
#include "tst_serve.moc"
