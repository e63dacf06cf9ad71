// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/screenshots.h"

#include "pages/compare/compare_page.h"
#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "pages/models/models_page.h"
#include "pages/run/run_page.h"
#include "settings/settings.h"
#include "shell/dialogs.h"
#include "shell/language.h"
#include "shell/main_window.h"
#include "shell/theme.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTemporaryDir>

#include <cstdio>

namespace plimsoll::app {

namespace {

Machine exampleMachine(const Catalog &catalog)
{
    Machine machine;
    machine.pretended = true;
    if (const auto gpu = catalog.gpu("RTX 4070")) {
        machine.gpus.push_back((*gpu)->gpu);
        machine.gpus.back().free = machine.gpus.back().total - mib(900);
    }
    machine.ram.total = gib(32);
    machine.ram.available = gib(23);
    machine.cpu.model = "8-core CPU";
    machine.cpu.physicalCores = 8;
    machine.cpu.logicalCores = 16;
    machine.cpu.int8 = Throughput::tera(1.5);
    machine.cpu.readBandwidth = Bandwidth::gbPerSecond(60);
    return machine;
}

template <typename Condition>
bool waitFor(Condition condition, int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition() && timer.elapsed() < milliseconds)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    return condition();
}

void runModel(MainWindow &window, const QString &path)
{
    using State = EngineProcess::State;
    window.engine()->launch({.modelPath = path, .modelName = {}, .context = 512});
    if (!waitFor([&] { return window.engine()->state() == State::Ready; }, 30000))
        return;
    window.runPage()->setOptions({.maxTokens = 120, .temperature = 0});
    auto *prompt = window.runPage()->findChild<QPlainTextEdit *>(QStringLiteral("prompt"));
    auto *send = window.runPage()->findChild<QPushButton *>(QStringLiteral("send"));
    if (!prompt || !send)
        return;
    prompt->setPlainText(QStringLiteral("Once upon a time"));
    send->click();
    waitFor([&] { return window.engine()->state() != State::Generating; }, 30000);
}

// New words first, then the layouts that follow from them, then what those bring about.
void settle()
{
    for (int round = 0; round < 5; ++round)
        QCoreApplication::processEvents();
    waitFor([] { return false; }, 40);
}

/// Nothing that the page shows is still being worked out.
bool atRest(const MainWindow &window, MainWindow::Page page)
{
    if (page == MainWindow::Page::Models)
        return !window.modelsPage()->busy();
    return !window.comparePage()->busy() && !window.fitPage()->advising();
}

/// The page, and where it is longer than the window what is below, as further pictures. `file` has a place for their number.
bool grabPage(MainWindow &window, const QString &file)
{
    QScrollBar *bar = nullptr;
    for (QScrollArea *area : window.findChildren<QScrollArea *>())
        if (area->isVisible() && area->verticalScrollBar()->maximum() > 0)
            bar = area->verticalScrollBar();
    for (int part = 1;; ++part) {
        if (!window.grab().save(file.arg(part > 1 ? QString::number(part) : QString())))
            return false;
        if (!bar || bar->value() >= bar->maximum())
            break;
        bar->setValue(bar->value() + bar->pageStep());
        settle();
    }
    if (bar)
        bar->setValue(0);
    return true;
}

bool grabAll(MainWindow &window, Language &language, Theme &theme, const QDir &folder)
{
    const std::pair<MainWindow::Page, const char *> pages[]{ { MainWindow::Page::Fit, "fit" }, { MainWindow::Page::Compare, "compare" },
        { MainWindow::Page::Models, "models" }, { MainWindow::Page::Run, "run" }, { MainWindow::Page::Hardware, "hardware" },
        { MainWindow::Page::Settings, "settings" } };
    for (const char *look : {"light", "dark", "contrast"}) {
        theme.use(QString::fromLatin1(look));
        for (const QString &code : Language::codes()) {
            language.use(code);
            for (const auto &[page, name] : pages) {
                window.showPage(page);
                settle();
                waitFor([&window, page = page] { return atRest(window, page); }, 20000);
                settle();
                const QString file
                    = QStringLiteral("%1%2_%3_%4.png").arg(QLatin1String(name), QStringLiteral("%1"), code, QLatin1String(look));
                if (!grabPage(window, folder.filePath(file)))
                    return false;
            }
        }
    }
    return true;
}

} // namespace

int takeScreenshots(const QString &folder, const QString &modelPath)
{
    QTemporaryDir settingsFolder;
    Settings settings(settingsFolder.path());
    Language language;
    language.use(QStringLiteral("en"));
    Theme theme;
    NativeDialogs dialogs;
    const auto catalog = loadCatalog(catalogFolder(QApplication::applicationFilePath().toStdString()));
    if (folder.isEmpty() || !QDir().mkpath(folder) || !catalog) {
        std::fputs("usage: plimsoll --screenshots FOLDER [MODEL.gguf]\n", stderr);
        return 2;
    }
    MainWindow window({*catalog, settings, dialogs, language, theme});
    FitRequest request = window.fitPage()->state().request();
    request.model = QStringLiteral("qwen3-30b-a3b");
    request.context = 16384;
    window.fitPage()->setRequest(request);
    window.hardwarePanel()->setPretended(exampleMachine(*catalog));
    window.resize(1180, 1000);
    window.show();
    if (!modelPath.isEmpty())
        runModel(window, modelPath);
    return grabAll(window, language, theme, QDir(folder)) ? 0 : 1;
}

} // namespace plimsoll::app
