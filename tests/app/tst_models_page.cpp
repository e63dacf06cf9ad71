// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "models/comparison.h"
#include "models/model_filter.h"
#include "models/model_outlooks.h"
#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/models/models_page.h"
#include "shell/plain_table.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace plimsoll;
using namespace plimsoll::app;

namespace {

class Fixture : public WindowFixture
{
public:
    explicit Fixture(const char *gpu = "RTX 4070")
    {
        Machine machine = exampleMachine(catalog, gpu);
        machine.pretended = true;
        window->hardwarePanel()->setPretended(machine);
        window->showPage(MainWindow::Page::Models);
    }
    ~Fixture() { settle(); }

    void settle() const { QTRY_VERIFY_WITH_TIMEOUT(!window->modelsPage()->busy() && !window->fitPage()->advising(), 300000); }
    PlainTable *table() const { return find<PlainTable>("modelTable"); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    int rowOf(const QString &name) const
    {
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            if (cell(row, ModelList::Name) == name)
                return row;
        return -1;
    }
};

} // namespace

class TestModelsPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QCoreApplication::setApplicationName(QStringLiteral("plimsoll-test")); }
    void searchingAndFiltering();
    void verdictsArriveInTheBackground();
    void choosingGoesToTheFitPage();
    void columnsAreSorted();
    void outlooksAreWhatIsRecommended();
    void askingAgainGivesUpTheOldQuestion();
    void languagesChangeLive();
    void modelsAreSound();
};

void TestModelsPage::searchingAndFiltering()
{
    const Fixture fixture;
    const QAbstractItemModel *shown = fixture.table()->model();
    const int all = shown->rowCount();
    QCOMPARE(all, static_cast<int>(fixture.catalog.models.size()));
    auto *search = fixture.find<QLineEdit>("modelSearch");
    QTest::keyClicks(search, QStringLiteral("qwen3 8b"));
    QVERIFY(shown->rowCount() > 0 && shown->rowCount() < 6);
    QVERIFY(fixture.rowOf(QStringLiteral("Qwen3 8B")) >= 0);
    QVERIFY(fixture.find<QLabel>("modelCount")->text().startsWith(QString::number(shown->rowCount())));
    QTest::keyClicks(search, QStringLiteral(" nonsense"));
    QCOMPARE(shown->rowCount(), 0);
    QVERIFY(!fixture.find<QPushButton>("modelUse")->isEnabled());
    search->clear();
    QCOMPARE(shown->rowCount(), all);

    auto *language = fixture.find<QComboBox>("modelLanguage");
    language->setCurrentIndex(language->findData(QStringLiteral("zh")));
    QVERIFY(shown->rowCount() > 20 && shown->rowCount() < all);
    auto *capability = fixture.find<QComboBox>("modelCapability");
    const int chinese = shown->rowCount();
    capability->setCurrentIndex(capability->findData(QStringLiteral("tools")));
    QVERIFY(shown->rowCount() > 0 && shown->rowCount() < chinese);
    language->setCurrentIndex(0);
    capability->setCurrentIndex(0);
    QCOMPARE(shown->rowCount(), all);
}

void TestModelsPage::verdictsArriveInTheBackground()
{
    const Fixture fixture("");
    QVERIFY(fixture.window->modelsPage()->busy());
    QCOMPARE(fixture.cell(0, ModelList::Fits), QStringLiteral("…"));
    fixture.settle();
    const int small = fixture.rowOf(QStringLiteral("Llama 3.1 8B"));
    const int huge = fixture.rowOf(QStringLiteral("DeepSeek R1 671B"));
    QVERIFY(small >= 0 && huge >= 0);
    QCOMPARE(fixture.cell(small, ModelList::Fits), QStringLiteral("CPU only"));
    QVERIFY(fixture.cell(small, ModelList::Decode).contains(QStringLiteral("tokens/s")));
    QCOMPARE(fixture.cell(huge, ModelList::Fits), QStringLiteral("Does not fit"));

    const int all = fixture.table()->model()->rowCount();
    fixture.find<QCheckBox>("modelOnlyRunning")->click();
    QVERIFY(fixture.table()->model()->rowCount() < all);
    QCOMPARE(fixture.rowOf(QStringLiteral("DeepSeek R1 671B")), -1);
}

void TestModelsPage::choosingGoesToTheFitPage()
{
    const Fixture fixture("RTX 4090");
    fixture.settle();
    const int row = fixture.rowOf(QStringLiteral("Qwen3 8B"));
    const QModelIndex index = fixture.table()->model()->index(row, ModelList::Name);
    fixture.table()->scrollTo(index);
    QTest::mouseClick(fixture.table()->viewport(), Qt::LeftButton, {}, fixture.table()->visualRect(index).center());
    QCOMPARE(fixture.table()->currentIndex().row(), row);
    const QString best = fixture.cell(row, ModelList::Best);
    fixture.find<QPushButton>("modelUse")->click();
    QCOMPARE(fixture.window->page(), MainWindow::Page::Fit);
    const FitRequest &request = fixture.window->fitPage()->state().request();
    QCOMPARE(request.model, QStringLiteral("qwen3-8b"));
    QCOMPARE(QString::fromLatin1(name(request.quantization).data()), best);
    QCOMPARE(fixture.window->fitPage()->state().plan()->verdict, Verdict::FitsOnGpu);
    fixture.find<QAction>("actionUndo")->trigger();
    QVERIFY(fixture.window->fitPage()->state().request().model != QStringLiteral("qwen3-8b"));
}

void TestModelsPage::columnsAreSorted()
{
    const Fixture fixture("RTX 4090");
    fixture.settle();
    for (const int column : {ModelList::Parameters, ModelList::Context, ModelList::Decode, ModelList::Fits}) {
        fixture.table()->sortByColumn(column, Qt::DescendingOrder);
        const QAbstractItemModel *shown = fixture.table()->model();
        for (int row = 1; row < shown->rowCount(); ++row)
            QVERIFY(shown->index(row - 1, column).data(ModelList::SortRole).toDouble()
                >= shown->index(row, column).data(ModelList::SortRole).toDouble());
    }
}

void TestModelsPage::outlooksAreWhatIsRecommended()
{
    const Catalog catalog = shippedCatalog();
    const Machine machine = exampleMachine(catalog, "RTX 4070");
    ModelList models;
    models.setCatalog(catalog);
    PlanRequest request;
    request.options.context = 8192;
    for (const char *id : {"llama-3.1-8b", "qwen3-30b-a3b", "qwen3-0.6b"}) {
        const ModelEntry *model = models.find(QLatin1String(id));
        QVERIFY2(model, id);
        ComparisonInput input;
        input.cases = casesOf(model->key, model->shape, machine, catalog.quantizations);
        input.request = request;
        const std::atomic<bool> never = false;
        const Comparison comparison = compare(input, never);
        const ModelOutlook outlook = outlookOf(*model, machine, request, catalog.quantizations);
        QVERIFY(outlook.known && comparison.recommended >= 0);
        QCOMPARE(outlook.best, comparison.rows[comparison.recommended].type);
        QCOMPARE(outlook.verdict, comparison.rows[comparison.recommended].verdict);
    }
    ModelEntry file = *models.entry(0);
    file.key = file.path = QStringLiteral("/models/a.gguf");
    file.types = typesOf(*file.shape);
    QVERIFY(outlookOf(file, machine, request, catalog.quantizations).size.value > 0);
}

void TestModelsPage::askingAgainGivesUpTheOldQuestion()
{
    const Catalog catalog = shippedCatalog();
    ModelList models;
    models.setCatalog(catalog);
    ModelOutlooks outlooks(&models);
    QSignalSpy finished(&outlooks, &ModelOutlooks::finished);
    outlooks.find(exampleMachine(catalog, "Tesla T4"), {}, catalog.quantizations);
    QVERIFY(outlooks.busy());
    outlooks.find(exampleMachine(catalog), {}, {FileType::Q4_K_M});
    QTRY_VERIFY_WITH_TIMEOUT(!outlooks.busy(), 120000);
    for (int row = 0; row < models.rowCount(); ++row) {
        QVERIFY(models.outlook(row).known);
        QVERIFY(models.outlook(row).verdict == Verdict::CpuOnly || !models.outlook(row).runs());
    }
    outlooks.find(exampleMachine(catalog), {}, catalog.quantizations);
    outlooks.cancel();
    QTRY_VERIFY(!outlooks.busy());
}

void TestModelsPage::languagesChangeLive()
{
    Fixture fixture;
    QSet<QString> texts;
    for (const QString &code : Language::codes()) {
        fixture.language.use(code);
        QCoreApplication::processEvents();
        texts << fixture.find<QLabel>("modelCount")->text()
                + fixture.table()->model()->headerData(ModelList::License, Qt::Horizontal).toString();
    }
    QCOMPARE(texts.size(), Language::codes().size());
}

void TestModelsPage::modelsAreSound()
{
    const Catalog catalog = shippedCatalog();
    ModelList models;
    QAbstractItemModelTester modelTester(&models, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelFilter filter;
    filter.setSourceModel(&models);
    QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    models.setCatalog(catalog);
    filter.setOnlyRunning(true);
    ModelOutlook bad;
    bad.known = true;
    bad.verdict = Verdict::DoesNotFit;
    models.setOutlook(models.entry(0)->key, bad);
    models.setOutlook(QStringLiteral("no such model"), bad);
    QCOMPARE(filter.rowCount(), models.rowCount() - 1);
    models.forgetOutlooks();
    QCOMPARE(filter.rowCount(), models.rowCount());
}

QTEST_MAIN(TestModelsPage)
#include "tst_models_page.moc"
