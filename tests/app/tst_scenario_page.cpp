// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "charts/memory_bar.h"
#include "pages/fit/fit_page.h"
#include "pages/fit/scenario_card.h"
#include "pages/hardware/hardware_panel.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>

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
        QTest::mouseClick(m_fixture.find<QPushButton>(button), Qt::LeftButton);
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

/// The scenarios that the planner's tests name a, c and d, set up by pointing only; beside each stands how many clicks it took.
class TestScenarioPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QCoreApplication::setApplicationName(QStringLiteral("plimsoll-test")); }
    void aHugeModelOnASmallCard();
    void twoModelsOnOneCard();
    void aHugeModelOnServers();
    void modelsAreAddedAndRemoved();
    void thisComputerComesBack();
};

void TestScenarioPage::aHugeModelOnASmallCard()
{
    const Fixture fixture;
    Pointer pointer(fixture);
    pointer.choose("model", QStringLiteral("DeepSeek V3.1"));
    pointer.choose("machineBox", QStringLiteral("Tesla T4"));
    QCOMPARE(pointer.clicks, 4);
    QVERIFY(fixture.state().request().model.startsWith(QStringLiteral("deepseek-v3.1")));
    QCOMPARE(fixture.state().machine().gpus.size(), size_t(1));
    QCOMPARE(fixture.state().plan()->verdict, Verdict::DoesNotFit);
    QCOMPARE(fixture.find<QLabel>("verdictTitle")->text(), QStringLiteral("Does not fit"));
    fixture.settle();
    // What it would need is said.
    QVERIFY(fixture.find<QLabel>("inServers")->text().contains(QStringLiteral("at least")));
}

void TestScenarioPage::twoModelsOnOneCard()
{
    const Fixture fixture;
    Pointer pointer(fixture);
    pointer.choose("model", QStringLiteral("Qwen3 30B A3B"));
    pointer.choose("machineBox", QStringLiteral("RTX PRO 6000 Blackwell Workstation"));
    pointer.choose("quantization", QStringLiteral("Q8_0"));
    pointer.press("scenarioAdd");
    pointer.press("scenarioAdd");
    QCOMPARE(pointer.clicks, 8);
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
    pointer.choose("machineBox", QStringLiteral("H100"));
    pointer.choose("gpuCount", QStringLiteral("8"));
    pointer.choose("quantization", QStringLiteral("Q8_0"));
    QCOMPARE(pointer.clicks, 8);
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
