// SPDX-License-Identifier: Apache-2.0
#include "speed_rows.h"

#include <QTest>

#include <algorithm>

using namespace plimsoll;

/// Predicted speeds against published ones.
class TestSpeedCases : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void decode();
    void prefill();
    void kinds_data();
    void kinds();

private:
    struct Outcome
    {
        const speedrows::Case *of = nullptr;
        double error = 0;    // |predicted / measured - 1|
        double lean = 0;     // log(predicted / measured)
        double width = 0;    // high / low
        bool inside = false;
    };

    static double quantile(std::vector<double> values, double q)
    {
        std::sort(values.begin(), values.end());
        return values.empty() ? 0 : values[std::min(values.size() - 1, static_cast<size_t>(q * static_cast<double>(values.size())))];
    }
    static QString summary(const std::vector<Outcome> &outcomes);

    Catalog m_catalog;
    std::vector<speedrows::Case> m_cases;
    std::vector<Outcome> m_decode;
};

void TestSpeedCases::initTestCase()
{
    const QString facts = QStringLiteral(PLIMSOLL_FACTS);
    const auto rows = readCsv(facts + "/speed_cases_train.csv");
    if (rows.isEmpty())
        QSKIP("the published speeds are not here");
    auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
    QVERIFY(catalog.ok());
    m_catalog = std::move(*catalog);
    const auto cards = speedrows::cards(facts);
    QMap<QString, int> skipped;
    for (const auto &row : rows) {
        m_cases.push_back(speedrows::caseOf(row, m_catalog, cards));
        ++skipped[m_cases.back().skipped];
    }
    for (auto it = skipped.begin(); it != skipped.end(); ++it)
        qInfo("%4d rows: %s", it.value(), it.key().isEmpty() ? "asked" : qPrintable(it.key()));
    for (const auto &each : m_cases) {
        if (!each.skipped.isEmpty() || each.decode <= 0)
            continue;
        const RateEstimate rate = predictDecode(*each.shape, each.types, speedrows::placementOf(each), each.machine, each.options,
            each.position, {}, each.runtime);
        QVERIFY(rate.known());
        m_decode.push_back({&each, std::abs(rate.expected / each.decode - 1), std::log(rate.expected / each.decode), rate.high / rate.low,
            each.decode >= rate.low && each.decode <= rate.high});
    }
}

QString TestSpeedCases::summary(const std::vector<Outcome> &outcomes)
{
    std::vector<double> errors, leans, widths;
    for (const Outcome &o : outcomes) {
        errors.push_back(o.error);
        leans.push_back(o.lean);
        widths.push_back(o.width);
    }
    const auto inside = std::count_if(outcomes.begin(), outcomes.end(), [](const Outcome &o) { return o.inside; });
    return QStringLiteral("%1 rows: median error %2 %, lean %3, %4 % inside, median width %5")
        .arg(outcomes.size())
        .arg(quantile(errors, 0.5) * 100, 0, 'f', 1)
        .arg(quantile(leans, 0.5), 0, 'f', 2)
        .arg(100.0 * static_cast<double>(inside) / std::max<size_t>(outcomes.size(), 1), 0, 'f', 1)
        .arg(quantile(widths, 0.5), 0, 'f', 2);
}

void TestSpeedCases::decode()
{
    qInfo("%s", qPrintable(summary(m_decode)));
    QVERIFY(m_decode.size() > 250);
    std::vector<double> errors, widths;
    for (const Outcome &o : m_decode) {
        errors.push_back(o.error);
        widths.push_back(o.width);
    }
    const auto inside = std::count_if(m_decode.begin(), m_decode.end(), [](const Outcome &o) { return o.inside; });
    QVERIFY(quantile(errors, 0.5) <= 0.20);
    QVERIFY(quantile(widths, 0.5) <= 2.0);
    QVERIFY(static_cast<double>(inside) >= 0.90 * static_cast<double>(m_decode.size()));
}

void TestSpeedCases::prefill()
{
    std::vector<double> errors, leans;
    size_t inside = 0;
    for (const auto &each : m_cases) {
        if (!each.skipped.isEmpty() || each.prefill <= 0)
            continue;
        const uint32_t tokens = speedrows::counted(each.row, "prompt_tokens", 512);
        const RateEstimate rate = predictPrefill(*each.shape, each.types, speedrows::placementOf(each), each.machine, each.options, tokens,
            each.runtime);
        if (!rate.known())
            continue;
        errors.push_back(std::abs(rate.expected / each.prefill - 1));
        leans.push_back(std::log(rate.expected / each.prefill));
        inside += each.prefill >= rate.low && each.prefill <= rate.high;
    }
    qInfo("prefill, %zu rows: median error %.1f %%, lean %.2f, %.1f %% inside", errors.size(), quantile(errors, 0.5) * 100,
        quantile(leans, 0.5), 100.0 * static_cast<double>(inside) / static_cast<double>(std::max<size_t>(errors.size(), 1)));
    QVERIFY(quantile(errors, 0.5) <= 0.40);
}

void TestSpeedCases::kinds_data()
{
    QTest::addColumn<QString>("vendor");
    for (const char *vendor : {"NVIDIA", "AMD", "Apple"})
        QTest::newRow(vendor) << QString::fromLatin1(vendor);
}

/// No vendor's cards are carried by another's.
void TestSpeedCases::kinds()
{
    QFETCH(QString, vendor);
    std::vector<Outcome> own;
    std::vector<double> errors;
    for (const Outcome &o : m_decode) {
        if (vendorOf(o.of->machine.gpus.front()) == vendor.toStdString()) {
            own.push_back(o);
            errors.push_back(o.error);
        }
    }
    QVERIFY2(own.size() >= 30, "rows of this vendor are left out");
    qInfo("%s", qPrintable(vendor + ", " + summary(own)));
    for (const Outcome &o : own) {
        if (!o.inside && qEnvironmentVariableIsSet("PLIMSOLL_SPEED_ROWS"))
            qInfo("  %+.2f %s | %s | %s | %s | %s", o.lean, qPrintable(o.of->row["gpu"].left(30)), qPrintable(o.of->row["engine"]),
                qPrintable(o.of->row["model"]), qPrintable(o.of->row["quant"]), qPrintable(o.of->row["backend"]));
    }
    QVERIFY(quantile(errors, 0.5) <= 0.25);
}

QTEST_GUILESS_MAIN(TestSpeedCases)
#include "tst_speed_cases.moc"
