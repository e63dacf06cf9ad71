// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "logits_reference.h"
#include "made_families.h"
#include "made_family.h"
#include "made_hybrids.h"
#include "session_calls.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr uint32_t vocabulary = 259;
constexpr uint32_t context = 96;
constexpr uint32_t batch = 16;
/// Only the order of float32 sums differs with the shape of a batch.
constexpr double bar = 1e-9;

LoadOptions options(uint32_t snapshots = 1)
{
    LoadOptions options = exactOptions(context);
    options.run.batch = batch;
    options.run.outputs = 1;
    options.run.stateSnapshots = snapshots;
    return options;
}

/// Feeds tokens [from, end) and returns the logits after the last. `snapshotAt`: where the state is kept on the way.
std::vector<float> feed(Session &session, const std::vector<int32_t> &tokens, uint32_t from, uint32_t snapshotAt = 0)
{
    std::vector<float> last;
    for (uint32_t at = from; at < tokens.size();) {
        const auto end = std::min<uint32_t>({at + batch, uint32_t(tokens.size()), snapshotAt > at ? snapshotAt : UINT32_MAX});
        std::vector<BatchToken> part;
        for (; at < end; ++at)
            part.push_back({tokens[at], at, 0, at + 1 == end});
        const auto logits = session.forward(part);
        if (!logits)
            return {};
        last.assign(logits->begin(), logits->end());
        if (end == snapshotAt && !session.keepSnapshot(0))
            return {};
    }
    return last;
}

/// The first `shared` tokens of `tokens`, then others.
std::vector<int32_t> branch(const std::vector<int32_t> &tokens, uint32_t shared, uint32_t length, uint32_t seed)
{
    std::vector<int32_t> all(tokens.begin(), tokens.begin() + shared);
    const auto rest = someTokens(length - shared, vocabulary - 1, seed);
    for (const int32_t each : rest)
        all.push_back(each + (shared < tokens.size() && all.size() == shared && each == tokens[shared] ? 1 : 0));
    return all;
}

} // namespace

/// What of an earlier request a later one builds on gives the logits that computing all of it gives: plain and latent attention, rings of
/// windows, recurrent states.
class TestReuse : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void sameAsRecomputed_data();
    void sameAsRecomputed();
    void afterABrokenPass_data() { sameAsRecomputed_data(); }
    void afterABrokenPass();
    void generationsBuildOnEachOther_data() { sameAsRecomputed_data(); }
    void generationsBuildOnEachOther();
    void severalSnapshots();
    void asManyBytesAsTheLayoutSays();

private:
    std::unique_ptr<Session> load(const QString &name, uint32_t snapshots = 1)
    {
        auto session = loadCounted(m_folder.filePath(name).toStdString(), options(snapshots));
        return session ? *std::move(session) : nullptr;
    }
    /// What a session that knows nothing says after all of `tokens`.
    std::vector<float> recomputed(const QString &name, const std::vector<int32_t> &tokens)
    {
        const auto session = load(name);
        return session ? feed(*session, tokens, 0) : std::vector<float>();
    }

    QTemporaryDir m_folder;
};

void TestReuse::initTestCase()
{
    QVERIFY(m_folder.isValid());
    for (const char *name : {"gemma3", "gpt-oss", "deepseek2"})
        QVERIFY(writeFamily(familyModel(name), m_folder.filePath(QString::fromUtf8(name)).toStdString()));
    for (const char *name : {"qwen35", "nemotron_h", "lfm2"})
        QVERIFY(make(tinyHybrid(name), FileType::F32, m_folder.filePath(QString::fromUtf8(name)).toStdString()));
    QVERIFY(make(tinyModel("llama"), FileType::F32, m_folder.filePath(QStringLiteral("llama")).toStdString()));
}

void TestReuse::sameAsRecomputed_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("kind");
    QTest::newRow("dense") << QStringLiteral("llama") << QStringLiteral("all");
    QTest::newRow("latent") << QStringLiteral("deepseek2") << QStringLiteral("all");
    QTest::newRow("gemma3") << QStringLiteral("gemma3") << QStringLiteral("ring");
    QTest::newRow("gpt-oss") << QStringLiteral("gpt-oss") << QStringLiteral("ring");
    QTest::newRow("qwen35") << QStringLiteral("qwen35") << QStringLiteral("state");
    QTest::newRow("nemotron_h") << QStringLiteral("nemotron_h") << QStringLiteral("state");
    QTest::newRow("lfm2") << QStringLiteral("lfm2") << QStringLiteral("state");
}

void TestReuse::sameAsRecomputed()
{
    QFETCH(QString, name);
    QFETCH(QString, kind);
    const auto session = load(name);
    QVERIFY(session);
    const auto first = someTokens(48, vocabulary);
    QCOMPARE(session->reusable(0, first), 0u);
    QVERIFY(!feed(*session, first, 0, 24).empty());

    // 14 tokens back: a ring of 9 + 16 cells still has them; a state only what was kept.
    const auto second = branch(first, 36, 50, 5);
    const uint32_t expected = kind == QStringLiteral("state") ? 24 : 36;
    QCOMPARE(session->reusable(0, second), expected);
    const auto at = session->resume(0, second);
    QVERIFY(at && *at == expected);
    QCOMPARE_LE(nmse(feed(*session, second, *at, 30), recomputed(name, second)), bar);

    // On from where it ended, whatever it is.
    auto third = second;
    third.insert(third.end(), first.begin(), first.begin() + 20);
    const auto on = session->resume(0, third);
    QVERIFY(on);
    QCOMPARE(*on, 50u);
    QCOMPARE_LE(nmse(feed(*session, third, *on), recomputed(name, third)), bar);

    // Too far back for rings and states: from the beginning.
    const auto fourth = branch(third, 12, 33, 6);
    const auto back = session->resume(0, fourth);
    QVERIFY(back);
    QCOMPARE(*back, kind == QStringLiteral("all") ? 12u : 0u);
    QCOMPARE_LE(nmse(feed(*session, fourth, *back), recomputed(name, fourth)), bar);

    // The same once more: the last token is left to compute, for its logits.
    const auto again = session->resume(0, fourth);
    QVERIFY(again);
    QCOMPARE(*again, kind == QStringLiteral("state") ? 0u : 32u);
    QCOMPARE_LE(nmse(feed(*session, fourth, *again), recomputed(name, fourth)), bar);
    QVERIFY(!session->resume(1, fourth));
}

void TestReuse::afterABrokenPass()
{
    QFETCH(QString, name);
    QFETCH(QString, kind);
    const auto session = load(name);
    QVERIFY(session);
    const auto first = someTokens(40, vocabulary);
    QVERIFY(!feed(*session, first, 0, 32).empty());
    const std::atomic<bool> cancel = true;
    const BatchToken next[] = {{7, 40, 0, false}, {8, 41, 0, true}};
    const auto broken = session->forward(next, &cancel);
    QVERIFY(!broken && broken.error().code == ErrorCode::Cancelled);

    auto second = first;
    second.insert(second.end(), {7, 8, 9});
    const auto at = session->resume(0, second);
    QVERIFY(at);
    QCOMPARE(*at, kind == QStringLiteral("state") ? 32u : 40u);
    QCOMPARE_LE(nmse(feed(*session, second, *at), recomputed(name, second)), bar);
}

/// A conversation: each prompt is what went before and something new. The last prompt drops the end of the answer, as templates drop
/// thoughts.
void TestReuse::generationsBuildOnEachOther()
{
    QFETCH(QString, name);
    QFETCH(QString, kind);
    const auto session = load(name);
    QVERIFY(session);
    Session::GenerateOptions greedy;
    greedy.maxTokens = 8;
    greedy.sampler.temperature = 0;
    greedy.ignoreEnd = true;
    std::vector<int32_t> prompt = someTokens(40, vocabulary);
    const std::vector<int32_t> beginning = prompt;
    for (const uint32_t held : {0u, 47u}) {
        const auto built = session->generate(prompt, greedy);
        const auto fresh = load(name)->generate(prompt, greedy);
        QVERIFY(built && fresh);
        QCOMPARE(built->tokens, fresh->tokens);
        QCOMPARE(built->statistics.promptTokens, uint32_t(prompt.size()));
        QCOMPARE(built->statistics.reusedTokens, held);
        QCOMPARE(fresh->statistics.reusedTokens, 0u);
        prompt.insert(prompt.end(), built->tokens.begin(), built->tokens.end());
        prompt.push_back(11);
    }
    const auto shortened = branch(beginning, 40, 44, 9);
    const auto built = session->generate(shortened, greedy);
    const auto fresh = load(name)->generate(shortened, greedy);
    QVERIFY(built && fresh);
    QCOMPARE(built->tokens, fresh->tokens);
    // The state was kept 16 tokens before the end of the first prompt; the second had no more to compute at all.
    QCOMPARE(built->statistics.reusedTokens, kind == QStringLiteral("state") ? 24u : 40u);
}

void TestReuse::severalSnapshots()
{
    const QString name = QStringLiteral("qwen35");
    const auto session = load(name, 2);
    QVERIFY(session);
    const auto first = someTokens(60, vocabulary);
    for (const uint32_t position : {20u, 32u, 44u})   // the third takes the place of the first
        QVERIFY(!feed(*session, {first.begin(), first.begin() + position}, session->reusable(0, first), position).empty());
    QVERIFY(!feed(*session, first, 44).empty());
    QCOMPARE(session->reusable(0, branch(first, 50, 55, 3)), 44u);
    QCOMPARE(session->reusable(0, branch(first, 40, 55, 3)), 32u);
    QCOMPARE(session->reusable(0, branch(first, 30, 55, 3)), 0u);
    const auto second = branch(first, 40, 55, 3);
    QCOMPARE(*session->resume(0, second), 32u);
    QCOMPARE_LE(nmse(feed(*session, second, 32), recomputed(name, second)), bar);
    QCOMPARE(session->reusable(0, branch(first, 50, 55, 3)), 32u);   // what came after is of another text now

    const auto none = load(name, 0);
    QVERIFY(none && !none->keepsSnapshots());
    QVERIFY(!feed(*none, first, 0, 30).empty());
    QCOMPARE(none->reusable(0, branch(first, 50, 55, 3)), 0u);
}

void TestReuse::asManyBytesAsTheLayoutSays()
{
    const auto one = load(QStringLiteral("nemotron_h"), 1);
    const auto three = load(QStringLiteral("nemotron_h"), 3);
    QVERIFY(one && three);
    const auto bytes = [](const Session &session, BufferId id) {
        uint64_t sum = 0;
        for (const BufferPlan &plan : session.layout().buffers)
            sum += plan.id == id ? plan.bytes : 0;
        return sum;
    };
    QVERIFY(bytes(*one, BufferId::State) > 0);
    QCOMPARE(bytes(*one, BufferId::Snapshots), bytes(*one, BufferId::State));
    QCOMPARE(bytes(*three, BufferId::Snapshots), 3 * bytes(*three, BufferId::State));
    QCOMPARE(bytes(*one, BufferId::History), uint64_t(4 * context));
    QCOMPARE(bytes(*load(QStringLiteral("llama")), BufferId::Snapshots), uint64_t(0));
}

QTEST_GUILESS_MAIN(TestReuse)
#include "tst_reuse.moc"
