// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/device_probe.h"
#include "bridge/engine_answers.h"
#include "bridge/engine_locator.h"
#include "bridge/engine_process.h"
#include "bridge/event_stream.h"
#include "bridge/format.h"
#include "bridge/sentences.h"
#include "fake_engine.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

using namespace plimsoll;
using namespace plimsoll::app;
using State = EngineProcess::State;

namespace {

bool alive(qint64 pid)
{
    return ::kill(static_cast<pid_t>(pid), 0) == 0;
}

/// An engine that is this test program itself, as FakeEngine.
struct Fixture
{
    explicit Fixture(const char *how)
    {
        FakeEngine::behave(how);
        engine.setProgram(QCoreApplication::applicationFilePath());
        engine.setPatience({10000, 10000, 200});
    }

    void launch() { engine.launch({QStringLiteral("/models/some.gguf")}); }

    bool becomes(State state)
    {
        return QTest::qWaitFor([&] { return engine.state() == state; }, 20000);
    }

    Error error() const { return failures.isEmpty() ? Error() : failures.first().first().value<Error>(); }

    EngineProcess engine;
    QSignalSpy failures{&engine, &EngineProcess::failed};
    QSignalSpy finished{&engine, &EngineProcess::generationFinished};
};

std::string argument(const Error &error, size_t index)
{
    return index < error.arguments.size() ? error.arguments[index] : std::string();
}

} // namespace

class Bridge : public QObject
{
    Q_OBJECT

private slots:
    void init() { QLocale::setDefault(QLocale(QStringLiteral("en_US"))); }

    // event stream
    void eventsInAnyPieces_data()
    {
        QTest::addColumn<int>("piece");
        for (int piece : {1, 2, 3, 7, 1000})
            QTest::addRow("%d bytes", piece) << piece;
    }

    void eventsInAnyPieces()
    {
        QFETCH(int, piece);
        const QByteArray stream = "\xEF\xBB\xBF: ping\n\nevent: state\r\ndata: {\"a\":1}\r\n\r\ndata:one\ndata: two\n\nid: 7\nretry: 3\n\n"
                                  "event: empty\n\ndata\n\ndata: \xE2\x9C\x93\r\rdata: unfinished";
        EventStream parser;
        QList<StreamEvent> events;
        for (qsizetype at = 0; at < stream.size(); at += piece)
            events += parser.feed(stream.mid(at, piece));
        QCOMPARE(events.size(), 4);
        QCOMPARE(events[0].name, QByteArray("state"));
        QCOMPARE(events[0].data, QByteArray("{\"a\":1}"));
        QCOMPARE(events[1].name, QByteArray("message"));
        QCOMPARE(events[1].data, QByteArray("one\ntwo"));
        QCOMPARE(events[2].data, QByteArray(""));
        QCOMPARE(events[3].data, QByteArray("\xE2\x9C\x93"));
        QVERIFY(!parser.overrun());
    }

    void overlongEventsEndTheStream()
    {
        EventStream line(100);
        QVERIFY(line.feed("data: " + QByteArray(200, 'x')).isEmpty());
        QVERIFY(line.overrun());
        QVERIFY(line.feed("\n\ndata: 1\n\n").isEmpty());
        EventStream many(100);
        for (int i = 0; i < 50; ++i)
            many.feed("data: 0123456789\n");
        QVERIFY(many.overrun());
        EventStream comments(100);
        for (int i = 0; i < 1000; ++i)
            comments.feed(": ping\n\n");
        QVERIFY(!comments.overrun());
    }

    // answers
    void handshakes()
    {
        const auto read = [](const char *line) { return readHandshake(line, QStringLiteral("1.0.0")); };
        const auto good = read(R"({"event":"listening","protocol":1,"version":"1.0.0","port":4711})");
        QVERIFY(good.ok());
        QCOMPARE(good->port, quint16(4711));
        QCOMPARE(read("").error().code, ErrorCode::EngineNoAnswer);
        QCOMPARE(read("[1]").error().code, ErrorCode::EngineNoAnswer);
        QCOMPARE(read(R"({"event":"listening","protocol":1,"version":"1.0.0","port":0})").error().code, ErrorCode::EngineNoAnswer);
        QCOMPARE(read(R"({"event":"listening","protocol":2,"version":"1.0.0","port":1})").error().code, ErrorCode::EngineMismatch);
        const Error version = read(R"({"event":"listening","protocol":1,"version":"0.9","port":1})").error();
        QCOMPARE(version.code, ErrorCode::EngineMismatch);
        QCOMPARE(argument(version, 0), std::string("0.9"));
        QCOMPARE(argument(version, 2), std::string("1.0.0"));
        const Error failed = read(R"({"event":"failed","error":{"code":"file-not-found","arguments":["/x"]}})").error();
        QCOMPARE(failed.code, ErrorCode::FileNotFound);
        QCOMPARE(argument(failed, 0), std::string("/x"));
    }

    void hostileAnswers()
    {
        QVERIFY(!readState("{}"));
        QVERIFY(!readState("{\"state\":3}"));
        QCOMPARE(readState(R"({"state":"loading","progress":1e300})")->progress, 1.0);
        QCOMPARE(readState(R"({"state":"loading","progress":-4})")->progress, 0.0);
        QVERIFY(!readMemory(R"({"predicted":7})"));
        QCOMPARE(readMemory(R"({"predicted":{"owned":-1,"mapped":"x"},"actual":{}})")->predictedOwned.value, uint64_t(0));
        QCOMPARE(readSpeed(R"({"generated_tokens":1e20})")->generatedTokens, 4294967295u);
        QVERIFY(!readChatChunk("nonsense"));
        QCOMPARE(readChatChunk("{\"choices\":7}")->text, QString());
        QVERIFY(!readChatChunk(QByteArray(100000, '[')));
        QByteArray many = R"({"error":{"code":"internal","arguments":[)";
        for (int i = 0; i < 1000; ++i)
            many += "\"" + QByteArray(5000, 'y') + "\",";
        many += "1]}}";
        const auto error = readError(many);
        QVERIFY(error);
        QVERIFY(error->arguments.size() <= 8);
        QVERIFY(error->arguments[0].size() <= 2000);
        QCOMPARE(readError(R"({"error":{"code":"from-the-future","message":"m"}})")->code, ErrorCode::Internal);
    }

    // the process
    void launchesTalksAndUnloads()
    {
        Fixture f("good");
        QSignalSpy states(&f.engine, &EngineProcess::stateChanged);
        QSignalSpy progress(&f.engine, &EngineProcess::loadProgress);
        QSignalSpy memory(&f.engine, &EngineProcess::memoryReported);
        QSignalSpy speed(&f.engine, &EngineProcess::statisticsChanged);
        QString text;
        connect(&f.engine, &EngineProcess::textReceived, this, [&](const QString &piece) { text += piece; });
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        const qint64 pid = f.engine.processId();
        QVERIFY(alive(pid));
        QVERIFY(progress.size() >= 2);
        QCOMPARE(memory.size(), 1);
        QCOMPARE(memory.first().first().value<MemoryFigures>().predictedOwned, gib(1));

        f.engine.generate(QStringLiteral("Привет\n\"quoted\""));
        QCOMPARE(f.engine.state(), State::Generating);
        f.engine.generate(QStringLiteral("ignored while one runs"));
        QTRY_COMPARE(f.finished.size(), 1);
        QCOMPARE(text, QStringLiteral("1: Привет\n\"quoted\" ✓"));
        QCOMPARE(f.engine.state(), State::Ready);
        QCOMPARE(speed.last().first().value<GenerationFigures>().decodeRate, 33.25);

        text.clear();
        f.engine.generate(QStringLiteral("more"));
        QTRY_COMPARE(f.finished.size(), 2);
        QCOMPARE(text, QStringLiteral("3: more ✓"));
        f.engine.clearConversation();
        text.clear();
        f.engine.generate(QStringLiteral("new"));
        QTRY_COMPARE(f.finished.size(), 3);
        QCOMPARE(text, QStringLiteral("1: new ✓"));

        f.engine.unload();
        QCOMPARE(f.engine.state(), State::Stopping);
        QVERIFY(f.becomes(State::Idle));
        QVERIFY(!alive(pid));
        QCOMPARE(f.engine.processId(), 0);
        QVERIFY(f.failures.isEmpty());
        QCOMPARE(states.first().first().value<State>(), State::Starting);
        QCOMPARE(states.last().first().value<State>(), State::Idle);
    }

    void stopsAnAnswer()
    {
        Fixture f("endless");
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        QSignalSpy text(&f.engine, &EngineProcess::textReceived);
        f.engine.generate(QStringLiteral("go"));
        QTRY_VERIFY(text.size() > 3);
        f.engine.stopGeneration();
        QCOMPARE(f.engine.state(), State::Ready);
        QCOMPARE(f.finished.size(), 1);
        const qsizetype before = text.size();
        QTest::qWait(50);
        QCOMPARE(text.size(), before);
        f.engine.generate(QStringLiteral("again"));
        QTRY_VERIFY(text.size() > before);
        f.engine.unload();
        QCOMPARE(f.finished.size(), 2);
        QVERIFY(f.becomes(State::Idle));
        QVERIFY(f.failures.isEmpty());
    }

    void failuresAreNamed_data()
    {
        QTest::addColumn<QByteArray>("how");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QByteArray>("first");
        const auto add = [](const char *how, ErrorCode code, const char *first) {
            QTest::newRow(how) << QByteArray(how) << code << QByteArray(first);
        };
        add("mute", ErrorCode::EngineNoAnswer, "start");
        add("garbage", ErrorCode::EngineNoAnswer, "garbage");
        add("flood", ErrorCode::EngineNoAnswer, "garbage");
        add("port", ErrorCode::EngineNoAnswer, "garbage");
        add("protocol", ErrorCode::EngineMismatch, PLIMSOLL_VERSION);
        add("version", ErrorCode::EngineMismatch, "9.9.9");
        add("exit", ErrorCode::EngineCrashed, "exit");
        add("killed", ErrorCode::EngineCrashed, "killed");
        add("crash-loading", ErrorCode::EngineCrashed, "signal");
        add("load-fails", ErrorCode::NotEnoughMemory, "RAM");
        add("events-refused", ErrorCode::EngineNoAnswer, "garbage");
        add("silent", ErrorCode::EngineNoAnswer, "silence");
        add("huge-event", ErrorCode::EngineNoAnswer, "garbage");
        add("bad-event", ErrorCode::EngineNoAnswer, "garbage");
    }

    void failuresAreNamed()
    {
        QFETCH(QByteArray, how);
        QFETCH(ErrorCode, code);
        QFETCH(QByteArray, first);
        Fixture f(how.constData());
        f.engine.setPatience({how == "mute" ? 500 : 10000, how == "silent" ? 500 : 10000, 200});
        f.launch();
        QVERIFY(f.becomes(State::Failed));
        f.engine.setPatience({10000, 10000, 200});
        QCOMPARE(f.failures.size(), 1);
        QCOMPARE(f.error().code, code);
        QCOMPARE(argument(f.error(), 0), first.toStdString());
        QVERIFY(!Sentences::of(f.error()).isEmpty());

        FakeEngine::behave("good");
        f.launch();
        QVERIFY(f.becomes(State::Ready));
    }

    void theLastWordsAreKept()
    {
        Fixture f("exit");
        f.launch();
        QVERIFY(f.becomes(State::Failed));
        QCOMPARE(argument(f.error(), 1), std::string("7"));
        QCOMPARE(argument(f.error(), 2), std::string("the last words"));
    }

    void answersThatFail_data()
    {
        QTest::addColumn<QByteArray>("how");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<bool>("fatal");
        QTest::newRow("refused") << QByteArray("refuse") << ErrorCode::ContextTooLong << false;
        QTest::newRow("error page") << QByteArray("answer-500") << ErrorCode::EngineNoAnswer << true;
        QTest::newRow("broken chunk") << QByteArray("bad-chunk") << ErrorCode::EngineNoAnswer << true;
        QTest::newRow("crash") << QByteArray("crash-generating") << ErrorCode::EngineCrashed << true;
    }

    void answersThatFail()
    {
        QFETCH(QByteArray, how);
        QFETCH(ErrorCode, code);
        QFETCH(bool, fatal);
        Fixture f(how.constData());
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        f.engine.generate(QStringLiteral("go"));
        QTRY_COMPARE(f.failures.size(), 1);
        QCOMPARE(f.error().code, code);
        QCOMPARE(f.engine.state(), fatal ? State::Failed : State::Ready);
        QCOMPARE(f.finished.size(), 1);
    }

    void programsThatAreNone_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QByteArray>("reason");
        static QTemporaryDir folder;
        const QString plain = folder.filePath(QStringLiteral("plain"));
        QFile file(plain);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\n");
        QTest::newRow("nowhere") << folder.filePath(QStringLiteral("nowhere")) << QByteArray("missing");
        QTest::newRow("not executable") << plain << QByteArray("permission");
        QTest::newRow("a folder") << folder.path() << QByteArray("permission");
        const QString nonsense = folder.filePath(QStringLiteral("nonsense"));
        QFile binary(nonsense);
        QVERIFY(binary.open(QIODevice::WriteOnly));
        binary.write("\x7f" "ELF nonsense");
        binary.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        QTest::newRow("no program") << nonsense << QByteArray("unstartable");
    }

    void programsThatAreNone()
    {
        QFETCH(QString, program);
        QFETCH(QByteArray, reason);
        Fixture f("good");
        f.engine.setProgram(program);
        f.launch();
        QVERIFY(f.becomes(State::Failed));
        QCOMPARE(f.error().code, ErrorCode::EngineMissing);
        QCOMPARE(argument(f.error(), 1), reason.toStdString());
        f.engine.unload();
        QCOMPARE(f.engine.state(), State::Idle);
    }

    void aStubbornEngineIsEndedByForce()
    {
        Fixture f("stubborn");
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        const qint64 pid = f.engine.processId();
        f.engine.unload();
        QVERIFY(f.becomes(State::Idle));
        QVERIFY(!alive(pid));
    }

    void nothingIsLeftBehind()
    {
        qint64 pid = 0;
        {
            Fixture f("stubborn");
            f.launch();
            QVERIFY(f.becomes(State::Ready));
            pid = f.engine.processId();
        }
        QVERIFY(!alive(pid));
    }

    void theNextEngineWaitsForTheMemoryOfTheLast()
    {
        Fixture f("stubborn");
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        const qint64 first = f.engine.processId();
        f.launch();
        QCOMPARE(f.engine.state(), State::Starting);
        QCOMPARE(f.engine.processId(), 0);
        QVERIFY(f.becomes(State::Ready));
        QVERIFY(!alive(first));
        QVERIFY(f.engine.processId() != first);
    }

    void unloadWhileStarting()
    {
        Fixture f("slow");
        f.launch();
        f.engine.unload();
        QVERIFY(f.becomes(State::Idle));
        f.launch();
        QVERIFY(f.becomes(State::Loading));
        f.engine.unload();
        QVERIFY(f.becomes(State::Idle));
        QVERIFY(f.failures.isEmpty());
    }

    // devices
    void detectsAMachine()
    {
        FakeEngine::behave("good");
        DeviceProbe probe;
        probe.setProgram(QCoreApplication::applicationFilePath());
        QSignalSpy found(&probe, &DeviceProbe::machineDetected);
        probe.detect();
        probe.detect();
        QTRY_COMPARE(found.size(), 1);
        const auto machine = found.first().first().value<Machine>();
        QCOMPARE(machine.gpus.size(), size_t(1));
        QCOMPARE(machine.gpus[0].free, gib(4));
        QCOMPARE(machine.ram.total, gib(32));
        QVERIFY(!probe.busy());
    }

    void detectionThatFails_data()
    {
        QTest::addColumn<QByteArray>("how");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("silent") << QByteArray("silent") << ErrorCode::EngineNoAnswer;
        QTest::newRow("garbage") << QByteArray("garbage") << ErrorCode::JsonInvalid;
        QTest::newRow("exit") << QByteArray("exit") << ErrorCode::EngineCrashed;
        QTest::newRow("flood") << QByteArray("flood") << ErrorCode::EngineNoAnswer;
        QTest::newRow("missing") << QByteArray("missing") << ErrorCode::EngineMissing;
    }

    void detectionThatFails()
    {
        QFETCH(QByteArray, how);
        QFETCH(ErrorCode, code);
        FakeEngine::behave(how.constData());
        DeviceProbe probe;
        probe.setProgram(how == "missing" ? QStringLiteral("/nowhere/engine") : QCoreApplication::applicationFilePath());
        probe.setTimeout(how == "silent" ? 500 : 10000);
        QSignalSpy failed(&probe, &DeviceProbe::failed);
        probe.detect();
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed.first().first().value<Error>().code, code);
        QVERIFY(!probe.busy());
    }

    void locatesTheEngine()
    {
        qputenv("PLIMSOLL_ENGINE", "/chosen/by/hand");
        QCOMPARE(locateEngine(), QStringLiteral("/chosen/by/hand"));
        qunsetenv("PLIMSOLL_ENGINE");
    }

    // words
    void everyErrorHasASentence()
    {
        for (int number = 1; number <= static_cast<int>(ErrorCode::Internal); ++number) {
            const auto code = static_cast<ErrorCode>(number);
            const std::string_view name = codeName(code);
            QVERIFY(codeFromName(name) == code);
            const QString bare = Sentences::of(Error{code, {}});
            const QString full = Sentences::of(Error{code, {"%1first", "2", "3", "4", "5"}});
            QVERIFY2(bare.size() > 20, std::string(name).c_str());
            QVERIFY2(bare.endsWith(QLatin1Char('.')) && full.endsWith(QLatin1Char('.')), qPrintable(full));
            QVERIFY2(!bare.contains(QLatin1Char('%')), qPrintable(bare));
            QVERIFY2(!full.contains(QStringLiteral("%2")), qPrintable(full));
        }
    }

    void everyReasonAndVerdictHasASentence()
    {
        Plan plan;
        plan.budgets = {{"RAM", gib(32), {}, {}, gib(9)}, {"Card", gib(8), {}, {}, gib(7), gib(1)}};
        plan.gpuLayers = 12;
        for (int verdict = 0; verdict <= static_cast<int>(Verdict::Unknown); ++verdict) {
            plan.verdict = static_cast<Verdict>(verdict);
            QVERIFY(!Sentences::title(plan.verdict).isEmpty());
            QVERIFY(Sentences::of(plan).endsWith(QLatin1Char('.')));
        }
        for (int code = 0; code <= static_cast<int>(ReasonCode::ContextBeyondTraining); ++code) {
            const Reason reason{static_cast<ReasonCode>(code), 1, SegmentKind::Kv, gib(2), 5, 28};
            QVERIFY(Sentences::of(reason, plan).endsWith(QLatin1Char('.')));
        }
        for (int kind = 0; kind <= static_cast<int>(SegmentKind::Overhead); ++kind)
            QVERIFY(!Sentences::name(static_cast<SegmentKind>(kind)).isEmpty());
        QCOMPARE(Sentences::deviceName(99, plan), format::unknown());
    }

    void saysWhyThereIsNoGpu()
    {
        Machine machine;
        for (const char *notice : {"", "cuda-unavailable:plugin", "cuda-unavailable:driver", "cuda-unavailable", "something:else"}) {
            machine.gpuNotice = notice;
            QVERIFY(Sentences::gpuNotice(machine).endsWith(QLatin1Char('.')));
        }
        machine.gpus.resize(1);
        QVERIFY(Sentences::gpuNotice(machine).isEmpty());
    }

    void formatsFigures()
    {
        QCOMPARE(format::memory(gib(12)), QStringLiteral("12.0 GiB"));
        QCOMPARE(format::memory(mib(512)), QStringLiteral("0.50 GiB"));
        QCOMPARE(format::memory(mib(5)), QStringLiteral("5.0 MiB"));
        QCOMPARE(format::memory({2048}), QStringLiteral("2.0 KiB"));
        QCOMPARE(format::memory({}), QStringLiteral("0.00 GiB"));
        QCOMPARE(format::memory(Bytes::overflow()), format::unknown());
        QCOMPARE(format::fileSize({4920000000}), QStringLiteral("4.92 GB"));
        QCOMPARE(format::fileSize({1200000}), QStringLiteral("1.2 MB"));
        QCOMPARE(format::tokenRate(33.25), QStringLiteral("33.3 tokens/s"));
        QCOMPARE(format::tokenRate(0), format::unknown());
        QCOMPARE(format::tokenRate(std::nan("")), format::unknown());
        QCOMPARE(format::tokenRate(RateEstimate{30.9, 33, 36.1}), QStringLiteral("30.9 to 36.1 tokens/s"));
        QCOMPARE(format::percent(0.42), QStringLiteral("42%"));
        QCOMPARE(format::percent(0.004), QStringLiteral("0.4%"));
        QCOMPARE(format::count(1234567), QStringLiteral("1,234,567"));
        QCOMPARE(format::number(1.50, 2), QStringLiteral("1.5"));
        QCOMPARE(format::number(20, 2), QStringLiteral("20"));
        QCOMPARE(format::duration(132.5), QStringLiteral("133 ms"));
        QCOMPARE(format::duration(1240), QStringLiteral("1.24 s"));
        QCOMPARE(format::duration(200000), QStringLiteral("3 min 20 s"));
        QCOMPARE(format::parameters(8030000000), QStringLiteral("8.03 B"));
        QLocale::setDefault(QLocale(QStringLiteral("de_DE")));
        QCOMPARE(format::memory(gib(1500)), QStringLiteral("1.500 GiB"));
        QCOMPARE(format::tokenRate(33.25), QStringLiteral("33,3 tokens/s"));
        QCOMPARE(format::number(1.50, 2), QStringLiteral("1,5"));
    }
};

int main(int argc, char **argv)
{
    if (FakeEngine::wanted(argc, argv))
        return FakeEngine::run(argc, argv);
    QCoreApplication application(argc, argv);
    Bridge test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_bridge.moc"
