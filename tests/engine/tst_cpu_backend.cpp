// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/cpu/cpu_backend.h>
#include <plimsoll/engine/cpu/kernels.h>
#include <plimsoll/engine/cpu/rope.h>

#include <QtTest>

#include <atomic>
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>
#include <vector>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

using Row = std::vector<double>;

/// A float32 matrix with its tensor; numbers are small, so that float32 sums are good to six digits.
struct Matrix
{
    std::vector<float> values;
    Tensor tensor;

    Matrix(std::mt19937 &random, uint32_t rows, uint32_t columns, uint32_t experts = 1)
        : values(uint64_t{rows} * columns * experts)
    {
        std::normal_distribution<float> normal(0.0f, 1 / std::sqrt(static_cast<float>(columns)));
        for (float &v : values)
            v = normal(random);
        tensor = {reinterpret_cast<const std::byte *>(values.data()), GgmlType::F32, columns, rows, experts, columns * 4u};
    }
    Row times(const Row &x, uint32_t expert = 0) const
    {
        Row out(tensor.rows);
        for (uint32_t r = 0; r < tensor.rows; ++r)
            for (uint32_t c = 0; c < tensor.columns; ++c)
                out[r] += double{values[(uint64_t{expert} * tensor.rows + r) * tensor.columns + c]} * x[c];
        return out;
    }
};

std::vector<float> vectorOf(std::mt19937 &random, uint32_t n, float mean = 0)
{
    std::normal_distribution<float> normal(mean, 0.3f);
    std::vector<float> out(n);
    for (float &v : out)
        v = normal(random);
    return out;
}

Row rms(const Row &x, const std::vector<float> &weight, size_t group = 0)
{
    Row out(x);
    group = group ? group : x.size();
    for (size_t at = 0; at < x.size(); at += group) {
        double square = 0;
        for (size_t i = 0; i < group; ++i)
            square += x[at + i] * x[at + i] / static_cast<double>(group);
        for (size_t i = 0; i < group; ++i)
            out[at + i] = x[at + i] / std::sqrt(square + 1e-5) * double{weight[i]};
    }
    return out;
}

Row plus(Row a, const std::vector<float> &b)
{
    for (size_t i = 0; i < a.size(); ++i)
        a[i] += double{b[i]};
    return a;
}

double silu(double x)
{
    return x / (1 + std::exp(-x));
}

} // namespace

/// Phases of the backend against plain double loops, on every instruction set and with one and three threads.
class CpuBackendTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void everyChunkIsTakenOnce();
    void manyShortRegions();
    void ropeTurnsPairs();
    void ropeFollowsYarn();
    void attentionOverRaggedBatches_data() { machines(); }
    void attentionOverRaggedBatches();
    void denseFfn_data() { machines(); }
    void denseFfn();
    void experts_data() { machines(); }
    void experts();
    void routersChoose();
    void outputOfChosenTokens_data() { machines(); }
    void outputOfChosenTokens();
    void abortReturnsEarly();
    void refusesWhatItCannotRun();

private:
    static constexpr uint32_t embedding = 64;
    static constexpr uint32_t most = 48;   // tokens

    static void machines();
    void make(uint32_t threads, InstructionSet set);
    void makeFromRow();
    Row hidden(uint32_t token) const { return {m_hidden.begin() + token * embedding, m_hidden.begin() + (token + 1) * embedding}; }
    void verifyHidden(uint32_t token, const Row &want);

    std::mt19937 m_random;
    std::unique_ptr<ThreadPool> m_pool;
    std::unique_ptr<Backend> m_backend;
    Buffers m_buffers;
    std::vector<std::vector<float>> m_storage;
    std::vector<float> m_hidden;
    std::vector<TokenRow> m_tokens;
    std::vector<std::byte> m_quantized;
    std::vector<std::byte> m_workspace;
};

void CpuBackendTest::machines()
{
    QTest::addColumn<int>("threads");
    QTest::addColumn<int>("set");
    for (const InstructionSet set : availableInstructionSets())
        for (const int threads : {1, 3})
            QTest::newRow((std::string(name(set)) + ", threads " + std::to_string(threads)).c_str()) << threads << int(set);
}

void CpuBackendTest::init()
{
    m_random.seed(11);
    m_backend.reset();
    m_pool.reset();
}

void CpuBackendTest::makeFromRow()
{
    QFETCH(int, threads);
    QFETCH(int, set);
    make(static_cast<uint32_t>(threads), static_cast<InstructionSet>(set));
}

void CpuBackendTest::make(uint32_t threads, InstructionSet set)
{
    m_pool = std::make_unique<ThreadPool>(threads);
    m_backend = makeCpuBackend(*m_pool, set);
    m_storage.clear();
    m_storage.reserve(16);
    const auto buffer = [&](uint32_t width) {
        m_storage.emplace_back(uint64_t{most} * width, NAN);
        return m_storage.back().data();
    };
    m_hidden = vectorOf(m_random, most * embedding);
    m_tokens.assign(most, {});
    m_quantized.resize(most * cpu::activationRowBytes(512));
    m_workspace.resize(threads * cpu::scratchBytes + 64);
    m_buffers = {};
    m_buffers.hidden = m_hidden.data();
    for (float **each : {&m_buffers.normed, &m_buffers.query, &m_buffers.key, &m_buffers.value, &m_buffers.attentionOut, &m_buffers.mixed,
             &m_buffers.routerLogits, &m_buffers.outputRows})
        *each = buffer(128);
    for (float **each : {&m_buffers.ffnGate, &m_buffers.ffnUp, &m_buffers.expertRows, &m_buffers.logits})
        *each = buffer(512);
    m_buffers.expertChoice = reinterpret_cast<std::byte *>(buffer(16));
    m_buffers.quantized = m_quantized.data();
    m_buffers.tokens = m_tokens.data();
    m_buffers.workspace = m_workspace.data() + (64 - reinterpret_cast<uintptr_t>(m_workspace.data()) % 64) % 64;
    m_buffers.workspaceBytes = threads * cpu::scratchBytes;
    m_backend->bind(m_buffers);
}

void CpuBackendTest::verifyHidden(uint32_t token, const Row &want)
{
    for (uint32_t i = 0; i < embedding; ++i) {
        // A few hundred float32 roundings of numbers near 1.
        const double got = double{m_hidden[token * embedding + i]};
        QVERIFY2(std::fabs(got - want[i]) < 2e-5 * (1 + std::fabs(want[i])),
            qPrintable(QStringLiteral("token %1, element %2: %3, expected %4").arg(token).arg(i).arg(got).arg(want[i])));
    }
}

void CpuBackendTest::everyChunkIsTakenOnce()
{
    for (const uint32_t threads : {1u, 2u, 5u}) {
        ThreadPool pool(threads);
        QCOMPARE(pool.size(), threads);
        for (const uint64_t count : {uint64_t{0}, uint64_t{1}, uint64_t{7}, uint64_t{1000}}) {
            std::vector<std::atomic<int>> taken(count);
            pool.forEach(count, 3, [&](uint64_t begin, uint64_t end, uint32_t thread) {
                if (thread >= threads || begin >= end || end > count)
                    std::abort();
                for (uint64_t i = begin; i < end; ++i)
                    ++taken[i];
            });
            for (const std::atomic<int> &each : taken)
                QCOMPARE(each.load(), 1);
        }
    }
}

void CpuBackendTest::manyShortRegions()
{
    ThreadPool pool(3);
    std::vector<uint64_t> sums(3 * 8);
    for (uint32_t i = 0; i < 2000; ++i)
        pool.forEach(3, 1, [&](uint64_t run, uint64_t, uint32_t) { sums[run * 8] += i; });   // ordinary memory: regions order it
    for (uint32_t thread = 0; thread < 3; ++thread)
        QCOMPARE(sums[thread * 8], uint64_t{1999000});
}

void CpuBackendTest::ropeTurnsPairs()
{
    RopeSpec spec;
    spec.dims = 8;
    spec.base = 100.0f;
    std::vector<float> factors = {1, 2, 4, 8};
    for (const RopeLayout layout : {RopeLayout::Norm, RopeLayout::Neox})
        for (const float *divisors : {static_cast<const float *>(nullptr), static_cast<const float *>(factors.data())})
            for (const float stretch : {1.0f, 4.0f}) {
                spec.layout = layout;
                spec.scaling = stretch > 1 ? RopeScaling::Linear : RopeScaling::None;
                spec.factor = stretch;
                const RopeTable table = ropeTable(spec, divisors);
                cpu::Rotation rotation;
                cpu::rotationAt(table, 37, rotation);
                std::vector<float> head = vectorOf(m_random, 10, 1);
                const std::vector<float> before = head;
                cpu::rotate(table, rotation, head.data());
                for (uint32_t i = 0; i < 4; ++i) {
                    const double angle = 37 / double{stretch} / std::pow(10.0, i / 2.0) / (divisors ? double{factors[i]} : 1.0);
                    const uint32_t a = layout == RopeLayout::Norm ? 2 * i : i;
                    const uint32_t b = layout == RopeLayout::Norm ? 2 * i + 1 : i + 4;
                    QVERIFY(std::fabs(double{head[a]} - (double{before[a]} * std::cos(angle) - double{before[b]} * std::sin(angle))) < 1e-6);
                    QVERIFY(std::fabs(double{head[b]} - (double{before[a]} * std::sin(angle) + double{before[b]} * std::cos(angle))) < 1e-6);
                }
                QCOMPARE(head[8], before[8]);   // beyond the rotated elements
                QCOMPARE(head[9], before[9]);
            }
}

void CpuBackendTest::ropeFollowsYarn()
{
    RopeSpec spec;
    spec.layout = RopeLayout::Neox;
    spec.scaling = RopeScaling::Yarn;
    spec.dims = 128;
    spec.base = 10000.0f;
    spec.factor = 4.0f;
    spec.originalContext = 4096;
    spec.yarnExtFactor = 1.0f;
    spec.attentionFactor = 1.2f;
    const RopeTable table = ropeTable(spec, nullptr);
    // Pair p turns 4096 / (2π · 10000^(p/64)) times: 32 turns at p = 20.9, one turn at p = 45.03. Up to 20 as trained, from 46 on stretched.
    const auto plain = [](int p) { return std::pow(10000.0, -p / 64.0); };
    for (const int p : {0, 10, 20})
        QVERIFY(std::fabs(table.frequency[p] / plain(p) - 1) < 1e-9);
    for (const int p : {46, 50, 63})
        QVERIFY(std::fabs(table.frequency[p] / plain(p) - 0.25) < 1e-9);
    QVERIFY(std::fabs(table.frequency[33] / plain(33) - (0.25 * 0.5 + 0.5)) < 1e-9);   // halfway up the ramp
    cpu::Rotation rotation;
    cpu::rotationAt(table, 0, rotation);
    QCOMPARE(rotation.cosine[5], 1.2f);
    QCOMPARE(rotation.sine[5], 0.0f);
}

void CpuBackendTest::attentionOverRaggedBatches()
{
    makeFromRow();
    BlockSpec block;
    AttentionSpec &spec = block.attention;
    spec.heads = 4;
    spec.kvHeads = 2;
    spec.headDimK = 24;
    spec.headDimV = 16;
    spec.scale = 0.2f;
    spec.window = 20;
    spec.rope.layout = RopeLayout::Neox;
    spec.rope.dims = 16;
    const Matrix q(m_random, 96, embedding), k(m_random, 48, embedding), v(m_random, 32, embedding), o(m_random, embedding, 64);
    const std::vector<float> norm = vectorOf(m_random, embedding, 1), qBias = vectorOf(m_random, 96), kBias = vectorOf(m_random, 48),
                             qNorm = vectorOf(m_random, 24, 1), kNorm = vectorOf(m_random, 48, 1), oBias = vectorOf(m_random, embedding);
    constexpr uint32_t cells = 30;   // a ring: window and the largest batch of one sequence
    std::vector<float> cacheK(3 * cells * 48), cacheV(3 * cells * 32);

    MixerInputPhase input;
    input.block = &block;
    input.norm = {norm.data(), nullptr, NormKind::Rms, 1e-5f};
    input.q = q.tensor;
    input.k = k.tensor;
    input.v = v.tensor;
    input.qBias = qBias.data();
    input.kBias = kBias.data();
    input.qNorm = {qNorm.data(), nullptr, NormKind::Rms, 1e-5f};
    input.qNormLength = 24;      // per head
    input.kNorm = {kNorm.data(), nullptr, NormKind::Rms, 1e-5f};
    input.kNormLength = 48;      // over the whole row
    input.cache = {reinterpret_cast<std::byte *>(cacheK.data()), reinterpret_cast<std::byte *>(cacheV.data()), GgmlType::F32, GgmlType::F32,
        cells, 48 * 4, 32 * 4};
    AttentionPhase attention;
    attention.block = &block;
    attention.cache = input.cache;
    ProjectPhase project;
    project.weight = o.tensor;
    project.bias = oBias.data();
    project.residualScale = 0.5f;

    const RopeTable rope = ropeTable(spec.rope, nullptr);
    const auto turned = [&](Row x, uint32_t dim, int32_t position) {
        for (size_t at = 0; at < x.size(); at += dim)
            for (uint32_t i = 0; i < rope.pairs; ++i) {
                const double c = std::cos(position * rope.frequency[i]), s = std::sin(position * rope.frequency[i]);
                const double a = x[at + i], b = x[at + i + rope.pairs];
                x[at + i] = a * c - b * s;
                x[at + i + rope.pairs] = a * s + b * c;
            }
        return x;
    };
    std::vector<std::vector<Row>> keys(3), values(3);
    int32_t next[3] = {0, 0, 0};
    // Prompts of different lengths at once, then mixed continuations, then single tokens, until the ring has gone round.
    const std::vector<std::vector<uint32_t>> batches = {{10, 0, 3}, {1, 9, 0}, {10, 10, 10}, {1, 1, 1}, {10, 1, 7}, {1, 0, 0}};
    for (const std::vector<uint32_t> &counts : batches) {
        uint32_t count = 0;
        for (int32_t s = 2; s >= 0; --s)
            for (uint32_t i = 0; i < counts[static_cast<size_t>(s)]; ++i)
                m_tokens[count++] = {0, next[s]++, s, -1};
        m_hidden = vectorOf(m_random, most * embedding);
        std::vector<Row> want(count), queries(count);
        for (uint32_t t = 0; t < count; ++t) {
            const Row n = rms(hidden(t), norm);
            queries[t] = turned(rms(plus(q.times(n), qBias), qNorm, 24), 24, m_tokens[t].position);
            keys[static_cast<size_t>(m_tokens[t].sequence)].push_back(turned(rms(plus(k.times(n), kBias), kNorm), 24, m_tokens[t].position));
            values[static_cast<size_t>(m_tokens[t].sequence)].push_back(v.times(n));
        }
        for (uint32_t t = 0; t < count; ++t) {
            const auto sequence = static_cast<size_t>(m_tokens[t].sequence);
            const int32_t last = m_tokens[t].position;
            Row mixed(64);
            for (uint32_t h = 0; h < 4; ++h) {
                Row weight;
                double sum = 0;
                const int32_t first = std::max(0, last - 19);
                for (int32_t p = first; p <= last; ++p) {
                    double score = 0;
                    for (uint32_t d = 0; d < 24; ++d)
                        score += queries[t][h * 24 + d] * keys[sequence][static_cast<size_t>(p)][h / 2 * 24 + d];
                    weight.push_back(std::exp(score * 0.2));
                    sum += weight.back();
                }
                for (int32_t p = first; p <= last; ++p)
                    for (uint32_t d = 0; d < 16; ++d)
                        mixed[h * 16 + d] += weight[static_cast<size_t>(p - first)] / sum * values[sequence][static_cast<size_t>(p)][h / 2 * 16 + d];
            }
            want[t] = hidden(t);
            const Row projected = plus(o.times(mixed), oBias);
            for (uint32_t i = 0; i < embedding; ++i)
                want[t][i] += 0.5 * projected[i];
        }
        input.count = attention.count = project.count = count;
        m_buffers.hidden = m_hidden.data();
        m_backend->bind(m_buffers);
        m_backend->mixerInput(input);
        m_backend->attention(attention);
        m_backend->project(project);
        QVERIFY(m_backend->finish().ok());
        for (uint32_t t = 0; t < count; ++t)
            verifyHidden(t, want[t]);
    }
}

void CpuBackendTest::denseFfn()
{
    makeFromRow();
    BlockSpec block;
    block.ffn.width = 100;
    block.ffn.activation = Activation::Silu;
    const Matrix both(m_random, 200, embedding), down(m_random, embedding, 100);
    const std::vector<float> norm = vectorOf(m_random, embedding, 1), bias = vectorOf(m_random, 200), post = vectorOf(m_random, embedding, 1);
    FfnPhase phase;
    phase.block = &block;
    phase.norm = {norm.data(), nullptr, NormKind::Rms, 1e-5f};
    phase.down = down.tensor;
    phase.postNorm = {post.data(), nullptr, NormKind::Rms, 1e-5f};
    Tensor half = both.tensor;
    half.rows = 100;
    for (const int form : {0, 1, 2})   // two matrices, one for both, no gate
        for (const uint32_t count : {1u, 5u, 33u}) {
            block.ffn.gated = form != 2;
            phase.gate = form == 0 ? half : Tensor{};
            phase.up = form == 1 ? both.tensor : half;
            if (form == 0)
                phase.up.data += 100 * half.rowBytes;
            phase.gateBias = form == 0 ? bias.data() : nullptr;
            phase.upBias = form == 0 ? bias.data() + 100 : bias.data();
            phase.count = count;
            std::vector<Row> want;
            for (uint32_t t = 0; t < count; ++t) {
                const Row inner = plus(both.times(rms(hidden(t), norm)), bias);
                Row gated(100);
                for (size_t i = 0; i < 100; ++i)
                    gated[i] = silu(inner[i]) * (form == 2 ? 1 : inner[100 + i]);
                Row sum = rms(down.times(gated), post);
                const Row before = hidden(t);
                std::transform(sum.begin(), sum.end(), before.begin(), sum.begin(), std::plus<>());
                want.push_back(sum);
            }
            m_backend->ffn(phase);
            for (uint32_t t = 0; t < count; ++t)
                verifyHidden(t, want[t]);
        }
}

void CpuBackendTest::experts()
{
    makeFromRow();
    BlockSpec block;
    FfnSpec &spec = block.ffn;
    spec.kind = FfnKind::Experts;
    spec.experts = 8;
    spec.expertsUsed = 3;
    spec.expertWidth = 48;
    spec.sharedWidth = 40;
    spec.normalizeWeights = true;
    spec.weightScale = 2.5f;
    const Matrix gates(m_random, 48, embedding, 8), ups(m_random, 48, embedding, 8), downs(m_random, embedding, 48, 8), route(m_random, 8, embedding),
        sharedGate(m_random, 40, embedding), sharedUp(m_random, 40, embedding), sharedDown(m_random, embedding, 40), own(m_random, 1, embedding);
    const std::vector<float> norm = vectorOf(m_random, embedding, 1);
    RouterPhase router;
    router.block = &block;
    router.norm = {norm.data(), nullptr, NormKind::Rms, 1e-5f};
    router.weight = route.tensor;
    using enum ExpertsPart;
    ExpertsPhase phase;
    phase.block = &block;
    phase.columns = embedding;
    phase.gate = gates.tensor;
    phase.up = ups.tensor;
    phase.down = downs.tensor;
    phase.sharedGate = sharedGate.tensor;
    phase.sharedUp = sharedUp.tensor;
    phase.sharedDown = sharedDown.tensor;
    phase.sharedRouter = own.tensor;
    for (const uint32_t count : {1u, 4u, 30u}) {
        std::vector<Row> want;
        for (uint32_t t = 0; t < count; ++t) {
            const Row n = rms(hidden(t), norm);
            Row score = route.times(n);
            std::vector<uint32_t> order(8);
            std::iota(order.begin(), order.end(), 0u);
            std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return score[a] > score[b]; });
            double sum = 0;
            for (uint32_t slot = 0; slot < 3; ++slot)
                sum += std::exp(score[order[slot]]);
            Row out = hidden(t);
            const auto add = [&](const Matrix &g, const Matrix &u, const Matrix &d, uint32_t expert, double weight) {
                Row inner = g.times(n, expert);
                const Row up = u.times(n, expert);
                for (size_t i = 0; i < inner.size(); ++i)
                    inner[i] = silu(inner[i]) * up[i];
                const Row result = d.times(inner, expert);
                for (uint32_t i = 0; i < embedding; ++i)
                    out[i] += weight * result[i];
            };
            for (uint32_t slot = 0; slot < 3; ++slot)
                add(gates, ups, downs, order[slot], 2.5 * std::exp(score[order[slot]]) / sum);
            add(sharedGate, sharedUp, sharedDown, 0, 1 / (1 + std::exp(-own.times(n)[0])));
            want.push_back(out);
        }
        router.count = phase.count = count;
        // At once; and in its parts, as where the routed experts lie on another device.
        const std::vector<float> before = m_hidden;
        for (const auto &parts : {std::vector{Whole}, std::vector{Routed, Shared, Join}}) {
            m_hidden = before;
            m_backend->router(router);
            for (const ExpertsPart part : parts) {
                phase.part = part;
                m_backend->experts(phase);
            }
            for (uint32_t t = 0; t < count; ++t)
                verifyHidden(t, want[t]);
        }
    }
}

/// The selection rules on logits that are set by hand: the matrix is the identity on the first elements of the input.
void CpuBackendTest::routersChoose()
{
    make(1, InstructionSet::Scalar);
    BlockSpec block;
    FfnSpec &spec = block.ffn;
    spec.experts = 8;
    spec.expertsUsed = 2;
    Matrix identity(m_random, 8, embedding);
    std::fill(identity.values.begin(), identity.values.end(), 0.0f);
    for (uint32_t e = 0; e < 8; ++e)
        identity.values[e * embedding + e] = 1.0f;
    const std::vector<float> logits = {0, 1, 3, -2, 2, 2.5f, -1, 0.5f};
    std::fill_n(m_hidden.begin(), embedding, 0.0f);
    std::copy(logits.begin(), logits.end(), m_hidden.begin());
    RouterPhase router;
    router.block = &block;
    router.weight = identity.tensor;
    router.count = 1;
    const auto chosen = [&](uint32_t slot) {
        struct { int32_t expert; float weight; } choice;
        std::memcpy(&choice, m_buffers.expertChoice + slot * 8, 8);
        return std::pair{choice.expert, double{choice.weight}};
    };
    double all = 0;
    for (const float x : logits)
        all += std::exp(double{x});
    const auto close = [](std::pair<int32_t, double> got, int32_t expert, double weight) {
        return got.first == expert && std::fabs(got.second - weight) < 1e-6;
    };
    m_backend->router(router);   // softmax over all, weights as they are
    QVERIFY(close(chosen(0), 2, std::exp(3.0) / all));
    QVERIFY(close(chosen(1), 5, std::exp(2.5) / all));
    spec.gate = RouterGate::SoftmaxOfSelected;
    m_backend->router(router);
    QVERIFY(close(chosen(0), 2, 1 / (1 + std::exp(-0.5))));
    spec.gate = RouterGate::Sigmoid;
    std::vector<float> bias(8, 0.0f);
    bias[6] = 10;   // chosen by its bias, weighed without it
    router.selectionBias = bias.data();
    m_backend->router(router);
    QVERIFY(close(chosen(0), 6, 1 / (1 + std::exp(1.0))));
    QVERIFY(close(chosen(1), 2, 1 / (1 + std::exp(-3.0))));
    router.selectionBias = nullptr;
    spec.groups = 4;      // {0,1} {2,3} {4,5} {6,7}: the third is best by its two together
    spec.groupsUsed = 1;
    m_backend->router(router);
    QVERIFY(close(chosen(0), 5, 1 / (1 + std::exp(-2.5))));
    QVERIFY(close(chosen(1), 4, 1 / (1 + std::exp(-2.0))));
}

void CpuBackendTest::outputOfChosenTokens()
{
    makeFromRow();
    const Matrix table(m_random, 200, embedding);
    const std::vector<float> norm = vectorOf(m_random, embedding, 1);
    EmbedPhase embed;
    embed.table = table.tensor;
    embed.scale = 3.0f;
    embed.count = 9;
    for (uint32_t t = 0; t < 9; ++t)
        m_tokens[t] = {static_cast<int32_t>(t * 17), 0, 0, t % 4 == 0 ? static_cast<int32_t>(t / 4) : -1};
    m_backend->embed(embed);
    for (uint32_t t = 0; t < 9; ++t)
        for (uint32_t i = 0; i < embedding; ++i)
            QCOMPARE(m_hidden[t * embedding + i], 3.0f * table.values[t * 17 * embedding + i]);
    OutputPhase output;
    output.norm = {norm.data(), nullptr, NormKind::Rms, 1e-5f};
    output.weight = table.tensor;
    output.scale = 2.0f;
    output.softcap = 5.0f;
    output.count = 9;
    output.outputs = 3;
    m_backend->output(output);
    for (uint32_t o = 0; o < 3; ++o) {
        const Row logits = table.times(rms(hidden(o * 4), norm));
        for (uint32_t i = 0; i < 200; ++i)
            QVERIFY(std::fabs(double{m_buffers.logits[o * 200 + i]} - 5 * std::tanh(2 * logits[i] / 5)) < 1e-4);
    }
}

void CpuBackendTest::abortReturnsEarly()
{
    make(2, InstructionSet::Scalar);
    const std::atomic<bool> abort = true;
    m_backend->setAbort(&abort);
    const Matrix weight(m_random, embedding, embedding);
    std::fill_n(m_buffers.attentionOut, embedding, 0.5f);
    std::fill_n(m_buffers.mixed, embedding, 0.0f);
    const Row before = hidden(0);
    ProjectPhase phase;
    phase.weight = weight.tensor;
    phase.count = 1;
    m_backend->project(phase);
    QVERIFY(hidden(0) == before);
    m_backend->setAbort(nullptr);
    m_backend->project(phase);
    QVERIFY(hidden(0) != before);
}

void CpuBackendTest::refusesWhatItCannotRun()
{
    ModelShape shape;
    shape.blocks.resize(1);
    shape.blocks[0].attention.headDimK = 128;
    QVERIFY(cpuSupports(shape).ok());
    shape.blocks[0].attention.headDimK = 4096;
    QCOMPARE(cpuSupports(shape).error().code, ErrorCode::UnsupportedByEngine);
    shape.blocks[0].attention.headDimK = 128;
    shape.blocks[0].ffn.experts = 5000;
    QCOMPARE(cpuSupports(shape).error().code, ErrorCode::UnsupportedByEngine);
    QVERIFY(cpuTraits().workspacePerThread >= cpu::scratchBytes);
    QCOMPARE(uint64_t{cpuTraits().activationBlockBytes}, cpu::activationRowBytes(cpuTraits().activationBlockElements));
}

QTEST_GUILESS_MAIN(CpuBackendTest)
#include "tst_cpu_backend.moc"
