// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cell_formats.h"

/// Attention of a few query rows over the cells they see, in one pass with a running maximum (Milakov and Gimelshein, "Online
/// normalizer calculation for softmax", 2018; Dao et al., "FlashAttention", 2022): keys and values go by in tiles, and only one tile of
/// scores exists at a time. Few rows read the keys where they lie; many share a tile turned to float32.
namespace {

inline constexpr uint32_t keyTile = 64;
inline constexpr uint32_t directRows = 7;   // up to here unpacking a tile costs more than it saves

/// Scratch of one thread, in this order.
struct AttentionScratch
{
    float keys[maxHeadDim][keyTile];            // one tile, transposed: lanes are keys
    float values[keyTile][maxHeadDim];          // one tile; the first padded(headDimV) of each row are used, close together
    float scores[maxAttentionRows][keyTile];
    float sums[maxAttentionRows][maxHeadDim];   // Σ weight · value so far
    float highest[maxAttentionRows];
    float weights[maxAttentionRows];            // Σ weight so far
};
static_assert(sizeof(AttentionScratch) <= scratchBytes);
static_assert(maxHeadDim % panelWidth == 0);

/// Positions [first, last] that one query token sees.
struct Span
{
    int64_t first;
    int64_t last;
};

Span visible(const AttentionSpec &spec, int32_t position)
{
    if (spec.chunked && spec.window > 0)
        return {position - position % int64_t{spec.window}, position};
    const int64_t first = spec.window == 0 ? 0 : int64_t{position} - int64_t{spec.window} + 1;
    return {first > 0 ? first : 0, position};
}

/// The cells of `count` positions from `first` on, for one head.
struct CellTile
{
    const std::byte *cell[keyTile];
    uint32_t count;
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

/// Asks for the cells of a tile: those of one head lie too far apart for the processor to guess the next one.
void prefetch(const CellTile &tile, uint32_t bytes)
{
    for (uint32_t j = 0; j < tile.count; ++j)
        for (uint32_t at = 0; at < bytes; at += 64)
            __builtin_prefetch(tile.cell[j] + at);
}

/// scores[r][j] = query r · key j
template <typename V, typename Cells>
void score(const CellTile &keys, const float *const *query, uint32_t rows, uint32_t dim, AttentionScratch &scratch)
{
    if (rows <= directRows) {
        inTiles<4>(rows, [&]<uint32_t Rows>(uint32_t r) {
            for (uint32_t j = 0; j < keys.count; ++j) {
                float out[Rows];
                Cells::template dot<Rows>(keys.cell[j], query + r, dim, out);
                for (uint32_t e = 0; e < Rows; ++e)
                    scratch.scores[r + e][j] = out[e];
            }
        });
        return;
    }
    for (uint32_t j = 0; j < keys.count; ++j) {
        float wide[maxHeadDim];
        Cells::widen(keys.cell[j], dim, wide);
        for (uint32_t d = 0; d < dim; ++d)
            scratch.keys[d][j] = wide[d];
    }
    float *out[maxAttentionRows];
    for (uint32_t j = 0; j < keys.count; j += panelWidth) {
        for (uint32_t r = 0; r < rows; ++r)
            out[r] = &scratch.scores[r][j];
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
    mapRows<V>(seen, nullptr, n, seen, [&](auto s, auto) { return V::mul(s, V::set(spec.scale)); });
    if (spec.softcap > 0)
        softcap<V>(spec.softcap, n, seen);
    float top = highest;
    for (uint32_t j = 0; j < n; ++j)
        top = seen[j] > top ? seen[j] : top;
    mapRows<V>(seen, nullptr, n, seen, [&](auto s, auto) { return exponential<V>(V::sub(s, V::set(top))); });
    std::memset(scores, 0, low * sizeof(float));
    std::memset(scores + high, 0, (keyTile - high) * sizeof(float));
    const float shrink = std::exp(highest - top);
    weight = weight * shrink + sumOf<V>(seen, n);
    if (top > highest) {
        mapRows<V>(sums, nullptr, dim, sums, [&](auto s, auto) { return V::mul(s, V::set(shrink)); });
        highest = top;
    }
}

/// sums[r] += Σ_j scores[r][j] · value j
template <typename V, typename Cells>
void accumulate(const CellTile &values, uint32_t rows, uint32_t dim, AttentionScratch &scratch)
{
    const uint32_t padded = (dim + panelWidth - 1) / panelWidth * panelWidth;
    float *wide = scratch.values[0];
    for (uint32_t j = 0; j < values.count; ++j) {
        Cells::widen(values.cell[j], dim, wide + j * padded);
        std::memset(wide + j * padded + dim, 0, (padded - dim) * sizeof(float));
    }
    const float *weights[maxAttentionRows];
    float *out[maxAttentionRows];
    for (uint32_t d = 0; d < padded; d += panelWidth) {
        for (uint32_t r = 0; r < rows; ++r) {
            weights[r] = scratch.scores[r];
            out[r] = &scratch.sums[r][d];
        }
        panelTiles<V>(wide + d, padded, weights, values.count, true, out, rows);
    }
}

/// Row r is token r / heads, head r % heads.
template <typename V>
void attend(const AttentionTask &task, std::byte *scratchBytesOfThread)
{
    auto &scratch = *reinterpret_cast<AttentionScratch *>(scratchBytesOfThread);
    const AttentionSpec &spec = *task.spec;
    const uint32_t rows = task.count * task.heads;
    const float *query[maxAttentionRows];
    for (uint32_t r = 0; r < rows; ++r) {
        const uint32_t head = task.head + r % task.heads;
        query[r] = task.query + r / task.heads * task.queryStride + uint64_t{head} * spec.headDimK;
        scratch.highest[r] = task.sinks ? task.sinks[head] : -INFINITY;
        scratch.weights[r] = task.sinks ? 1.0f : 0.0f;
        std::memset(scratch.sums[r], 0, sizeof scratch.sums[r]);
    }
    const KvCache &cache = task.cache;
    const int32_t sequence = task.tokens[0].sequence;
    const int64_t first = visible(spec, task.tokens[0].position).first;
    const int64_t last = task.tokens[task.count - 1].position;
    // Blocks divide the heads, or the layout would not have been made.
    const uint64_t keyOffset = rowBytes(cache.typeK, uint64_t{task.kvHead} * spec.headDimK).value_or(0);
    const uint64_t valueOffset = rowBytes(cache.typeV, uint64_t{task.kvHead} * spec.headDimV).value_or(0);
    const auto valueBytes = static_cast<uint32_t>(rowBytes(cache.typeV, spec.headDimV).value_or(0));
    for (int64_t base = first; base <= last; base += keyTile) {
        const auto count = static_cast<uint32_t>(last + 1 - base < keyTile ? last + 1 - base : keyTile);
        const CellTile keys = cellsOf(cache.k, cache.rowBytesK, keyOffset, cache.cells, sequence, base, count);
        const CellTile values = cellsOf(cache.v, cache.rowBytesV, valueOffset, cache.cells, sequence, base, count);
        prefetch(values, valueBytes);
        withCells<V>(cache.typeK, [&]<typename Cells>() { score<V, Cells>(keys, query, rows, spec.headDimK, scratch); });
        for (uint32_t r = 0; r < rows; ++r) {
            const Span span = visible(spec, task.tokens[r / task.heads].position);
            const int64_t low = span.first > base ? span.first - base : 0;
            const int64_t high = span.last + 1 - base < count ? span.last + 1 - base : count;
            weigh<V>(spec, static_cast<uint32_t>(low < keyTile ? low : keyTile), static_cast<uint32_t>(high > 0 ? high : 0), spec.headDimV,
                scratch.scores[r], scratch.sums[r], scratch.highest[r], scratch.weights[r]);
        }
        withCells<V>(cache.typeV, [&]<typename Cells>() { accumulate<V, Cells>(values, rows, spec.headDimV, scratch); });
    }
    for (uint32_t r = 0; r < rows; ++r) {
        const float scale = 1.0f / scratch.weights[r];
        float *out = task.out + r / task.heads * task.outStride + uint64_t{task.head + r % task.heads} * spec.headDimV;
        mapRows<V>(scratch.sums[r], nullptr, spec.headDimV, out, [&](auto s, auto) { return V::mul(s, V::set(scale)); });
    }
}

} // namespace
