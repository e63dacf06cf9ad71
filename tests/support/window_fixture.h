// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "settings/settings.h"
#include "shell/dialogs.h"
#include "shell/language.h"
#include "shell/main_window.h"
#include "shell/theme.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QtTest>

/// The real window over the real catalogue, with settings of its own and nobody at the dialogs.
namespace plimsoll::app {

class AnsweringDialogs : public Dialogs
{
public:
    QString answer;            // what the next question for a file gets
    QString suggestedName;     // what the last question for a place to write proposed
    QStringList complaints;
    int questions = 0;

    QString openModel(QWidget *, const QString &) override
    {
        ++questions;
        return answer;
    }
    QString openDocument(QWidget *, const QString &, const QString &) override
    {
        ++questions;
        return answer;
    }
    QString chooseFolder(QWidget *, const QString &) override
    {
        ++questions;
        return answer;
    }
    QString saveAs(QWidget *, const QString &suggested, const QString &) override
    {
        ++questions;
        suggestedName = suggested;
        return answer;
    }
    void complain(QWidget *, const QString &sentence) override { complaints << sentence; }
    void about(QWidget *) override {}
};

inline Catalog shippedCatalog()
{
    const auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
    if (!catalog)
        qFatal("the catalogue cannot be read: %s", std::string(codeName(catalog.error().code)).c_str());
    return *catalog;
}

class WindowFixture
{
public:
    explicit WindowFixture(const QString &languageCode = QStringLiteral("en"))
    {
        language.use(languageCode);
        theme.use(QStringLiteral("light"));
        open();
    }

    /// Closes the window, which remembers its state, and makes another.
    void reopen()
    {
        window->close();
        window.reset();
        open();
    }

    template <typename T>
    T *find(const char *name) const
    {
        T *found = window->findChild<T *>(QLatin1String(name));
        if (!found)
            qFatal("the window has no %s", name);
        return found;
    }

    QTemporaryDir folder;
    Settings settings{folder.path()};
    AnsweringDialogs dialogs;
    Language language;
    Theme theme;
    Catalog catalog = shippedCatalog();
    std::unique_ptr<MainWindow> window;

private:
    void open()
    {
        window = std::make_unique<MainWindow>(MainWindow::Parts{catalog, settings, dialogs, language, theme});
        window->show();
    }
};

/// A computer that never changes: `gpu` is a name of the catalogue, empty for none.
inline Machine exampleMachine(const Catalog &catalog, const char *gpu = "")
{
    Machine machine;
    if (*gpu) {
        const auto found = catalog.gpu(gpu);
        if (!found)
            qFatal("no GPU %s in the catalogue", gpu);
        machine.gpus.push_back((*found)->gpu);
    }
    machine.ram.total = gib(32);
    machine.ram.available = gib(24);
    machine.cpu.physicalCores = 8;
    machine.cpu.logicalCores = 16;
    machine.cpu.readBandwidth = Bandwidth::gbPerSecond(60);
    return machine;
}

} // namespace plimsoll::app
