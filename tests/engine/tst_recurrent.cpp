// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "logits_reference.h"
#include "made_hybrids.h"
#include "reference_forward.h"
#include "session_calls.h"

#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr size_t tokenCount = 23;
constexpr size_t vocabulary = 259;

} // namespace

/// What a state that cannot go back asks of a session.
class TestRecurrent : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void olderForm();
    void sequencesDoNotMix_data() { rows(); }
    void sequencesDoNotMix();
    void beginsAnew_data() { rows(); }
    void beginsAnew();
    void stateIsFixed_data() { rows(); }
    void stateIsFixed();

private:
    static void rows()
    {
        QTest::addColumn<QString>("name");
        for (const char *each : hybrids)
            QTest::newRow(each) << QString::fromUtf8(each);
    }
    std::string path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    std::unique_ptr<Session> load(const QString &name, LoadOptions options)
    {
        auto session = loadCounted(path(name), std::move(options));
        if (session)
            return *std::move(session);
        qWarning("%s", describe(session.error()).c_str());
        return nullptr;
    }
    QTemporaryDir m_folder;
    std::vector<int32_t> m_tokens = someTokens(tokenCount, vocabulary);
    std::vector<int32_t> m_others = someTokens(tokenCount, vocabulary, 99);
};

void TestRecurrent::initTestCase()
{
    QVERIFY(m_folder.isValid());
    for (const char *each : hybrids) {
        const Status made = make(tinyHybrid(each), FileType::F32, path(QString::fromUtf8(each)));
        QVERIFY2(made, made ? "" : describe(made.error()).c_str());
    }
}

/// Qwen3-Next as it was first converted: all projections of a recurrent layer in one matrix.
void TestRecurrent::olderForm()
{
    nlohmann::json entry = tinyHybrid("qwen3next");
    entry["optional_tensors"].push_back("ssm_in.weight");
    const QString name = QStringLiteral("older");
    QVERIFY(make(entry, FileType::F32, path(name)));
    const auto session = load(name, exactOptions(tokenCount));
    QVERIFY(session);
    const auto found = logitsOf(*session, m_tokens, tokenCount);
    QVERIFY(found);
    QCOMPARE_LE(nmse(*found, ReferenceForward(path(name)).logits(m_tokens)), 1e-8);
}

/// Two sequences in one batch, token by token in turn, give what each gives alone: sums may only be taken in another order.
void TestRecurrent::sequencesDoNotMix()
{
    QFETCH(QString, name);
    LoadOptions options = exactOptions(tokenCount);
    options.run.sequences = 2;
    options.run.batch = 2 * tokenCount;
    options.run.outputs = 2 * tokenCount;
    const auto session = load(name, options);
    QVERIFY(session);
    const auto first = logitsOf(*session, m_tokens, tokenCount, 0);
    const auto second = logitsOf(*session, m_others, tokenCount, 1);
    QVERIFY(first && second);
    std::vector<BatchToken> batch;
    for (uint32_t i = 0; i < tokenCount; ++i) {
        batch.push_back({m_tokens[i], i, 0, true});
        batch.push_back({m_others[i], i, 1, true});
    }
    const auto together = session->forward(batch);
    QVERIFY(together);
    for (size_t i = 0; i < batch.size(); ++i) {
        const std::vector<float> &apart = i % 2 == 0 ? *first : *second;
        QCOMPARE_LE(nmse(together->subspan(i * vocabulary, vocabulary), std::span(apart).subspan(i / 2 * vocabulary, vocabulary)), 1e-8);
    }
}

/// A state cannot go back: only the next token is taken, or the first of a new text, which finds nothing of the old one.
void TestRecurrent::beginsAnew()
{
    QFETCH(QString, name);
    const auto session = load(name, exactOptions(tokenCount));
    QVERIFY(session);
    const auto first = logitsOf(*session, m_tokens, tokenCount);
    QVERIFY(first);
    const BatchToken back{m_tokens[5], 5, 0, true};
    const auto refused = session->forward({&back, 1});
    QVERIFY(!refused && refused.error().code == ErrorCode::InvalidArgument);
    QVERIFY(logitsOf(*session, m_others, tokenCount));
    const auto again = logitsOf(*session, m_tokens, tokenCount);
    QVERIFY(again);
    QCOMPARE(*again, *first);
    const std::atomic<bool> cancelled = true;
    const BatchToken one{m_tokens[0], 0, 0, true};
    QVERIFY(!session->forward({&one, 1}, &cancelled));
    const BatchToken next{m_tokens[1], 1, 0, true};
    const auto lost = session->forward({&next, 1});
    QVERIFY(!lost && lost.error().code == ErrorCode::InvalidArgument);
}

/// The state is as large for a long context as for a short one, and its bytes are those of matrices and convolution.
void TestRecurrent::stateIsFixed()
{
    QFETCH(QString, name);
    LoadOptions options = exactOptions(tokenCount);
    const auto small = load(name, options);
    options.run.context = 4 * tokenCount;
    options.run.sequences = 3;
    const auto large = load(name, options);
    QVERIFY(small && large);
    uint64_t elements = 0;
    for (const BlockSpec &block : small->shape().blocks) {
        const RecurrentSpec &spec = block.recurrent;
        if (isRecurrent(block))
            elements += uint64_t{spec.stateHeads} * spec.headDimK * spec.headDimV + uint64_t{spec.convKernel - 1} * spec.convChannels;
    }
    const auto buffers = [](const Session &session) {
        uint64_t bytes = 0;
        for (const BufferPlan &plan : session.layout().buffers)
            bytes += plan.id == BufferId::State ? plan.bytes : 0;
        return bytes;
    };
    QVERIFY(elements > 0);
    QCOMPARE(buffers(*small), 4 * elements);
    QCOMPARE(buffers(*large), 3 * 4 * elements);
}

QTEST_GUILESS_MAIN(TestRecurrent)
#include "tst_recurrent.moc"
