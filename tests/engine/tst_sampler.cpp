// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/text/sampler.h>

#include <QtTest>

#include <cmath>
#include <limits>

using namespace plimsoll;
using namespace plimsoll::engine;

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

QTEST_GUILESS_MAIN(SamplerTest)
#include "tst_sampler.moc"
