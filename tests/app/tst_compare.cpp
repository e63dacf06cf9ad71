// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "charts/comparison_chart.h"
#include "charts/palette.h"
#include "models/comparison.h"
#include "models/precision_table.h"
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
    void precisionsAreAModel();
    void opensAndChooses();
    void comparesModels();
    void comparesMachines();
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
    input.cases = casesOf(QString::fromLatin1(model), std::make_shared<const ModelShape>((*catalog.model(model))->shape),
        exampleMachine(catalog, gpu), catalog.quantizations);
    input.request.options.context = 8192;
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
    const Comparison all = compare(asked, cancelled);
    QCOMPARE(all.rows.size(), qsizetype(catalog.quantizations.size()));
    QVERIFY(std::is_sorted(all.rows.begin(), all.rows.end(), [](const auto &a, const auto &b) { return a.size < b.size; }));
    for (const ComparedRow &row : all.rows) {
        const ComparedCase &one = asked.cases[row.index];
        const WeightTypes types = mixTypes(*one.shape, row.type);
        QCOMPARE(row.size, weightBytes(*one.shape, types));
        const auto plan = makePlan(*one.shape, types, one.machine, asked.request);
        QVERIFY(plan);
        QCOMPARE(row.verdict, plan->verdict);
        if (row.largestContext == 0 || row.largestContext == one.shape->contextTrained)
            continue;
        // The largest context is the last that fits.
        PlanRequest request = asked.request;
        request.options.context = row.largestContext;
        QVERIFY(makePlan(*one.shape, types, one.machine, request)->verdict != Verdict::DoesNotFit);
        request.options.context = row.largestContext + 256;
        QCOMPARE(makePlan(*one.shape, types, one.machine, request)->verdict, Verdict::DoesNotFit);
    }
}

void TestCompare::recommendsWhatFits()
{
    const Catalog catalog = shippedCatalog();
    const std::atomic<bool> cancelled = false;
    const Comparison large = compare(input(catalog, "llama-3.1-8b", "RTX 4090"), cancelled);
    QCOMPARE(large.why, RecommendationReason::PreciseOnGpu);
    for (const ComparedRow &row : large.rows)
        QVERIFY(row.verdict != Verdict::FitsOnGpu || row.bitsPerWeight > 9 || row.size <= large.rows[large.recommended].size);
    const Comparison none = compare(input(catalog, "llama-3.1-8b", ""), cancelled);
    QCOMPARE(none.why, RecommendationReason::FastEnough);
    QVERIFY(none.rows[none.recommended].bitsPerWeight >= 4);
}

void TestCompare::nothingFits()
{
    const Catalog catalog = shippedCatalog();
    const std::atomic<bool> cancelled = false;
    const Comparison all = compare(input(catalog, "deepseek-r1-671b", "Tesla T4"), cancelled);
    QCOMPARE(all.recommended, -1);
    for (const ComparedRow &row : all.rows) {
        QVERIFY(!row.runs());
        QCOMPARE(row.largestContext, 0u);
        QVERIFY(!row.decode.known());
    }
    const std::atomic<bool> stopped = true;
    QVERIFY(compare(input(catalog, "llama-3.1-8b", ""), stopped).rows.isEmpty());
}

void TestCompare::tableIsAModel()
{
    ComparisonTable table;
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const Catalog catalog = shippedCatalog();
    const std::atomic<bool> cancelled = false;
    table.setComparison(compare(input(catalog, "llama-3.1-8b", "Tesla T4"), cancelled));
    QCOMPARE(table.rowCount(), int(catalog.quantizations.size()));
    QCOMPARE(table.csv().count(QLatin1Char('\n')), table.rowCount() + 1);
    table.setComparison({});
    QCOMPARE(table.rowCount(), 0);
}

void TestCompare::precisionsAreAModel()
{
    PrecisionTable table;
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const Catalog catalog = shippedCatalog();
    table.setModels({{QStringLiteral("Llama"), std::make_shared<const ModelShape>((*catalog.model("llama-3.1-8b"))->shape)}});
    QCOMPARE(table.rowCount(), 1);
    QCOMPARE(table.index(0, PrecisionTable::Parameters).data().toString(), QStringLiteral("8,030,261,312"));
    QCOMPARE(table.index(0, PrecisionTable::Fp16).data().toString(), QStringLiteral("16.1 GB"));
    QCOMPARE(table.index(0, PrecisionTable::Fp16Customary).data().toString(), QStringLiteral("22.5 GB"));
    table.setModels({});
    QCOMPARE(table.rowCount(), 0);
}

/// Relatives of the model at first; others are added, and any but the chosen one is taken away.
void TestCompare::comparesModels()
{
    WindowFixture fixture;
    open(fixture, "RTX 4090");
    auto *page = fixture.window->comparePage();
    fixture.find<QComboBox>("comparedBy")->setCurrentIndex(1);
    QTRY_VERIFY_WITH_TIMEOUT(!page->busy() && page->comparison().input.by == ComparedBy::Model, 60000);
    const auto rowOf = [page](const char *name) {
        const auto &rows = page->comparison().rows;
        for (int i = 0; i < rows.size(); ++i)
            if (rows[i].name == QLatin1String(name))
                return i;
        return -1;
    };
    QVERIFY(rowOf("Llama 3.1 8B") >= 0 && rowOf("Llama 3.2 1B") >= 0 && rowOf("Qwen3 14B") < 0);
    QCOMPARE(page->comparison().recommended, -1);
    QVERIFY(fixture.find<QTableView>("precisions")->isVisible());

    auto *choices = fixture.find<QComboBox>("comparedAdd");
    const int added = choices->findText(QStringLiteral("Qwen3 14B"));
    choices->setCurrentIndex(added);
    emit choices->activated(added);
    QTRY_VERIFY_WITH_TIMEOUT(!page->busy() && rowOf("Qwen3 14B") >= 0, 60000);

    auto *view = fixture.find<QTableView>("compareTable");
    const auto click = [&](const char *name) {
        for (int row = 0; row < view->model()->rowCount(); ++row)
            if (view->model()->index(row, 0).data().toString() == QLatin1String(name)) {
                view->scrollTo(view->model()->index(row, 0));
                QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(view->model()->index(row, 0)).center());
                return;
            }
        QFAIL(name);
    };
    click("Llama 3.2 1B");
    QVERIFY(fixture.find<QPushButton>("comparedRemove")->isEnabled());
    QTest::mouseClick(fixture.find<QPushButton>("comparedRemove"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!page->busy() && rowOf("Llama 3.2 1B") < 0, 60000);
    click("Llama 3.1 8B");
    QVERIFY(!fixture.find<QPushButton>("comparedRemove")->isEnabled());

    click("Qwen3 14B");
    QTest::mouseClick(fixture.find<QPushButton>("compareFit"), Qt::LeftButton);
    QCOMPARE(fixture.window->page(), MainWindow::Page::Fit);
    QCOMPARE(fixture.window->fitPage()->state().request().model, QStringLiteral("qwen3-14b"));
}

void TestCompare::comparesMachines()
{
    WindowFixture fixture;
    open(fixture, "Tesla T4");
    auto *page = fixture.window->comparePage();
    fixture.find<QComboBox>("comparedBy")->setCurrentIndex(2);
    QTRY_VERIFY_WITH_TIMEOUT(!page->busy() && page->comparison().input.by == ComparedBy::Machine, 60000);
    QVERIFY(page->comparison().rows.size() > 5);
    QVERIFY(!fixture.find<QTableView>("precisions")->isVisible());
    auto *chart = fixture.find<ComparisonChart>("compareChart");
    QCOMPARE(chart->current(), 0);
    for (const ComparedRow &row : page->comparison().rows)
        QCOMPARE(row.bars.size(), qsizetype(page->comparison().input.cases[row.index].machine.gpus.size() + 1));
    for (int view = 0; view < 4; ++view) {
        fixture.find<QComboBox>("compareView")->setCurrentIndex(view);
        QVERIFY(!chart->grab().isNull());
    }
    QTest::keyClick(chart, Qt::Key_Right);
    const ComparedCase chosen = page->comparison().input.cases[page->comparison().rows[1].index];
    QTest::mouseClick(fixture.find<QPushButton>("compareFit"), Qt::LeftButton);
    QVERIFY(fixture.window->hardwarePanel()->pretending());
    QCOMPARE(fixture.window->fitPage()->state().machine().gpus.size(), chosen.machine.gpus.size());
    QCOMPARE(fixture.window->fitPage()->state().machine().ram.total, chosen.machine.ram.total);
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
    QCOMPARE(page->comparison().why, RecommendationReason::PreciseOnGpu);
    fixture.window->hardwarePanel()->setPretended(exampleMachine(fixture.catalog));
    QTRY_COMPARE(page->comparison().why, RecommendationReason::FastEnough);
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
