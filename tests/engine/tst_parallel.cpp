// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "logits_reference.h"
#include "made_families.h"
#include "made_family.h"
#include "made_hybrids.h"
#include "session_calls.h"

#include <plimsoll/engine/run/batcher.h>
#include <plimsoll/engine/serve/http_service.h>

#include <httplib.h>

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <map>
#include <thread>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr uint32_t vocabulary = 259;
constexpr uint32_t context = 96;
constexpr double bar = 1e-9;   // only the order of float32 sums differs with the shape of a batch

LoadOptions options(uint32_t sequences)
{
    LoadOptions options = exactOptions(context);
    options.run.batch = 16;
    options.run.sequences = sequences;
    options.run.outputs = sequences;
    return options;
}

Session::GenerateOptions greedy(uint32_t tokens)
{
    Session::GenerateOptions options;
    options.maxTokens = tokens;
    options.sampler.temperature = 0;
    options.ignoreEnd = true;
    return options;
}

} // namespace

/// Several sequences at once: they give what each gives alone, join and leave between steps, and several clients are served together.
class TestParallel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void togetherAsApart_data();
    void togetherAsApart();
    void generationsTogetherAsAlone_data() { togetherAsApart_data(); }
    void generationsTogetherAsAlone();
    void leavesAndJoins();
    void takesTheSequenceThatHoldsThePrompt();
    void moreSequencesThanTheBatchHolds();
    void endsWhereTheContextEnds();
    void clientsTogetherAsAlone();

private:
    std::unique_ptr<Session> load(const QString &name, uint32_t sequences)
    {
        return load(name, options(sequences));
    }
    std::unique_ptr<Session> load(const QString &name, const LoadOptions &options)
    {
        auto session = loadCounted(m_folder.filePath(name).toStdString(), options);
        return session ? *std::move(session) : nullptr;
    }
    std::vector<TokenId> alone(const QString &name, const std::vector<int32_t> &prompt, uint32_t tokens)
    {
        const auto generation = load(name, 1)->generate(prompt, greedy(tokens));
        return generation ? generation->tokens : std::vector<TokenId>();
    }
    std::map<std::string, std::string> served(uint32_t parallel, const std::vector<std::string> &prompts, bool together, bool &overlapped);

    QTemporaryDir m_folder;
};

void TestParallel::initTestCase()
{
    QVERIFY(m_folder.isValid());
    for (const char *name : {"gemma3", "deepseek2"})
        QVERIFY(writeFamily(familyModel(name), m_folder.filePath(QString::fromUtf8(name)).toStdString()));
    for (const char *name : {"qwen35", "nemotron_h"})
        QVERIFY(make(tinyHybrid(name), FileType::F32, m_folder.filePath(QString::fromUtf8(name)).toStdString()));
    QVERIFY(make(tinyModel("llama"), FileType::F32, m_folder.filePath(QStringLiteral("llama")).toStdString()));
}

void TestParallel::togetherAsApart_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"llama", "gemma3", "deepseek2", "qwen35", "nemotron_h"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

/// Decoded side by side, each from a place of its own.
void TestParallel::togetherAsApart()
{
    QFETCH(QString, name);
    const std::vector<int32_t> texts[2] = {someTokens(40, vocabulary), someTokens(33, vocabulary, 99)};
    const auto together = load(name, 2);
    const auto apart = load(name, 1);
    QVERIFY(together && apart);
    std::vector<std::vector<float>> expected[2];
    for (const uint32_t sequence : {0u, 1u}) {
        for (uint32_t at = 0; at < texts[sequence].size(); ++at) {
            const BatchToken token{texts[sequence][at], at, 0, true};
            const auto logits = apart->forward({&token, 1});
            QVERIFY(logits);
            expected[sequence].emplace_back(logits->begin(), logits->end());
        }
    }
    for (uint32_t at = 0; at < 7; ++at) {
        const BatchToken first{texts[0][at], at, 0, false};
        QVERIFY(together->forward({&first, 1}));
    }
    for (uint32_t at = 0; at < texts[1].size(); ++at) {
        const BatchToken both[] = {{texts[1][at], at, 1, true}, {texts[0][at + 7], at + 7, 0, true}};
        const auto logits = together->forward(both);
        QVERIFY(logits);
        QCOMPARE_LE(nmse(logits->first(vocabulary), expected[1][at]), bar);
        QCOMPARE_LE(nmse(logits->subspan(vocabulary), expected[0][at + 7]), bar);
    }
}

void TestParallel::generationsTogetherAsAlone()
{
    QFETCH(QString, name);
    const auto session = load(name, 3);
    QVERIFY(session);
    Batcher batcher(*session);
    const uint32_t lengths[] = {5, 40, 23, 18};
    std::map<uint32_t, size_t> promptOf;
    std::vector<std::vector<int32_t>> prompts;
    for (size_t i = 0; i < 4; ++i)
        prompts.push_back(someTokens(lengths[i], vocabulary, uint32_t(i + 1)));
    size_t started = 0;
    size_t ended = 0;
    for (int steps = 0; ended < 4 && steps < 200; ++steps) {
        // One more every third step, as soon as there is a place.
        if (started < 4 && steps % 3 == 0 && batcher.running() < 3) {
            const auto sequence = batcher.start(prompts[started], greedy(20));
            QVERIFY2(sequence, sequence ? "" : describe(sequence.error()).c_str());
            promptOf[*sequence] = started++;
        }
        for (const Batcher::Ended &each : batcher.step()) {
            QVERIFY(each.generation);
            QCOMPARE(each.generation->stop, StopReason::Length);
            QCOMPARE(each.generation->tokens, alone(name, prompts[promptOf[each.sequence]], 20));
            ++ended;
        }
    }
    QCOMPARE(ended, size_t(4));
    QCOMPARE(batcher.running(), 0u);
}

/// One is cancelled and one is told to stop: the third does not notice, and their places are free.
void TestParallel::leavesAndJoins()
{
    const QString name = QStringLiteral("qwen35");
    const auto session = load(name, 3);
    QVERIFY(session);
    Batcher batcher(*session);
    std::atomic<bool> cancel = false;
    const auto prompt = someTokens(12, vocabulary, 7);
    auto cancelled = greedy(50);
    cancelled.cancel = &cancel;
    const auto staying = batcher.start(prompt, greedy(30));
    const auto leaving = batcher.start(someTokens(50, vocabulary, 8), cancelled);
    QVERIFY(staying && leaving);
    QVERIFY(batcher.start(someTokens(9, vocabulary, 9), greedy(3)));
    const auto full = batcher.start(prompt, greedy(1));
    QVERIFY(!full && full.error().code == ErrorCode::InvalidArgument);
    const auto invalid = batcher.start({}, greedy(1));
    QVERIFY(!invalid && invalid.error().arguments[0] == "prompt");
    QVERIFY(batcher.step().empty());
    cancel = true;
    const auto first = batcher.step();
    QCOMPARE(first.size(), size_t(1));
    QCOMPARE(first[0].sequence, *leaving);
    QVERIFY(first[0].generation && first[0].generation->stop == StopReason::Cancelled);
    QCOMPARE(batcher.running(), 2u);
    const auto joined = batcher.start(someTokens(20, vocabulary, 10), greedy(6));
    QVERIFY(joined && *joined == *leaving);
    std::map<uint32_t, std::vector<TokenId>> texts;
    for (int steps = 0; batcher.running() > 0 && steps < 100; ++steps) {
        for (const Batcher::Ended &each : batcher.step())
            texts[each.sequence] = each.generation->tokens;
    }
    QCOMPARE(texts[*staying], alone(name, prompt, 30));
    QCOMPARE(texts[*joined], alone(name, someTokens(20, vocabulary, 10), 6));
}

void TestParallel::takesTheSequenceThatHoldsThePrompt()
{
    const auto session = load(QStringLiteral("llama"), 3);
    QVERIFY(session);
    Batcher batcher(*session);
    const auto finish = [&] {
        std::vector<Batcher::Ended> all;
        while (batcher.running() > 0) {
            for (Batcher::Ended &each : batcher.step())
                all.push_back(std::move(each));
        }
        return all;
    };
    const auto one = someTokens(20, vocabulary, 1);
    const auto two = someTokens(20, vocabulary, 2);
    const auto first = batcher.start(one, greedy(4));
    const auto second = batcher.start(two, greedy(4));
    QVERIFY(first && second && *first != *second);
    (void)finish();
    auto more = two;
    more.push_back(5);
    const auto again = batcher.start(more, greedy(4));
    QVERIFY(again);
    QCOMPARE(*again, *second);
    const auto ended = finish();
    QCOMPARE(ended[0].generation->statistics.reusedTokens, 20u);
    QCOMPARE(ended[0].generation->tokens, alone(QStringLiteral("llama"), more, 4));
    const auto other = batcher.start(someTokens(20, vocabulary, 3), greedy(4));   // what nobody holds goes where nothing was yet
    QVERIFY(other && *other != *first && *other != *second);
    (void)finish();
}

/// Then they take turns.
void TestParallel::moreSequencesThanTheBatchHolds()
{
    const QString name = QStringLiteral("llama");
    LoadOptions small = options(5);
    small.run.batch = 2;
    const auto session = load(name, small);
    QVERIFY(session);
    Batcher batcher(*session);
    std::map<uint32_t, std::vector<int32_t>> prompts;
    for (uint32_t i = 0; i < 5; ++i) {
        const auto prompt = someTokens(3 + i, vocabulary, i + 20);
        const auto sequence = batcher.start(prompt, greedy(10));
        QVERIFY(sequence);
        prompts[*sequence] = prompt;
    }
    size_t ended = 0;
    for (int steps = 0; batcher.running() > 0 && steps < 300; ++steps) {
        for (const Batcher::Ended &each : batcher.step()) {
            QCOMPARE(each.generation->tokens, alone(name, prompts[each.sequence], 10));
            ++ended;
        }
    }
    QCOMPARE(ended, size_t(5));
}

/// Each has a context of its own; one that is full stops, and says so.
void TestParallel::endsWhereTheContextEnds()
{
    const auto session = load(QStringLiteral("llama"), 2);
    QVERIFY(session);
    Batcher batcher(*session);
    const auto shortOne = batcher.start(someTokens(10, vocabulary, 1), greedy(30));
    const auto full = batcher.start(someTokens(90, vocabulary, 2), greedy(200));
    QVERIFY(shortOne && full);
    std::map<uint32_t, Session::Generation> ends;
    while (batcher.running() > 0) {
        for (Batcher::Ended &each : batcher.step())
            ends[each.sequence] = *std::move(each.generation);
    }
    QCOMPARE(ends[*full].stop, StopReason::ContextFull);
    QCOMPARE(ends[*full].tokens.size(), size_t(context - 90 + 1));
    QCOMPARE(ends[*shortOne].stop, StopReason::Length);
    QCOMPARE(ends[*shortOne].tokens.size(), size_t(30));
}

/// Answers of a service to `prompts`, all at once or one after another. `overlapped`: all had begun before any was over.
std::map<std::string, std::string> TestParallel::served(
    uint32_t parallel, const std::vector<std::string> &prompts, bool together, bool &overlapped)
{
    LoadOptions load = options(parallel);
    load.run.context = 1024;
    load.run.batch = 0;
    EventHub events(2);
    HttpService http({"", "tiny", 8, 2, {}});
    const int port = *http.bind(0);
    std::thread serving([&] {
        Scheduler scheduler(sessionLoader(m_folder.filePath(QStringLiteral("llama")).toStdString(), load), events, 8,
            [&](const Error &) { http.stop(); });
        http.run(scheduler, events);
    });
    const bool ready = QTest::qWaitFor([&] {
        const auto health = httplib::Client("127.0.0.1", port).Get("/health");
        return health && health->status == 200;
    }, 20000);
    std::map<std::string, std::string> answers;
    std::mutex mutex;
    size_t begun = 0;
    size_t over = 0;
    overlapped = true;
    const auto ask = [&](const std::string &prompt) {
        httplib::Client client("127.0.0.1", port);
        client.set_read_timeout(60);
        std::string body;
        httplib::Request request;
        request.method = "POST";
        request.path = "/v1/completions";
        request.headers = {{"Content-Type", "application/json"}};
        request.body = R"({"stream":true,"temperature":0,"max_tokens":600,"prompt":")" + prompt + "\"}";
        request.content_receiver = [&](const char *data, size_t bytes, uint64_t, uint64_t) {
            const std::lock_guard<std::mutex> lock(mutex);
            begun += body.empty() ? 1 : 0;
            body.append(data, bytes);
            return true;
        };
        (void)client.send(request);
        QString text;
        for (const QString &event : QString::fromStdString(body).split(QStringLiteral("\n\n"), Qt::SkipEmptyParts)) {
            const QJsonObject json = QJsonDocument::fromJson(event.mid(6).toUtf8()).object();
            text += json[QStringLiteral("choices")][0][QStringLiteral("text")].toString();
        }
        const std::lock_guard<std::mutex> lock(mutex);
        overlapped = overlapped && (over > 0 || begun == prompts.size());
        ++over;
        answers[prompt] = text.toStdString();
    };
    std::vector<std::thread> asking;
    for (const std::string &prompt : prompts) {
        if (ready)
            asking.emplace_back(ask, prompt);
        if (ready && !together)
            asking.back().join();
    }
    for (std::thread &each : asking) {
        if (each.joinable())
            each.join();
    }
    http.stop();
    serving.join();
    return answers;
}

void TestParallel::clientsTogetherAsAlone()
{
    const std::vector<std::string> prompts{"Once upon a time", "The ship lies deep in the water, and"};
    bool overlapped = false;
    const auto apart = served(1, prompts, false, overlapped);
    const auto together = served(2, prompts, true, overlapped);
    QVERIFY(overlapped);
    QCOMPARE(apart.size(), prompts.size());
    for (const std::string &prompt : prompts) {
        QVERIFY(!apart.at(prompt).empty());
        QCOMPARE(together.at(prompt), apart.at(prompt));
    }
}

QTEST_GUILESS_MAIN(TestParallel)
#include "tst_parallel.moc"
