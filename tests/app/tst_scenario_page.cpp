// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "charts/layer_strip.h"
#include "charts/memory_bar.h"
#include "models/precision_table.h"
#include "pages/compare/compare_page.h"
#include "pages/fit/fit_page.h"
#include "pages/fit/scenario_card.h"
#include "pages/hardware/hardware_panel.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStyleOptionSpinBox>
#include <QTableView>
#include <QToolButton>

using namespace plimsoll;
using namespace plimsoll::app;

namespace {

/// Points as a user does, and counts the clicks.
class Pointer
{
public:
    explicit Pointer(const WindowFixture &fixture) : m_fixture(fixture) {}

    /// A click that opens the list, and one on the item. Scrolling is no click.
    void choose(const char *box, const QString &item)
    {
        auto *combo = m_fixture.find<QComboBox>(box);
        const int row = combo->findText(item, Qt::MatchStartsWith);
        QVERIFY2(row >= 0, qPrintable(item));
        QTest::mouseClick(combo, Qt::LeftButton, {}, QPoint(combo->width() - 8, combo->height() / 2));
        if (!combo->view()->isVisible())
            combo->showPopup();   // the style decides where the arrow is
        QVERIFY(combo->view()->isVisible());
        const QModelIndex index = combo->model()->index(row, combo->modelColumn(), combo->rootModelIndex());
        combo->view()->scrollTo(index);
        combo->view()->setCurrentIndex(index);
        QTest::qWait(QApplication::doubleClickInterval() + 50);   // a popup takes no click at once
        QTest::mouseMove(combo->view()->viewport(), combo->view()->visualRect(index).center());
        QTest::mouseClick(combo->view()->viewport(), Qt::LeftButton, {}, combo->view()->visualRect(index).center());
        clicks += 2;
        QTRY_COMPARE(combo->view()->isVisible(), false);
    }
    void press(const char *button)
    {
        QTest::mouseClick(m_fixture.find<QAbstractButton>(button), Qt::LeftButton);
        ++clicks;
    }
    /// One of the typical machines.
    void pretend(const QString &machine)
    {
        for (QPushButton *button : m_fixture.window->findChildren<QPushButton *>())
            if (button->objectName().startsWith(QLatin1String("typical")) && button->text() == machine) {
                QTest::mouseClick(button, Qt::LeftButton);
                ++clicks;
                return;
            }
        QFAIL(qPrintable(machine));
    }
    /// The arrow of a number field that points up.
    void stepUp(const char *field)
    {
        auto *box = m_fixture.find<QSpinBox>(field);
        QStyleOptionSpinBox option;
        option.initFrom(box);
        option.subControls = QStyle::SC_All;
        const QRect arrow = box->style()->subControlRect(QStyle::CC_SpinBox, &option, QStyle::SC_SpinBoxUp, box);
        QTest::mouseClick(box, Qt::LeftButton, {}, arrow.center());
        ++clicks;
    }

    int clicks = 0;

private:
    const WindowFixture &m_fixture;
};

class Fixture : public WindowFixture
{
public:
    Fixture()
    {
        window->resize(1180, 1000);
        window->hardwarePanel()->setDetected(exampleMachine(catalog));
    }
    ~Fixture() { settle(); }
    const FitState &state() const { return window->fitPage()->state(); }
    void settle() const { QTRY_VERIFY_WITH_TIMEOUT(!window->fitPage()->advising(), 300000); }
};

} // namespace

/// The scenarios that the planner's tests name a to e, set up by pointing only, from the start of the program; beside each stands how many
/// clicks it took.
class TestScenarioPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QCoreApplication::setApplicationName(QStringLiteral("plimsoll-test")); }
    void aHugeModelOnASmallCard();
    void aHugeModelWithItsExpertsInRam();
    void twoModelsOnOneCard();
    void aHugeModelOnServers();
    void whatPrecisionsWeigh();
    void modelsAreAddedAndRemoved();
    void thisComputerComesBack();
};

void TestScenarioPage::aHugeModelOnASmallCard()
{
    const Fixture fixture;
    Pointer pointer(fixture);
    pointer.choose("model", QStringLiteral("DeepSeek V3.1"));
    pointer.pretend(QStringLiteral("Tesla T4"));
    QCOMPARE(pointer.clicks, 3);
    QVERIFY(fixture.state().request().model.startsWith(QStringLiteral("deepseek-v3.1")));
    QCOMPARE(fixture.state().machine().gpus.size(), size_t(1));
    QCOMPARE(fixture.state().machine().ram.total, gib(32));
    QCOMPARE(fixture.state().machine().cpu.logicalCores, 4u);
    QCOMPARE(fixture.state().plan()->verdict, Verdict::DoesNotFit);
    QCOMPARE(fixture.find<QLabel>("verdictTitle")->text(), QStringLiteral("Does not fit"));
    fixture.settle();
    // What it would need is said.
    QVERIFY(fixture.find<QLabel>("inServers")->text().contains(QStringLiteral("at least")));
}

void TestScenarioPage::aHugeModelWithItsExpertsInRam()
{
    const Fixture fixture;
    Pointer pointer(fixture);
    pointer.choose("model", QStringLiteral("DeepSeek V3.1"));
    pointer.pretend(QStringLiteral("L4"));
    pointer.choose("quantization", QStringLiteral("Q8_0"));
    for (int doubling = 0; doubling < 3; ++doubling)
        pointer.stepUp("context");
    QCOMPARE(pointer.clicks, 8);
    QCOMPARE(fixture.state().request().context, 32768u);
    const Plan &plan = *fixture.state().plan();
    QCOMPARE(plan.verdict, Verdict::FitsWithOffload);
    // The RAM it takes stands in its bar, the place of each of the 61 layers in the strip.
    const Bytes ram = fixture.find<MemoryBar>("barRam")->data().used();
    QVERIFY(ram > gib(620) && ram < gib(690));
    const StripData &strip = fixture.find<LayerStrip>("layerStrip")->data();
    QCOMPARE(strip.layers.size(), 61);
    const auto inRam = std::count_if(strip.layers.begin(), strip.layers.end(),
        [](const LayerCell &layer) { return layer.place == LayerPlace::ExpertsInRam; });
    QVERIFY2(inRam > 40, qPrintable(QString::number(inRam)));
    const double experts = plan.decode.expected;
    // Whole layers only: one step of the slider, and slower.
    FitRequest whole = fixture.state().request();
    whole.offload = OffloadMode::Layers;
    whole.gpuLayers = 1;
    fixture.window->fitPage()->edit(whole);
    QVERIFY(fixture.state().plan()->decode.expected < experts);
}

void TestScenarioPage::twoModelsOnOneCard()
{
    const Fixture fixture;
    Pointer pointer(fixture);
    pointer.choose("model", QStringLiteral("Qwen3 30B A3B"));
    pointer.pretend(QStringLiteral("RTX PRO 6000"));
    pointer.choose("quantization", QStringLiteral("Q8_0"));
    pointer.press("scenarioAdd");
    pointer.press("scenarioAdd");
    QCOMPARE(pointer.clicks, 7);
    const auto *card = fixture.find<ScenarioCard>("scenario");
    QVERIFY(card->scenario());
    QCOMPARE(card->scenario()->verdict, Verdict::FitsOnGpu);
    const BarData &bar = fixture.find<MemoryBar>("scenarioBar1")->data();
    QCOMPARE(bar.total, mib(97887));
    Bytes both;
    for (const BarSegment &segment : bar.segments)
        if (!segment.name.isEmpty())
            both += segment.bytes;
    QVERIFY(both > gib(60) && both < gib(75));

    pointer.choose("quantization", QStringLiteral("F16"));
    pointer.press("scenarioRemove1");
    pointer.press("scenarioRemove0");
    pointer.press("scenarioAdd");
    pointer.press("scenarioAdd");
    QVERIFY(card->scenario()->verdict != Verdict::FitsOnGpu);
}

void TestScenarioPage::aHugeModelOnServers()
{
    const Fixture fixture;
    Pointer pointer(fixture);
    pointer.choose("model", QStringLiteral("DeepSeek R1 671B"));
    pointer.pretend(QStringLiteral("8 × H100"));
    pointer.choose("quantization", QStringLiteral("Q8_0"));
    QCOMPARE(pointer.clicks, 5);
    QCOMPARE(fixture.state().machine().gpus.size(), size_t(8));
    QVERIFY(fixture.state().plan()->verdict != Verdict::FitsOnGpu);
    fixture.settle();
    const QString eightBits = fixture.find<QLabel>("inServers")->text();
    QVERIFY2(eightBits.contains(QStringLiteral("2 servers")), qPrintable(eightBits));
    pointer.choose("quantization", QStringLiteral("Q4_K_M"));
    QCOMPARE(fixture.state().plan()->verdict, Verdict::FitsOnGpu);
    fixture.settle();
    const QString fourBits = fixture.find<QLabel>("inServers")->text();
    QVERIFY2(fourBits.contains(QStringLiteral("1 server.")), qPrintable(fourBits));
}

void TestScenarioPage::whatPrecisionsWeigh()
{
    const Fixture fixture;
    Pointer pointer(fixture);
    pointer.choose("model", QStringLiteral("DeepSeek R1 671B"));
    pointer.press("pageCompare");
    pointer.choose("comparedBy", QStringLiteral("Models"));
    QCOMPARE(pointer.clicks, 5);
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.window->comparePage()->busy(), 300000);
    const QAbstractItemModel *table = fixture.find<QTableView>("precisions")->model();
    QHash<QString, QStringList> weights;
    for (int row = 0; row < table->rowCount(); ++row)
        for (int column = PrecisionTable::Fp16; column < PrecisionTable::ColumnCount; ++column)
            weights[table->index(row, PrecisionTable::Name).data().toString()] << table->index(row, column).data().toString();
    for (const char *name : {"DeepSeek R1 671B", "DeepSeek R1 Distill Llama 70B", "DeepSeek R1 Distill Qwen 32B",
             "DeepSeek R1 Distill Qwen 14B", "DeepSeek R1 Distill Llama 8B", "DeepSeek R1 Distill Qwen 7B",
             "DeepSeek R1 Distill Qwen 1.5B"})
        QVERIFY2(weights.contains(QLatin1String(name)), name);
    QVERIFY2(weights.value(QStringLiteral("DeepSeek R1 671B")).constFirst().startsWith(QStringLiteral("1,34")),
        qPrintable(weights.value(QStringLiteral("DeepSeek R1 671B")).join(QLatin1Char(' '))));

    // Eight cards of 96 GB do not hold it at 16 bits.
    pointer.press("pageFit");
    pointer.pretend(QStringLiteral("8 × H20"));
    pointer.choose("quantization", QStringLiteral("F16"));
    QCOMPARE(pointer.clicks, 9);
    QCOMPARE(fixture.state().machine().gpus.size(), size_t(8));
    QVERIFY(fixture.state().plan()->verdict != Verdict::FitsOnGpu && fixture.state().plan()->verdict != Verdict::Tight);
}

void TestScenarioPage::modelsAreAddedAndRemoved()
{
    Fixture fixture;
    const auto *card = fixture.find<ScenarioCard>("scenario");
    QVERIFY(!card->scenario());
    auto *add = fixture.find<QPushButton>("scenarioAdd");
    for (int i = 0; i < 40; ++i)
        add->click();
    QVERIFY(!add->isEnabled());
    QCOMPARE(card->scenario()->plans.size(), size_t(16));
    QSet<QString> texts;
    for (const QString &code : Language::codes()) {
        fixture.language.use(code);
        QCoreApplication::processEvents();
        texts << fixture.find<QLabel>("scenarioVerdict")->text();
    }
    QCOMPARE(texts.size(), Language::codes().size());
    for (int i = 15; i >= 0; --i)
        fixture.find<QPushButton>("scenarioRemove0")->click();
    QVERIFY(!card->scenario());
    QVERIFY(add->isEnabled());
}

void TestScenarioPage::thisComputerComesBack()
{
    const Fixture fixture;
    Pointer pointer(fixture);
    pointer.choose("machineBox", QStringLiteral("GeForce RTX 4090"));
    QVERIFY(fixture.window->hardwarePanel()->pretending());
    pointer.choose("gpuCount", QStringLiteral("2"));
    QCOMPARE(fixture.state().machine().gpus.size(), size_t(2));
    pointer.choose("machineBox", QStringLiteral("This computer"));
    QVERIFY(!fixture.window->hardwarePanel()->pretending());
    QVERIFY(fixture.state().machine().gpus.empty());
}

QTEST_MAIN(TestScenarioPage)
#include "tst_scenario_page.moc"
