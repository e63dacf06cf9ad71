// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "models/typical_machines.h"
#include "pages/compare/compare_page.h"
#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/models/models_page.h"
#include "shell/command_palette.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTranslator>

using namespace plimsoll;
using namespace plimsoll::app;

namespace {

constexpr MainWindow::Page pages[]{MainWindow::Page::Fit, MainWindow::Page::Compare, MainWindow::Page::Models, MainWindow::Page::Run,
    MainWindow::Page::Hardware, MainWindow::Page::Settings};

/// A language that nobody speaks: every sentence of the program in brackets, and 40 % longer.
class Pseudo : public QTranslator
{
public:
    QString translate(const char *context, const char *source, const char *, int) const override
    {
        if (!QByteArray(context).startsWith("plimsoll::app::"))
            return {};
        const QString text = QString::fromUtf8(source);
        QString longer;
        while (longer.size() < text.size() * 4 / 10)
            longer += QStringLiteral(" lang");
        return QStringLiteral("[%1%2]").arg(text, longer.left(text.size() * 4 / 10));
    }
    bool isEmpty() const override { return false; }
};

/// The real window with something on every page.
class Fixture : public WindowFixture
{
public:
    Fixture()
    {
        Machine machine = exampleMachine(catalog, "RTX 4070");
        machine.cpu.model = "CPU";
        machine.pretended = true;
        window->hardwarePanel()->setPretended(machine);
        FitRequest request = window->fitPage()->state().request();
        request.model = QStringLiteral("qwen3-30b-a3b");
        window->fitPage()->setRequest(request);
        find<QAbstractButton>("scenarioAdd")->click();
        for (const char *more : {"showAccount", "showContextTable"})
            find<QAbstractButton>(more)->setChecked(true);
        window->resize(1180, 880);
        settle();
    }
    ~Fixture() { settle(); }

    void settle() const
    {
        const auto busy = [this] {
            return window->fitPage()->advising() || window->comparePage()->busy()
                || (window->page() == MainWindow::Page::Models && window->modelsPage()->busy());
        };
        QTRY_VERIFY_WITH_TIMEOUT(!busy(), 300000);
        for (int round = 0; round < 4; ++round)
            QCoreApplication::processEvents();
    }
    void show(MainWindow::Page page) const
    {
        window->showPage(page);
        settle();
    }
    /// Every page one after the other, the Compare page with each kind of comparison, and the palette over the last.
    template <typename Look>
    void visit(Look look) const
    {
        auto *compared = find<QComboBox>("comparedBy");
        for (const auto page : pages) {
            show(page);
            look();
            for (int by = 1; page == MainWindow::Page::Compare && by < compared->count(); ++by) {
                compared->setCurrentIndex(by);
                settle();
                look();
            }
            compared->setCurrentIndex(0);
        }
        find<QAction>("actionSearch")->trigger();
        settle();
        look();
        find<CommandPalette>("palette")->reject();
    }
};

QString nameOf(const QWidget *widget)
{
    return QStringLiteral("%1 %2 in %3").arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
        widget->parentWidget() ? QLatin1String(widget->parentWidget()->metaObject()->className()) : QLatin1String("nothing"));
}

bool ofQt(const QWidget *widget)
{
    return widget->objectName().startsWith(QLatin1String("qt_")) || qobject_cast<const QScrollBar *>(widget)
        || widget->inherits("QTableCornerButton") || widget->inherits("QComboBoxPrivateContainer")
        || widget->inherits("QComboBoxPrivateScroller");
}

} // namespace

class TestWalk : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QCoreApplication::setApplicationName(QStringLiteral("plimsoll-test")); }
    void everyControlHasAName();
    void everySentenceIsTranslated();
    void nothingIsCutOff_data();
    void nothingIsCutOff();
    void tabReachesWhatIsUsed();

private:
    static void checkWidths(const Fixture &fixture, const QString &code);
    static QStringList textsOf(const MainWindow &window);
};

void TestWalk::everyControlHasAName()
{
    const Fixture fixture;
    for (const QWidget *widget : fixture.window->findChildren<QWidget *>()) {
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const auto *edit = qobject_cast<const QLineEdit *>(widget);
        const bool inside = edit
            && (qobject_cast<const QComboBox *>(widget->parentWidget()) || qobject_cast<const QAbstractSpinBox *>(widget->parentWidget()));
        const bool view = qobject_cast<const QAbstractItemView *>(widget) && !qobject_cast<const QHeaderView *>(widget)
            && !widget->window()->inherits("QComboBoxPrivateContainer");
        const bool control = button || qobject_cast<const QComboBox *>(widget) || qobject_cast<const QAbstractSpinBox *>(widget)
            || qobject_cast<const QAbstractSlider *>(widget) || (edit && !inside) || view
            || (widget->focusPolicy() != Qt::NoFocus && widget->metaObject()->className()[0] != 'Q');
        if (!control || ofQt(widget))
            continue;
        if (widget->inherits("QToolButton") && edit == nullptr && qobject_cast<const QLineEdit *>(widget->parentWidget()))
            continue;   // the cross that clears a field
        QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()), qPrintable(nameOf(widget)));
    }
}

/// All words that are on the window now, but for those that users or catalogues bring.
QStringList TestWalk::textsOf(const MainWindow &window)
{
    QStringList texts;
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        if (ofQt(widget))
            continue;
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            texts << label->text();
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            texts << button->text();
        if (const auto *menu = qobject_cast<const QMenu *>(widget))
            texts << menu->title();
        if (const auto *box = qobject_cast<const QComboBox *>(widget))
            for (int i = 0; i < box->count(); ++i)
                texts << box->itemText(i);
        if (const auto *header = qobject_cast<const QHeaderView *>(widget);
            header && header->model() && header->orientation() == Qt::Horizontal)
            for (int i = 0; i < header->count(); ++i)
                texts << header->model()->headerData(i, Qt::Horizontal).toString();
        texts << widget->toolTip() << widget->accessibleName() << widget->accessibleDescription();
    }
    for (const QAction *action : window.findChildren<QAction *>())
        texts << action->text() << action->toolTip();
    return texts;
}

void TestWalk::everySentenceIsTranslated()
{
    Fixture fixture;
    Pseudo pseudo;
    QCoreApplication::installTranslator(&pseudo);
    QSet<QString> names{QStringLiteral("Plimsoll")};
    for (const CatalogModel &model : fixture.catalog.models)
        names << QString::fromStdString(model.name);
    for (const CatalogGpu &gpu : fixture.catalog.gpus)
        names << QString::fromStdString(gpu.name) << QString::fromStdString(gpu.gpu.name);
    for (const FileTypeInfo &type : fileTypes())
        names << QString::fromUtf8(type.name.data(), static_cast<qsizetype>(type.name.size()));
    for (const QString &code : Language::codes())
        names << Language::nativeName(code);
    for (const TypicalMachine &machine : typicalMachines(fixture.catalog))
        names << machine.name;
    QStringList untranslated;
    fixture.visit([&] {
        for (QString text : textsOf(*fixture.window)) {
            text.remove(QLatin1Char('&'));
            static const QRegularExpression letters(QStringLiteral("\\p{L}{3}"));
            if (!text.contains(letters) || text.contains(QLatin1Char('[')) || names.contains(text))
                continue;
            // Programs that a command is copied for; number formats of the cache; paths; a plan's name; native names of languages.
            static const QRegularExpression known(
                QStringLiteral("^(llama\\.cpp|vLLM|SGLang|Kubernetes|(f|q|bf|iq|FP|INT)\\d+(_\\d)?|/.*|CPU|.+ · .+ · [\\d,]+)$"));
            if (fixture.find<QComboBox>("modelLanguage")->findText(text) < 0 && !known.match(text).hasMatch())
                untranslated << text;
        }
    });
    QCoreApplication::removeTranslator(&pseudo);
    untranslated.removeDuplicates();
    QVERIFY2(untranslated.isEmpty(), qPrintable(untranslated.join(QLatin1Char('\n'))));
}

void TestWalk::nothingIsCutOff_data()
{
    QTest::addColumn<QString>("code");
    for (const QString &code : Language::codes())
        QTest::newRow(qPrintable(code)) << code;
    QTest::newRow("pseudo") << QStringLiteral("pseudo");
}

// The language is changed while another page is shown, as a user would.
void TestWalk::nothingIsCutOff()
{
    QFETCH(QString, code);
    Fixture fixture;
    Pseudo pseudo;
    if (code == u"pseudo")
        QCoreApplication::installTranslator(&pseudo);
    else
        fixture.language.use(code);
    fixture.visit([&] { checkWidths(fixture, code); });
    QCoreApplication::removeTranslator(&pseudo);
}

void TestWalk::checkWidths(const Fixture &fixture, const QString &code)
{
    for (const QWidget *widget : fixture.window->findChildren<QWidget *>()) {
        const auto *label = qobject_cast<const QLabel *>(widget);
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const auto *box = qobject_cast<const QComboBox *>(widget);
        if (!widget->isVisible() || ofQt(widget) || (!label && !button && !(box && !box->isEditable())))
            continue;
        const bool wraps = label && label->wordWrap();
        const int needed = wraps ? label->heightForWidth(label->width()) : widget->minimumSizeHint().width();
        QVERIFY2(needed <= (wraps ? widget->height() : widget->width()) + 1,
            qPrintable(QStringLiteral("%1: %2 “%3”")
                           .arg(code, nameOf(widget),
                               label        ? label->text()
                                   : button ? button->text()
                                            : box->currentText())));
        // Nothing stands outside of what holds it, where that does not scroll.
        const QWidget *parent = widget->parentWidget();
        if (parent && !parent->inherits("QAbstractScrollArea") && !qobject_cast<const QAbstractItemView *>(parent))
            QVERIFY2(widget->geometry().right() <= parent->width(), qPrintable(QStringLiteral("%1: %2").arg(code, nameOf(widget))));
    }
    QVERIFY2(
        fixture.window->width() <= 1180, qPrintable(QStringLiteral("%1: the window grew to %2").arg(code).arg(fixture.window->width())));
}

void TestWalk::tabReachesWhatIsUsed()
{
    const Fixture fixture;
    QVERIFY(QTest::qWaitForWindowActive(fixture.window.get()));
    fixture.show(MainWindow::Page::Fit);
    QSet<QString> reached;
    fixture.find<QComboBox>("model")->setFocus();
    for (int i = 0; i < 80; ++i) {
        QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : fixture.window.get(), Qt::Key_Tab);
        if (const QWidget *focus = QApplication::focusWidget())
            reached << focus->objectName();
    }
    for (const char *name : { "quantization", "context", "parallel", "kvType", "machineBox", "launch", "copyAs", "report", "layerStrip",
             "offloadSlider", "barGpu0", "barRam", "showAccount", "memoryOverContext", "scenarioAdd", "reserve", "typical0" })
        QVERIFY2(reached.contains(QLatin1String(name)), name);
}

QTEST_MAIN(TestWalk)
#include "tst_walk.moc"
