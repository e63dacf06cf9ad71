// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/fit_page.h"
#include "pages/hardware/hardware_panel.h"
#include "settings/settings.h"
#include "shell/dialogs.h"
#include "shell/language.h"
#include "shell/main_window.h"
#include "shell/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QSlider>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

/// What the window costs: from the start of main() to the first verdict on the screen, a step of the offload slider with everything that
/// follows from it drawn, and resident memory. Times are by the clock and, in brackets, of this process on the processor, which other
/// programs disturb less. Run with QT_QPA_PLATFORM=offscreen where there is no display.

using namespace plimsoll;
using namespace plimsoll::app;

namespace {

double residentMib()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n'))
        if (line.startsWith("VmRSS:"))
            return line.mid(6).trimmed().split(' ').first().toDouble() / 1024;
    return 0;
}

Machine machineOf(const Catalog &catalog)
{
    Machine machine;
    machine.pretended = true;
    if (const auto gpu = catalog.gpu("RTX 4070"))
        machine.gpus.push_back((*gpu)->gpu);
    machine.ram.total = gib(32);
    machine.ram.available = gib(24);
    machine.cpu.physicalCores = 8;
    machine.cpu.readBandwidth = Bandwidth::gbPerSecond(60);
    return machine;
}

/// Milliseconds by the clock, and on the processor.
struct Span
{
    double wall = 0;
    double processor = 0;
};

class Watch
{
public:
    Watch() { m_timer.start(); }
    Span elapsed() const
    {
        return {static_cast<double>(m_timer.nsecsElapsed()) / 1e6, static_cast<double>(std::clock() - m_clock) * 1e3 / CLOCKS_PER_SEC};
    }

private:
    QElapsedTimer m_timer;
    std::clock_t m_clock = std::clock();
};

/// The value that so many of a hundred are not above.
Span share(std::vector<Span> spans, size_t percent, double Span::*by)
{
    std::sort(spans.begin(), spans.end(), [by](const Span &a, const Span &b) { return a.*by < b.*by; });
    return spans[(spans.size() - 1) * percent / 100];
}

void drawn(QWidget &window)
{
    QCoreApplication::processEvents();
    window.repaint();
}

void drag(MainWindow &window, const char *model)
{
    FitRequest request = window.fitPage()->state().request();
    request.model = QString::fromLatin1(model);
    window.fitPage()->setRequest(request);
    drawn(window);
    auto *slider = window.findChild<QSlider *>(QStringLiteral("offloadSlider"));
    std::vector<Span> steps;
    for (int round = 0; round < 3; ++round)
        for (int value = slider->maximum(); value >= 0; --value) {
            const Watch watch;
            slider->setValue(value);
            drawn(window);
            steps.push_back(watch.elapsed());
        }
    std::printf("drag %s:", model);
    for (const size_t percent : {50, 95, 100})
        std::printf(" %zu %% %.1f ms (%.1f)", percent, share(steps, percent, &Span::wall).wall,
            share(steps, percent, &Span::processor).processor);
    std::printf("\n");
}

} // namespace

int main(int argc, char **argv)
{
    const Watch start;
    QApplication application(argc, argv);
    QTemporaryDir folder;
    Settings settings(folder.path());
    Language language;
    language.use(QStringLiteral("en"));
    Theme theme;
    NativeDialogs dialogs;
    const auto catalog = loadCatalog(catalogFolder(QApplication::applicationFilePath().toStdString()));
    if (!catalog)
        return 1;
    MainWindow window({*catalog, settings, dialogs, language, theme});
    window.hardwarePanel()->setPretended(machineOf(*catalog));
    window.show();
    drawn(window);
    if (!window.fitPage()->state().plan())
        return 1;
    const Span first = start.elapsed();
    std::printf("first verdict: %.0f ms (%.0f)\n", first.wall, first.processor);
    std::printf("memory at the first verdict: %.0f MiB\n", residentMib());
    for (const char *model : {"llama-3.1-8b", "qwen3-30b-a3b", "deepseek-r1-671b"})
        drag(window, model);
    std::printf("memory at the end: %.0f MiB\n", residentMib());
    return 0;
}
