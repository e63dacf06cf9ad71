// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"
#include "rope.h"

#include <plimsoll/engine/model/attention_widths.h>

#include <algorithm>
#include <cmath>

namespace plimsoll::engine::cpu {

namespace {

/// What multiplies the queries of a position beyond temperatureLength.
float temperatureAt(const AttentionSpec &spec, int32_t position)
{
    const int64_t steps = (int64_t{position} + spec.temperatureOffset) / spec.temperatureLength;
    return 1.0f + spec.temperatureScale * std::log(1.0f + static_cast<float>(steps));
}

const float *shifted(const float *vector, uint32_t by)
{
    return vector ? vector + by : nullptr;
}

} // namespace

void CpuBackend::mixerInput(const MixerInputPhase &phase)
{
    if (phase.block->mixer == MixerKind::LatentAttention)
        return latentInput(phase);
    const AttentionSpec &spec = phase.block->attention;
    const Tensor &first = phase.qkv ? phase.qkv : phase.q;
    const bool quantized = multipliesQuantized(first.type) || (phase.k && multipliesQuantized(phase.k.type))
        || (phase.v && multipliesQuantized(phase.v.type));
    normalizeHidden(phase.norm, first.columns, phase.count, quantized);
    const Rows normed{m_buffers.normed, first.columns, phase.count};
    m_products.clear();
    if (phase.qkv) {
        m_products.push_back(productOf(phase.qkv, normed, m_buffers.query, 0, queryWidth(spec)));
        m_products.push_back(productOf(phase.qkv, normed, m_buffers.key, queryWidth(spec), keyWidth(spec)));
        m_products.push_back(productOf(phase.qkv, normed, m_buffers.value, queryWidth(spec) + keyWidth(spec), valueWidth(spec)));
    } else {
        if (spec.gated)
            projectGatedQuery(phase, normed);
        else
            m_products.push_back(productOf(phase.q, normed, m_buffers.query));
        if (phase.k)
            m_products.push_back(productOf(phase.k, normed, m_buffers.key));
        if (phase.v)
            m_products.push_back(productOf(phase.v, normed, m_buffers.value));
    }
    multiply(m_products);
    const RopeTable rope = ropeTable(spec.rope, phase.ropeFactors);
    forTokens(phase.count, [&](uint32_t token) { finishToken(phase, rope, token); });
}

/// The rows of the matrix alternate between heads of queries and of gates; in the buffer all queries come first.
void CpuBackend::projectGatedQuery(const MixerInputPhase &phase, const Rows &normed)
{
    const AttentionSpec &spec = phase.block->attention;
    m_cutRow = 0;
    for (uint32_t head = 0; head < spec.heads; ++head) {
        cutProduct(phase.q, normed, spec.headDimK, m_buffers.query, head * spec.headDimK, queryStride(spec));
        cutProduct(phase.q, normed, spec.headDimK, m_buffers.query, (spec.heads + head) * spec.headDimK, queryStride(spec));
    }
}

/// Norms each `length` of a row of `width`, in place; nothing where there is no norm.
void CpuBackend::normalizeHeads(Norm norm, bool ofEachHead, uint32_t length, uint32_t width, float *row) const
{
    if (!norm.weight && !norm.plain)
        return;
    for (uint32_t at = 0; at < width; at += length) {
        normalize(norm, row + at, length, row + at);
        if (ofEachHead && norm.weight)
            norm.weight += length;
    }
}

/// Biases, head norms, RoPE and temperature of one token, and its way into the cache.
void CpuBackend::finishToken(const MixerInputPhase &phase, const RopeTable &rope, uint32_t token)
{
    const AttentionSpec &spec = phase.block->attention;
    const TokenRow &row = m_buffers.tokens[token];
    const uint32_t widths[3] = {queryWidth(spec), keyWidth(spec), valueWidth(spec)};
    float *const rows[3] = {m_buffers.query + uint64_t{token} * queryStride(spec), m_buffers.key + uint64_t{token} * widths[1],
        m_buffers.value + uint64_t{token} * widths[2]};
    const float *const biases[3] = {phase.qkv ? phase.qkvBias : phase.qBias, phase.qkv ? shifted(phase.qkvBias, widths[0]) : phase.kBias,
        phase.qkv ? shifted(phase.qkvBias, widths[0] + widths[1]) : phase.vBias};
    const Norm *const norms[3] = {&phase.qNorm, &phase.kNorm, &phase.vNorm};
    const uint32_t normLengths[3] = {phase.qNormLength, phase.kNormLength, spec.headDimV};
    const bool writes = phase.qkv || phase.k;
    if (phase.k && !phase.v)
        std::copy_n(rows[1], widths[2], rows[2]);
    Rotation rotation;
    rotationAt(rope, row.position, rotation);
    for (uint32_t part = 0; part < (writes ? 3u : 1u); ++part) {
        addBias(biases[part], widths[part], rows[part]);
        const bool late = part < 2 && spec.normAfterRope;
        if (!late)
            normalizeHeads(*norms[part], phase.normsOfEachHead, normLengths[part], widths[part], rows[part]);
        for (uint32_t at = 0; part < 2 && at < widths[part]; at += spec.headDimK)
            rotate(rope, rotation, rows[part] + at);
        if (late)
            normalizeHeads(*norms[part], phase.normsOfEachHead, normLengths[part], widths[part], rows[part]);
    }
    if (spec.temperatureScale != 0.0f) {
        const float temperature = temperatureAt(spec, row.position);
        std::transform(rows[0], rows[0] + widths[0], rows[0], [temperature](float x) { return temperature * x; });
    }
    if (!writes)
        return;
    const KvCache &cache = phase.cache;
    const uint64_t cell = static_cast<uint64_t>(row.sequence) * cache.cells + static_cast<uint64_t>(row.position) % cache.cells;
    m_kernels.store(rows[1], widths[1], cache.typeK, cache.k + cell * cache.rowBytesK);
    m_kernels.store(rows[2], widths[2], cache.typeV, cache.v + cell * cache.rowBytesV);
}

namespace {

/// Positions of a range that is worth a task of its own.
constexpr uint32_t rangeCells = 256;
/// Tasks for each thread, so that they end together.
constexpr uint32_t tasksPerThread = 4;

/// Whether each token follows one of another sequence.
bool allAlone(const TokenRow *tokens, uint32_t count)
{
    for (uint32_t t = 1; t < count; ++t)
        if (tokens[t].sequence == tokens[t - 1].sequence)
            return false;
    return true;
}

/// How the work of a batch is cut: by tokens, by heads, and, where each token has a sequence to itself, by the positions it sees.
struct AttentionCut
{
    uint32_t tokens = 1;    // of a task
    uint32_t heads = 1;     // of a task, in one group
    uint32_t parts = 1;     // of a group
    uint32_t kvHeads = 1;   // of a task; more than 1 only where `parts` is 1
    uint32_t ranges = 1;    // of positions

    AttentionCut(const AttentionSpec &spec, const TokenRow *rows, uint32_t count, uint32_t threads)
    {
        const uint32_t group = spec.heads / spec.kvHeads;
        heads = std::min(group, maxAttentionRows);
        parts = (group + heads - 1) / heads;
        tokens = std::max(1u, maxAttentionRows / heads);
        if (allAlone(rows, count)) {
            tokens = 1;
            kvHeads = parts > 1 ? 1 : std::min(spec.kvHeads, std::max(1u, maxAttentionRows / heads));
            ranges = rangesOf(spec, rows, count);
        }
        // The cells of all heads lie together and are best read together, but threads must not wait.
        while (kvHeads > 1 && tasks(spec, count) < tasksPerThread * threads)
            kvHeads = (kvHeads + 1) / 2;
        // Then the heads of a group go to different threads, each reading the same cells.
        while (heads > 1 && tasks(spec, count) < threads) {
            heads = (heads + 1) / 2;
            parts = (group + heads - 1) / heads;
        }
    }

    uint32_t columns(const AttentionSpec &spec) const { return (spec.kvHeads + kvHeads - 1) / kvHeads * parts; }
    uint32_t tiles(uint32_t count) const { return (count + tokens - 1) / tokens; }
    uint64_t tasks(const AttentionSpec &spec, uint32_t count) const { return uint64_t{tiles(count)} * columns(spec) * ranges; }

private:
    /// As many as their results find room for, whatever the number of threads, so that it changes no bit.
    static uint32_t rangesOf(const AttentionSpec &spec, const TokenRow *rows, uint32_t count)
    {
        int64_t most = 1;
        for (uint32_t t = 0; t < count; ++t)
            most = std::max(most, rows[t].position + 1 - firstVisible(spec, rows[t].position));
        const uint64_t partBytes = uint64_t{spec.heads} * attentionPartWidth(spec) * sizeof(float);
        const uint64_t room = std::max<uint64_t>(attentionPartsBytes / (partBytes * count), 1);
        return static_cast<uint32_t>(std::min<uint64_t>((static_cast<uint64_t>(most) + rangeCells - 1) / rangeCells, room));
    }
};

} // namespace

void CpuBackend::attention(const AttentionPhase &phase)
{
    if (phase.block->mixer == MixerKind::LatentAttention)
        return latentAttention(phase);
    attend(phase, phase.block->attention, phase.cache);
}

void CpuBackend::attend(const AttentionPhase &phase, const AttentionSpec &spec, const KvCache &cache)
{
    const uint32_t group = spec.heads / spec.kvHeads;
    const AttentionCut cut(spec, m_buffers.tokens, phase.count, m_pool.size());
    const uint32_t tiles = cut.tiles(phase.count);
    const uint32_t columns = cut.columns(spec);
    const uint64_t partFloats = uint64_t{spec.heads} * attentionPartWidth(spec);
    auto *const parts = reinterpret_cast<float *>(scratch(0) + scratchBytes - attentionPartsBytes);
    m_pool.forEach(cut.tasks(spec, phase.count), 1, [&](uint64_t index, uint64_t, uint32_t thread) {
        // The last tile of a prompt sees the most cells: it is taken first.
        const auto tile = static_cast<uint32_t>(tiles - 1 - index / columns / cut.ranges);
        const auto range = static_cast<uint32_t>(index / columns % cut.ranges);
        const auto column = static_cast<uint32_t>(index % columns);
        AttentionTask task;
        task.spec = &spec;
        task.sinks = range == 0 ? phase.sinks : nullptr;   // one more score, counted once
        task.cache = cache;
        task.kvHead = column / cut.parts * cut.kvHeads;
        task.kvHeads = std::min(cut.kvHeads, spec.kvHeads - task.kvHead);
        const uint32_t inGroup = column % cut.parts * cut.heads;
        task.head = task.kvHead * group + inGroup;
        task.heads = std::min(cut.heads, group - inGroup);
        task.queryStride = queryStride(spec);
        task.outStride = uint64_t{spec.heads} * spec.headDimV;
        const uint32_t end = std::min((tile + 1) * cut.tokens, phase.count);
        for (uint32_t token = tile * cut.tokens; token < end && !aborted(); token += task.count) {
            task.tokens = m_buffers.tokens + token;
            for (task.count = 1; token + task.count < end; ++task.count)
                if (task.tokens[task.count].sequence != task.tokens->sequence)
                    break;
            task.query = m_buffers.query + token * task.queryStride;
            task.out = m_buffers.attentionOut + token * task.outStride;
            if (cut.ranges > 1) {
                const int64_t first = firstVisible(spec, task.tokens->position);
                const int64_t seen = task.tokens->position + 1 - first;
                task.first = first + seen * range / cut.ranges;
                task.last = first + seen * (range + 1) / cut.ranges - 1;
                task.parts = parts + (uint64_t{token} * cut.ranges + range) * partFloats;
            }
            m_kernels.attend(task, scratch(thread));
        }
    });
    if (cut.ranges > 1)
        joinParts(spec, parts, cut.ranges, phase.count);
    if (spec.gated)
        gateHeads(spec, phase.count);
}

/// attentionOut from what was found in each range of positions.
void CpuBackend::joinParts(const AttentionSpec &spec, const float *parts, uint32_t ranges, uint32_t count)
{
    const uint32_t width = attentionPartWidth(spec);
    m_pool.forEach(uint64_t{count} * spec.heads, 4, [&](uint64_t begin, uint64_t end, uint32_t) {
        for (uint64_t row = begin; row < end; ++row) {
            const float *const first = parts + (row / spec.heads * ranges * spec.heads + row % spec.heads) * width;
            const auto part = [&](uint32_t range) { return first + uint64_t{range} * spec.heads * width; };
            float top = -INFINITY;
            for (uint32_t range = 0; range < ranges; ++range)
                top = std::max(top, part(range)[spec.headDimV]);
            const auto factor = [&](uint32_t range) { return std::exp(part(range)[spec.headDimV] - top); };
            float weight = 0;
            for (uint32_t range = 0; range < ranges; ++range)
                weight += factor(range) * part(range)[spec.headDimV + 1];
            float *const out = m_buffers.attentionOut + row * spec.headDimV;
            std::fill_n(out, spec.headDimV, 0.0f);
            for (uint32_t range = 0; range < ranges; ++range)
                m_kernels.addScaled(part(range), factor(range) / weight, spec.headDimV, out);
        }
    });
}

/// attentionOut times the sigmoid of the gates that lie behind the queries.
void CpuBackend::gateHeads(const AttentionSpec &spec, uint32_t count)
{
    const uint32_t width = spec.heads * spec.headDimV;
    forTokens(count, [&](uint32_t token) {
        m_kernels.gate(m_buffers.query + uint64_t{token} * queryStride(spec) + queryWidth(spec), width,
            m_buffers.attentionOut + uint64_t{token} * width);
    });
}

void CpuBackend::project(const ProjectPhase &phase)
{
    const Rows rows{m_buffers.attentionOut, phase.weight.columns, phase.count};
    if (multipliesQuantized(phase.weight.type))
        quantize(rows);
    const Product product = productOf(phase.weight, rows, m_buffers.mixed);
    multiply({&product, 1});
    addToHidden(phase.bias, phase.postNorm, phase.residualScale, phase.weight.rows, phase.count);
}

} // namespace plimsoll::engine::cpu
