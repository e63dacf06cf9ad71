// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/result/result.h>
#include <plimsoll/units/bytes.h>

#include <QTest>

#include <clocale>
#include <set>

using namespace plimsoll;

class UnitsTest : public QObject
{
    Q_OBJECT

private slots:
    void parsesBytes_data();
    void parsesBytes();
    void refusesWhatIsNoAmount_data();
    void refusesWhatIsNoAmount();
    void writesBytes_data();
    void writesBytes();
    void saturates();
    void everyErrorHasItsName();
};

void UnitsTest::parsesBytes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<quint64>("expected");
    const auto row = [](const char *text, quint64 expected) { QTest::newRow(text) << QByteArray(text) << expected; };
    row("4096", 4096);
    row("17 B", 17);
    row("32GiB", 32ull << 30);
    row("16 GB", 16'000'000'000ull);
    row("16gb", 16'000'000'000ull);
    row("512 MiB", 512ull << 20);
    row("1.5g", 1536ull << 20);
    row("0.5k", 512);
    row("2t", 2ull << 40);
    row("3kb", 3000);
    row(" 7 MB ", 7'000'000ull);
    row("0", 0);
    row("18446744073709551614", UINT64_MAX - 1);
}

void UnitsTest::parsesBytes()
{
    QFETCH(QByteArray, text);
    QFETCH(quint64, expected);
    const auto bytes = parseBytes(text.toStdString());
    QVERIFY(bytes.has_value());
    QCOMPARE(quint64(bytes->value), expected);
}

void UnitsTest::refusesWhatIsNoAmount_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", " ", "-1", "+1", "GiB", "1.", ".5g", "1,5g", "1 giga", "1gibb", "0x10", "1e9", "nan", "99999999999999999999",
                             "18446744073709551615", "20000000 t", "1 G iB", "12\n"})
        QTest::newRow(text) << QByteArray(text);
}

void UnitsTest::refusesWhatIsNoAmount()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseBytes(text.toStdString()).has_value());
}

void UnitsTest::writesBytes_data()
{
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](quint64 bytes, const char *expected) { QTest::newRow(expected) << bytes << QByteArray(expected); };
    row(0, "0 B");
    row(1023, "1023 B");
    row(1024, "1.0 KiB");
    row(512ull << 20, "512.0 MiB");
    row((1ull << 20) - 1, "1.0 MiB");
    row(13207024435ull, "12.3 GiB");
    row(700ull << 30, "700.0 GiB");
}

void UnitsTest::writesBytes()
{
    QFETCH(quint64, bytes);
    QFETCH(QByteArray, expected);
    QCOMPARE(QByteArray::fromStdString(toText(Bytes{bytes})), expected);
    std::setlocale(LC_ALL, "");   // a program with a window does this; tables stay as they are
    QCOMPARE(QByteArray::fromStdString(toText(Bytes{bytes})), expected);
}

void UnitsTest::saturates()
{
    QVERIFY((Bytes{UINT64_MAX - 1} + Bytes{2}).overflowed());
    QVERIFY((gib(1) * UINT64_MAX).overflowed());
    QVERIFY((Bytes::overflow() + Bytes{1}).overflowed());
    QCOMPARE((Bytes{1} - Bytes{2}).value, 0u);
    QCOMPARE(roundUp(0, 32), 0u);
    QCOMPARE(roundUp(33, 32), 64u);
    QCOMPARE(roundUp(10, 3), 12u);
    QCOMPARE(roundUp(UINT64_MAX - 1, 32), UINT64_MAX);
    QVERIFY(!checkedMultiply(1ull << 32, 1ull << 32));
    QVERIFY(!checkedAdd(UINT64_MAX, 1));
}

void UnitsTest::everyErrorHasItsName()
{
    std::set<std::string_view> seen;
    for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        QVERIFY(!codeName(code).empty());
        QVERIFY(seen.insert(codeName(code)).second);
        QCOMPARE(codeFromName(codeName(code)), code);
    }
    QCOMPARE(codeName(ErrorCode::GgufTensorPastEnd), std::string_view("gguf-tensor-past-end"));
    QCOMPARE(codeFromName("no-such-code"), ErrorCode::None);
}

QTEST_GUILESS_MAIN(UnitsTest)
#include "tst_units.moc"
