// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/sentences.h"
#include "settings/settings.h"
#include "shell/dialogs.h"
#include "shell/language.h"
#include "shell/main_window.h"
#include "shell/screenshots.h"
#include "shell/theme.h"

#include <QApplication>

using namespace plimsoll;
using namespace plimsoll::app;

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("plimsoll"));
    QApplication::setApplicationDisplayName(QStringLiteral("Plimsoll"));
    QApplication::setApplicationVersion(QStringLiteral(PLIMSOLL_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("plimsoll"));

    const QStringList arguments = QApplication::arguments().mid(1);
    if (arguments.value(0) == u"--screenshots")
        return takeScreenshots(arguments.value(1), arguments.value(2));

    Settings settings;
    Language language;
    language.use(settings.value(setting::language));
    Theme theme;
    theme.use(settings.value(setting::theme));
    NativeDialogs dialogs;
    const auto catalog = loadCatalog(catalogFolder(QApplication::applicationFilePath().toStdString()));
    const Catalog none;

    MainWindow window({catalog ? *catalog : none, settings, dialogs, language, theme});
    if (!catalog)
        window.notify(Sentences::of(catalog.error()));
    window.show();
    window.detectHardware();
    if (!arguments.isEmpty())
        window.openFile(arguments.first());
    return QApplication::exec();
}
