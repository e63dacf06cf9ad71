// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/bench/compare.h>

#include <QTest>

#include <cmath>

using namespace plimsoll;
using namespace plimsoll::engine;

class ComparePrograms : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatBenchmarksWrite()
    {
        const auto llama = ratesFrom(R"([{"n_prompt": 512, "n_gen": 0, "avg_ts": 91.5}, {"n_prompt": 0, "n_gen": 64, "avg_ts": 32.25},
            {"n_prompt": 512, "n_gen": 64, "avg_ts": 50}])");
        QVERIFY(llama);
        QCOMPARE(llama->prefill, 91.5);
        QCOMPARE(llama->decode, 32.25);
        const auto own = ratesFrom(R"({"prefill": {"median": 280.0, "min": 1}, "decode": {"median": 50.0}})");
        QVERIFY(own);
        QCOMPARE(own->prefill, 280.0);
        QCOMPARE(own->decode, 50.0);
    }

    void refusesWhatHasNoRates_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("code");
        QTest::newRow("words") << QByteArray("50 tokens/s") << int(ErrorCode::JsonInvalid);
        QTest::newRow("nothing") << QByteArray() << int(ErrorCode::JsonInvalid);
        QTest::newRow("number") << QByteArray("7") << int(ErrorCode::JsonField);
        QTest::newRow("other fields") << QByteArray(R"([{"n_prompt": 512}, 3, "x"])") << int(ErrorCode::JsonField);
        QTest::newRow("negative") << QByteArray(R"([{"n_prompt": 512, "avg_ts": -3}])") << int(ErrorCode::JsonField);
        QTest::newRow("text for a number") << QByteArray(R"({"decode": {"median": "fast"}})") << int(ErrorCode::JsonField);
    }

    void refusesWhatHasNoRates()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, code);
        const auto rates = ratesFrom(text.toStdString());
        QVERIFY(!rates);
        QCOMPARE(int(rates.error().code), code);
    }

    void ratioOfPairs()
    {
        // Logarithms of the ratios: 0 and ln 4, mean ln 2, standard error ln 2; t of one degree of freedom is 12.706.
        const std::vector<double> ours = {10, 40}, theirs = {10, 10};
        const Ratio ratio = pairedRatio(ours, theirs);
        QCOMPARE(ratio.median, 2.5);
        QVERIFY(std::abs(std::log(ratio.low) - std::log(2.0) * (1 - 12.706)) < 1e-9);
        QVERIFY(std::abs(std::log(ratio.high) - std::log(2.0) * (1 + 12.706)) < 1e-9);
        const Ratio same = pairedRatio(ours, ours);
        QCOMPARE(same.low, 1.0);
        QCOMPARE(same.high, 1.0);
        QCOMPARE(pairedRatio({}, {}).median, 0.0);
        const std::vector<double> none = {0};
        QCOMPARE(pairedRatio(none, none).median, 0.0);
    }
};

QTEST_APPLESS_MAIN(ComparePrograms)
#include "tst_compare_programs.moc"
