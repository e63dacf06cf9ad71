// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/engine_process.h"
#include "fake_engine.h"
#include "pages/run/conversation_view.h"
#include "pages/run/prompt_edit.h"
#include "pages/run/run_page.h"

#include <QAccessible>
#include <QApplication>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QtTest>

using namespace plimsoll;
using namespace plimsoll::app;
using State = EngineProcess::State;

namespace {

struct Fixture
{
    explicit Fixture(const char *how)
    {
        FakeEngine::behave(how);
        engine.setProgram(QCoreApplication::applicationFilePath());
        engine.setPatience({10000, 10000, 200});
        page.resize(1000, 700);
        page.show();
    }

    void launch() { engine.launch({QStringLiteral("/models/tiny.gguf")}); }

    bool becomes(State state)
    {
        return QTest::qWaitFor([&] { return engine.state() == state; }, 20000);
    }

    template <typename T = QPushButton>
    T *find(const char *name) const
    {
        return page.findChild<T *>(QLatin1String(name));
    }

    QString text(const char *label) const { return find<QLabel>(label)->text(); }
    QString conversation() const { return find<ConversationView>("conversation")->toPlainText(); }
    void type(const QString &words) const { QTest::keyClicks(find<PromptEdit>("prompt"), words); }
    void press(const char *button) const { QTest::mouseClick(find(button), Qt::LeftButton); }
    QString complaint() const { return find<QWidget>("errorStrip")->findChild<QLabel *>(QStringLiteral("noticeText"))->text(); }

    EngineProcess engine;
    RunPage page{&engine};
};

} // namespace

class RunPageTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QLocale::setDefault(QLocale(QStringLiteral("en_US"))); }

    void withoutAModel()
    {
        Fixture f("good");
        QSignalSpy choose(&f.page, &RunPage::chooseModelRequested);
        QVERIFY(f.find("chooseModel")->isVisible());
        QVERIFY(!f.find<PromptEdit>("prompt")->isVisible());
        f.press("chooseModel");
        QCOMPARE(choose.size(), 1);
    }

    void loadsTalksAndUnloads()
    {
        Fixture f("good");
        f.launch();
        QVERIFY(f.find<QProgressBar>("loadProgress")->isVisible());
        QVERIFY(!f.find("send")->isEnabled());
        QVERIFY(f.becomes(State::Ready));
        QVERIFY(!f.find<QProgressBar>("loadProgress")->isVisible());
        QCOMPARE(f.text("modelName"), QStringLiteral("tiny.gguf"));
        QCOMPARE(f.text("ownedPredicted"), QStringLiteral("1.00 GiB"));
        QCOMPARE(f.text("ownedActual"), QStringLiteral("1.01 GiB"));
        QCOMPARE(f.text("mappedActual"), QStringLiteral("2.00 GiB"));
        QVERIFY(!f.find("send")->isEnabled());

        f.type(QStringLiteral("Hello"));
        QVERIFY(f.find("send")->isEnabled());
        f.press("send");
        QVERIFY(f.find("stop")->isVisible());
        QVERIFY(!f.find("send")->isVisible());
        QVERIFY(f.becomes(State::Ready));
        QCOMPARE(f.conversation(), QStringLiteral("You\nHello\ntiny.gguf\n1: Hello ✓"));
        QCOMPARE(f.text("decodeRate"), QStringLiteral("33.3 tokens/s"));
        QCOMPARE(f.text("timeToFirstToken"), QStringLiteral("133 ms"));
        QCOMPARE(f.text("prefillRate"), QStringLiteral("90.5 tokens/s"));
        QCOMPARE(f.text("promptTokens"), QStringLiteral("12"));
        QVERIFY(f.find("newConversation")->isEnabled());

        f.press("newConversation");
        QVERIFY(f.conversation().isEmpty());
        f.type(QStringLiteral("Again"));
        QTest::keyClick(f.find<PromptEdit>("prompt"), Qt::Key_Return);
        QVERIFY(f.becomes(State::Ready));
        QCOMPARE(f.conversation(), QStringLiteral("You\nAgain\ntiny.gguf\n1: Again ✓"));

        f.press("unload");
        QVERIFY(f.becomes(State::Idle));
        QVERIFY(f.find("reload")->isVisible());
        QVERIFY(f.conversation().contains(QStringLiteral("Again")));
        f.press("reload");
        QVERIFY(f.becomes(State::Ready));
    }

    void showsWhatOthersAsk()
    {
        Fixture f("good");
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        f.engine.generate(QStringLiteral("from elsewhere"));
        QVERIFY(f.becomes(State::Ready));
        QCOMPARE(f.conversation(), QStringLiteral("You\nfrom elsewhere\ntiny.gguf\n1: from elsewhere ✓"));
    }

    void enterSendsShiftEnterBreaks()
    {
        PromptEdit prompt;
        QSignalSpy sent(&prompt, &PromptEdit::submitted);
        QTest::keyClicks(&prompt, QStringLiteral("one"));
        QTest::keyClick(&prompt, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(&prompt, QStringLiteral("two"));
        QCOMPARE(sent.size(), 0);
        QCOMPARE(prompt.toPlainText(), QStringLiteral("one\ntwo"));
        QTest::keyClick(&prompt, Qt::Key_Enter);
        QCOMPARE(sent.size(), 1);
    }

    void stops()
    {
        Fixture f("endless");
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        f.type(QStringLiteral("go"));
        f.press("send");
        QTRY_VERIFY(f.conversation().contains(QStringLiteral("again again")));
        f.press("stop");
        QCOMPARE(f.engine.state(), State::Ready);
        QVERIFY(f.find("send")->isVisible());
        QVERIFY(f.find<PromptEdit>("prompt")->hasFocus());
        f.press("unload");
        QVERIFY(f.becomes(State::Idle));
    }

    void aCrashGivesAWayOut()
    {
        Fixture f("crash-generating");
        QSignalSpy choose(&f.page, &RunPage::chooseModelRequested);
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        f.type(QStringLiteral("go"));
        f.press("send");
        QVERIFY(f.becomes(State::Failed));
        QVERIFY(f.find<QWidget>("errorStrip")->isVisible());
        QVERIFY(f.complaint().startsWith(QStringLiteral("The engine crashed")));
        f.press("chooseAnother");
        QCOMPARE(choose.size(), 1);
        FakeEngine::behave("good");
        f.press("tryAgain");
        QVERIFY(f.becomes(State::Ready));
        QVERIFY(!f.find<QWidget>("errorStrip")->isVisible());
    }

    void tooLittleMemoryIsSaidWithNumbers()
    {
        Fixture f("load-fails");
        f.launch();
        QVERIFY(f.becomes(State::Failed));
        QVERIFY2(f.complaint().contains(QStringLiteral("8.38 GiB")), qPrintable(f.complaint()));
    }

    void aMissingEngine()
    {
        Fixture f("good");
        f.engine.setProgram(QStringLiteral("/nowhere/plimsoll-engine"));
        f.launch();
        QVERIFY(f.becomes(State::Failed));
        QVERIFY(f.complaint().contains(QStringLiteral("/nowhere/plimsoll-engine")));
        QVERIFY(f.find("tryAgain")->isVisible());
    }

    void aRefusedPromptComesBack()
    {
        Fixture f("refuse");
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        f.type(QStringLiteral("too long"));
        f.press("send");
        QTRY_VERIFY(f.find<QWidget>("errorStrip")->isVisible());
        QCOMPARE(f.engine.state(), State::Ready);
        QCOMPARE(f.find<PromptEdit>("prompt")->toPlainText(), QStringLiteral("too long"));
        QVERIFY(f.conversation().isEmpty());
        QVERIFY(!f.find("tryAgain")->isVisible());
        f.press("dismiss");
        QVERIFY(!f.find<QWidget>("errorStrip")->isVisible());
    }

    void optionsAreKept()
    {
        Fixture f("good");
        QSignalSpy changed(&f.page, &RunPage::optionsChanged);
        f.page.setOptions({100, 0.25});
        QCOMPARE(f.page.options().maxTokens, 100u);
        QCOMPARE(f.page.options().temperature, 0.25);
        QVERIFY(!changed.isEmpty());
        f.page.setOptions({4000000000u, 99});
        QCOMPARE(f.page.options().temperature, 2.0);
        QVERIFY(f.page.options().maxTokens <= 1u << 20);
    }

    void followsTheTextOnlyAtItsEnd()
    {
        ConversationView view;
        view.resize(300, 200);
        view.show();
        view.setModelName(QStringLiteral("m"));
        view.addPrompt(QStringLiteral("p"));
        view.beginAnswer();
        for (int i = 0; i < 200; ++i)
            view.appendAnswer(QStringLiteral("a line of text\n"));
        QScrollBar *bar = view.verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 0 && bar->value() == bar->maximum());
        bar->setValue(10);
        view.appendAnswer(QStringLiteral("more\n"));
        QTest::qWait(60);
        QCOMPARE(bar->value(), 10);
        bar->setValue(bar->maximum());
        view.appendAnswer(QStringLiteral("and more\n"));
        QTRY_VERIFY(view.toPlainText().contains(QStringLiteral("and more")));
        QCOMPARE(bar->value(), bar->maximum());
    }

    void textIsNeverMarkup()
    {
        ConversationView view;
        view.setModelName(QStringLiteral("<b>m</b>"));
        view.addPrompt(QStringLiteral("<img src=x>"));
        view.beginAnswer();
        view.appendAnswer(QStringLiteral("<i>1</i> &lt;"));
        view.endAnswer();
        QCOMPARE(view.toPlainText(), QStringLiteral("You\n<img src=x>\n<b>m</b>\n<i>1</i> &lt;"));
        view.beginAnswer();
        view.appendAnswer(QStringLiteral(" Yes"));
        view.appendAnswer(QStringLiteral(" indeed"));
        QCOMPARE(view.lastAnswer(), QStringLiteral("Yes indeed"));
        view.beginAnswer();
        view.endAnswer();
        QVERIFY(view.toPlainText().endsWith(QStringLiteral("(The model gave no text.)")));
    }

    void everyControlHasAName()
    {
        Fixture f("good");
        f.launch();
        QVERIFY(f.becomes(State::Ready));
        for (QWidget *widget : f.page.findChildren<QWidget *>()) {
            if (widget->focusPolicy() == Qt::NoFocus || widget->objectName().startsWith(QLatin1String("qt_")))
                continue;
            QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
            QVERIFY(interface);
            const bool inner = qobject_cast<QAbstractSpinBox *>(widget->parentWidget()) != nullptr;
            if (!inner && !qobject_cast<QLabel *>(widget))
                QVERIFY2(!interface->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
        }
    }
};

int main(int argc, char **argv)
{
    if (FakeEngine::wanted(argc, argv))
        return FakeEngine::run(argc, argv);
    QApplication application(argc, argv);
    RunPageTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_run_page.moc"
