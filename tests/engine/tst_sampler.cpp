// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/text/sampler.h>

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace plimsoll;
using namespace plimsoll::engine;

Q_DECLARE_METATYPE(SamplerOptions)

class SamplerTest : public QObject
{
    Q_OBJECT

private slots:
    void validates_data();
    void validates();
    void greedyTakesTheLargest();
    void penaltyAlsoAppliesToGreedy();
    void penaltyForgetsBeyondTheWindow();
    void sameSeedSameTokens();
    void followsTheDistribution_data();
    void followsTheDistribution();
    void survivesOddLogits();
    void handlesARealVocabulary();
    void validatesTheRest();
    void biasAddsAndForbids();
    void frequencyAndPresence();
    void typicalDropsTheLikeliestToo();
    void dryPunishesLongRepetitions();
    void dryStopsAtBreakers();
    void dryStaysLinear();
    void onlyWhatIsAllowed();
    void tellsLogprobs();
    void fewDecide_data();
    void fewDecide();
};

namespace {

/// Everything off: plain softmax.
SamplerOptions plain(uint64_t seed = 1)
{
    return {.temperature = 1.0f, .topK = 0, .topP = 1.0f, .minP = 0.0f, .repetitionPenalty = 1.0f, .repetitionWindow = 64, .seed = seed};
}

SamplerOptions greedy()
{
    SamplerOptions options = plain();
    options.temperature = 0;
    return options;
}

const float inf = std::numeric_limits<float>::infinity();
const float notANumber = std::numeric_limits<float>::quiet_NaN();

} // namespace

void SamplerTest::fewDecide_data()
{
    QTest::addColumn<SamplerOptions>("options");
    QTest::addColumn<uint32_t>("few");
    const auto row = [](const char *name, uint32_t few, auto &&change) {
        SamplerOptions options;
        options.seed = 5;
        change(options);
        QTest::newRow(name) << options << few;
    };
    row("defaults", 40, [](SamplerOptions &) {});
    row("greedy", 1, [](SamplerOptions &o) { o.temperature = 0; });
    row("hot, typical", 20, [](SamplerOptions &o) { o.topK = 20, o.temperature = 1.7f, o.typicalP = 0.6f, o.minP = 0; });
    row("only top-k", 3, [](SamplerOptions &o) { o.topK = 3, o.topP = 1, o.minP = 0; });
    row("no top-k", 0, [](SamplerOptions &o) { o.topK = 0; });
    row("top-k of all", 0, [](SamplerOptions &o) { o.topK = 300; });
    row("repetition", 0, [](SamplerOptions &o) { o.repetitionPenalty = 1.1f; });
    row("frequency", 0, [](SamplerOptions &o) { o.frequencyPenalty = 0.1f; });
    row("presence", 0, [](SamplerOptions &o) { o.presencePenalty = 0.1f; });
    row("dry", 0, [](SamplerOptions &o) { o.dryMultiplier = 0.8f; });
    row("bias, greedy", 0, [](SamplerOptions &o) { o.temperature = 0, o.logitBias = {{3, 1.0f}}; });
}

/// From the largest alone comes the same token as from all, draw after draw.
void SamplerTest::fewDecide()
{
    QFETCH(SamplerOptions, options);
    QFETCH(uint32_t, few);
    constexpr uint32_t vocabulary = 300;
    Sampler all(options, vocabulary);
    Sampler some(options, vocabulary);
    QCOMPARE(some.decidedBy(), few);
    std::mt19937 random(3);
    for (int step = 0; few > 0 && step < 300; ++step) {
        std::vector<float> logits(vocabulary);
        for (float &each : logits)
            each = float(random() % 64) / 8 - (step % 3 == 0 ? 0 : random() % 7 == 0 ? inf : 0);
        if (step % 50 == 49)
            std::fill(logits.begin(), logits.end(), -inf);
        std::vector<Sampler::Candidate> best;
        for (uint32_t token = 0; token < vocabulary; ++token)
            best.push_back({TokenId(token), logits[token]});
        std::stable_sort(best.begin(), best.end(), [](const auto &a, const auto &b) { return a.logit > b.logit; });
        best.resize(few);
        const TokenId token = all.sample(logits);
        QCOMPARE(some.sampleOf(best), token);
        all.accept(token);
        some.accept(token);
    }
}

void SamplerTest::validates_data()
{
    QTest::addColumn<float>("temperature");
    QTest::addColumn<float>("topP");
    QTest::addColumn<float>("minP");
    QTest::addColumn<float>("penalty");
    QTest::addColumn<QString>("refused");
    QTest::newRow("defaults") << 0.8f << 0.95f << 0.05f << 1.0f << QString();
    QTest::newRow("greedy") << 0.0f << 0.0f << 1.0f << 1.0f << QString();
    QTest::newRow("cold") << -0.1f << 0.9f << 0.0f << 1.0f << u"temperature"_qs;
    QTest::newRow("nan") << notANumber << 0.9f << 0.0f << 1.0f << u"temperature"_qs;
    QTest::newRow("infinite") << inf << 0.9f << 0.0f << 1.0f << u"temperature"_qs;
    QTest::newRow("top-p") << 1.0f << 1.1f << 0.0f << 1.0f << u"top-p"_qs;
    QTest::newRow("min-p") << 1.0f << 1.0f << -1.0f << 1.0f << u"min-p"_qs;
    QTest::newRow("penalty") << 1.0f << 1.0f << 0.0f << 0.0f << u"repeat-penalty"_qs;
}

void SamplerTest::validates()
{
    SamplerOptions options;
    QFETCH(QString, refused);
    QFETCH(float, temperature);
    QFETCH(float, topP);
    QFETCH(float, minP);
    QFETCH(float, penalty);
    options.temperature = temperature;
    options.topP = topP;
    options.minP = minP;
    options.repetitionPenalty = penalty;
    const Status status = validate(options);
    QCOMPARE(status.ok(), refused.isEmpty());
    if (!status) {
        QVERIFY(status.error().code == ErrorCode::InvalidArgument);
        QCOMPARE(status.error().arguments.size(), size_t{3});
        QCOMPARE(QString::fromStdString(status.error().arguments.front()), refused);
    }
}

void SamplerTest::greedyTakesTheLargest()
{
    Sampler sampler(greedy(), 5);
    const std::vector<float> logits = {-1, 3, 0, 3, 2};
    QCOMPARE(sampler.sample(logits), 1);   // of equals the first
    QCOMPARE(sampler.sample({}), -1);
}

void SamplerTest::penaltyAlsoAppliesToGreedy()
{
    SamplerOptions options = greedy();
    options.repetitionPenalty = 2.0f;
    Sampler sampler(options, 3);
    const std::vector<float> logits = {4, 3, -1};
    QCOMPARE(sampler.sample(logits), 0);
    sampler.accept(0);
    sampler.accept(0);            // twice is no worse than once
    sampler.accept(-7);           // what is no token does nothing
    sampler.accept(1 << 30);
    QCOMPARE(sampler.sample(logits), 1);
    const std::vector<float> negative = {-1, -1.5f, -9};
    QCOMPARE(sampler.sample(negative), 1);   // -1 became -2
}

void SamplerTest::penaltyForgetsBeyondTheWindow()
{
    SamplerOptions options = greedy();
    options.repetitionPenalty = 2.0f;
    options.repetitionWindow = 3;
    Sampler sampler(options, 3);
    const std::vector<float> logits = {4, 3, 2.5f};
    for (const TokenId token : {0, 1, 1})
        sampler.accept(token);
    QCOMPARE(sampler.sample(logits), 2);
    sampler.accept(1);
    QCOMPARE(sampler.sample(logits), 0);
    options.repetitionWindow = 0;
    Sampler without(options, 3);
    without.accept(0);
    QCOMPARE(without.sample(logits), 0);
}

void SamplerTest::sameSeedSameTokens()
{
    const std::vector<float> logits = {1, 1, 1, 1, 1, 1, 1, 1};
    const auto draw = [&](uint64_t seed) {
        Sampler sampler(plain(seed), 8);
        std::vector<TokenId> tokens;
        for (int i = 0; i < 32; ++i)
            tokens.push_back(sampler.sample(logits));
        return tokens;
    };
    QCOMPARE(draw(7), draw(7));
    QVERIFY(draw(7) != draw(8));
    QVERIFY(draw(0) != draw(0));   // from the system
}

void SamplerTest::followsTheDistribution_data()
{
    QTest::addColumn<double>("temperature");
    QTest::addColumn<int>("topK");
    QTest::addColumn<double>("topP");
    QTest::addColumn<double>("minP");
    QTest::addColumn<QList<double>>("expected");
    // softmax of the logits ln 8, ln 4, ln 2, ln 1, ln 1 is 1/2, 1/4, 1/8, 1/16, 1/16
    QTest::newRow("plain") << 1.0 << 0 << 1.0 << 0.0 << QList<double>{8 / 16., 4 / 16., 2 / 16., 1 / 16., 1 / 16.};
    QTest::newRow("hot") << 2.0 << 0 << 1.0 << 0.0 << QList<double>{0.34314575, 0.24264069, 0.17157288, 0.12132034, 0.12132034};
    QTest::newRow("cold") << 0.5 << 0 << 1.0 << 0.0 << QList<double>{64 / 86., 16 / 86., 4 / 86., 1 / 86., 1 / 86.};
    QTest::newRow("top-k") << 1.0 << 2 << 1.0 << 0.0 << QList<double>{2 / 3., 1 / 3., 0, 0, 0};
    QTest::newRow("top-k of equals") << 1.0 << 4 << 1.0 << 0.0 << QList<double>{8 / 15., 4 / 15., 2 / 15., 1 / 15., 0};
    QTest::newRow("top-p") << 1.0 << 0 << 0.6 << 0.0 << QList<double>{2 / 3., 1 / 3., 0, 0, 0};
    QTest::newRow("top-p 0") << 1.0 << 0 << 0.0 << 0.0 << QList<double>{1, 0, 0, 0, 0};
    QTest::newRow("min-p") << 1.0 << 0 << 1.0 << 0.2 << QList<double>{4 / 7., 2 / 7., 1 / 7., 0, 0};
    QTest::newRow("top-p counts before the temperature") << 100.0 << 0 << 0.6 << 0.0 << QList<double>{0.5017, 0.4983, 0, 0, 0};
    QTest::newRow("top-p counts after top-k") << 1.0 << 2 << 0.6 << 0.0 << QList<double>{1, 0, 0, 0, 0};
    QTest::newRow("top-p counts what min-p removes") << 1.0 << 0 << 0.8 << 0.2 << QList<double>{4 / 7., 2 / 7., 1 / 7., 0, 0};
}

void SamplerTest::followsTheDistribution()
{
    QFETCH(double, temperature);
    QFETCH(int, topK);
    QFETCH(double, topP);
    QFETCH(double, minP);
    QFETCH(QList<double>, expected);
    SamplerOptions options = plain(42);
    options.temperature = static_cast<float>(temperature);
    options.topK = static_cast<uint32_t>(topK);
    options.topP = static_cast<float>(topP);
    options.minP = static_cast<float>(minP);
    Sampler sampler(options, 5);
    const std::vector<float> logits = {std::log(8.f), std::log(4.f), std::log(2.f), 0.f, 0.f};
    const int draws = 20000;
    std::vector<int> counts(5);
    for (int i = 0; i < draws; ++i)
        ++counts[static_cast<size_t>(sampler.sample(logits))];
    for (size_t token = 0; token < 5; ++token) {
        const double p = expected[static_cast<qsizetype>(token)];
        if (p == 0)
            QCOMPARE(counts[token], 0);
        // five standard deviations of a binomial count
        const double tolerance = 5 * std::sqrt(draws * p * (1 - p)) + 0.001 * draws;
        QVERIFY2(std::abs(counts[token] - draws * p) <= tolerance, qPrintable(QString::number(counts[token])));
    }
}

void SamplerTest::survivesOddLogits()
{
    const std::vector<std::vector<float>> odd = {{notANumber, 1, notANumber}, {notANumber, notANumber, notANumber}, {-inf, -inf, -inf},
        {inf, 1, inf}, {3e38f, 3e38f, -3e38f}, {0, 0, 0}, {-inf, 0, notANumber}};
    for (float temperature : {0.0f, 1e-30f, 1.0f, 100.0f}) {
        for (const uint32_t topK : {0u, 1u, 2u, 1000u}) {
            SamplerOptions options;
            options.temperature = temperature;
            options.topK = topK;
            options.repetitionPenalty = 1.5f;
            options.seed = 3;
            Sampler sampler(options, 3);
            for (const auto &logits : odd) {
                const TokenId token = sampler.sample(logits);
                QVERIFY(token >= 0 && token < 3);
                sampler.accept(token);
            }
            QCOMPARE(sampler.sample(odd.front()), 1);
            QCOMPARE(sampler.sample(odd.back()), 1);
        }
    }
}

void SamplerTest::handlesARealVocabulary()
{
    std::vector<float> logits(150000);
    std::mt19937_64 random(1);
    for (float &logit : logits)
        logit = static_cast<float>(random() % 10000) / 1000.0f;
    logits[77777] = 60;
    SamplerOptions options = plain(5);
    for (const auto &[topK, topP, minP] : {std::tuple{0u, 0.9f, 0.0f}, {40u, 0.95f, 0.05f}, {0u, 1.0f, 0.1f}, {100000u, 0.5f, 0.0f}}) {
        options.topK = topK;
        options.topP = topP;
        options.minP = minP;
        QCOMPARE(Sampler(options, 150000).sample(logits), 77777);
    }
    std::fill(logits.begin(), logits.end(), 1.0f);   // flat: top-p must keep its share of all
    options = plain(6);
    options.topP = 0.5f;
    Sampler flat(options, 150000);
    for (int i = 0; i < 20; ++i)
        QVERIFY(flat.sample(logits) <= 75000);
}

void SamplerTest::validatesTheRest()
{
    const auto refuses = [](auto change, const char *option) {
        SamplerOptions options;
        change(options);
        const Status status = validate(options);
        return !status && status.error().arguments.front() == option;
    };
    QVERIFY(refuses([](SamplerOptions &o) { o.typicalP = 1.5f; }, "typical"));
    QVERIFY(refuses([](SamplerOptions &o) { o.frequencyPenalty = notANumber; }, "frequency-penalty"));
    QVERIFY(refuses([](SamplerOptions &o) { o.presencePenalty = 1000; }, "presence-penalty"));
    QVERIFY(refuses([](SamplerOptions &o) { o.dryMultiplier = -1; }, "dry-multiplier"));
    QVERIFY(refuses([](SamplerOptions &o) { o.dryBase = 0.5f; }, "dry-base"));
    QVERIFY(refuses([](SamplerOptions &o) { o.logitBias = {{1, notANumber}}; }, "logit-bias"));
}

void SamplerTest::biasAddsAndForbids()
{
    SamplerOptions options = greedy();
    options.logitBias = {{0, -inf}, {2, 1.5f}, {-1, 5}, {99, 5}};
    QCOMPARE(Sampler(options, 3).sample(std::vector<float>{9, 2, 1}), 2);
    options = plain();
    options.logitBias = {{0, -inf}};
    Sampler sampler(options, 2);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(sampler.sample(std::vector<float>{9, 0}), 1);
}

void SamplerTest::frequencyAndPresence()
{
    const std::vector<float> logits = {4, 3.5f, 0};
    SamplerOptions options = greedy();
    options.presencePenalty = 0.4f;
    Sampler presence(options, 3);
    presence.accept(0);
    presence.accept(0);
    QCOMPARE(presence.sample(logits), 0);   // 3.6, however often
    options.presencePenalty = 0;
    options.frequencyPenalty = 0.4f;
    Sampler frequency(options, 3);
    frequency.accept(0);
    QCOMPARE(frequency.sample(logits), 0);
    frequency.accept(0);
    QCOMPARE(frequency.sample(logits), 1);   // 3.2
}

void SamplerTest::typicalDropsTheLikeliestToo()
{
    // 0.4 and six times 0.1: the expected surprise is 1.75; 0.1 has one of 2.30, 0.4 one of 0.92, so 0.1 is the more typical.
    std::vector<float> logits(7, std::log(0.1f));
    logits[3] = std::log(0.4f);
    SamplerOptions options = plain(9);
    options.typicalP = 0.45f;
    Sampler sampler(options, 7);
    std::vector<int> counts(7);
    for (int i = 0; i < 4000; ++i)
        ++counts[static_cast<size_t>(sampler.sample(logits))];
    QCOMPARE(counts[3], 0);
    for (const size_t kept : {0u, 1u, 2u, 4u, 5u})   // five make up the share, of equals the lower first
        QVERIFY2(std::abs(counts[kept] - 800) < 150, qPrintable(QString::number(counts[kept])));
    QCOMPARE(counts[6], 0);
}

void SamplerTest::dryPunishesLongRepetitions()
{
    SamplerOptions options = greedy();
    options.dryMultiplier = 1;
    options.dryBase = 2;
    options.dryAllowedLength = 2;
    Sampler sampler(options, 10);
    for (const TokenId token : {1, 2, 3, 4, 9, 1, 2, 3})
        sampler.accept(token);
    // 1 2 3 was there before and went on with 4: three tokens repeated, so 1 · 2^(3 - 2) is taken off.
    std::vector<float> logits(10, 0.0f);
    logits[4] = 2.1f;
    QCOMPARE(sampler.sample(logits), 4);
    logits[4] = 1.9f;
    QCOMPARE(sampler.sample(logits), 0);
    Sampler shorter(options, 10);
    for (const TokenId token : {3, 4, 9, 3})   // one token repeated costs nothing
        shorter.accept(token);
    QCOMPARE(shorter.sample(logits), 4);
}

void SamplerTest::dryStopsAtBreakers()
{
    SamplerOptions options = greedy();
    options.dryMultiplier = 100;
    options.dryBreakers = {2};
    Sampler sampler(options, 10);
    for (const TokenId token : {1, 2, 3, 4, 9, 1, 2, 3})
        sampler.accept(token);
    std::vector<float> logits(10, 0.0f);
    logits[4] = 1;
    QCOMPARE(sampler.sample(logits), 4);   // behind the breaker only the 3 is repeated
}

void SamplerTest::dryStaysLinear()
{
    SamplerOptions options = greedy();
    options.dryMultiplier = 1;
    options.dryWindow = 1 << 20;
    Sampler sampler(options, 4);
    for (int i = 0; i < (1 << 20) + 1000; ++i)
        sampler.accept(1);
    QCOMPARE(sampler.sample(std::vector<float>{0, 5, 1, 0}), 2);
}

void SamplerTest::onlyWhatIsAllowed()
{
    Sampler sampler(greedy(), 4);
    const std::vector<float> logits = {4, 3, 2, 1};
    QCOMPARE(sampler.sample(logits, std::vector<uint8_t>{0, 0, 1, 1}), 2);
    QCOMPARE(sampler.sample(logits, std::vector<uint8_t>{0, 1}), 1);   // what has no entry is not allowed
    QCOMPARE(sampler.sample(logits), 0);
}

void SamplerTest::tellsLogprobs()
{
    const std::vector<float> logits = {std::log(1.0f), std::log(4.0f), std::log(3.0f), -inf, notANumber};
    const auto likelihoods = logprobsOf(logits, 0, 2);
    QCOMPARE(likelihoods.size(), size_t{3});
    QCOMPARE(likelihoods[0].token, 0);
    QVERIFY(std::abs(likelihoods[0].logprob - std::log(1 / 8.0f)) < 1e-6f);
    QCOMPARE(likelihoods[1].token, 1);
    QVERIFY(std::abs(likelihoods[1].logprob - std::log(0.5f)) < 1e-6f);
    QCOMPARE(likelihoods[2].token, 2);
    QCOMPARE(logprobsOf(logits, 1, 100).size(), size_t{6});
}

QTEST_GUILESS_MAIN(SamplerTest)
#include "tst_sampler.moc"
