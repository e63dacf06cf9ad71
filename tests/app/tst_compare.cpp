// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "charts/comparison_chart.h"
#include "charts/palette.h"
#include "models/comparison.h"
#include "pages/compare/compare_page.h"
#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/notice_strip.h"

#include <plimsoll/model/mix.h>

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTableView>

using namespace plimsoll;
using namespace plimsoll::app;

class TestCompare : public QObject
{
    Q_OBJECT

private slots:
    void figuresAgreeWithThePlan();
    void recommendsWhatFits();
    void nothingFits();
    void tableIsAModel();
    void opensAndChooses();
    void keysWalkThroughTheChart();
    void sortsByFigures();
    void exportsEveryKind();
    void anUnwritablePlaceGivesASentence();
    void followsTheMachine();
    void speaksEveryLanguage();

private:
    static ComparisonInput input(const Catalog &catalog, const char *model, const char *gpu);
    static void open(WindowFixture &fixture, const char *gpu);
};

ComparisonInput TestCompare::input(const Catalog &catalog, const char *model, const char *gpu)
{
    ComparisonInput input;
    input.model = QString::fromLatin1(model);
    input.shape = std::make_shared<const ModelShape>((*catalog.model(model))->shape);
    input.machine = exampleMachine(catalog, gpu);
    input.request.options.context = 8192;
    input.quantizations = catalog.quantizations;
    input.quality = catalog.quality;
    return input;
}

/// The window on its Compare page, with Llama 3.1 8B and a pretended machine.
void TestCompare::open(WindowFixture &fixture, const char *gpu)
{
    fixture.window->hardwarePanel()->setPretended(exampleMachine(fixture.catalog, gpu));
    FitRequest request = fixture.window->fitPage()->state().request();
    request.model = QStringLiteral("llama-3.1-8b");
    request.quantization = FileType::Q4_K_M;
    fixture.window->fitPage()->setRequest(request);
    fixture.find<QAction>("pageCompare")->trigger();
    QTRY_VERIFY(!fixture.window->comparePage()->busy() && !fixture.window->comparePage()->comparison().rows.isEmpty());
}

void TestCompare::figuresAgreeWithThePlan()
{
    const Catalog catalog = shippedCatalog();
    const ComparisonInput asked = input(catalog, "llama-3.1-8b", "RTX 4090");
    const std::atomic<bool> cancelled = false;
    const Comparison all = compareQuantizations(asked, cancelled);
    QCOMPARE(all.rows.size(), qsizetype(catalog.quantizations.size()));
    QVERIFY(std::is_sorted(all.rows.begin(), all.rows.end(), [](const auto &a, const auto &b) { return a.size < b.size; }));
    for (const ComparedQuantization &row : all.rows) {
        const WeightTypes types = mixTypes(*asked.shape, row.type);
        QCOMPARE(row.size, weightBytes(*asked.shape, types));
        const auto plan = makePlan(*asked.shape, types, asked.machine, asked.request);
        QVERIFY(plan);
        QCOMPARE(row.verdict, plan->verdict);
        if (row.largestContext == 0 || row.largestContext == asked.shape->contextTrained)
            continue;
        // The largest context is the last that fits.
        PlanRequest request = asked.request;
        request.options.context = row.largestContext;
        QVERIFY(makePlan(*asked.shape, types, asked.machine, request)->verdict != Verdict::DoesNotFit);
        request.options.context = row.largestContext + 256;
        QCOMPARE(makePlan(*asked.shape, types, asked.machine, request)->verdict, Verdict::DoesNotFit);
    }
}

void TestCompare::recommendsWhatFits()
{
    const Catalog catalog = shippedCatalog();
    const std::atomic<bool> cancelled = false;
    const Comparison large = compareQuantizations(input(catalog, "llama-3.1-8b", "RTX 4090"), cancelled);
    QCOMPARE(large.why, Recommendation::PreciseOnGpu);
    for (const ComparedQuantization &row : large.rows)
        QVERIFY(row.verdict != Verdict::FitsOnGpu || row.size <= large.rows[large.recommended].size);
    const Comparison none = compareQuantizations(input(catalog, "llama-3.1-8b", ""), cancelled);
    QCOMPARE(none.why, Recommendation::FastestInPart);
    QVERIFY(none.rows[none.recommended].bitsPerWeight >= 4);
}

void TestCompare::nothingFits()
{
    const Catalog catalog = shippedCatalog();
    const std::atomic<bool> cancelled = false;
    const Comparison all = compareQuantizations(input(catalog, "deepseek-r1-671b", "Tesla T4"), cancelled);
    QCOMPARE(all.recommended, -1);
    for (const ComparedQuantization &row : all.rows) {
        QVERIFY(!row.runs());
        QCOMPARE(row.largestContext, 0u);
        QVERIFY(!row.decode.known());
    }
    const std::atomic<bool> stopped = true;
    QVERIFY(compareQuantizations(input(catalog, "llama-3.1-8b", ""), stopped).rows.isEmpty());
}

void TestCompare::tableIsAModel()
{
    ComparisonTable table;
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const Catalog catalog = shippedCatalog();
    const std::atomic<bool> cancelled = false;
    table.setComparison(compareQuantizations(input(catalog, "llama-3.1-8b", "Tesla T4"), cancelled));
    QCOMPARE(table.rowCount(), int(catalog.quantizations.size()));
    QCOMPARE(table.csv().count(QLatin1Char('\n')), table.rowCount() + 1);
    table.setComparison({});
    QCOMPARE(table.rowCount(), 0);
}

void TestCompare::opensAndChooses()
{
    WindowFixture fixture;
    open(fixture, "RTX 4090");
    auto *page = fixture.window->comparePage();
    auto *chart = fixture.find<ComparisonChart>("compareChart");
    auto *view = fixture.find<QTableView>("compareTable");
    QVERIFY(chart->current() >= 0);
    QCOMPARE(page->comparison().rows[chart->current()].type, FileType::Q4_K_M);
    QVERIFY(!fixture.find<QLabel>("compareAdvice")->text().isEmpty());
    // A click on another row of the table is the plan's new quantization, without another computation.
    const QModelIndex index = view->model()->index(2, 0);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(index).center());
    const FileType chosen = fixture.window->fitPage()->state().request().quantization;
    QVERIFY(chosen != FileType::Q4_K_M);
    QCOMPARE(page->comparison().rows[chart->current()].type, chosen);
    QTRY_VERIFY(!page->busy());
    QTest::mouseClick(fixture.find<QPushButton>("compareFit"), Qt::LeftButton);
    QCOMPARE(fixture.window->page(), MainWindow::Page::Fit);
}

void TestCompare::keysWalkThroughTheChart()
{
    WindowFixture fixture;
    open(fixture, "RTX 4090");
    auto *chart = fixture.find<ComparisonChart>("compareChart");
    const int before = chart->current();
    const QString described = chart->accessibleDescription();
    QTest::keyClick(chart, Qt::Key_Right);
    QCOMPARE(chart->current(), before + 1);
    QVERIFY(chart->accessibleDescription() != described);
    QTest::keyClick(chart, Qt::Key_Return);
    QCOMPARE(fixture.window->fitPage()->state().request().quantization, fixture.window->comparePage()->comparison().rows[before + 1].type);
}

void TestCompare::sortsByFigures()
{
    WindowFixture fixture;
    open(fixture, "Tesla T4");
    auto *view = fixture.find<QTableView>("compareTable");
    view->sortByColumn(ComparisonTable::Size, Qt::DescendingOrder);
    qulonglong last = ~0ull;
    for (int row = 0; row < view->model()->rowCount(); ++row) {
        const auto size = view->model()->index(row, ComparisonTable::Size).data(ComparisonTable::SortRole).toULongLong();
        QVERIFY(size <= last);
        last = size;
    }
}

void TestCompare::exportsEveryKind()
{
    WindowFixture fixture;
    open(fixture, "RTX 4090");
    auto *view = fixture.find<QComboBox>("compareView");
    const std::pair<const char *, QByteArray> kinds[]{{"png", "\x89PNG"}, {"svg", "<?xml"}, {"pdf", "%PDF"}, {"csv", "quantization,"}};
    for (int shown = 0; shown < view->count(); ++shown) {
        view->setCurrentIndex(shown);
        for (const auto &[ending, head] : kinds) {
            fixture.dialogs.answer = fixture.folder.filePath(QStringLiteral("figures%1.%2").arg(shown).arg(QLatin1String(ending)));
            QTest::mouseClick(fixture.find<QPushButton>("compareExport"), Qt::LeftButton);
            QFile file(fixture.dialogs.answer);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(file.readAll().startsWith(head), ending);
        }
    }
    QCOMPARE(fixture.dialogs.suggestedName, QStringLiteral("llama-3.1-8b.png"));
}

void TestCompare::anUnwritablePlaceGivesASentence()
{
    WindowFixture fixture;
    open(fixture, "RTX 4090");
    for (const char *ending : {"png", "svg", "pdf", "csv"}) {
        fixture.find<NoticeStrip>("notice")->hide();
        fixture.dialogs.answer = QStringLiteral("/nowhere/figures.") + QLatin1String(ending);
        QTest::mouseClick(fixture.find<QPushButton>("compareExport"), Qt::LeftButton);
        QVERIFY2(fixture.find<NoticeStrip>("notice")->isVisible(), ending);
        QVERIFY(fixture.find<NoticeStrip>("notice")->text().contains(fixture.dialogs.answer));
    }
}

void TestCompare::followsTheMachine()
{
    WindowFixture fixture;
    open(fixture, "RTX 4090");
    auto *page = fixture.window->comparePage();
    QCOMPARE(page->comparison().why, Recommendation::PreciseOnGpu);
    fixture.window->hardwarePanel()->setPretended(exampleMachine(fixture.catalog));
    QTRY_COMPARE(page->comparison().why, Recommendation::FastestInPart);
    QTRY_VERIFY(!page->busy());
    fixture.theme.use(QStringLiteral("dark"));
    QTRY_VERIFY(isDark(fixture.find<ComparisonChart>("compareChart")->palette()));
}

void TestCompare::speaksEveryLanguage()
{
    WindowFixture fixture;
    open(fixture, "RTX 4090");
    QSet<QString> advice;
    QSet<QString> views;
    for (const QString &code : Language::codes()) {
        fixture.language.use(code);
        QCoreApplication::processEvents();
        advice << fixture.find<QLabel>("compareAdvice")->text();
        views << fixture.find<QComboBox>("compareView")->currentText();
    }
    QCOMPARE(advice.size(), Language::codes().size());
    QCOMPARE(views.size(), Language::codes().size());
}

QTEST_MAIN(TestCompare)
#include "tst_compare.moc"
