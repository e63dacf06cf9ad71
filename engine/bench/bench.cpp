// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

#include "random_blocks.h"

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/base/timer.h>
#include <plimsoll/engine/cpu/cpu_backend.h>
#include <plimsoll/quant/file_type.h>

#include <algorithm>
#include <vector>

namespace plimsoll::engine {

namespace {

constexpr uint64_t tokenSeed = 42;
constexpr double loadShare = 0.2;   // of the progress
constexpr Bytes probeBytes = mib(256);   // more than caches hold

/// Feeds a session tokens drawn at random. Which they are makes no difference to the time of a dense model; with experts it spreads them.
class Feeder
{
public:
    Feeder(Session &session, const BenchOptions &options) : m_session(session), m_options(options)
    {
        m_batch.reserve(session.options().batch);
    }

    /// Tokens at positions [begin, end), a full batch at a time; logits of the last.
    Status prefill(uint32_t begin, uint32_t end)
    {
        for (uint32_t position = begin; position < end;) {
            m_batch.clear();
            while (position < end && m_batch.size() < m_session.options().batch) {
                m_batch.push_back({token(position), position, 0, position + 1 == end});
                ++position;
            }
            if (const auto done = m_session.forward(m_batch, m_options.cancel); !done)
                return done.error();
        }
        return {};
    }

    /// One token at a time, each asking for its logits.
    Status decode(uint32_t begin, uint32_t end)
    {
        for (uint32_t position = begin; position < end; ++position) {
            const BatchToken step{token(position), position, 0, true};
            if (const auto done = m_session.forward({&step, 1}, m_options.cancel); !done)
                return done.error();
        }
        return {};
    }

private:
    int32_t token(uint32_t position) const
    {
        return static_cast<int32_t>(randomBits(tokenSeed, position) % m_session.shape().vocabulary);
    }

    Session &m_session;
    const BenchOptions &m_options;
    std::vector<BatchToken> m_batch;
};

/// Times one kind of work over and over, after a warm-up that is not counted: tokens per second of each repetition. `before` is called
/// before each one that counts.
template <typename Before, typename Work>
Result<std::vector<double>> measure(const BenchOptions &options, uint32_t tokens, double progressBegin, double progressEnd, Before before, Work work)
{
    std::vector<double> rates;
    for (uint32_t round = 0; tokens > 0 && round <= options.repetitions; ++round) {
        if (round > 0)
            before();
        const Timer timer;
        const Status done = work();
        if (!done)
            return done.error();
        if (round > 0)
            rates.push_back(tokens / timer.seconds());
        if (options.progress)
            options.progress(progressBegin + (progressEnd - progressBegin) * (round + 1) / (options.repetitions + 1));
    }
    return rates;
}

LoadOptions loadOptions(const BenchOptions &options)
{
    LoadOptions load;
    load.run.context = options.depth + std::max({options.prompt, options.generate, 1u});
    load.run.batch = options.batch;
    load.run.threads = options.threads;
    load.run.kvTypeK = options.kvTypeK;
    load.run.kvTypeV = options.kvTypeV;
    load.run.stateSnapshots = 0;
    load.place = options.place;
    load.cancel = options.cancel;
    if (options.progress)
        load.progress = [report = options.progress](double share) { report(loadShare * share); };
    return load;
}

std::string quantizationOf(const gguf::Header &header)
{
    const auto number = header.unsignedAt("general.file_type");
    if (!number || !*number)
        return {};
    for (const FileTypeInfo &each : fileTypes()) {
        if (static_cast<uint64_t>(each.type) == **number)
            return std::string(each.name);
    }
    return {};
}

void describe(BenchResult &result, const Session &session)
{
    const ModelShape &shape = session.shape();
    result.architecture = shape.architecture;
    result.quantization = quantizationOf(session.header());
    result.parameters = shape.parameters();
    result.weightBytes = weightBytes(shape, typesOf(shape)).value;
    result.instructionSet = std::string(name(availableInstructionSets().front()));
    result.options.threads = session.options().threads;
    result.options.batch = session.options().batch;
    const uint64_t middle = uint64_t{result.options.depth} + result.options.generate / 2;
    result.bytesPerToken = bytesReadPerToken(shape, typesOf(shape), session.options(), middle);
}

/// rate · each / limit of every repetition.
std::vector<double> shares(const std::vector<double> &rates, double each, const std::vector<double> &limits)
{
    std::vector<double> found;
    for (size_t i = 0; i < limits.size(); ++i)
        found.push_back(rates[i] * each / limits[i]);
    return found;
}

/// The share of a matrix of experts that a token multiplies, or 1.
double usedShare(const ModelShape &shape, const TensorSpec &spec)
{
    if (spec.layer < 0 || pieceOf(spec).kind != PieceKind::Experts)
        return 1;
    const FfnSpec &ffn = shape.blocks[static_cast<size_t>(spec.layer)].ffn;
    return ffn.experts > 0 ? static_cast<double>(ffn.expertsUsed) / ffn.experts : 1;
}

} // namespace

Spread spreadOf(std::vector<double> values)
{
    if (values.empty())
        return {};
    std::sort(values.begin(), values.end());
    const size_t middle = values.size() / 2;
    const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return {median, values.front(), values.back()};
}

Result<BenchResult> bench(const std::string &path, const BenchOptions &options)
{
    BenchResult result;
    result.path = path;
    result.options = options;
    if (options.repetitions == 0)
        return Error{ErrorCode::InvalidArgument, {"r", "0", "1 or more"}};
    Result<BandwidthProbe> probe = BandwidthProbe::make(options.threads > 0 ? options.threads : physicalCores(), probeBytes);
    if (!probe)
        return probe.error();

    Result<std::unique_ptr<Session>> session = Session::load(path, loadOptions(options));
    if (!session)
        return session.error();
    describe(result, **session);
    Feeder feeder(**session, options);
    if (const Status filled = feeder.prefill(0, options.depth); !filled)
        return filled.error();
    const double half = (1.0 + loadShare) / 2;
    ThreadPool pool(result.options.threads);
    std::vector<double> peaks;
    const auto prefill = measure(options, options.prompt, loadShare, half,
        [&] { peaks.push_back(integerPeak(pool, availableInstructionSets().front())); }, [&] { return feeder.prefill(options.depth, options.depth + options.prompt); });
    if (!prefill)
        return prefill.error();
    // What others do to the memory of a shared machine changes by the second: each repetition has its own measurement.
    std::vector<double> bandwidths;
    const auto decode = measure(options, options.generate, half, 1.0, [&] { bandwidths.push_back(probe->measure().bytesPerSecond); },
        [&] { return feeder.decode(options.depth, options.depth + options.generate); });
    if (!decode)
        return decode.error();
    const double opsPerToken = options.prompt > 0
        ? 2.0 * static_cast<double>(productsOfPrompt((*session)->shape(), options.prompt)) / options.prompt : 0;
    result.peakShare = spreadOf(shares(*prefill, opsPerToken, peaks));
    result.bandwidthShare = spreadOf(shares(*decode, static_cast<double>(result.bytesPerToken), bandwidths));
    result.integerPeak = spreadOf(std::move(peaks)).median;
    result.prefill = spreadOf(*prefill);
    result.decode = spreadOf(*decode);
    result.readBandwidth = Bandwidth{spreadOf(std::move(bandwidths)).median};
    result.memory = (*session)->memory();
    result.loading = (*session)->loading();
    return result;
}

uint64_t productsOfPrompt(const ModelShape &shape, uint64_t tokens)
{
    uint64_t sum = 0;
    for (const TensorSpec &spec : shape.tensors) {
        const bool output = spec.role == TensorRole::Output || (spec.role == TensorRole::TokenEmbedding && shape.tiedOutput);
        if (spec.dimensions < 2 || spec.role == TensorRole::Other || (spec.role == TensorRole::TokenEmbedding && !output))
            continue;
        const auto used = static_cast<uint64_t>(static_cast<double>(spec.elements()) * usedShare(shape, spec));
        sum += used * (output ? 1 : tokens);
    }
    return sum;
}

uint64_t bytesReadPerToken(const ModelShape &shape, const WeightTypes &types, const RunOptions &options, uint64_t cells)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < shape.tensors.size() && i < types.size(); ++i) {
        const TensorSpec &spec = shape.tensors[i];
        const bool table = spec.role == TensorRole::TokenEmbedding && !shape.tiedOutput;
        if (table || spec.role == TensorRole::Other)
            continue;
        uint64_t bytes = spec.bytes(types[i]).value;
        if (spec.layer >= 0 && pieceOf(spec).kind == PieceKind::Experts) {
            const FfnSpec &ffn = shape.blocks[static_cast<size_t>(spec.layer)].ffn;
            bytes = ffn.experts > 0 ? bytes / ffn.experts * ffn.expertsUsed : bytes;
        }
        sum += bytes;
    }
    for (const BlockSpec &block : shape.blocks) {
        const KvRow row = kvRow(block);
        const uint64_t seen = block.attention.window > 0 ? std::min<uint64_t>(cells, block.attention.window) : cells;
        sum += seen * (rowBytes(options.kvTypeK, row.k).value_or(0) + rowBytes(options.kvTypeV, row.v).value_or(0));
    }
    return sum;
}

} // namespace plimsoll::engine
