// SPDX-License-Identifier: Apache-2.0
#include "messages.h"
#include "phase_bench.h"
#include "selftest.h"

#include <plimsoll/engine/cpu/cpu_backend.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace plimsoll::engine {
namespace {

constexpr uint32_t columns = 256;     // a super-block
constexpr uint32_t fewRows = 96;      // a multiprocessor has more warps: they share rows
constexpr uint32_t manyRows = 24576;  // every warp of the largest GPU has rows of its own, and every multiprocessor a large tile
constexpr uint32_t threads = 2;
constexpr uint32_t mostVectorTokens = 8;     // beyond, GPUs multiply in tiles,
constexpr uint32_t mostFloatTokens = 63;     // and plain numbers then in bfloat16 where they can
constexpr uint32_t largeTile = 100;          // tokens that fill most of a large tile, but are too few to be turned to bfloat16
constexpr uint32_t largeGroups = 200;        // tokens whose experts have large tiles
constexpr uint32_t longPrompt = 515;         // blocks too are turned to bfloat16 where that is fast
constexpr uint32_t fewestHalfTokens = 16;    // with these at once they attend in half floats

using Numbers = Result<std::vector<float>>;

/// An error that a phase may have against the processor's.
struct Bar
{
    bool expands = false;   // the processor is given weights of float32, which it does not round activations for
    double bound = 0;
};

struct PhaseCase
{
    std::string name;
    uint32_t tokens = 1;
    uint32_t firstPosition = 0;
    std::vector<Bar> bars;   // one of them has to hold: there is one for each way that some GPU goes
    std::function<Numbers(PhaseBench &, uint32_t tokens)> run;
};

/// Of a product, or `factor` of them that follow each other. Integers: both round activations to 8 bits alike, but one on the border of two
/// steps may take the other one, an error of (2.3σ/127)² among 256. Float32 sums of plain numbers. Bfloat16: both factors are rounded, by
/// 1.6e-3 each in the mean.
std::vector<Bar> productBars(GgmlType type, uint32_t tokens, double factor = 1)
{
    const Bar integers{false, factor * 2e-6};
    const Bar single{true, factor * 1e-10};
    const Bar bfloats{true, factor * 2e-5};
    if (tokens <= mostVectorTokens)
        return {integers};
    if (info(type).blockElements > 1)
        return {integers, bfloats};
    return {tokens <= mostFloatTokens ? single : bfloats};
}

Numbers product(PhaseBench &bench, GgmlType type, uint32_t rows, uint32_t tokens)
{
    OutputPhase phase;
    phase.weight = bench.matrix(type, columns, rows);
    phase.count = phase.outputs = tokens;
    Buffers &buffers = bench.buffers();
    buffers.hidden = bench.numbers(uint64_t{tokens} * columns);
    buffers.normed = bench.room(uint64_t{tokens} * columns);
    buffers.outputRows = bench.room(uint64_t{tokens} * columns);
    buffers.logits = bench.room(uint64_t{tokens} * rows);
    bench.bound().output(phase);
    return bench.read(buffers.logits, uint64_t{tokens} * rows);
}

Numbers lookUp(PhaseBench &bench, GgmlType type, uint32_t tokens)
{
    EmbedPhase phase;
    phase.table = bench.matrix(type, columns, 64);
    phase.scale = 1.5f;
    phase.count = tokens;
    bench.buffers().hidden = bench.room(uint64_t{tokens} * columns);
    bench.bound().embed(phase);
    return bench.read(bench.buffers().hidden, uint64_t{tokens} * columns);
}

/// Gate, up and down of the experts that were chosen, and their sum.
Numbers experts(PhaseBench &bench, GgmlType type, uint32_t tokens)
{
    BlockSpec &block = bench.block();
    block.ffn.kind = FfnKind::Experts;
    block.ffn.experts = 6;
    block.ffn.expertsUsed = 2;
    block.ffn.expertWidth = columns;
    std::vector<ExpertChoice> choices;
    for (uint32_t i = 0; i < tokens * block.ffn.expertsUsed; ++i)
        choices.push_back({static_cast<int32_t>(i * 5 % block.ffn.experts), i % 2 == 0 ? 0.75f : 0.25f});
    ExpertsPhase phase;
    phase.block = &block;
    phase.columns = columns;
    phase.gate = bench.matrix(type, columns, columns, block.ffn.experts);
    phase.up = bench.matrix(type, columns, columns, block.ffn.experts);
    phase.down = bench.matrix(type, columns, columns, block.ffn.experts);
    phase.count = tokens;
    Buffers &buffers = bench.buffers();
    const uint64_t size = uint64_t{tokens} * columns;
    buffers.normed = bench.numbers(size);
    buffers.expertChoice = bench.copied(std::as_bytes(std::span(choices)));
    buffers.ffnGate = bench.room(size * block.ffn.expertsUsed);
    buffers.ffnUp = bench.room(size * block.ffn.expertsUsed);
    buffers.expertRows = bench.room(size * block.ffn.expertsUsed);
    buffers.mixed = bench.room(size);
    buffers.hidden = bench.room(size);
    bench.bound().experts(phase);
    return bench.read(buffers.hidden, size);
}

/// Latent attention whose keys and values are projected by one matrix of the format.
Numbers latent(PhaseBench &bench, GgmlType type, uint32_t tokens, GgmlType cells = GgmlType::F32)
{
    BlockSpec &block = bench.block();
    block.mixer = MixerKind::LatentAttention;
    AttentionSpec &spec = block.attention;
    spec.heads = 2;
    spec.kvHeads = 1;
    spec.kvLoraRank = 256;
    spec.nopeDim = 64;
    spec.ropeDim = 32;
    spec.headDimK = spec.nopeDim + spec.ropeDim;
    spec.headDimV = 64;
    spec.scale = 0.1f;
    spec.rope.layout = RopeLayout::Norm;
    spec.rope.dims = spec.ropeDim;
    const uint32_t width = spec.kvLoraRank + spec.ropeDim;
    MixerInputPhase input;
    input.block = &block;
    input.q = bench.matrix(GgmlType::F32, columns, spec.heads * spec.headDimK);
    input.latent.kvA = bench.matrix(GgmlType::F32, columns, width);
    input.latent.kvB = bench.matrix(type, spec.kvLoraRank, spec.heads * (spec.nopeDim + spec.headDimV));
    input.cache.cells = tokens;
    input.cache.typeK = cells;
    input.cache.rowBytesK = *rowBytes(cells, width);
    input.cache.k = reinterpret_cast<std::byte *>(bench.room(uint64_t{tokens} * width));
    input.count = tokens;
    AttentionPhase phase;
    phase.block = &block;
    phase.latent = input.latent;
    phase.cache = input.cache;
    phase.count = phase.longestSpan = tokens;
    phase.tokens = bench.tokens();
    Buffers &buffers = bench.buffers();
    buffers.hidden = bench.numbers(uint64_t{tokens} * columns);
    buffers.normed = bench.room(uint64_t{tokens} * columns);
    buffers.query = bench.room(uint64_t{tokens} * spec.heads * width);
    buffers.key = bench.room(uint64_t{tokens} * width);
    buffers.value = bench.room(uint64_t{tokens} * spec.heads * spec.headDimK);
    buffers.attentionOut = bench.room(uint64_t{tokens} * spec.heads * spec.kvLoraRank);
    bench.bound().mixerInput(input);
    bench.bound().attention(phase);
    return bench.read(buffers.attentionOut, uint64_t{tokens} * spec.heads * spec.headDimV);
}

/// Over cells of the format, which are there already.
Numbers attention(PhaseBench &bench, GgmlType type, AttentionSpec spec, bool sinks, uint32_t tokens, uint32_t span)
{
    BlockSpec &block = bench.block();
    spec.heads = 8;
    spec.kvHeads = 2;
    spec.scale = 1.0f;   // of keys that are small
    block.attention = spec;
    AttentionPhase phase;
    phase.block = &block;
    phase.sinks = sinks ? bench.numbers(spec.heads) : nullptr;
    const Tensor keys = bench.stored(type, spec.kvHeads * spec.headDimK, span);
    const Tensor values = bench.stored(type, spec.kvHeads * spec.headDimV, span);
    phase.cache = {
        const_cast<std::byte *>(keys.data), const_cast<std::byte *>(values.data), type, type, span, keys.rowBytes, values.rowBytes};
    phase.count = tokens;
    phase.tokens = bench.tokens();
    phase.longestSpan = spec.window > 0 ? std::min(spec.window, span) : span;
    Buffers &buffers = bench.buffers();
    buffers.query = bench.numbers(uint64_t{tokens} * spec.heads * spec.headDimK * (spec.gated ? 2 : 1));
    buffers.attentionOut = bench.room(uint64_t{tokens} * spec.heads * spec.headDimV);
    bench.bound().attention(phase);
    return bench.read(buffers.attentionOut, uint64_t{tokens} * spec.heads * spec.headDimV);
}

/// The likeliest tokens of rows as wide as a large vocabulary, many of them equally likely; the last row holds no number. As token and
/// logit, and for each row whether it holds any. Where a device leaves it to the host, it has only to give back its logits.
Numbers candidates(PhaseBench &bench, uint32_t kept, uint32_t rows)
{
    constexpr uint32_t vocabulary = 151936;
    const CandidatesPhase phase{rows, vocabulary, vocabulary - 267, kept};
    std::vector<float> logits(uint64_t{rows} * vocabulary, NAN);
    for (uint32_t i = 0; i < (rows - 1) * vocabulary; ++i)
        logits[i] = static_cast<float>(i * 2654435761u >> 20) / 64 - 32;
    Buffers &buffers = bench.buffers();
    buffers.logits = reinterpret_cast<float *>(bench.copied(std::as_bytes(std::span(logits))));
    Backend &backend = bench.bound();
    std::vector<TokenCandidate> found(uint64_t{rows} * (kept + 1));
    if (backend.canFindCandidates(phase)) {
        backend.findCandidates(phase);
        const Numbers words = bench.read(reinterpret_cast<const float *>(backend.candidates()), 2 * found.size());
        if (!words)
            return words;
        std::memcpy(static_cast<void *>(found.data()), words->data(), found.size() * sizeof found[0]);
    } else {
        const Numbers read = bench.read(buffers.logits, logits.size());
        if (!read)
            return read;
        std::vector<TokenCandidate> all(phase.choices);
        for (uint32_t row = 0; row < rows; ++row) {
            const auto from = read->begin() + ptrdiff_t{row} * vocabulary;
            for (uint32_t token = 0; token < phase.choices; ++token)
                all[token] = {static_cast<int32_t>(token), from[token] > -INFINITY ? from[token] : -INFINITY};
            const auto to = found.begin() + ptrdiff_t{row} * (kept + 1);
            std::partial_sort_copy(all.begin(), all.end(), to, to + kept,
                [](const auto &a, const auto &b) { return a.logit != b.logit ? a.logit > b.logit : a.token < b.token; });
            to[kept] = {std::any_of(from, from + vocabulary, [](float x) { return std::isfinite(x); }), 0.0f};
        }
    }
    std::vector<float> numbers;
    for (const TokenCandidate &each : found)
        numbers.insert(numbers.end(), {static_cast<float>(each.token), std::max(each.logit, -1e9f)});
    return numbers;
}

enum class HeadNorms { EachHead, WholeRows, WholeRowsLate };

/// Projections with biases, norms and rotations into cells of the format, and attention over them.
Numbers heads(PhaseBench &bench, GgmlType type, HeadNorms norms, uint32_t tokens)
{
    BlockSpec &block = bench.block();
    AttentionSpec &spec = block.attention;
    spec.heads = 4;
    spec.kvHeads = 2;
    spec.headDimK = spec.headDimV = 64;
    spec.scale = 0.125f;
    spec.normAfterRope = norms == HeadNorms::WholeRowsLate;
    spec.temperatureScale = 0.5f;
    spec.temperatureLength = 9;
    spec.rope.layout = RopeLayout::Neox;
    spec.rope.dims = spec.headDimK;
    const uint32_t queries = spec.heads * spec.headDimK;
    const uint32_t keys = spec.kvHeads * spec.headDimK;
    MixerInputPhase input;
    input.block = &block;
    input.norm.weight = bench.numbers(columns);
    input.q = bench.matrix(GgmlType::F32, columns, queries);
    input.k = bench.matrix(GgmlType::F32, columns, keys);
    input.v = bench.matrix(GgmlType::F32, columns, keys);
    input.qBias = bench.numbers(queries);
    input.kBias = bench.numbers(keys);
    input.vBias = bench.numbers(keys);
    input.qNormLength = norms == HeadNorms::EachHead ? spec.headDimK : queries;
    input.kNormLength = norms == HeadNorms::EachHead ? spec.headDimK : keys;
    input.qNorm.weight = bench.numbers(input.qNormLength);
    input.kNorm.weight = bench.numbers(input.kNormLength);
    const uint64_t cellBytes = *rowBytes(type, keys);
    const auto cells = [&] { return reinterpret_cast<std::byte *>(bench.room(tokens * cellBytes / sizeof(float))); };
    input.cache = {cells(), cells(), type, type, tokens, cellBytes, cellBytes};
    input.count = tokens;
    AttentionPhase phase;
    phase.block = &block;
    phase.cache = input.cache;
    phase.count = phase.longestSpan = tokens;
    phase.tokens = bench.tokens();
    Buffers &buffers = bench.buffers();
    buffers.hidden = bench.numbers(uint64_t{tokens} * columns);
    buffers.normed = bench.room(uint64_t{tokens} * columns);
    buffers.query = bench.room(uint64_t{tokens} * queries);
    buffers.key = bench.room(uint64_t{tokens} * keys);
    buffers.value = bench.room(uint64_t{tokens} * keys);
    buffers.attentionOut = bench.room(uint64_t{tokens} * queries);
    bench.bound().mixerInput(input);
    bench.bound().attention(phase);
    return bench.read(buffers.attentionOut, uint64_t{tokens} * queries);
}

/// Of a softmax over keys that differ in the last place of a float32, and of the values beside: the bits of the format, where one number
/// in a hundred falls to the other side of a step.
double cellBound(GgmlType type)
{
    switch (type) {
    case GgmlType::F32: return 1e-9;
    case GgmlType::F16: return 1e-8;
    case GgmlType::Q8_0: return 1e-6;
    default: return 1e-4;
    }
}

std::string counted(uint32_t tokens)
{
    return tokens == 1 ? "one token" : std::to_string(tokens) + " tokens";
}

void addWeightCases(GgmlType type, std::vector<PhaseCase> &cases)
{
    const std::string format(name(type));
    const auto add = [&](const std::string &what, uint32_t tokens, std::vector<Bar> bars, auto run) {
        cases.push_back({what + " × " + format + ", " + counted(tokens), tokens, 0, std::move(bars),
            [type, run](PhaseBench &bench, uint32_t n) { return run(bench, type, n); }});
    };
    const auto few = [](PhaseBench &bench, GgmlType matrix, uint32_t n) { return product(bench, matrix, fewRows, n); };
    const auto many = [](PhaseBench &bench, GgmlType matrix, uint32_t n) { return product(bench, matrix, manyRows, n); };
    for (const uint32_t tokens : {1u, 2u, 4u, mostVectorTokens, 37u, mostFloatTokens + 4, longPrompt})
        add("product", tokens, productBars(type, tokens), few);
    for (const uint32_t tokens : {1u, largeTile})
        add("many rows", tokens, productBars(type, tokens), many);
    add("row of a table", 3, {{false, 1e-13}}, lookUp);
    // Three products one after another, the activation between them; two of them beside the cells of latent attention.
    for (const uint32_t tokens : {2u, 37u, largeGroups})
        add("experts", tokens, productBars(type, tokens, 5), experts);
    for (const uint32_t tokens : {2u, 37u})
        add("latent attention", tokens, productBars(type, tokens, 5),
            [](PhaseBench &bench, GgmlType matrix, uint32_t n) { return latent(bench, matrix, n); });
}

/// Prompts over cells that are no float32 a GPU multiplies as half floats where it can: queries, weights, and cells of blocks are off by
/// 2^-11 of themselves at most, which is an NMSE of 8e-8 each; scores that are twice their size or so have four times as much of it.
constexpr double halfBound = 1e-6;

/// Both read the same cells; what differs are the sums' order and the exponential, where nothing is rounded to half floats.
double attentionBound(GgmlType type, uint32_t tokens)
{
    return type == GgmlType::F32 || tokens < fewestHalfTokens ? 1e-10 : halfBound;
}

/// What the cells lose and what half floats do, behind two more products.
double latentBound(GgmlType type)
{
    return type == GgmlType::F32 ? cellBound(type) : std::max(halfBound, cellBound(type));
}

void addAttentionCases(GgmlType type, std::vector<PhaseCase> &cases)
{
    AttentionSpec plain;
    plain.headDimK = plain.headDimV = 64;
    AttentionSpec wide = plain;
    wide.headDimK = wide.headDimV = 128;
    AttentionSpec window = plain;
    window.window = 50;
    AttentionSpec capped = plain;
    capped.softcap = 2.0f;
    AttentionSpec gated = plain;
    gated.gated = true;
    const auto add = [&](const char *what, const AttentionSpec &spec, bool sinks, uint32_t tokens, uint32_t first) {
        cases.push_back({std::string("attention × ") + std::string(name(type)) + ", " + what, tokens, first,
            {{false, attentionBound(type, tokens)}},
            [=](PhaseBench &bench, uint32_t n) { return attention(bench, type, spec, sinks, n, first + n); }});
    };
    add("decoding", plain, false, 1, 700);
    add("heads of 128, decoding", wide, false, 1, 700);
    add("prompt", wide, false, 37, 0);
    add("prompt within a window", window, false, 40, 150);
    add("prompt with softcap and sinks", capped, true, 33, 60);
    add("prompt with gates", gated, false, 21, 20);
    for (const auto &[keys, values] : {std::pair(96u, 96u), std::pair(192u, 128u), std::pair(256u, 256u), std::pair(512u, 512u)}) {
        AttentionSpec spec = plain;
        spec.headDimK = keys;
        spec.headDimV = values;
        add(("prompt, heads of " + std::to_string(keys)).c_str(), spec, false, 17, 30);
    }
    cases.push_back({"latent attention over " + std::string(name(type)) + ", prompt", 21, 0, {{false, latentBound(type)}},
        [type](PhaseBench &bench, uint32_t n) { return latent(bench, GgmlType::F32, n, type); }});
    add("window", window, false, 5, 150);
    add("softcap and sinks", capped, true, 9, 60);
    add("gates", gated, false, 3, 20);
    const uint32_t exactTokens = type == GgmlType::F32 ? 24 : fewestHalfTokens - 1;
    const auto addHeads = [&](const char *what, HeadNorms norms) {
        cases.push_back({std::string("heads × ") + std::string(name(type)) + ", " + what, exactTokens, 0, {{false, cellBound(type)}},
            [=](PhaseBench &bench, uint32_t n) { return heads(bench, type, norms, n); }});
    };
    addHeads("normed one by one", HeadNorms::EachHead);
    addHeads("normed together", HeadNorms::WholeRows);
    addHeads("normed behind the rotation", HeadNorms::WholeRowsLate);
}

/// For greedy sampling and for others.
void addCandidateCases(std::vector<PhaseCase> &cases)
{
    for (const uint32_t kept : {1u, 40u})
        cases.push_back({"candidates, " + std::to_string(kept), 3, 0, {{false, 0}},
            [kept](PhaseBench &bench, uint32_t rows) { return candidates(bench, kept, rows); }});
}

SelftestResult checkCase(const PhaseCase &each, PhaseBench &device, PhaseBench &reference)
{
    const auto run = [&](PhaseBench &bench, bool expands) {
        bench.begin(each.tokens, each.firstPosition, expands);
        return each.run(bench, each.tokens);
    };
    const Numbers first = run(device, false);
    const Numbers second = run(device, false);
    for (const Numbers *numbers : {&first, &second})
        if (!*numbers)
            return {each.name, false, sentence(numbers->error())};
    if (std::memcmp(first->data(), second->data(), first->size() * sizeof(float)) != 0)
        return {each.name, false, "the same work twice gave different numbers"};
    std::string detail;
    for (const Bar &bar : each.bars) {
        const Numbers wanted = run(reference, bar.expands);
        if (!wanted)
            return {each.name, false, sentence(wanted.error())};
        const double error = normalizedError(std::vector<double>(wanted->begin(), wanted->end()), first->data());
        detail = figure(error, bar.bound);
        if (error <= bar.bound)
            return {each.name, true, detail};
    }
    return {each.name, false, detail};
}

} // namespace

void checkDevicePhases(const BackendMaker &make, const std::vector<GgmlType> &formats, SelftestResults &results)
{
    const auto device = make();
    if (!device) {
        results.push_back({"device is opened", false, sentence(device.error())});
        return;
    }
    ThreadPool pool(threads);
    const std::unique_ptr<Backend> scalar = makeCpuBackend(pool, InstructionSet::Scalar);
    PhaseBench deviceBench(**device, threads);
    PhaseBench referenceBench(*scalar, threads);
    for (const PhaseBench *bench : {&deviceBench, &referenceBench})
        if (!bench->status()) {
            results.push_back({"memory for the checks", false, sentence(bench->status().error())});
            return;
        }
    std::vector<PhaseCase> cases;
    for (const GgmlType type : formats.empty() ? (*device)->traits().formats : formats)
        addWeightCases(type, cases);
    for (const GgmlType type : (*device)->traits().kvTypes)
        addAttentionCases(type, cases);
    addCandidateCases(cases);
    for (const PhaseCase &each : cases)
        results.push_back(checkCase(each, deviceBench, referenceBench));
}

} // namespace plimsoll::engine
