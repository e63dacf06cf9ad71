// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "charts/palette.h"
#include "pages/fit/fit_page.h"
#include "pages/fit/plan_document.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/notice_strip.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

using namespace plimsoll;
using namespace plimsoll::app;

/// Plans as documents, and the settings that the user changes on their page.
class TestPlanFile : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QCoreApplication::setApplicationName(QStringLiteral("plimsoll-test")); }
    void aPlanComesBackAsItWas();
    void hostileDocuments_data();
    void hostileDocuments();
    void plansAreSavedAndOpened();
    void aDamagedPlanIsNamedAndLeft();
    void machinesAreSavedAndOpened();
    void settingsActAtOnce();
    void damagedSettingsAreKeptAside();
    void highContrastHasContrast();

private:
    static QString write(const QTemporaryDir &folder, const char *name, const QByteArray &bytes)
    {
        const QString path = folder.filePath(QLatin1String(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", name);
        return path;
    }
};

void TestPlanFile::aPlanComesBackAsItWas()
{
    PlanDocument document;
    document.request.model = QStringLiteral("модель \"x\"");
    document.request.quantization = FileType::Q6_K;
    document.request.context = 12345;
    document.request.parallel = 3;
    document.request.kvType = GgmlType::Q8_0;
    document.request.offload = OffloadMode::ByHand;
    document.request.byHand = {0, 1, 1, 0};
    document.machine = exampleMachine(shippedCatalog(), "RTX 4070");
    const QByteArray text = toJson(document);
    QVERIFY(text.size() < 4096);
    const auto back = planFromJson(text, QStringLiteral("x"));
    QVERIFY(back.ok());
    QVERIFY(back->request == document.request);
    QVERIFY(back->machine && back->machine->pretended);
    QCOMPARE(back->machine->gpus.front().name, document.machine->gpus.front().name);
    document.machine.reset();
    document.request.offload = OffloadMode::Layers;
    document.request.byHand.clear();
    QVERIFY(!planFromJson(toJson(document), {})->machine);
    QVERIFY(planFromJson(toJson(document), {})->request == document.request);
}

void TestPlanFile::hostileDocuments_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const QByteArray &more) {
        QTest::newRow(name) << QByteArray(
            R"({"plimsoll":"plan","version":1,"model":"m","quantization":"Q4_K_M","kvType":"F16",)" + more + "}");
    };
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("Dear reader");
    QTest::newRow("an array") << QByteArray("[]");
    QTest::newRow("deep") << QByteArray(100000, '[');
    QTest::newRow("another document") << QByteArray(R"({"plimsoll":"machine","version":1})");
    QTest::newRow("another version") << QByteArray(R"({"plimsoll":"plan","version":2})");
    QTest::newRow("no model") << QByteArray(R"({"plimsoll":"plan","version":1,"quantization":"Q4_K_M","kvType":"F16"})");
    row("context 0", R"("context":0)");
    row("negative context", R"("context":-1)");
    row("huge context", R"("context":1e300)");
    row("context as text", R"("context":"8192")");
    row("parallel", R"("parallel":100000)");
    row("offload", R"("offload":"everything")");
    row("places missing", R"("offload":"by-hand")");
    row("places wrong", R"("offload":"by-hand","places":[-1])");
    row("machine", R"("machine":{"gpus":[{"total":-5}]})");
    row("machine as text", R"("machine":"fast")");
    QTest::newRow("quantization") << QByteArray(R"({"plimsoll":"plan","version":1,"model":"m","quantization":"Q99","kvType":"F16"})");
    QTest::newRow("cache") << QByteArray(R"({"plimsoll":"plan","version":1,"model":"m","quantization":"Q4_K_M","kvType":7})");
}

void TestPlanFile::hostileDocuments()
{
    QFETCH(QByteArray, text);
    const auto plan = planFromJson(text, QStringLiteral("plan"));
    QVERIFY(!plan.ok());
    QVERIFY(plan.error().code == ErrorCode::JsonInvalid || plan.error().code == ErrorCode::JsonField);
}

void TestPlanFile::plansAreSavedAndOpened()
{
    WindowFixture fixture;
    Machine machine = exampleMachine(fixture.catalog, "RTX 3090");
    machine.pretended = true;
    fixture.window->hardwarePanel()->setPretended(machine);
    FitPage *page = fixture.window->fitPage();
    FitRequest request = page->state().request();
    request.model = QStringLiteral("qwen3-8b");
    request.context = 5000;
    page->edit(request);

    QTemporaryDir folder;
    const QString path = fixture.dialogs.answer = folder.filePath(QStringLiteral("mine.plimsoll"));
    fixture.find<QAction>("actionSavePlan")->trigger();
    QCOMPARE(fixture.dialogs.suggestedName, QStringLiteral("qwen3-8b.plimsoll"));
    QVERIFY(QFileInfo(path).size() > 100);

    fixture.window->hardwarePanel()->resetToDetected();
    request.model = QStringLiteral("llama-3.1-8b");
    page->edit(request);
    fixture.find<QAction>("actionOpenPlan")->trigger();
    QCOMPARE(page->state().request().model, QStringLiteral("qwen3-8b"));
    QCOMPARE(page->state().request().context, 5000u);
    QCOMPARE(page->state().machine().gpus.front().name, machine.gpus.front().name);
    QCOMPARE(fixture.find<QMenu>("recentPlans")->actions().size(), 1);

    // Remembered, and opened from there or by name.
    fixture.reopen();
    QMenu *recent = fixture.find<QMenu>("recentPlans");
    QCOMPARE(recent->actions().size(), 1);
    QCOMPARE(recent->actions().first()->text(), QStringLiteral("mine"));
    fixture.window->fitPage()->setRequest(request);
    recent->actions().first()->trigger();
    QCOMPARE(fixture.window->fitPage()->state().request().model, QStringLiteral("qwen3-8b"));
    fixture.window->fitPage()->setRequest(request);
    fixture.window->openFile(path);
    QCOMPARE(fixture.window->fitPage()->state().request().model, QStringLiteral("qwen3-8b"));

    fixture.dialogs.answer = QStringLiteral("/no/such/folder/x.plimsoll");
    fixture.find<QAction>("actionSavePlan")->trigger();
    QVERIFY(fixture.find<NoticeStrip>("notice")->isVisible());
}

void TestPlanFile::aDamagedPlanIsNamedAndLeft()
{
    WindowFixture fixture;
    const FitRequest before = fixture.window->fitPage()->state().request();
    QTemporaryDir folder;
    const QByteArray bytes("{\"plimsoll\":\"plan\",");
    const QString path = write(folder, "broken.plimsoll", bytes);
    fixture.window->openFile(path);
    auto *notice = fixture.find<NoticeStrip>("notice");
    QVERIFY(notice->isVisible() && notice->text().contains(QStringLiteral("broken.plimsoll")));
    QVERIFY(fixture.window->fitPage()->state().request() == before);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), bytes);

    const QString unknown = write(folder, "unknown.plimsoll",
        R"({"plimsoll":"plan","version":1,"model":"no-such-model","quantization":"Q4_K_M","kvType":"F16"})");
    fixture.window->openFile(unknown);
    QVERIFY2(notice->text().contains(QStringLiteral("no-such-model")), qPrintable(notice->text()));
    QVERIFY(fixture.window->fitPage()->state().request() == before);
}

void TestPlanFile::machinesAreSavedAndOpened()
{
    WindowFixture fixture;
    HardwarePanel *panel = fixture.window->hardwarePanel();
    panel->setPretended(exampleMachine(fixture.catalog, "RTX 3090"));
    QTemporaryDir folder;
    fixture.dialogs.answer = folder.filePath(QStringLiteral("machine.json"));
    fixture.find<QPushButton>("exportMachine")->click();
    panel->resetToDetected();
    fixture.find<QPushButton>("importMachine")->click();
    QVERIFY(panel->pretending());
    QCOMPARE(panel->machine().gpus.size(), size_t(1));
    for (const char *bytes : {"", "[]", "{\"ram\":{\"total\":0}}", "{{{{"}) {
        fixture.dialogs.answer = write(folder, "bad.json", bytes);
        fixture.find<QPushButton>("importMachine")->click();
        QVERIFY(fixture.find<NoticeStrip>("notice")->text().contains(QStringLiteral("bad.json")));
        QCOMPARE(panel->machine().gpus.size(), size_t(1));
    }
}

void TestPlanFile::settingsActAtOnce()
{
    WindowFixture fixture;
    fixture.window->showPage(MainWindow::Page::Settings);
    auto *languages = fixture.find<QComboBox>("settingLanguage");
    languages->setCurrentIndex(languages->findData(QStringLiteral("de")));
    QCoreApplication::processEvents();
    QCOMPARE(fixture.language.current(), QStringLiteral("de"));
    QCOMPARE(fixture.find<QAction>("pageSettings")->text(), QStringLiteral("Einstellungen"));
    languages->setCurrentIndex(languages->findData(QStringLiteral("en")));

    auto *themes = fixture.find<QComboBox>("settingTheme");
    for (const QString &theme : Theme::names()) {
        themes->setCurrentIndex(themes->findData(theme));
        QCOMPARE(fixture.theme.choice(), theme);
    }
    fixture.theme.use(QStringLiteral("light"));
    QCOMPARE(themes->currentData().toString(), QStringLiteral("light"));

    Machine machine = exampleMachine(fixture.catalog, "RTX 4090");
    machine.pretended = true;
    fixture.window->hardwarePanel()->setPretended(machine);
    const FitState &state = fixture.window->fitPage()->state();
    QCOMPARE(state.plan()->verdict, Verdict::FitsOnGpu);
    fixture.find<QDoubleSpinBox>("settingReserve")->setValue(22);
    QCOMPARE(state.machine().gpus.front().reserve, gib(22));
    QVERIFY(state.plan()->verdict != Verdict::FitsOnGpu);

    fixture.dialogs.answer = QStringLiteral("/nowhere/plimsoll-engine");
    fixture.find<QPushButton>("chooseEngine")->click();
    QCOMPARE(fixture.settings.value(setting::enginePath), fixture.dialogs.answer);
    auto *notice = fixture.find<NoticeStrip>("notice");
    QTRY_VERIFY(notice->isVisible());
    fixture.dialogs.answer = QStringLiteral("/models");
    fixture.find<QPushButton>("chooseFolder")->click();
    QCOMPARE(fixture.find<QLineEdit>("settingFolder")->text(), QStringLiteral("/models"));
    fixture.reopen();
    QCOMPARE(fixture.find<QDoubleSpinBox>("settingReserve")->value(), 22.0);
}

void TestPlanFile::damagedSettingsAreKeptAside()
{
    QTemporaryDir folder;
    write(folder, "settings.ini", QByteArray("\xff\xfe\x00\x01 nonsense", 13));
    Settings settings(folder.path());
    QCOMPARE(settings.damagedFiles().size(), 1);
    AnsweringDialogs dialogs;
    Language language;
    language.use(QStringLiteral("en"));
    Theme theme;
    const Catalog catalog = shippedCatalog();
    MainWindow window({catalog, settings, dialogs, language, theme});
    window.show();
    const auto *notice = window.findChild<NoticeStrip *>(QStringLiteral("notice"));
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->text().contains(QStringLiteral("settings.ini.damaged")), qPrintable(notice->text()));
    QVERIFY(QFile::exists(folder.filePath(QStringLiteral("settings.ini.damaged"))));
}

void TestPlanFile::highContrastHasContrast()
{
    const QPalette palette = Theme::contrastPalette();
    for (const auto ground : {QPalette::Window, QPalette::Base, QPalette::AlternateBase, QPalette::Button})
        for (const auto text : {QPalette::WindowText, QPalette::Text, QPalette::PlaceholderText, QPalette::Link, QPalette::Mid})
            QVERIFY(contrast(palette.color(ground), palette.color(text)) >= 7);
    QVERIFY(contrast(palette.color(QPalette::Highlight), palette.color(QPalette::HighlightedText)) >= 7);
}

QTEST_MAIN(TestPlanFile)
#include "tst_plan_file.moc"
