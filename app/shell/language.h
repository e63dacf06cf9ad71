// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <QTranslator>

namespace plimsoll::app {

/// The language of the interface, switched while the program runs: installs the translators of Plimsoll and of Qt, sets the default
/// QLocale, and every widget receives QEvent::LanguageChange.
class Language : public QObject
{
    Q_OBJECT

public:
    explicit Language(QObject *parent = nullptr);
    ~Language() override;

    /// "ru", "zh_CN", "de", "en".
    static const QStringList &codes();
    /// "Русский": each in its own words, the same in every language.
    static QString nativeName(const QString &code);
    /// The first of the system's languages that is offered; "en" where none is.
    static QString systemCode();

    /// Empty or unknown: the system's language.
    void use(const QString &code);
    /// As chosen: empty while it follows the system.
    const QString &choice() const { return m_choice; }
    /// What is shown now, one of codes().
    const QString &current() const { return m_current; }

signals:
    void changed();

private:
    QString m_choice;
    QString m_current;
    QTranslator m_own;
    QTranslator m_qt;
};

} // namespace plimsoll::app
