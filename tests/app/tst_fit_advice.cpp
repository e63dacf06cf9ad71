// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "charts/context_chart.h"
#include "charts/layer_strip.h"
#include "models/account.h"
#include "models/context_table.h"
#include "models/plan_view.h"
#include "pages/fit/apply_change.h"
#include "pages/fit/fit_page.h"
#include "pages/fit/plan_report.h"
#include "pages/hardware/hardware_panel.h"
#include "shell/plain_table.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>

using namespace plimsoll;
using namespace plimsoll::app;

namespace {

/// The real window before one machine and model, once what would help was worked out.
class Fixture : public WindowFixture
{
public:
    explicit Fixture(const char *gpu, const char *model = "llama-3.1-8b", FileType type = FileType::Q4_K_M, uint32_t context = 8192)
    {
        Machine machine = exampleMachine(catalog, gpu);
        machine.pretended = true;
        window->hardwarePanel()->setPretended(machine);
        FitRequest request;
        request.model = QString::fromLatin1(model);
        request.quantization = type;
        request.context = context;
        page().setRequest(request);
        page().history()->clear();
        settle();
    }

    FitPage &page() const { return *window->fitPage(); }
    const FitState &state() const { return page().state(); }
    void settle() const { QTRY_VERIFY_WITH_TIMEOUT(!page().advising(), 60000); }
    QString text(const char *label) const { return find<QLabel>(label)->text(); }

    /// The button beside the first suggestion that begins so.
    QPushButton *button(const QString &beginning) const
    {
        for (int row = 0; row < 12; ++row) {
            const auto *label = window->findChild<QLabel *>(QStringLiteral("suggestion%1").arg(row));
            if (label && label->text().startsWith(beginning))
                return window->findChild<QPushButton *>(QStringLiteral("apply%1").arg(row));
        }
        return nullptr;
    }
};

} // namespace

class TestFitAdvice : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aSuggestionIsAppliedAndTakenBack();
    void aMachineIsPretendedAndTakenBack();
    void everyChangeOfARequestCanBeApplied();
    void aDragIsOneStep();
    void keysUndoFromTheNumberFields();
    void layersAreMovedByClicks();
    void expertsAreMovedByClicks();
    void anotherMachineForgetsLayersByHand();
    void theAccountAddsUp();
    void curvesAreShownAndExported();
    void commandsAreCopied();
    void reportsAreWritten();
    void reportsSpeakTheLanguage();
    void modelsAreSound();
};

void TestFitAdvice::initTestCase()
{
    QCoreApplication::setApplicationName(QStringLiteral("plimsoll-test"));
}

void TestFitAdvice::aSuggestionIsAppliedAndTakenBack()
{
    const Fixture fixture("RTX 4060", "llama-3.1-8b", FileType::Q8_0, 16384);
    const Plan before = *fixture.state().plan();
    QVERIFY(rank(before.verdict) > rank(Verdict::FitsOnGpu));
    QPushButton *apply = fixture.button(QStringLiteral("Use the smaller quantization"));
    QVERIFY(apply && apply->isEnabled());
    QVERIFY(apply->accessibleName().contains(QStringLiteral("Use the smaller quantization")));
    apply->click();
    QVERIFY(fixture.state().request().quantization != FileType::Q8_0);
    const Verdict better = fixture.state().plan()->verdict;
    QVERIFY(rank(better) < rank(before.verdict) || fixture.state().plan()->decode.expected > before.decode.expected);

    fixture.find<QAction>("actionUndo")->trigger();
    QCOMPARE(fixture.state().request().quantization, FileType::Q8_0);
    QVERIFY(!fixture.find<QAction>("actionUndo")->isEnabled());
    fixture.find<QAction>("actionRedo")->trigger();
    QCOMPARE(fixture.state().plan()->verdict, better);
    fixture.settle();
}

void TestFitAdvice::aMachineIsPretendedAndTakenBack()
{
    const Fixture fixture("RTX 4060", "llama-3.1-8b", FileType::Q8_0, 16384);
    const std::string before = fixture.state().machine().gpus.front().name;
    QPushButton *apply = fixture.button(QStringLiteral("Use a "));
    QVERIFY(apply);
    apply->click();
    QVERIFY(fixture.state().machine().gpus.front().name != before);
    QVERIFY(fixture.window->hardwarePanel()->pretending());
    fixture.find<QAction>("actionUndo")->trigger();
    QCOMPARE(fixture.state().machine().gpus.front().name, before);
    fixture.find<QAction>("actionRedo")->trigger();
    QVERIFY(fixture.state().machine().gpus.front().name != before);
    fixture.settle();
}

void TestFitAdvice::everyChangeOfARequestCanBeApplied()
{
    const Catalog catalog = shippedCatalog();
    const auto applied = [](Change change) {
        FitRequest request;
        request.parallel = 4;
        request.offload = OffloadMode::Layers;
        request.gpuLayers = 33;
        return applyTo(request, change, 32) ? std::optional(request) : std::nullopt;
    };
    QCOMPARE(applied({ChangeCode::KvType, "Q8_0"})->kvType, GgmlType::Q8_0);
    QCOMPARE(applied({ChangeCode::Context, "", 8192, 4096})->context, 4096u);
    QCOMPARE(applied({ChangeCode::Sequences, "", 4, 2})->parallel, 2u);
    QCOMPARE(applied({ChangeCode::Quantization, "Q6_K"})->quantization, FileType::Q6_K);
    QCOMPARE(applied({ChangeCode::ExpertsInRam, "", 0, 8})->expertLayersInRam, 8u);
    QCOMPARE(applied({ChangeCode::LayersInRam, "", 0, 4})->gpuLayers, 28u);
    QCOMPARE(applied({ChangeCode::Smaller, "qwen3-8b"})->model, QStringLiteral("qwen3-8b"));
    QVERIFY(!applied({ChangeCode::OtherGpu, "RTX 4090"}));

    Machine machine = exampleMachine(catalog, "RTX 4060");
    machine.gpus.front().free = gib(1);
    Change freed{ChangeCode::FreeMemory};
    freed.device = 1;
    QVERIFY(applyTo(machine, freed, catalog));
    QCOMPARE(machine.gpus.front().free, machine.gpus.front().total);
    QVERIFY(applyTo(machine, {ChangeCode::SecondGpu, "RTX 4090"}, catalog));
    QCOMPARE(machine.gpus.size(), size_t(2));
    QVERIFY(applyTo(machine, {ChangeCode::OtherGpu, "RTX 3090"}, catalog));
    QVERIFY(machine.pretended);
    QVERIFY(!applyTo(machine, {ChangeCode::OtherGpu, "no such card"}, catalog));
    freed.device = 9;
    QVERIFY(!applyTo(machine, freed, catalog));
}

void TestFitAdvice::aDragIsOneStep()
{
    const Fixture fixture("RTX 4090");
    auto *slider = fixture.find<QSlider>("offloadSlider");
    for (int value = slider->maximum() - 1; value > 3; --value)
        slider->setValue(value);
    QCOMPARE(fixture.page().history()->count(), 1);
    QCOMPARE(fixture.state().request().gpuLayers, 4u);
    fixture.find<QAction>("actionUndo")->trigger();
    QCOMPARE(fixture.state().request().offload, OffloadMode::Auto);
}

void TestFitAdvice::keysUndoFromTheNumberFields()
{
    const Fixture fixture("RTX 4090");
    QVERIFY(QTest::qWaitForWindowActive(fixture.window.get()));
    auto *context = fixture.find<QSpinBox>("context");
    context->setFocus();
    context->stepUp();
    QCOMPARE(fixture.state().request().context, 16384u);
    QTest::keyClick(context, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(fixture.state().request().context, 8192u);
    QCOMPARE(context->value(), 8192);
    QTest::keyClick(context, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(fixture.state().request().context, 16384u);
}

void TestFitAdvice::layersAreMovedByClicks()
{
    const Fixture fixture("RTX 4090");
    auto *strip = fixture.find<LayerStrip>("layerStrip");
    QCOMPARE(strip->letters().count(QLatin1Char('C')), 0);
    QTest::mouseClick(strip, Qt::LeftButton, {}, QPoint(4, 8));
    QCOMPARE(fixture.state().request().offload, OffloadMode::ByHand);
    QCOMPARE(strip->letters().left(2), QStringLiteral("CG"));
    strip->setFocus();
    QTest::keyClick(strip, Qt::Key_Right);
    QTest::keyClick(strip, Qt::Key_Space);
    QCOMPARE(strip->letters().left(3), QStringLiteral("CCG"));
    QTest::mouseClick(strip, Qt::LeftButton, {}, QPoint(4, 8));
    QCOMPARE(strip->letters().left(3), QStringLiteral("GCG"));
    for (int step = 0; step < 3; ++step)
        fixture.find<QAction>("actionUndo")->trigger();
    QCOMPARE(fixture.state().request().offload, OffloadMode::Auto);
}

void TestFitAdvice::expertsAreMovedByClicks()
{
    const Fixture fixture("RTX 4090", "qwen3-30b-a3b");
    auto *strip = fixture.find<LayerStrip>("layerStrip");
    QString places;
    for (int click = 0; click < 3; ++click) {
        QTest::mouseClick(strip, Qt::LeftButton, {}, QPoint(4, 8));
        places += strip->letters().left(1);
    }
    QVERIFY2(QStringLiteral("GECGEC").contains(places), qPrintable(places));
}

void TestFitAdvice::anotherMachineForgetsLayersByHand()
{
    const Fixture fixture("RTX 4090");
    QTest::mouseClick(fixture.find<LayerStrip>("layerStrip"), Qt::LeftButton, {}, QPoint(4, 8));
    QCOMPARE(fixture.state().request().offload, OffloadMode::ByHand);
    Machine machine = exampleMachine(fixture.catalog);
    machine.pretended = true;
    fixture.window->hardwarePanel()->setPretended(machine);
    QVERIFY(fixture.state().plan());
    QCOMPARE(fixture.state().request().offload, OffloadMode::Auto);
}

void TestFitAdvice::theAccountAddsUp()
{
    const Fixture fixture("RTX 4070", "qwen3-30b-a3b", FileType::Q4_K_M, 16384);
    fixture.find<QPushButton>("showAccount")->click();
    const auto *table = qobject_cast<AccountTable *>(fixture.find<PlainTable>("account")->model());
    QVERIFY(table && table->rowCount() > 6);
    for (const BarData &bar : barsOf(*fixture.state().plan())) {
        Bytes sum;
        for (const AccountRow &row : table->rows()) {
            QVERIFY(!row.formula.isEmpty() && !row.source.isEmpty());
            if (row.device == bar.title)
                sum += row.bytes;
        }
        QCOMPARE(sum + bar.of(SegmentRole::Headroom), bar.total);
    }
    // Cells × values × bits is the cache but for the padding of its buffers.
    for (const AccountRow &row : table->rows())
        if (row.part == QStringLiteral("KV cache") && row.device.startsWith(QLatin1String("GPU"))) {
            QVERIFY2(row.formula.contains(QStringLiteral("48 layers × 16,384 tokens × 1,024 values × 16 bits")), qPrintable(row.formula));
            QVERIFY(std::abs(row.bytes.gib() - 48.0 * 16384 * 1024 * 2 / (1 << 30)) < 0.01);
        }
    QSet<QString> formulas;
    for (const QString &code : Language::codes()) {
        const_cast<Language &>(fixture.language).use(code);
        QCoreApplication::processEvents();
        formulas << table->rows().first().formula + table->rows().first().part;
    }
    QCOMPARE(formulas.size(), Language::codes().size());
    fixture.settle();
}

void TestFitAdvice::curvesAreShownAndExported()
{
    Fixture fixture("RTX 4060", "llama-3.1-8b");
    const auto *table = qobject_cast<ContextTable *>(fixture.find<PlainTable>("contextTable")->model());
    QVERIFY(table && table->rowCount() > 8);
    QCOMPARE(table->columnCount(), 5);
    QVERIFY(!fixture.find<PlainTable>("contextTable")->isVisible());
    fixture.find<QPushButton>("showContextTable")->click();
    QVERIFY(fixture.find<PlainTable>("contextTable")->isVisible());
    QVERIFY(fixture.find<ContextChart>("memoryOverContext")->accessibleDescription().contains(QStringLiteral("Fits up to")));
    QVERIFY(fixture.text("farthest").contains(QStringLiteral("tokens of context")));

    QTemporaryDir folder;
    for (const char *ending : {"png", "svg", "pdf", "csv"}) {
        fixture.dialogs.answer = folder.filePath(QStringLiteral("context.") + QLatin1String(ending));
        fixture.find<QPushButton>("exportContext")->click();
        QVERIFY2(QFileInfo(fixture.dialogs.answer).size() > 300, ending);
    }
    QFile csv(fixture.dialogs.answer);
    QVERIFY(csv.open(QIODevice::ReadOnly));
    QVERIFY(csv.readLine().startsWith("context,bytes_device_0,bytes_device_1,verdict"));
    QCOMPARE(csv.readAll().count('\n'), table->rowCount());
}

void TestFitAdvice::commandsAreCopied()
{
    const std::pair<int, const char *> beginnings[]{{0, "plimsoll-engine serve --model llama-3.1-8b-Q4_K_M.gguf"}, {1, "llama-server -m "},
        {2, "vllm serve "}, {3, "python3 -m sglang.launch_server"}, {4, "apiVersion: apps/v1"}};
    const Fixture fixture("RTX 4090");
    emit fixture.find<QPushButton>("copyAs")->menu()->aboutToShow();
    for (const auto &[target, beginning] : beginnings) {
        auto *action = fixture.find<QAction>(qPrintable(QStringLiteral("copyFor%1").arg(target)));
        QVERIFY(action->isEnabled());
        action->trigger();
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY2(copied.startsWith(QLatin1String(beginning)), qPrintable(copied));
    }
    const Fixture without("");
    emit without.find<QPushButton>("copyAs")->menu()->aboutToShow();
    QVERIFY(without.find<QAction>("copyFor1")->isEnabled());
    QVERIFY(!without.find<QAction>("copyFor2")->isEnabled());
}

void TestFitAdvice::reportsAreWritten()
{
    Fixture fixture("RTX 4060", "llama-3.1-8b", FileType::Q8_0, 16384);
    QTemporaryDir folder;
    for (const char *ending : {"html", "md", "txt", "pdf"}) {
        fixture.dialogs.answer = folder.filePath(QStringLiteral("plan.") + QLatin1String(ending));
        fixture.find<QAction>("saveReport")->trigger();
        QFile file(fixture.dialogs.answer);
        QVERIFY2(file.open(QIODevice::ReadOnly), ending);
        const QByteArray bytes = file.readAll();
        QVERIFY2(bytes.size() > 1000, ending);
        if (QByteArray(ending) == "pdf") {
            QVERIFY(bytes.startsWith("%PDF"));
            continue;
        }
        for (const char *part : {"Llama 3.1 8B", "KV cache", "What would change it", "16,384", "GeForce RTX 4060"})
            QVERIFY2(bytes.contains(part), (QByteArray(ending) + ": " + part).constData());
    }
    fixture.find<QAction>("copyReport")->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("Llama 3.1 8B")));

    fixture.dialogs.answer = QStringLiteral("/no/such/folder/plan.html");
    QSignalSpy failures(fixture.window->fitPage(), &FitPage::failed);
    fixture.find<QAction>("saveReport")->trigger();
    QCOMPARE(failures.size(), 1);
}

void TestFitAdvice::reportsSpeakTheLanguage()
{
    Fixture fixture("RTX 4060");
    QSet<QString> texts;
    for (const QString &code : Language::codes()) {
        fixture.language.use(code);
        QCoreApplication::processEvents();
        texts << toMarkdown(reportOf(fixture.state(), {}, fixture.page().models()));
    }
    QCOMPARE(texts.size(), Language::codes().size());

    ReportBlock hostile{ReportBlock::Kind::Title, QStringLiteral("<script>alert(1)</script>"), {}, {}, {}};
    ReportBlock cells{ReportBlock::Kind::Table, {}, {}, {{QStringLiteral("a|b")}, {QStringLiteral("<img src=x>")}}, {}};
    const QString html = toHtml({hostile, cells});
    QVERIFY(!html.contains(QStringLiteral("<script")) && !html.contains(QStringLiteral("<img")));
    QVERIFY(toMarkdown({cells}).contains(QStringLiteral("a\\|b")));
}

void TestFitAdvice::modelsAreSound()
{
    const Fixture fixture("RTX 4060");
    AccountTable account;
    QAbstractItemModelTester accountTester(&account, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const PlanRequest request = fixture.state().planRequest();
    account.setRows(accountOf(
        { *fixture.state().model().shape, fixture.state().types(), fixture.state().machine(), request, *fixture.state().plan() }));
    QVERIFY(account.rowCount() > 0);
    account.setRows({});

    ContextTable contexts;
    QAbstractItemModelTester contextTester(&contexts, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ContextCurve curve;
    curve.budgets = fixture.state().plan()->budgets;
    curve.points = {{1024, Verdict::FitsOnGpu, {gib(1), gib(2)}, {}, {}}, {2048, Verdict::DoesNotFit, {}, {}, {}}};
    contexts.setCurve(curve);
    QCOMPARE(contexts.rowCount(), 2);
    contexts.setCurve({});
    QCOMPARE(contexts.columnCount(), 0);
}

QTEST_MAIN(TestFitAdvice)
#include "tst_fit_advice.moc"
