// SPDX-License-Identifier: GPL-3.0-or-later
#include "gguf_bytes.h"
#include "window_fixture.h"

#include "charts/palette.h"
#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/notice_strip.h"
#include "shell/icons.h"

#include <QMenuBar>

using namespace plimsoll;
using namespace plimsoll::app;

class TestShell : public QObject
{
    Q_OBJECT

private slots:
    void languageFollowsTheSystemFirst();
    void numbersFollowTheLanguage();
    void menusFollowTheLanguage();
    void textHasContrast_data();
    void textHasContrast();
    void themeIsAppliedLive();
    void pagesAreReachedByKeys();
    void stateIsRemembered();
    void aFileIsRememberedWithWhatWasAsked();
    void anEmptyCatalogueIsNoCrash();
    void aFileThatIsNoModelGivesASentence();
};

void TestShell::languageFollowsTheSystemFirst()
{
    Language language;
    language.use(QString());
    QVERIFY(Language::codes().contains(language.current()));
    QCOMPARE(language.current(), Language::systemCode());
    QVERIFY(language.choice().isEmpty());
    language.use(QStringLiteral("../../evil"));
    QCOMPARE(language.current(), Language::systemCode());
}

void TestShell::numbersFollowTheLanguage()
{
    Language language;
    language.use(QStringLiteral("de"));
    QCOMPARE(QLocale().decimalPoint(), QStringLiteral(","));
    language.use(QStringLiteral("en"));
    QCOMPARE(QLocale().decimalPoint(), QStringLiteral("."));
}

void TestShell::menusFollowTheLanguage()
{
    WindowFixture fixture;
    QSet<QString> titles;
    for (const QString &code : Language::codes()) {
        fixture.language.use(code);
        QCoreApplication::processEvents();
        titles << fixture.find<QAction>("pageHardware")->text() + fixture.window->menuBar()->actions().constFirst()->text();
    }
    QCOMPARE(titles.size(), Language::codes().size());
    fixture.language.use(QStringLiteral("ru"));
    QCoreApplication::processEvents();
    QCOMPARE(fixture.find<QAction>("pageHardware")->text(), QStringLiteral("Оборудование"));
}

void TestShell::textHasContrast_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestShell::textHasContrast()
{
    QFETCH(bool, dark);
    const QPalette palette = Theme::palette(dark);
    QCOMPARE(isDark(palette), dark);
    for (const auto ground : {QPalette::Window, QPalette::Base, QPalette::AlternateBase})
        for (const auto text : {QPalette::WindowText, QPalette::Text, QPalette::PlaceholderText, QPalette::Link})
            QVERIFY2(contrast(palette.color(ground), palette.color(text)) >= 4.5,
                qPrintable(QStringLiteral("%1 on %2").arg(text).arg(ground)));
    QVERIFY(contrast(palette.color(QPalette::Highlight), palette.color(QPalette::HighlightedText)) >= 4.5);
    for (const Tone tone : {Tone::Good, Tone::Caution, Tone::Bad, Tone::Neutral}) {
        QVERIFY(contrast(ink(tone, dark), wash(tone, dark)) >= 4.5);
        QVERIFY(contrast(ink(tone, dark), palette.color(QPalette::Base)) >= 4.5);
        QVERIFY(contrast(palette.color(QPalette::WindowText), wash(tone, dark)) >= 4.5);
    }
}

void TestShell::themeIsAppliedLive()
{
    WindowFixture fixture;
    fixture.theme.use(QStringLiteral("dark"));
    QTRY_VERIFY(isDark(fixture.window->palette()));
    const QImage dark = fixture.window->grab().toImage();
    fixture.theme.use(QStringLiteral("light"));
    QTRY_VERIFY(!isDark(fixture.window->palette()));
    QVERIFY(fixture.window->grab().toImage() != dark);
    fixture.theme.use(QStringLiteral("nonsense"));
    QCOMPARE(fixture.theme.choice(), QStringLiteral("system"));
}

void TestShell::pagesAreReachedByKeys()
{
    WindowFixture fixture;
    QVERIFY(QTest::qWaitForWindowActive(fixture.window.get()));
    const std::pair<Qt::Key, MainWindow::Page> keys[]{ { Qt::Key_6, MainWindow::Page::Settings }, { Qt::Key_5, MainWindow::Page::Hardware },
        { Qt::Key_4, MainWindow::Page::Run }, { Qt::Key_3, MainWindow::Page::Models }, { Qt::Key_2, MainWindow::Page::Compare },
        { Qt::Key_1, MainWindow::Page::Fit } };
    for (const auto &[key, page] : keys) {
        QTest::keyClick(fixture.window.get(), key, Qt::ControlModifier);
        QCOMPARE(fixture.window->page(), page);
    }
}

void TestShell::stateIsRemembered()
{
    WindowFixture fixture;
    FitRequest request = fixture.window->fitPage()->state().request();
    request.model = QStringLiteral("qwen3-8b");
    request.quantization = FileType::Q6_K;
    request.context = 4321;
    fixture.window->fitPage()->setRequest(request);
    fixture.window->showPage(MainWindow::Page::Hardware);
    fixture.reopen();
    QCOMPARE(fixture.window->page(), MainWindow::Page::Hardware);
    QVERIFY(fixture.window->fitPage()->state().request() == request);
}

void TestShell::aFileIsRememberedWithWhatWasAsked()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("mystery.gguf"));
    GgufBytes bytes(3, 1, 1);
    bytes.key("general.architecture", gguf::ValueType::String)
        .text("mystery")
        .tensor("token_embd.weight", { 64, 32 }, 0, 0)
        .data(64 * 32 * 4);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(reinterpret_cast<const char *>(bytes.bytes().data()), static_cast<qint64>(bytes.bytes().size()));
    file.close();

    WindowFixture fixture;
    fixture.window->openFile(path);
    const auto asked = [&] { return fixture.window->fitPage()->state().request(); };
    QTRY_COMPARE(asked().model, path);
    FitRequest request = asked();
    request.context = 4321;
    request.kvType = GgmlType::Q8_0;
    fixture.window->fitPage()->edit(request);
    fixture.reopen();
    QTRY_COMPARE(asked().model, path);
    QVERIFY(asked() == request);
}

void TestShell::anEmptyCatalogueIsNoCrash()
{
    WindowFixture fixture;
    fixture.catalog = {};
    fixture.reopen();
    QVERIFY(!fixture.window->fitPage()->state().plan());
    QVERIFY(!fixture.window->grab().isNull());
}

void TestShell::aFileThatIsNoModelGivesASentence()
{
    WindowFixture fixture;
    fixture.window->fitPage()->setMachine(exampleMachine(fixture.catalog));
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("letter.gguf"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("Dear reader, this is no model at all.");
    file.close();
    fixture.window->openFile(path);
    auto *notice = fixture.find<NoticeStrip>("notice");
    QTRY_VERIFY(notice->isVisible());
    QVERIFY2(notice->text().contains(QStringLiteral("letter.gguf")), qPrintable(notice->text()));
    QVERIFY(fixture.window->fitPage()->state().plan());
}

QTEST_MAIN(TestShell)
#include "tst_shell.moc"
