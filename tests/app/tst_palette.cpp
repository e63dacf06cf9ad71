// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "models/command_list.h"
#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "shell/command_palette.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>

using namespace plimsoll;
using namespace plimsoll::app;

namespace {

class Fixture : public WindowFixture
{
public:
    explicit Fixture(const QString &shown = QStringLiteral("en")) : WindowFixture(shown)
    {
        window->hardwarePanel()->setDetected(exampleMachine(catalog));
    }
    ~Fixture() { QTRY_VERIFY_WITH_TIMEOUT(!window->fitPage()->advising(), 300000); }

    /// By keys alone, as far as a window that nobody sees gets them.
    void search(const QString &words) const
    {
        find<QAction>("actionSearch")->trigger();
        QVERIFY(find<CommandPalette>("palette")->isVisible());
        QTest::keyClicks(find<QLineEdit>("paletteSearch"), words);
    }
    void enter() const { QTest::keyClick(find<QLineEdit>("paletteSearch"), Qt::Key_Return); }
    const FitState &state() const { return window->fitPage()->state(); }
};

} // namespace

/// The field that finds everything.
class TestPalette : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QCoreApplication::setApplicationName(QStringLiteral("plimsoll-test")); }
    void theListIsAModel();
    void choosesAModel();
    void choosesAQuantization();
    void choosesAPage();
    void pretendsAMachine();
    void keysMoveTheMark();
    void saysWhenNothingIsFound();
    void findsInEveryLanguage();
};

void TestPalette::theListIsAModel()
{
    CommandList list;
    QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto nothing = [] {};
    list.setCommands({{QStringLiteral("Large Qwen"), QStringLiteral("Model"), {}, nothing},
        {QStringLiteral("Qwen small"), QStringLiteral("Model"), {}, nothing},
        {QStringLiteral("Fit"), QStringLiteral("Page"), {}, nothing}});
    QCOMPARE(list.rowCount(), 3);
    list.setSearch(QStringLiteral("  qwen "));
    QCOMPARE(list.rowCount(), 2);
    QCOMPARE(list.command(0)->title, QStringLiteral("Qwen small"));   // begins with it
    list.setSearch(QStringLiteral("qwen large"));
    QCOMPARE(list.rowCount(), 1);
    list.setSearch(QStringLiteral("page"));
    QCOMPARE(list.command(0)->title, QStringLiteral("Fit"));
    QVERIFY(!list.command(1));
    list.setCommands({});
    QCOMPARE(list.rowCount(), 0);
}

void TestPalette::choosesAModel()
{
    const Fixture fixture;
    fixture.window->showPage(MainWindow::Page::Settings);
    fixture.search(QStringLiteral("qwen3 14"));
    fixture.enter();
    QVERIFY(!fixture.find<CommandPalette>("palette")->isVisible());
    QCOMPARE(fixture.state().request().model, QStringLiteral("qwen3-14b"));
    QCOMPARE(fixture.window->page(), MainWindow::Page::Fit);
    fixture.find<QAction>("actionUndo")->trigger();
    QVERIFY(fixture.state().request().model != QStringLiteral("qwen3-14b"));
}

void TestPalette::choosesAQuantization()
{
    const Fixture fixture;
    fixture.search(QStringLiteral("q6_k"));
    fixture.enter();
    QCOMPARE(fixture.state().request().quantization, FileType::Q6_K);
}

void TestPalette::choosesAPage()
{
    const Fixture fixture;
    fixture.search(QStringLiteral("hardw"));
    fixture.enter();
    QCOMPARE(fixture.window->page(), MainWindow::Page::Hardware);
}

void TestPalette::pretendsAMachine()
{
    const Fixture fixture;
    fixture.search(QStringLiteral("8 × h100 machine"));
    fixture.enter();
    QVERIFY(fixture.window->hardwarePanel()->pretending());
    QCOMPARE(fixture.state().machine().gpus.size(), size_t(8));
}

void TestPalette::keysMoveTheMark()
{
    const Fixture fixture;
    fixture.search(QStringLiteral("page"));
    auto *field = fixture.find<QLineEdit>("paletteSearch");
    const auto *list = fixture.find<QTableView>("paletteList");
    QCOMPARE(list->currentIndex().row(), 0);
    QTest::keyClick(field, Qt::Key_Up);
    QCOMPARE(list->currentIndex().row(), 0);
    QTest::keyClick(field, Qt::Key_Down);
    QCOMPARE(list->currentIndex().row(), 1);
    QTest::keyClick(field, Qt::Key_PageDown);
    QCOMPARE(list->currentIndex().row(), list->model()->rowCount() - 1);
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(!fixture.find<CommandPalette>("palette")->isVisible());
    QCOMPARE(fixture.window->page(), MainWindow::Page::Fit);
}

void TestPalette::saysWhenNothingIsFound()
{
    const Fixture fixture;
    fixture.search(QStringLiteral("xyzzy"));
    QVERIFY(fixture.find<QLabel>("paletteNothing")->isVisible());
    fixture.enter();
    QVERIFY(fixture.find<CommandPalette>("palette")->isVisible());
    fixture.find<CommandPalette>("palette")->reject();
}

void TestPalette::findsInEveryLanguage()
{
    const std::pair<QString, QString> words[]{{QStringLiteral("ru"), QStringLiteral("оборуд")},
        {QStringLiteral("zh_CN"), QStringLiteral("硬件")},
        {QStringLiteral("de"), QStringLiteral("hardware")}, {QStringLiteral("en"), QStringLiteral("hardware")}};
    for (const auto &[code, word] : words) {
        const Fixture fixture(code);
        fixture.search({});
        fixture.find<QLineEdit>("paletteSearch")->setText(word);
        fixture.enter();
        QCOMPARE(fixture.window->page(), MainWindow::Page::Hardware);
    }
}

QTEST_MAIN(TestPalette)
#include "tst_palette.moc"
