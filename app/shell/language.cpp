// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace plimsoll::app {

namespace {

// The numbers of the system's own country where its language is the one shown: "en" alone would be American.
QLocale localeFor(const QString &code)
{
    const QLocale asked(code);
    const QLocale system = QLocale::system();
    return system.language() == asked.language() && system.script() == asked.script() ? system : asked;
}

} // namespace

Language::Language(QObject *parent) : QObject(parent) {}

Language::~Language()
{
    QCoreApplication::removeTranslator(&m_own);
    QCoreApplication::removeTranslator(&m_qt);
}

const QStringList &Language::codes()
{
    static const QStringList all{QStringLiteral("en"), QStringLiteral("de"), QStringLiteral("ru"), QStringLiteral("zh_CN")};
    return all;
}

QString Language::nativeName(const QString &code)
{
    if (code == u"ru")
        return QStringLiteral("Русский");
    if (code == u"zh_CN")
        return QStringLiteral("简体中文");
    if (code == u"de")
        return QStringLiteral("Deutsch");
    return QStringLiteral("English");
}

QString Language::systemCode()
{
    for (const QString &tag : QLocale::system().uiLanguages()) {
        const QLocale locale(tag);
        for (const QString &code : codes())
            if (QLocale(code).language() == locale.language())
                return code;
    }
    return QStringLiteral("en");
}

void Language::use(const QString &code)
{
    m_choice = codes().contains(code) ? code : QString();
    const QString wanted = m_choice.isEmpty() ? systemCode() : m_choice;
    if (wanted == m_current)
        return;
    m_current = wanted;

    // The locale comes first: a page that hears of the new language formats its numbers at once.
    QLocale::setDefault(localeFor(wanted));
    QCoreApplication::removeTranslator(&m_own);
    QCoreApplication::removeTranslator(&m_qt);
    if (m_qt.load(QStringLiteral("qtbase_") + wanted, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qt);
    if (m_own.load(QStringLiteral(":/i18n/plimsoll_") + wanted))
        QCoreApplication::installTranslator(&m_own);
    emit changed();
}

} // namespace plimsoll::app
