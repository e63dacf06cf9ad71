// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings/settings.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace plimsoll::app;

class SettingsTest : public QObject
{
    Q_OBJECT

private:
    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

private slots:
    void keepsValues()
    {
        QTemporaryDir folder;
        {
            Settings settings(folder.path());
            QCOMPARE(settings.value(setting::theme), QStringLiteral("system"));
            QCOMPARE(settings.value(setting::temperature), 0.8);
            settings.set(setting::language, QStringLiteral("zh_CN"));
            settings.set(setting::temperature, 1.25);
            settings.set(setting::maxTokens, 77);
            settings.set(setting::recentModels, {QStringLiteral("/модель, one.gguf"), QStringLiteral("/b.gguf")});
            settings.set(setting::windowGeometry, QByteArray("\x00\x01\xff", 3));
            settings.set(setting::pretendedMachine, QStringLiteral("{\"a\":[1,2],\n\"b\":\"ü%\"}"));
            QVERIFY(settings.save());
        }
        const Settings settings(folder.path());
        QCOMPARE(settings.value(setting::language), QStringLiteral("zh_CN"));
        QCOMPARE(settings.value(setting::temperature), 1.25);
        QCOMPARE(settings.value(setting::maxTokens), 77);
        QCOMPARE(settings.value(setting::recentModels).size(), 2);
        QCOMPARE(settings.value(setting::recentModels).first(), QStringLiteral("/модель, one.gguf"));
        QCOMPARE(settings.value(setting::windowGeometry), QByteArray("\x00\x01\xff", 3));
        QCOMPARE(settings.value(setting::pretendedMachine), QStringLiteral("{\"a\":[1,2],\n\"b\":\"ü%\"}"));
        QVERIFY(settings.damagedFiles().isEmpty());
    }

    void preferencesAndStateLieApart()
    {
        QTemporaryDir folder;
        Settings settings(folder.path());
        settings.set(setting::theme, QStringLiteral("dark"));
        settings.set(setting::fitContext, 8192);
        QVERIFY(settings.save());
        QFile preferences(folder.filePath(QStringLiteral("settings.ini")));
        QVERIFY(preferences.open(QIODevice::ReadOnly));
        const QByteArray text = preferences.readAll();
        QVERIFY(text.contains("theme=dark"));
        QVERIFY(!text.contains("8192"));
    }

    void valuesThatMakeNoSense()
    {
        QTemporaryDir folder;
        write(folder.filePath(QStringLiteral("settings.ini")),
            "[window]\nlanguage=klingon\ntheme=plaid\n[run]\ntemperature=-3\nmaxTokens=twelve\n");
        write(folder.filePath(QStringLiteral("state.ini")), "[fit]\ncontext=99999999999999\n");
        const Settings settings(folder.path());
        QCOMPARE(settings.value(setting::language), QString());
        QCOMPARE(settings.value(setting::theme), QStringLiteral("system"));
        QCOMPARE(settings.value(setting::temperature), 0.8);
        QCOMPARE(settings.value(setting::maxTokens), 512);
        QCOMPARE(settings.value(setting::fitContext), 4096);
        QVERIFY(settings.damagedFiles().isEmpty());
    }

    void damagedFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("zeros") << QByteArray(4096, '\0');
        QTest::newRow("not UTF-8") << QByteArray("[run]\nmaxTokens=\xff\xfe\xfa\n");
        QTest::newRow("huge") << QByteArray(5 << 20, 'x');
        QTest::newRow("no INI") << QByteArray("[run\nthis is not a setting\n");
    }

    void damagedFiles()
    {
        QFETCH(QByteArray, bytes);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("settings.ini"));
        write(path, bytes);
        write(path + QStringLiteral(".damaged"), "an older one");
        Settings settings(folder.path());
        QCOMPARE(settings.damagedFiles(), QStringList{path + QStringLiteral(".damaged")});
        QCOMPARE(QFileInfo(path + QStringLiteral(".damaged")).size(), bytes.size());
        QCOMPARE(settings.value(setting::maxTokens), 512);
        settings.set(setting::maxTokens, 99);
        QVERIFY(settings.save());
        QCOMPARE(Settings(folder.path()).value(setting::maxTokens), 99);
    }

    void aFolderThatCannotBeWritten()
    {
        QTemporaryDir folder;
        const QString blocked = folder.filePath(QStringLiteral("file"));
        write(blocked, "not a folder");
        Settings settings(blocked + QStringLiteral("/below"));
        settings.set(setting::maxTokens, 99);
        QVERIFY(!settings.save());
        QCOMPARE(settings.value(setting::maxTokens), 99);
    }
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "tst_settings.moc"
