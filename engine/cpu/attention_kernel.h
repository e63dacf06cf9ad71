// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cell_formats.h"

/// Attention of a few query rows over the cells they see, in one pass with a running maximum (Milakov and Gimelshein, "Online
/// normalizer calculation for softmax", 2018; Dao et al., "FlashAttention", 2022): keys and values go by in tiles, and only one tile of
/// scores exists at a time. For few rows keys and values are read where they lie; for many, or for widths that do not fill registers, a tile
/// is turned to float32 first.
namespace {

inline constexpr uint32_t keyTile = 64;
inline constexpr uint32_t directTile = 4;    // rows at once: with as many vectors of a value they keep their sums in registers
inline constexpr uint32_t directRows = 8;    // more rows read a tile so often that turning it pays

/// Scratch of one thread; the first padded(headDimV) of a row of values are used, close together.
struct AttentionScratch
{
    union {
        float keys[maxHeadDim][keyTile];     // one tile, transposed: lanes are keys
        float values[keyTile][maxHeadDim];   // one tile, when its scores are there
    };
    float scores[maxAttentionRows][keyTile];
    float sums[maxAttentionRows][maxHeadDim];   // Σ weight · value so far
    float highest[maxAttentionRows];
    float weights[maxAttentionRows];            // Σ weight so far
};
static_assert(sizeof(AttentionScratch) <= scratchBytes - attentionPartsBytes);

/// Positions [first, last] that one query token sees.
struct Span
{
    int64_t first;
    int64_t last;
};

Span visible(const AttentionSpec &spec, int32_t position)
{
    return {firstVisible(spec, position), position};
}

/// n between 0 and most.
uint32_t held(int64_t n, uint32_t most)
{
    return n < 0 ? 0 : n < most ? static_cast<uint32_t>(n) : most;
}

/// The cells of `count` positions from `first` on, from the first key-value head of the task.
struct CellTile
{
    const std::byte *cell[keyTile];
    uint32_t count = 0;
};

CellTile cellsOf(const std::byte *base, uint64_t rowBytes, uint64_t headOffset, uint64_t cells, int32_t sequence, int64_t first, uint32_t count)
{
    CellTile tile;
    tile.count = count;
    uint64_t cell = static_cast<uint64_t>(first) % cells;
    for (uint32_t j = 0; j < count; ++j) {
        tile.cell[j] = base + (static_cast<uint64_t>(sequence) * cells + cell) * rowBytes + headOffset;
        if (++cell == cells)
            cell = 0;
    }
    return tile;
}

/// Asks for `bytes` of the cells [begin, end) of a tile, into the second-level cache: a tile is more than the first one holds.
void prefetch(const CellTile &tile, uint32_t begin, uint32_t end, uint64_t bytes)
{
    for (uint32_t j = begin; j < end && j < tile.count; ++j)
        for (uint64_t at = 0; at < bytes; at += 64)
            __builtin_prefetch(tile.cell[j] + at, 0, 2);
}

/// Whether `rows` read cells of `dim` numbers where they lie.
template <typename V>
bool readsDirectly(uint32_t rows, uint32_t dim)
{
    return V::width > 1 && dim % V::width == 0 && rows <= directRows;
}

/// scores[r][j] = query r · key j for `Rows` queries and as many keys as fill one vector with their sums.
template <typename V, typename Cells, uint32_t Rows>
void scoreTile(const std::byte *const *key, uint64_t offset, const float *const *query, uint32_t dim, float (*scores)[keyTile], uint32_t j)
{
    constexpr uint32_t keys = V::width > Rows ? V::width / Rows : 1;
    typename V::F sum[Rows][keys];
    for (uint32_t r = 0; r < Rows; ++r)
        for (uint32_t k = 0; k < keys; ++k)
            sum[r][k] = V::zero();
    for (uint32_t i = 0; i < dim; i += V::width) {
        typename V::F x[Rows];
        for (uint32_t r = 0; r < Rows; ++r)
            x[r] = V::load(query[r] + i);
        for (uint32_t k = 0; k < keys; ++k) {
            const auto number = Cells::load(key[k] + offset, i);
            for (uint32_t r = 0; r < Rows; ++r)
                sum[r][k] = V::fma(number, x[r], sum[r][k]);
        }
    }
    float out[Rows * keys];
    for (uint32_t first = 0; first < Rows * keys; first += V::width)
        V::store(out + first, V::sumEach(&sum[0][0] + first));
    for (uint32_t r = 0; r < Rows; ++r)
        std::memcpy(&scores[r][j], out + r * keys, sizeof(float) * keys);
}

/// scores[r][j] = query r · key j, the keys `offset` bytes into their cells.
template <typename V, typename Cells>
void score(const CellTile &keys, uint64_t offset, const float *const *query, uint32_t rows, uint32_t dim, float (*scores)[keyTile],
    AttentionScratch &scratch)
{
    if (readsDirectly<V>(rows, dim)) {
        inTiles<directTile>(rows, [&]<uint32_t Rows>(uint32_t r) {
            constexpr uint32_t step = V::width > Rows ? V::width / Rows : 1;
            const std::byte *last[step];
            for (uint32_t j = 0; j < keys.count; j += step) {
                const std::byte *const *cell = keys.cell + j;
                // Beyond the last cell it is read again; nobody looks at those scores.
                if (j + step > keys.count) {
                    for (uint32_t k = 0; k < step; ++k)
                        last[k] = keys.cell[j + k < keys.count ? j + k : keys.count - 1];
                    cell = last;
                }
                scoreTile<V, Cells, Rows>(cell, offset, query + r, dim, scores + r, j);
            }
        });
        return;
    }
    for (uint32_t j = 0; j < keys.count; j += V::width)
        transposeRows<V>(dim, &scratch.keys[0][j], keyTile, [&](uint32_t k, uint32_t d) {
            return j + k < keys.count ? Cells::loadUpTo(keys.cell[j + k] + offset, d, dim) : V::zero();
        });
    float *out[maxAttentionRows];
    static_assert(keyTile % V::panelWidth == 0);
    for (uint32_t j = 0; j < keys.count; j += V::panelWidth) {
        for (uint32_t r = 0; r < rows; ++r)
            out[r] = &scores[r][j];
        panelTiles<V>(&scratch.keys[0][j], keyTile, query, dim, false, out, rows);
    }
}

/// Turns the scores of one row into weights e^(score − highest), 0 outside [low, high), and brings what was summed before to the
/// new maximum.
template <typename V>
void weigh(const AttentionSpec &spec, uint32_t low, uint32_t high, uint32_t dim, float *scores, float *sums, float &highest, float &weight)
{
    if (low >= high) {
        std::memset(scores, 0, keyTile * sizeof(float));
        return;
    }
    const uint32_t n = high - low;
    float *seen = scores + low;
    float scale = spec.scale;
    if (spec.softcap > 0) {
        mapRows<V>(seen, nullptr, n, seen, [&](auto s, auto) { return V::mul(s, V::set(scale)); });
        softcap<V>(spec.softcap, n, seen);
        scale = 1;
    }
    const float top = largestOf<V>(seen, n, -INFINITY) * scale;
    if (top > highest) {
        const float shrink = std::exp(highest - top);
        mapRows<V>(sums, nullptr, dim, sums, [&](auto s, auto) { return V::mul(s, V::set(shrink)); });
        weight *= shrink;
        highest = top;
    }
    const auto weighed = [&](auto s) { return exponential<V>(V::fma(s, V::set(scale), V::set(-highest))); };
    auto sum = V::zero();
    overLanes<V>(
        n,
        [&](uint32_t i) {
            const auto each = weighed(V::load(seen + i));
            V::store(seen + i, each);
            sum = V::add(sum, each);
        },
        [&](uint32_t i, uint32_t rest) {
            float some[V::width] = {};
            std::memcpy(some, seen + i, rest * sizeof(float));
            V::store(some, weighed(V::load(some)));
            std::memcpy(seen + i, some, rest * sizeof(float));
            for (uint32_t e = 0; e < rest; ++e)
                weight += some[e];
        });
    weight += V::sum(sum);
    std::memset(scores, 0, low * sizeof(float));
    std::memset(scores + high, 0, (keyTile - high) * sizeof(float));
}

/// sums[r][d...] += Σ_j weights[r][j] · value j [d...] for `Rows` rows and `Vectors` vectors from d on.
template <typename V, typename Cells, uint32_t Rows, uint32_t Vectors>
void accumulateTile(const CellTile &values, uint64_t offset, uint32_t d, const float (*weights)[keyTile], float (*sums)[maxHeadDim])
{
    typename V::F sum[Rows][Vectors];
    for (uint32_t r = 0; r < Rows; ++r)
        for (uint32_t v = 0; v < Vectors; ++v)
            sum[r][v] = V::load(&sums[r][d + v * V::width]);
    for (uint32_t j = 0; j < values.count; ++j) {
        typename V::F number[Vectors];
        for (uint32_t v = 0; v < Vectors; ++v)
            number[v] = Cells::load(values.cell[j] + offset, d + v * V::width);
        for (uint32_t r = 0; r < Rows; ++r)
            for (uint32_t v = 0; v < Vectors; ++v)
                sum[r][v] = V::fma(V::set(weights[r][j]), number[v], sum[r][v]);
    }
    for (uint32_t r = 0; r < Rows; ++r)
        for (uint32_t v = 0; v < Vectors; ++v)
            V::store(&sums[r][d + v * V::width], sum[r][v]);
}

/// sums[r] += Σ_j weights[r][j] · value j, the values `offset` bytes into their cells.
template <typename V, typename Cells>
void accumulate(const CellTile &values, uint64_t offset, uint32_t rows, uint32_t dim, const float (*weights)[keyTile],
    float (*sums)[maxHeadDim], AttentionScratch &scratch)
{
    if (readsDirectly<V>(rows, dim)) {
        inTiles<directTile>(rows, [&]<uint32_t Rows>(uint32_t r) {
            inTiles<V::tileTokens / 2>(dim / V::width, [&]<uint32_t Vectors>(uint32_t v) {
                accumulateTile<V, Cells, Rows, Vectors>(values, offset, v * V::width, weights + r, sums + r);
            });
        });
        return;
    }
    static_assert(maxHeadDim % V::panelWidth == 0);
    const uint32_t padded = (dim + V::panelWidth - 1) / V::panelWidth * V::panelWidth;
    float *wide = scratch.values[0];
    for (uint32_t j = 0; j < values.count; ++j)
        for (uint32_t d = 0; d < padded; d += V::width)
            V::store(wide + j * padded + d, d < dim ? Cells::loadUpTo(values.cell[j] + offset, d, dim) : V::zero());
    const float *weight[maxAttentionRows];
    float *out[maxAttentionRows];
    for (uint32_t d = 0; d < padded; d += V::panelWidth) {
        for (uint32_t r = 0; r < rows; ++r) {
            weight[r] = weights[r];
            out[r] = &sums[r][d];
        }
        panelTiles<V>(wide + d, padded, weight, values.count, true, out, rows);
    }
}

/// The rows of one key-value head are token r / heads, query head r % heads; those of the next head follow.
template <typename V>
void attend(const AttentionTask &task, std::byte *scratchBytesOfThread)
{
    auto &scratch = *reinterpret_cast<AttentionScratch *>(scratchBytesOfThread);
    const AttentionSpec &spec = *task.spec;
    const uint32_t rows = task.count * task.heads;
    const auto headOf = [&](uint32_t row) { return task.head + row / rows * task.heads + row % rows % task.heads; };
    const auto tokenOf = [&](uint32_t row) { return row % rows / task.heads; };
    const int64_t seen = visible(spec, task.tokens[0].position).first;
    const int64_t first = seen > task.first ? seen : task.first;
    const int64_t position = task.tokens[task.count - 1].position;
    const int64_t last = position < task.last ? position : task.last;
    const float *query[maxAttentionRows];
    for (uint32_t r = 0; r < rows * task.kvHeads; ++r) {
        query[r] = task.query + tokenOf(r) * task.queryStride + uint64_t{headOf(r)} * spec.headDimK;
        scratch.highest[r] = task.sinks ? task.sinks[headOf(r)] : -INFINITY;
        scratch.weights[r] = task.sinks ? 1.0f : 0.0f;
        std::memset(scratch.sums[r], 0, sizeof scratch.sums[r]);
    }
    const KvCache &cache = task.cache;
    // Blocks divide the heads, or the layout would not have been made.
    const uint64_t keyBytes = rowBytes(cache.typeK, spec.headDimK).value_or(0);
    const uint64_t valueBytes = rowBytes(cache.typeV, spec.headDimV).value_or(0);
    const auto keysAt = [&](int64_t base) {
        return cellsOf(cache.k, cache.rowBytesK, task.kvHead * keyBytes, cache.cells, task.tokens[0].sequence, base, held(last + 1 - base, keyTile));
    };
    const auto valuesAt = [&](int64_t base) {
        return cellsOf(cache.v, cache.rowBytesV, task.kvHead * valueBytes, cache.cells, task.tokens[0].sequence, base, held(last + 1 - base, keyTile));
    };
    CellTile nextKeys = keysAt(first);
    CellTile nextValues = valuesAt(first);
    for (int64_t base = first; base <= last; base += keyTile) {
        const CellTile keys = nextKeys;
        const CellTile values = nextValues;
        nextKeys = keysAt(base + keyTile);
        nextValues = valuesAt(base + keyTile);
        for (uint32_t kv = 0; kv < task.kvHeads; ++kv) {
            // The next tile is fetched cell after cell, as memory likes it, a part of it for each head.
            const uint32_t begin = kv * keyTile / task.kvHeads;
            const uint32_t end = (kv + 1) * keyTile / task.kvHeads;
            prefetch(nextKeys, begin, end, keyBytes * task.kvHeads);
            prefetch(nextValues, begin, end, valueBytes * task.kvHeads);
            const uint32_t row = kv * rows;
            withCells<V>(cache.typeK, [&]<typename Cells>() {
                score<V, Cells>(keys, kv * keyBytes, query + row, rows, spec.headDimK, scratch.scores + row, scratch);
            });
            for (uint32_t r = row; r < row + rows; ++r) {
                const Span span = visible(spec, task.tokens[tokenOf(r)].position);
                weigh<V>(spec, held(span.first - base, keyTile), held(span.last + 1 - base, keys.count), spec.headDimV, scratch.scores[r],
                    scratch.sums[r], scratch.highest[r], scratch.weights[r]);
            }
            withCells<V>(cache.typeV, [&]<typename Cells>() {
                accumulate<V, Cells>(values, kv * valueBytes, rows, spec.headDimV, scratch.scores + row, scratch.sums + row, scratch);
            });
        }
    }
    for (uint32_t r = 0; r < rows * task.kvHeads; ++r) {
        if (task.parts) {
            float *const part = task.parts + uint64_t{headOf(r)} * attentionPartWidth(spec);
            std::memcpy(part, scratch.sums[r], spec.headDimV * sizeof(float));
            part[spec.headDimV] = scratch.highest[r];
            part[spec.headDimV + 1] = scratch.weights[r];
            continue;
        }
        const float scale = 1.0f / scratch.weights[r];
        float *out = task.out + tokenOf(r) * task.outStride + uint64_t{headOf(r)} * spec.headDimV;
        mapRows<V>(scratch.sums[r], nullptr, spec.headDimV, out, [&](auto s, auto) { return V::mul(s, V::set(scale)); });
    }
}

} // namespace
