// SPDX-License-Identifier: Apache-2.0
#include "kernel_checks.h"

#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

/// Backend and buffers for tokens of `channels` each.
struct Bench
{
    static constexpr uint32_t count = 10;

    Bench(int threads, InstructionSet set, uint32_t channels)
        : pool(static_cast<uint32_t>(threads)), backend(makeCpuBackend(pool, set)), normed(uint64_t{count} * channels), query(normed),
          key(normed), value(normed), out(normed), tokens(count), workspace(static_cast<uint64_t>(threads) * cpu::scratchBytes + 64)
    {
    }

    void bind(std::vector<float> &hidden)
    {
        Buffers buffers;
        buffers.hidden = hidden.data();
        buffers.normed = normed.data();
        buffers.query = query.data();
        buffers.key = key.data();
        buffers.value = value.data();
        buffers.attentionOut = out.data();
        buffers.tokens = tokens.data();
        buffers.workspace = kernel_checks::aligned(workspace);
        buffers.workspaceBytes = workspace.size() - 64;
        backend->bind(buffers);
    }

    ThreadPool pool;
    std::unique_ptr<Backend> backend;
    std::vector<float> normed, query, key, value, out;
    std::vector<TokenRow> tokens;
    std::vector<std::byte> workspace;
};

/// One channel of one token: `inputs` of its sequence so far, the latest last, times the gate. Empty where it is right.
std::string wrongChannel(const std::vector<std::vector<double>> &inputs, const float *taps, uint32_t kernel, uint32_t channel, double gate,
    double got)
{
    double sum = 0;
    double size = 0;
    for (uint32_t back = 0; back < std::min<size_t>(kernel, inputs.size()); ++back) {
        const double term = double{taps[channel * kernel + kernel - 1 - back]} * inputs[inputs.size() - 1 - back][channel];
        sum += term;
        size += std::fabs(term);
    }
    // Each term is rounded twice and takes part in at most `kernel` additions; then there is the gate.
    if (std::fabs(got - sum * gate) <= (kernel + 4) * 0x1p-24 * size * std::fabs(gate) + 1e-37)
        return {};
    return "channel " + std::to_string(channel) + ": " + std::to_string(got) + ", expected " + std::to_string(sum * gate);
}

} // namespace

/// The convolution of recurrent layers on input no kernel may mistake, on every instruction set and with one and three threads.
class TestConvolution : public QObject
{
    Q_OBJECT

private slots:
    void shortConvolution_data();
    void shortConvolution();
};

void TestConvolution::shortConvolution_data()
{
    QTest::addColumn<int>("set");
    QTest::addColumn<int>("threads");
    QTest::addColumn<uint32_t>("channels");
    QTest::addColumn<uint32_t>("kernel");
    for (const InstructionSet set : availableInstructionSets())
        for (const int threads : {1, 3})
            for (const auto &[channels, kernel] : {std::pair{7u, 3u}, {64u, 4u}, {131u, 2u}, {224u, 5u}})
                QTest::addRow("%s, threads %d, channels %u, taps %u", std::string(name(set)).c_str(), threads, channels, kernel)
                    << int(set) << threads << channels << kernel;
}

/// Both gates and the values are the input itself: what comes out is x · Σ taps · x² of the last tokens of its sequence. Two sequences take
/// turns, over two calls, and one begins anew in the second.
void TestConvolution::shortConvolution()
{
    QFETCH(int, set);
    QFETCH(int, threads);
    QFETCH(uint32_t, channels);
    QFETCH(uint32_t, kernel);
    std::vector<float> identity(uint64_t{3} * channels * channels);
    for (uint32_t row = 0; row < 3 * channels; ++row)
        identity[uint64_t{row} * channels + row % channels] = 1.0f;
    const std::vector<float> taps = kernel_checks::awkward(uint64_t{channels} * kernel, 5);
    BlockSpec block;
    block.mixer = MixerKind::ShortConv;
    block.recurrent.convKernel = kernel;
    block.recurrent.convChannels = channels;
    block.recurrent.stateElements = uint64_t{kernel - 1} * channels;
    std::vector<float> state(2 * block.recurrent.stateElements, NAN);   // a token at position 0 finds zeros all the same
    RecurrentPhase phase;
    phase.block = &block;
    phase.all = {reinterpret_cast<const std::byte *>(identity.data()), GgmlType::F32, channels, 3 * channels, 1, channels * 4u};
    phase.convolution = taps.data();
    phase.state.data = state.data();
    phase.count = Bench::count;

    Bench bench(threads, static_cast<InstructionSet>(set), channels);
    std::vector<std::vector<double>> past[2];   // inputs of the convolution, per sequence
    for (const uint32_t call : {0u, 1u}) {
        std::vector<float> hidden = kernel_checks::awkward(uint64_t{Bench::count} * channels, 20 + call);
        for (uint32_t t = 0; t < Bench::count; ++t) {
            const bool goesOn = call == 1 && t % 2 == 0;
            bench.tokens[t] = {0, static_cast<int32_t>(t / 2 + (goesOn ? Bench::count / 2 : 0)), static_cast<int32_t>(t % 2), -1};
        }
        bench.bind(hidden);
        bench.backend->recurrent(phase);
        QVERIFY(bench.backend->finish().ok());
        for (uint32_t t = 0; t < Bench::count; ++t) {
            std::vector<std::vector<double>> &inputs = past[t % 2];
            if (bench.tokens[t].position == 0)
                inputs.clear();
            inputs.emplace_back();
            for (uint32_t c = 0; c < channels; ++c) {
                const double x = double{hidden[uint64_t{t} * channels + c]};
                inputs.back().push_back(x * x);
                const double got = double{bench.out[uint64_t{t} * channels + c]};
                const std::string wrong = wrongChannel(inputs, taps.data(), kernel, c, x, got);
                QVERIFY2(wrong.empty(), ("token " + std::to_string(t) + ", " + wrong).c_str());
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestConvolution)
#include "tst_convolution.moc"
