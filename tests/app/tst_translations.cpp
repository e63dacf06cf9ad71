// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QLibraryInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>

namespace {

struct Message
{
    QString context;
    QString source;
    QStringList translations;   // one per plural form
    QString state;              // "", "unfinished", "vanished", "obsolete"
    bool plural = false;
};

struct Language
{
    QString code;
    int forms;          // of a number
    bool pluralOnly;    // sentences are the sources themselves
};

const QVector<Language> languages{{QStringLiteral("ru"), 3, false}, {QStringLiteral("zh_CN"), 1, false}, {QStringLiteral("de"), 2, false},
    {QStringLiteral("en"), 2, true}};

QString pathOf(const QString &folder, const QString &code)
{
    return QStringLiteral("%1/plimsoll_%2.ts").arg(folder, code);
}

QVector<Message> read(const QString &path)
{
    QVector<Message> messages;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return messages;
    QXmlStreamReader xml(&file);
    QString context;
    Message message;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::EndElement && xml.name() == u"message")
            messages << message;
        if (!xml.isStartElement())
            continue;
        if (xml.name() == u"name") {
            context = xml.readElementText();
        } else if (xml.name() == u"message") {
            message = {context, {}, {}, {}, xml.attributes().value(QStringLiteral("numerus")) == u"yes"};
        } else if (xml.name() == u"source") {
            message.source = xml.readElementText();
        } else if (xml.name() == u"translation") {
            message.state = xml.attributes().value(QStringLiteral("type")).toString();
            if (!message.plural)
                message.translations << xml.readElementText();
        } else if (xml.name() == u"numerusform") {
            message.translations << xml.readElementText();
        }
    }
    return messages;
}

QStringList placeholders(const QString &text, const QString &pattern = QStringLiteral("%L?[0-9]+"))
{
    QStringList found;
    auto matches = QRegularExpression(pattern).globalMatch(text);
    while (matches.hasNext())
        found << matches.next().captured();
    found.sort();
    found.removeDuplicates();
    return found;
}

qsizetype keys(QString text)
{
    return text.remove(QStringLiteral("&&")).count(QLatin1Char('&'));
}

QByteArray named(const Message &message)
{
    return QStringLiteral("%1: “%2”").arg(message.context, message.source).toUtf8();
}

} // namespace

class TestTranslations : public QObject
{
    Q_OBJECT

private slots:
    void everySentenceIsTranslated_data() { eachLanguage(); }
    void everySentenceIsTranslated();
    void placeholdersAreKept_data() { eachLanguage(); }
    void placeholdersAreKept();
    void nothingInTheSourcesIsMissing_data() { eachLanguage(); }
    void nothingInTheSourcesIsMissing();

private:
    static void eachLanguage()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < languages.size(); ++i)
            QTest::newRow(qPrintable(languages[i].code)) << i;
    }
    static void checkComplete(const QString &path, const Language &language);
    const QString m_folder = QStringLiteral(PLIMSOLL_SOURCE "/translations");
};

void TestTranslations::checkComplete(const QString &path, const Language &language)
{
    const QVector<Message> messages = read(path);
    QVERIFY2(!messages.isEmpty(), qPrintable(path));
    for (const Message &message : messages) {
        QVERIFY2(message.state.isEmpty(), named(message) + " is " + message.state.toUtf8());
        QVERIFY2(message.translations.size() == (message.plural ? language.forms : 1), named(message) + " lacks a form");
        for (const QString &translation : message.translations)
            QVERIFY2(!translation.trimmed().isEmpty(), named(message) + " is empty");
    }
}

void TestTranslations::everySentenceIsTranslated()
{
    QFETCH(int, index);
    checkComplete(pathOf(m_folder, languages[index].code), languages[index]);
}

void TestTranslations::placeholdersAreKept()
{
    QFETCH(int, index);
    const Language &language = languages[index];
    for (const Message &message : read(pathOf(m_folder, language.code))) {
        for (int form = 0; form < message.translations.size(); ++form) {
            const QString &translation = message.translations[form];
            QVERIFY2(placeholders(translation) == placeholders(message.source), named(message) + " against " + translation.toUtf8());
            // "one layer" may leave the number out where the form means exactly one; in Russian it also means 21.
            const bool exactlyOne = form == 0 && language.forms == 2;
            const bool counts = translation.contains(QStringLiteral("%n")) || translation.contains(QStringLiteral("%Ln"));
            if (message.plural && !exactlyOne && placeholders(message.source, QStringLiteral("%L?n")).size() == 1)
                QVERIFY2(counts, named(message) + " loses its number: " + translation.toUtf8());
            if (!message.plural)
                QVERIFY2(keys(translation) == keys(message.source), named(message) + " has another key: " + translation.toUtf8());
        }
    }
}

// The sources are searched again: a sentence that nobody brought into the translations would show in English.
void TestTranslations::nothingInTheSourcesIsMissing()
{
    QFETCH(int, index);
    const Language &language = languages[index];
    const QString lupdate = QLibraryInfo::path(QLibraryInfo::BinariesPath) + QStringLiteral("/lupdate");
    if (!QFile::exists(lupdate))
        QSKIP("lupdate of Qt 6 is not installed");
    QTemporaryDir folder;
    const QString copy = pathOf(folder.path(), language.code);
    QVERIFY(QFile::copy(pathOf(m_folder, language.code), copy));
    QFile(copy).setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    QStringList arguments{QStringLiteral("-silent"), QStringLiteral("-locations"), QStringLiteral("none"), QStringLiteral("-recursive"),
        QStringLiteral(PLIMSOLL_SOURCE "/app"), QStringLiteral("-ts"), copy};
    if (language.pluralOnly)
        arguments.prepend(QStringLiteral("-pluralonly"));
    QProcess process;
    process.start(lupdate, arguments);
    QVERIFY(process.waitForFinished(120000));
    QCOMPARE(process.exitCode(), 0);
    checkComplete(copy, language);
}

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
