// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "csv.h"
#include "family_cases.h"
#include "logits_reference.h"
#include "reference_forward.h"
#include "session_calls.h"

#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr size_t tokenCount = 21;

} // namespace

/// Every family against a plain forward pass in double precision, and against another engine, on models made up here.
class TestFamilyCases : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void coverEveryFamily();
    void matches_data();
    void matches();
    void matchesOtherEngine_data() { matches_data(); }
    void matchesOtherEngine();

private:
    QTemporaryDir m_folder;
    std::vector<FamilyCase> m_cases = familyCases();
    std::vector<int32_t> m_tokens = someTokens(tokenCount, 259);
};

void TestFamilyCases::matches_data()
{
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < m_cases.size(); ++i)
        QTest::addRow("%s", m_cases[i].name.c_str()) << int(i);
}

void TestFamilyCases::coverEveryFamily()
{
    std::set<std::string> covered;
    for (const FamilyCase &each : m_cases)
        covered.insert(each.entry.at("architecture").get<std::string>());
    for (const std::string &name : knownArchitectures())
        QVERIFY2(covered.contains(name), name.c_str());
}

/// As one batch, token by token, and in pieces that a window does not divide.
void TestFamilyCases::matches()
{
    QFETCH(int, index);
    const FamilyCase &each = m_cases[size_t(index)];
    const std::string path = m_folder.filePath(QString::fromStdString(each.name)).toStdString();
    const Status written = writeFamily(each.entry, path);
    QVERIFY2(written.ok(), written.ok() ? "" : describe(written.error()).c_str());
    const std::vector<float> expected = ReferenceForward(path).logits(m_tokens);
    const auto session = loadCounted(path, exactOptions(tokenCount));
    QVERIFY2(session.ok(), session.ok() ? "" : describe(session.error()).c_str());
    for (const size_t chunk : {tokenCount, size_t(5), size_t(1)}) {
        const auto found = logitsOf(**session, m_tokens, chunk);
        QVERIFY(found);
        QCOMPARE_LE(nmse(*found, expected), 1e-8);
    }
}

/// tests/data/family_logits.csv: what llama.cpp computes on a CPU with a float32 cache for contexts of 256, after positions 3 and 20, at
/// every 37th id.
void TestFamilyCases::matchesOtherEngine()
{
    QFETCH(int, index);
    const FamilyCase &each = m_cases[size_t(index)];
    const std::string path = m_folder.filePath(QString::fromStdString(each.name)).toStdString();
    QVERIFY(writeFamily(each.entry, path).ok());
    LoadOptions options = exactOptions(tokenCount);
    options.run.context = 256;
    const auto session = loadCounted(path, options);
    QVERIFY(session.ok());
    const auto logits = logitsOf(**session, m_tokens, tokenCount);
    QVERIFY(logits);
    std::vector<float> found;
    std::vector<float> expected;
    for (const auto &row : readCsv(QStringLiteral(PLIMSOLL_SOURCE "/tests/data/family_logits.csv"))) {
        if (row[QStringLiteral("model")].toStdString() != each.name)
            continue;
        found.push_back((*logits)[row[QStringLiteral("position")].toUInt() * 259 + row[QStringLiteral("id")].toUInt()]);
        expected.push_back(row[QStringLiteral("logit")].toFloat());
    }
    QCOMPARE(expected.size(), size_t(14));
    QCOMPARE_LE(nmse(found, expected), 1e-8);
}

QTEST_GUILESS_MAIN(TestFamilyCases)
#include "tst_family_cases.moc"
