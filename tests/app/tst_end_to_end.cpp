// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/notice_strip.h"
#include "pages/run/run_page.h"

#include <QFile>
#include <QLabel>
#include <QSpinBox>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>

#include <csignal>

using namespace plimsoll;
using namespace plimsoll::app;

namespace {

using State = EngineProcess::State;

constexpr int patience = 60000;

bool alive(qint64 pid)
{
    return pid > 0 && ::kill(static_cast<pid_t>(pid), 0) == 0;
}

/// What the model said, as far as it came.
class Listener
{
public:
    explicit Listener(EngineProcess *engine)
    {
        QObject::connect(engine, &EngineProcess::textReceived, &m_guard, [this](const QString &text) { m_text += text; });
    }
    const QString &text() const { return m_text; }

private:
    QObject m_guard;
    QString m_text;
};

} // namespace

class TestEndToEnd : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void thisComputerIsDetected();
    void aMadeUpModelRunsFromTheFitPage();
    void stories();
    void aMissingEngineGivesASentence();
    void aKilledEngineGivesASentence();
    void runAnywayReadsWeightsFromDisk();
    void whatWasPlacedByHandReachesTheEngine();
    void closingTheWindowEndsTheEngine();

private:
    void openFile(WindowFixture &fixture, const QString &path);
    void openAndLaunch(WindowFixture &fixture, const QString &path);
    static QString errorText(const WindowFixture &fixture);

    QTemporaryDir m_folder;
    QString m_model;
};

void TestEndToEnd::initTestCase()
{
    if (!QFile::exists(QStringLiteral(PLIMSOLL_ENGINE)))
        QSKIP("plimsoll-engine is not built");
    qputenv("PLIMSOLL_ENGINE", PLIMSOLL_ENGINE);
    m_model = m_folder.filePath(QStringLiteral("made-up.gguf"));
    QProcess synth;
    const QString command = QStringLiteral("synth --model qwen3-0.6b --quant Q4_0 --layers 2 --vocab 512 --tokenizer byte --out");
    synth.start(QStringLiteral(PLIMSOLL_ENGINE), command.split(QLatin1Char(' ')) << m_model);
    QVERIFY(synth.waitForFinished(patience));
    QVERIFY2(synth.exitCode() == 0, synth.readAllStandardError());
}

void TestEndToEnd::thisComputerIsDetected()
{
    WindowFixture fixture;
    QVERIFY(!fixture.window->fitPage()->state().plan());
    fixture.window->detectHardware();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.window->fitPage()->state().plan(), patience);
    QVERIFY(fixture.window->fitPage()->state().machine().ram.total > mib(100));
}

void TestEndToEnd::openFile(WindowFixture &fixture, const QString &path)
{
    fixture.dialogs.answer = path;
    fixture.find<QPushButton>("openFile")->click();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.window->fitPage()->state().model().path, path, patience);
    fixture.find<QSpinBox>("context")->setValue(512);
}

void TestEndToEnd::openAndLaunch(WindowFixture &fixture, const QString &path)
{
    openFile(fixture, path);
    fixture.find<QPushButton>("launch")->click();
    QCOMPARE(fixture.window->page(), MainWindow::Page::Run);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.window->engine()->state(), State::Ready, patience);
}

QString TestEndToEnd::errorText(const WindowFixture &fixture)
{
    for (const NoticeStrip *strip : fixture.window->runPage()->findChildren<NoticeStrip *>())
        if (strip->isVisible())
            return strip->text();
    return {};
}

void TestEndToEnd::aMadeUpModelRunsFromTheFitPage()
{
    WindowFixture fixture;
    openAndLaunch(fixture, m_model);
    EngineProcess *engine = fixture.window->engine();
    const qint64 pid = engine->processId();
    QVERIFY(alive(pid));
    QVERIFY(fixture.find<QPushButton>("statusUnload")->isVisible());

    Listener listener(engine);
    QSignalSpy statistics(engine, &EngineProcess::statisticsChanged);
    engine->generate(QStringLiteral("Hello"), {.maxTokens = 400, .temperature = 1});
    QTRY_VERIFY_WITH_TIMEOUT(!listener.text().isEmpty(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!statistics.isEmpty() || engine->state() == State::Ready, patience);
    if (engine->state() == State::Generating)
        fixture.find<QPushButton>("statusStop")->click();
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Ready, patience);
    QVERIFY(alive(pid));

    fixture.find<QPushButton>("statusUnload")->click();
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Idle, patience);
    QVERIFY(!alive(pid));
    QVERIFY(!fixture.find<QPushButton>("statusUnload")->isVisible());
}

void TestEndToEnd::stories()
{
    const QString path = QStringLiteral(PLIMSOLL_GOLDEN "/text/stories260K.gguf");
    if (!QFile::exists(path))
        QSKIP("stories260K.gguf is not here");
    WindowFixture fixture;
    openAndLaunch(fixture, QFileInfo(path).canonicalFilePath());
    EngineProcess *engine = fixture.window->engine();
    Listener listener(engine);
    QSignalSpy finished(engine, &EngineProcess::generationFinished);
    QSignalSpy memory(engine, &EngineProcess::memoryReported);
    engine->generate(QStringLiteral("Once upon a time"), {.maxTokens = 48, .temperature = 0});
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patience);
    QVERIFY(listener.text().size() > 20);
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.find<QLabel>("statusSpeed")->text().isEmpty(), patience);

    for (const QString &code : Language::codes()) {
        fixture.language.use(code);
        QCoreApplication::processEvents();
        QVERIFY(fixture.find<QLabel>("statusModel")->text().contains(QStringLiteral("stories260K")));
    }
    engine->unload();
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Idle, patience);
}

void TestEndToEnd::aMissingEngineGivesASentence()
{
    WindowFixture fixture;
    EngineProcess *engine = fixture.window->engine();
    engine->setProgram(m_folder.filePath(QStringLiteral("no-such-engine")));
    fixture.dialogs.answer = m_model;
    fixture.find<QPushButton>("launch")->click();   // asks for the file of the catalogue's model, and takes ours
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Failed, patience);
    QTRY_VERIFY(!errorText(fixture).isEmpty());
    QVERIFY(fixture.window->isEnabled());

    engine->setProgram({});
    fixture.window->showPage(MainWindow::Page::Fit);
    fixture.find<QPushButton>("launch")->click();
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Ready, patience);
    engine->unload();
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Idle, patience);
}

void TestEndToEnd::aKilledEngineGivesASentence()
{
    WindowFixture fixture;
    openAndLaunch(fixture, m_model);
    EngineProcess *engine = fixture.window->engine();
    Listener listener(engine);
    engine->generate(QStringLiteral("Hello"), {.maxTokens = 400, .temperature = 1});
    QTRY_VERIFY_WITH_TIMEOUT(!listener.text().isEmpty() || engine->state() == State::Ready, patience);
    ::kill(static_cast<pid_t>(engine->processId()), SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Failed, patience);
    QTRY_VERIFY(!errorText(fixture).isEmpty());

    // The window goes on: it plans, and launches again.
    fixture.window->fitPage()->setMachine(exampleMachine(fixture.catalog));
    fixture.find<QSpinBox>("context")->setValue(256);
    QVERIFY(fixture.window->fitPage()->state().plan());
    fixture.window->showPage(MainWindow::Page::Fit);
    fixture.find<QPushButton>("launch")->click();
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Ready, patience);
    QVERIFY(errorText(fixture).isEmpty());
    engine->unload();
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Idle, patience);
}

void TestEndToEnd::runAnywayReadsWeightsFromDisk()
{
    WindowFixture fixture;
    openFile(fixture, m_model);
    Machine machine = exampleMachine(fixture.catalog);
    fixture.window->hardwarePanel()->setDetected(machine);
    const auto &plan = fixture.window->fitPage()->state().plan();
    QVERIFY(plan);
    machine.ram.available = plan->budgets.front().needed - mib(4);
    fixture.window->hardwarePanel()->setDetected(machine);
    QCOMPARE(plan->verdict, Verdict::DoesNotFit);
    QVERIFY(plan->fromDisk.value > 0);
    fixture.find<QPushButton>("launch")->click();
    EngineProcess *engine = fixture.window->engine();
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Ready, patience);
    QCOMPARE(engine->request().placing.filter(QStringLiteral("=disk")).size(), 4);   // embedding, mixers, networks, output
    QSignalSpy finished(engine, &EngineProcess::generationFinished);
    engine->generate(QStringLiteral("Hello"), {.maxTokens = 4, .temperature = 0});
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patience);
    QCOMPARE(engine->state(), State::Ready);
    engine->unload();
    QTRY_COMPARE_WITH_TIMEOUT(engine->state(), State::Idle, patience);
}

void TestEndToEnd::whatWasPlacedByHandReachesTheEngine()
{
    WindowFixture fixture;
    openFile(fixture, m_model);
    fixture.window->hardwarePanel()->setDetected(exampleMachine(fixture.catalog, "RTX 4090"));
    LaunchRequest asked;
    QObject::disconnect(fixture.window->fitPage(), &FitPage::launchRequested, nullptr, nullptr);   // no such card is here
    QObject::connect(fixture.window->fitPage(), &FitPage::launchRequested, [&asked](const LaunchRequest &request) { asked = request; });
    const auto placing = [&](OffloadMode offload, uint32_t layers, std::vector<DeviceIndex> byHand = {}) {
        FitRequest request = fixture.window->fitPage()->state().request();
        request.offload = offload;
        request.gpuLayers = layers;
        request.byHand = std::move(byHand);
        fixture.window->fitPage()->setRequest(request);
        fixture.find<QPushButton>("launch")->click();
        return asked.placing.join(QLatin1Char(' '));
    };
    QCOMPARE(placing(OffloadMode::Auto, 0), QString());
    // What stays in RAM is streamed for long prompts, from a guessed length on: the speed of this example is not known.
    QCOMPARE(placing(OffloadMode::Layers, 1), QStringLiteral("--gpu-layers 1 --stream-from 32"));
    QCOMPARE(placing(OffloadMode::CpuOnly, 0), QStringLiteral("--gpu-layers 0"));
    // Embedding, mixer, cache and network of each layer, output.
    QCOMPARE(placing(OffloadMode::ByHand, 0, {0, 1, 1, 0, 0, 0, 1, 0}), QStringLiteral("--place mixer:0=1 --place ffn:1=1 --stream-from 32"));

    // What is planned for a pretended machine says nothing about this one.
    fixture.window->hardwarePanel()->setPretended(exampleMachine(fixture.catalog, "RTX 4090"));
    QCOMPARE(placing(OffloadMode::Layers, 1), QString());
}

void TestEndToEnd::closingTheWindowEndsTheEngine()
{
    WindowFixture fixture;
    openAndLaunch(fixture, m_model);
    const qint64 pid = fixture.window->engine()->processId();
    QVERIFY(alive(pid));
    fixture.window->close();
    fixture.window.reset();
    QVERIFY(!alive(pid));
}

QTEST_MAIN(TestEndToEnd)
#include "tst_end_to_end.moc"
