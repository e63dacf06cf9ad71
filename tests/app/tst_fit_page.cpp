// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "charts/layer_strip.h"
#include "charts/memory_bar.h"
#include "charts/palette.h"
#include "models/budget_table.h"
#include "models/plan_view.h"
#include "pages/fit/fit_page.h"
#include "pages/gib_box.h"
#include "pages/hardware/hardware_panel.h"


#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>

using namespace plimsoll;
using namespace plimsoll::app;

namespace {

void choose(QComboBox *box, const QString &text)
{
    const int row = box->findText(text, Qt::MatchFixedString);
    QVERIFY2(row >= 0, qPrintable(text));
    box->setFocus();
    box->setCurrentIndex(row);
    emit box->activated(row);
}

} // namespace

class TestFitPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void pickingAModelShowsItsPlan();
    void typingFindsAModel();
    void aPretendedGpuChangesTheAnswer();
    void theSliderMovesLayers();
    void theSliderTakesOverFromAuto();
    void contextAndCacheTypeCost();
    void absurdNumbersAreRefused();
    void mappedAndOwnedAreToldApart();
    void shortageIsBeyondTheLine();
    void languagesChangeLive();
    void lightAndDarkDiffer();
    void theTableIsTheBars();
    void modelsAreSound();
    void aCatalogueModelAsksForItsFile();
    void theReserveIsKeptFree();
    void runningAnywayHasConsequences();

private:
    QString text(const WindowFixture &fixture, const char *label) const { return fixture.find<QLabel>(label)->text(); }
    static void pretend(WindowFixture &fixture, const char *gpu);
};

void TestFitPage::initTestCase()
{
    QCoreApplication::setApplicationName(QStringLiteral("plimsoll-test"));
}

void TestFitPage::pretend(WindowFixture &fixture, const char *gpu)
{
    Machine machine = exampleMachine(fixture.catalog, gpu);
    machine.pretended = true;
    fixture.window->hardwarePanel()->setPretended(machine);
}

void TestFitPage::pickingAModelShowsItsPlan()
{
    WindowFixture fixture;
    pretend(fixture, "RTX 4090");
    choose(fixture.find<QComboBox>("model"), QStringLiteral("Llama 3.1 8B"));
    choose(fixture.find<QComboBox>("quantization"), QStringLiteral("Q4_K_M"));
    const FitState &state = fixture.window->fitPage()->state();
    QCOMPARE(state.request().model, QStringLiteral("llama-3.1-8b"));
    QVERIFY(state.plan());
    QCOMPARE(state.plan()->verdict, Verdict::FitsOnGpu);

    const Bytes four = fixture.find<MemoryBar>("barGpu0")->data().of(SegmentRole::Weights);
    choose(fixture.find<QComboBox>("quantization"), QStringLiteral("Q8_0"));
    const Bytes eight = fixture.find<MemoryBar>("barGpu0")->data().of(SegmentRole::Weights);
    QVERIFY(four > gib(4) && four < gib(5));
    QVERIFY(eight > gib(7) && eight < gib(9));
}

void TestFitPage::typingFindsAModel()
{
    WindowFixture fixture;
    auto *box = fixture.find<QComboBox>("model");
    box->lineEdit()->selectAll();
    QTest::keyClicks(box->lineEdit(), QStringLiteral("qwen3 8b"));
    QTest::keyClick(box->lineEdit(), Qt::Key_Return);
    QCOMPARE(fixture.window->fitPage()->state().request().model, QStringLiteral("qwen3-8b"));

    box->lineEdit()->selectAll();
    QTest::keyClicks(box->lineEdit(), QStringLiteral("no such model"));
    QTest::keyClick(box->lineEdit(), Qt::Key_Return);
    QCOMPARE(fixture.window->fitPage()->state().request().model, QStringLiteral("qwen3-8b"));
    QCOMPARE(box->currentText(), QStringLiteral("Qwen3 8B"));
}

void TestFitPage::aPretendedGpuChangesTheAnswer()
{
    WindowFixture fixture;
    pretend(fixture, "");
    QCOMPARE(fixture.window->fitPage()->state().plan()->verdict, Verdict::CpuOnly);
    QVERIFY(!fixture.find<QSlider>("offloadSlider")->isEnabled());
    QVERIFY(!fixture.window->findChild<MemoryBar *>(QStringLiteral("barGpu0")));
    const QString before = text(fixture, "verdictTitle");

    pretend(fixture, "RTX 4090");
    QCOMPARE(fixture.window->fitPage()->state().plan()->verdict, Verdict::FitsOnGpu);
    QVERIFY(fixture.find<QSlider>("offloadSlider")->isEnabled());
    QVERIFY(fixture.find<MemoryBar>("barGpu0")->data().total > gib(23));
    QVERIFY(text(fixture, "verdictTitle") != before);
    QVERIFY(!text(fixture, "reasons").isEmpty());
    QVERIFY(text(fixture, "predictedSpeed").contains(QStringLiteral("tokens/s")));
}

void TestFitPage::theSliderMovesLayers()
{
    WindowFixture fixture;
    pretend(fixture, "RTX 4090");
    auto *slider = fixture.find<QSlider>("offloadSlider");
    auto *strip = fixture.find<LayerStrip>("layerStrip");
    const FitState &state = fixture.window->fitPage()->state();
    const int layers = static_cast<int>(state.model().shape->layers());
    QCOMPARE(slider->maximum(), layers + 1);
    QCOMPARE(strip->letters(), QString(layers, QLatin1Char('G')));
    const QString whole = text(fixture, "verdictSentence");
    fixture.find<QRadioButton>("offloadByHand")->click();

    Bytes before = Bytes::overflow();
    for (const int onGpu : {layers + 1, layers, layers / 2, 1, 0}) {
        slider->setValue(onGpu);
        QCOMPARE(state.request().offload, OffloadMode::Layers);
        QCOMPARE(fixture.find<QSpinBox>("offloadNumber")->value(), onGpu);
        QCOMPARE(strip->letters().count(QLatin1Char('G')), std::min(onGpu, layers));
        const Bytes weights = fixture.find<MemoryBar>("barGpu0")->data().of(SegmentRole::Weights);
        QVERIFY(weights < before);
        before = weights;
    }
    QVERIFY(text(fixture, "verdictSentence") != whole);
    QVERIFY(strip->accessibleDescription().contains(QString::number(layers - 1)));

    fixture.find<QRadioButton>("offloadAuto")->click();
    QCOMPARE(state.request().offload, OffloadMode::Auto);
    QCOMPARE(slider->value(), layers + 1);
    QCOMPARE(text(fixture, "verdictSentence"), whole);
}

void TestFitPage::theSliderTakesOverFromAuto()
{
    WindowFixture fixture;
    pretend(fixture, "RTX 4090");
    auto *slider = fixture.find<QSlider>("offloadSlider");
    QVERIFY(fixture.find<QRadioButton>("offloadAuto")->isChecked());
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Left);
    QVERIFY(fixture.find<QRadioButton>("offloadByHand")->isChecked());
    QCOMPARE(slider->value(), slider->maximum() - 1);
    fixture.find<QSpinBox>("offloadNumber")->setValue(3);
    QCOMPARE(slider->value(), 3);
}

void TestFitPage::contextAndCacheTypeCost()
{
    WindowFixture fixture;
    pretend(fixture, "RTX 4090");
    auto *context = fixture.find<QSpinBox>("context");
    const auto cache = [&] { return fixture.find<MemoryBar>("barGpu0")->data().of(SegmentRole::Kv); };
    context->setValue(4096);
    const Bytes half = cache();
    context->stepUp();
    QCOMPARE(context->value(), 8192);
    QVERIFY(cache().gib() > 1.9 * half.gib() && cache().gib() < 2.1 * half.gib());
    fixture.find<QSpinBox>("parallel")->setValue(2);
    QVERIFY(cache().gib() > 3.8 * half.gib());
    fixture.find<QSpinBox>("parallel")->setValue(1);
    choose(fixture.find<QComboBox>("kvType"), QStringLiteral("f32"));
    QVERIFY(cache().gib() > 3.8 * half.gib());
    context->stepDown();
    QCOMPARE(context->value(), 4096);
}

void TestFitPage::absurdNumbersAreRefused()
{
    WindowFixture fixture;
    auto *context = fixture.find<QSpinBox>("context");
    context->setFocus();
    context->selectAll();
    QTest::keyClicks(context, QStringLiteral("99999999999"));
    QTest::keyClick(context, Qt::Key_Return);
    QVERIFY(context->value() <= context->maximum());
    QVERIFY(fixture.window->fitPage()->state().request().context <= 16u * 1024 * 1024);
    context->selectAll();
    QTest::keyClicks(context, QStringLiteral("0"));
    QTest::keyClick(context, Qt::Key_Return);
    QVERIFY(fixture.window->fitPage()->state().request().context >= 256u);
}

void TestFitPage::mappedAndOwnedAreToldApart()
{
    WindowFixture fixture;
    pretend(fixture, "");
    const BarData &ram = fixture.find<MemoryBar>("barRam")->data();
    QVERIFY(ram.of(SegmentRole::WeightsMapped) > gib(4));
    QCOMPARE(ram.of(SegmentRole::Weights), Bytes{});
    QVERIFY(ram.of(SegmentRole::Kv).value > 0);
    QVERIFY(ram.of(SegmentRole::Compute).value > 0);
    QVERIFY(roleName(SegmentRole::WeightsMapped) != roleName(SegmentRole::Weights));
    QVERIFY(hatching(SegmentRole::WeightsMapped, false).pattern != hatching(SegmentRole::Weights, false).pattern);
    Bytes sum;
    for (const BarSegment &segment : ram.segments)
        sum += segment.bytes;
    QCOMPARE(sum, ram.total);
}

void TestFitPage::shortageIsBeyondTheLine()
{
    WindowFixture fixture;
    pretend(fixture, "Tesla T4");
    choose(fixture.find<QComboBox>("model"), QStringLiteral("DeepSeek R1 671B"));
    QCOMPARE(fixture.window->fitPage()->state().plan()->verdict, Verdict::DoesNotFit);
    const auto *ram = fixture.find<MemoryBar>("barRam");
    QVERIFY(ram->data().of(SegmentRole::Shortage).value > 0);
    QVERIFY(ram->figures().contains(roleName(SegmentRole::Shortage)));
    QVERIFY(ram->accessibleDescription().contains(QStringLiteral("missing")));
    QVERIFY(!text(fixture, "reasons").isEmpty());
}

void TestFitPage::languagesChangeLive()
{
    WindowFixture fixture;
    pretend(fixture, "RTX 4070");
    QSet<QString> verdicts, figures, reasons, headers;
    for (const QString &code : Language::codes()) {
        fixture.language.use(code);
        QCoreApplication::processEvents();
        verdicts << text(fixture, "verdictTitle") + text(fixture, "verdictSentence");
        figures << fixture.find<MemoryBar>("barGpu0")->figures();
        reasons << text(fixture, "reasons");
        const QAbstractItemModel *table = fixture.find<QTableView>("budgets")->model();
        headers << table->index(0, 0).data().toString() + table->index(1, 0).data().toString();
        QVERIFY(fixture.find<MemoryBar>("barGpu0")->accessibleDescription().contains(fixture.find<MemoryBar>("barGpu0")->figures()));
    }
    for (const auto &texts : {verdicts, figures, reasons, headers})
        QCOMPARE(texts.size(), Language::codes().size());

    fixture.language.use(QStringLiteral("ru"));
    QCoreApplication::processEvents();
    QVERIFY(fixture.find<MemoryBar>("barGpu0")->figures().contains(QStringLiteral("ГиБ")));
    QVERIFY(fixture.find<MemoryBar>("barGpu0")->figures().contains(QStringLiteral("KV-кэш")));
}

void TestFitPage::lightAndDarkDiffer()
{
    WindowFixture fixture;
    pretend(fixture, "RTX 4070");
    auto *bar = fixture.find<MemoryBar>("barGpu0");
    const QImage light = bar->grab().toImage();
    fixture.theme.use(QStringLiteral("dark"));
    QCoreApplication::processEvents();
    QVERIFY(bar->grab().toImage() != light);
}

void TestFitPage::theTableIsTheBars()
{
    WindowFixture fixture;
    pretend(fixture, "RTX 4070");
    const QAbstractItemModel *table = fixture.find<QTableView>("budgets")->model();
    QCOMPARE(table->columnCount(), 3);
    const auto *bar = fixture.find<MemoryBar>("barGpu0");
    QCOMPARE(table->headerData(1, Qt::Horizontal).toString(), bar->data().title);
    QVERIFY(table->rowCount() > bar->data().segments.size());
    for (int row = 1; row < table->rowCount(); ++row) {
        const QString part = table->index(row, 0).data().toString();
        const QString figure = table->index(row, 1).data().toString();
        for (const BarSegment &segment : bar->data().segments)
            if (part == roleName(segment.role))
                QVERIFY2(bar->figures().contains(figure), qPrintable(part + figure + bar->figures()));
    }
}

void TestFitPage::modelsAreSound()
{
    const Catalog catalog = shippedCatalog();
    ModelList models;
    QAbstractItemModelTester modelTester(&models, QAbstractItemModelTester::FailureReportingMode::QtTest);
    models.setCatalog(catalog);
    QVERIFY(models.rowCount() >= 10);
    ModelEntry file = *models.entry(0);
    file.key = file.path = QStringLiteral("/models/a.gguf");
    models.addFile(file);
    models.addFile(file);
    QCOMPARE(models.rowCount(), static_cast<int>(catalog.models.size()) + 1);
    QCOMPARE(models.rowOf(file.key), 0);

    BudgetTable table;
    QAbstractItemModelTester tableTester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (const char *gpu : {"", "RTX 4090", "Tesla T4"}) {
        const ModelShape &shape = catalog.models.front().shape;
        const auto plan = makePlan(shape, typesOf(shape), exampleMachine(catalog, gpu), {});
        QVERIFY(plan.ok());
        table.setBars(barsOf(*plan));
        QCOMPARE(table.columnCount(), *gpu ? 3 : 2);
    }
    table.setBars({});
    QCOMPARE(table.rowCount(), 0);
}

void TestFitPage::aCatalogueModelAsksForItsFile()
{
    WindowFixture fixture;
    fixture.find<QPushButton>("launch")->click();
    QCOMPARE(fixture.dialogs.questions, 1);
    QCOMPARE(fixture.window->engine()->state(), EngineProcess::State::Idle);
    QCOMPARE(fixture.window->page(), MainWindow::Page::Fit);
}

void TestFitPage::theReserveIsKeptFree()
{
    WindowFixture fixture;
    pretend(fixture, "RTX 4090");
    auto *reserve = fixture.find<GibBox>("reserve");
    const FitState &state = fixture.window->fitPage()->state();
    QCOMPARE(reserve->value(), 0.5);
    QCOMPARE(state.plan()->verdict, Verdict::FitsOnGpu);
    reserve->setValue(23);
    QCOMPARE(state.machine().gpus.front().reserve, gib(23));
    QCOMPARE(fixture.find<GibBox>("settingReserve")->value(), 23.0);
    QVERIFY(state.plan()->verdict != Verdict::FitsOnGpu);
    fixture.find<QAction>("actionUndo")->trigger();
    QCOMPARE(reserve->value(), 0.5);
    QCOMPARE(state.plan()->verdict, Verdict::FitsOnGpu);
    fixture.window->hardwarePanel()->setPretended(exampleMachine(fixture.catalog));
    QVERIFY(!reserve->isEnabled());
}

void TestFitPage::runningAnywayHasConsequences()
{
    WindowFixture fixture;
    fixture.window->hardwarePanel()->setDetected(exampleMachine(fixture.catalog));
    FitRequest request = fixture.window->fitPage()->state().request();
    request.model = QStringLiteral("llama-3.3-70b");
    request.quantization = FileType::Q8_0;
    fixture.window->fitPage()->setRequest(request);
    QCOMPARE(fixture.window->fitPage()->state().plan()->verdict, Verdict::DoesNotFit);
    QCOMPARE(fixture.find<QPushButton>("launch")->text(), QStringLiteral("Run anyway…"));
    QSet<QString> consequences;
    for (const QString &code : Language::codes()) {
        fixture.language.use(code);
        QCoreApplication::processEvents();
        consequences << text(fixture, "predictedSpeed");
    }
    QCOMPARE(consequences.size(), Language::codes().size());
    QVERIFY(!consequences.contains(QString()));
}

QTEST_MAIN(TestFitPage)
#include "tst_fit_page.moc"
