// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "logits_reference.h"
#include "made_families.h"
#include "made_family.h"
#include "reference_forward.h"
#include "session_calls.h"

#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr size_t tokenCount = 37;
constexpr size_t vocabulary = 259;
/// Float32 sums of some hundred terms over three layers against double ones: 2^-24 each, squared and added, stays far below.
constexpr double bar = 1e-8;

} // namespace

/// Two sequences at once, against a plain forward pass in double precision, on float32 models of odd sizes; and what families ask of the
/// cache and of the context.
class TestFamilies : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void sequencesDoNotMix_data();
    void sequencesDoNotMix();
    void contextChoosesFactors();
    void cacheIsWhatTheKindNeeds();
    void quantizedCache_data();
    void quantizedCache();
    void refusesBlocksAcrossHeads();

private:
    /// The file of a family, written when first asked for.
    std::string fileOf(const std::string &name);

    QTemporaryDir m_folder;
    std::vector<int32_t> m_tokens = someTokens(tokenCount, vocabulary);
};

void TestFamilies::initTestCase()
{
    QVERIFY(m_folder.isValid());
}

std::string TestFamilies::fileOf(const std::string &name)
{
    const QString path = m_folder.filePath(QString::fromStdString(name).replace(QLatin1Char('/'), QLatin1Char('-')));
    if (!QFile::exists(path)) {
        const Status written = writeFamily(familyModel(name), path.toStdString());
        if (!written)
            qWarning("%s", describe(written.error()).c_str());
    }
    return path.toStdString();
}

void TestFamilies::sequencesDoNotMix_data()
{
    QTest::addColumn<QString>("name");
    for (const std::string &name : familyNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void TestFamilies::sequencesDoNotMix()
{
    QFETCH(QString, name);
    const std::string path = fileOf(name.toStdString());
    const std::vector<int32_t> other = someTokens(tokenCount, vocabulary, 99);
    LoadOptions options = exactOptions(2 * tokenCount);
    options.run.sequences = 2;
    const auto session = loadCounted(path, options);
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    std::vector<BatchToken> batch;
    for (uint32_t i = 0; i < tokenCount; ++i) {
        batch.push_back({m_tokens[i], i, 0, true});
        batch.push_back({other[i], i, 1, true});
    }
    const auto together = (*session)->forward(batch);
    QVERIFY2(together, together ? "" : describe(together.error()).c_str());
    const std::vector<float> apart[] = {ReferenceForward(path).logits(m_tokens, 2 * tokenCount),
        ReferenceForward(path).logits(other, 2 * tokenCount)};
    for (size_t i = 0; i < batch.size(); ++i) {
        const auto expected = std::span(apart[i % 2]).subspan(i / 2 * vocabulary, vocabulary);
        QCOMPARE_LE(nmse(together->subspan(i * vocabulary, vocabulary), expected), bar);
    }
}

/// The same tokens in a run with room for more than the trained context take the long factors, from the first token on.
void TestFamilies::contextChoosesFactors()
{
    const std::string path = fileOf("phi3");
    std::vector<std::vector<float>> all;
    for (const uint32_t context : {64u, 65u}) {
        LoadOptions options = exactOptions(tokenCount);
        options.run.context = context;
        const auto session = loadCounted(path, options);
        QVERIFY2(session, session ? "" : describe(session.error()).c_str());
        const auto found = logitsOf(**session, m_tokens, tokenCount);
        QVERIFY(found);
        QCOMPARE_LE(nmse(*found, ReferenceForward(path).logits(m_tokens, context)), bar);
        all.push_back(*found);
    }
    QVERIFY(nmse(all[0], all[1]) > 1e-3);
}

/// Cells of 4 bytes: the latent and one rotated key; a window and a batch, or the context.
void TestFamilies::cacheIsWhatTheKindNeeds()
{
    LoadOptions options = exactOptions(4);
    options.run.context = 100;
    const auto latent = loadCounted(fileOf("deepseek2"), options);
    QVERIFY2(latent, latent ? "" : describe(latent.error()).c_str());
    const Layout &one = (*latent)->layout();
    QCOMPARE(one.find(BufferId::KvK, hostDevice, 1)->bytes, uint64_t(100 * (36 + 16) * 4));
    QVERIFY(!one.find(BufferId::KvV, hostDevice, 1));
    const auto windowed = loadCounted(fileOf("gemma3"), options);
    QVERIFY2(windowed, windowed ? "" : describe(windowed.error()).c_str());
    const Layout &two = (*windowed)->layout();
    QCOMPARE(two.find(BufferId::KvK, hostDevice, 0)->bytes, uint64_t((9 + 4) * 3 * 48 * 4));
    QCOMPARE(two.find(BufferId::KvV, hostDevice, 1)->bytes, uint64_t(100 * 3 * 48 * 4));
}

void TestFamilies::quantizedCache_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"llama/experts", "gemma3", "gpt-oss", "deepseek2/joined"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

/// With heads that blocks divide: near what float32 gives, the same whole and in parts, and of the bytes the blocks have.
void TestFamilies::quantizedCache()
{
    QFETCH(QString, name);
    nlohmann::json entry = familyModel(name.toStdString());
    const bool latent = name.startsWith(QStringLiteral("deepseek2"));
    if (latent)
        entry["hyperparameters"].update({{"attention.kv_lora_rank", 64}, {"rope.dimension_count", 32}, {"attention.key_length", 56},
            {"block_count", 3}});   // as many layers as the others: deviations add up over layers
    else
        entry["hyperparameters"].update({{"attention.key_length", 64}, {"attention.value_length", 32}, {"rope.dimension_count", 64}});
    // All experts: which of them are chosen would jump with the least deviation.
    if (nlohmann::json &keys = entry["hyperparameters"]; keys.contains("expert_used_count"))
        keys["expert_used_count"] = keys["expert_count"];
    const std::string path = m_folder.filePath(QStringLiteral("wide-") + QString(name).replace(QLatin1Char('/'), QLatin1Char('-'))).toStdString();
    const Status written = writeFamily(entry, path);
    QVERIFY2(written, written ? "" : describe(written.error()).c_str());
    const std::vector<float> exact = ReferenceForward(path).logits(m_tokens);
    for (const auto &[type, most] : {std::pair(GgmlType::Q8_0, 2e-3), std::pair(GgmlType::Q4_0, 2e-1)}) {
        const auto session = loadCounted(path, exactOptions(tokenCount, type));
        QVERIFY2(session, session ? "" : describe(session.error()).c_str());
        const uint64_t row = *rowBytes(type, latent ? 64 + 32 : 3 * 64);
        QCOMPARE((*session)->layout().find(BufferId::KvK, hostDevice, 1)->bytes, row * tokenCount);
        const auto whole = logitsOf(**session, m_tokens, tokenCount);
        QVERIFY2(whole, whole ? "" : describe(whole.error()).c_str());
        const double error = nmse(*whole, exact);
        qInfo("%s, %s: NMSE %.3g", qPrintable(name), std::string(plimsoll::name(type)).c_str(), error);
        QCOMPARE_LE(error, most);
        for (const size_t chunk : {size_t(7), size_t(1)}) {
            const auto parts = logitsOf(**session, m_tokens, chunk);
            QVERIFY(parts);
            QCOMPARE_LE(nmse(*parts, exact), 1.5 * error);
        }
    }
}

/// Named before any memory is taken: the option, the format, and the elements it does not divide.
void TestFamilies::refusesBlocksAcrossHeads()
{
    for (const auto &[name, elements] : {std::pair("gemma3", "48"), std::pair("deepseek2", "52")}) {
        const auto session = Session::load(fileOf(name), exactOptions(tokenCount, GgmlType::Q8_0));
        QVERIFY(!session);
        QCOMPARE(session.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(session.error().arguments[0], std::string("kv-type-k"));
        QVERIFY(session.error().arguments[2].find(elements) != std::string::npos);
    }
    LoadOptions options = exactOptions(tokenCount);
    options.run.kvTypeV = GgmlType::Q5_1;
    const auto unknown = Session::load(fileOf("gemma3"), options);
    QVERIFY(!unknown && unknown.error().arguments[0] == "kv-type-v");
}

QTEST_GUILESS_MAIN(TestFamilies)
#include "tst_families.moc"
