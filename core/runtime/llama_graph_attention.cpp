// SPDX-License-Identifier: Apache-2.0
// The mixers of llama.cpp's graph: what attention and recurrence make on their way.
#include "llama_graph_builder.h"

#include <algorithm>

namespace plimsoll {

namespace {

constexpr uint64_t mebibyte = 1048576;

} // namespace

ScratchGraph::Id LlamaGraphBuilder::mixer(size_t index, Id normed)
{
    const BlockSpec &block = m_shape.blocks[index];
    switch (block.mixer) {
    case MixerKind::Attention: return attention(block, normed);
    case MixerKind::LatentAttention: return latentAttention(block, normed);
    default: return recurrent(block, normed);
    }
}

ScratchGraph::Id LlamaGraphBuilder::attention(const BlockSpec &block, Id normed)
{
    const AttentionSpec &a = block.attention;
    const uint64_t queryColumns = uint64_t{a.heads} * a.headDimK;
    Id gate = ScratchGraph::outside;
    Id q = graph().make(rows(queryColumns * (a.gated ? 2 : 1)), {normed});
    if (a.gated) {
        // Query and gate come from one matrix, interleaved.
        const Id both = q;
        q = graph().make(rows(queryColumns), {graph().view(both)});
        gate = graph().make(rows(queryColumns), {graph().view(both)});
    }
    q = graph().make(rows(queryColumns), {graph().view(q), positions()});
    if (a.kvFromLayer < 0) {
        Id k = graph().make(rows(uint64_t{a.kvHeads} * a.headDimK), {normed});
        k = graph().make(rows(uint64_t{a.kvHeads} * a.headDimK), {graph().view(k), positions()});
        const Id v = graph().make(rows(uint64_t{a.kvHeads} * a.headDimV), {normed});
        graph().read({k});
        graph().read({v});
    } else {
        graph().read({normed});
    }
    Id out = scores(block, q, a.heads, a.headDimV);
    if (a.gated)
        out = graph().make(rows(uint64_t{a.heads} * a.headDimV), {out, graph().make(rows(queryColumns), {gate}, true)}, true);
    return graph().make(rows(m_shape.embedding), {out});
}

/// Bytes of float16 copies of a layer's keys and values, where they are cached in another format on a GPU.
uint64_t LlamaGraphBuilder::halfCopies(const BlockSpec &block, uint64_t cells) const
{
    if (!m_options.halfCopies || fork() || m_device == hostDevice)
        return 0;
    const KvRow row = kvRow(block);
    return 2 * cells * ((m_options.kvTypeK == GgmlType::F16 ? 0 : row.k) + (m_options.kvTypeV == GgmlType::F16 ? 0 : row.v));
}

/// Attention over the cache: flash attention makes its result only, otherwise all scores of all heads exist at once, unless the fork
/// is told to take a few heads at a time.
ScratchGraph::Id LlamaGraphBuilder::scores(const BlockSpec &block, Id q, uint64_t heads, uint64_t valueDim)
{
    const uint64_t cells = llamaCells(block, m_options);
    if (m_options.flashAttention)
        return graph().make(rows(heads * valueDim) + halfCopies(block, cells), {q, mask(block)});
    const Id product = graph().make(rows(cells * heads), {q});
    const Id probabilities = graph().make(rows(cells * heads), {product, mask(block)}, true);
    const Id values = graph().make(rows(heads * valueDim), {probabilities});
    return graph().make(rows(heads * valueDim), {values});
}

ScratchGraph::Id LlamaGraphBuilder::latentAttention(const BlockSpec &block, Id normed)
{
    const AttentionSpec &a = block.attention;
    Id out = ScratchGraph::outside;
    if (m_options.latentForm == LatentForm::Expanded) {
        out = expandedLatent(block, normed);
    } else {
        const auto [compressed, keyRotated] = compressedKeys(block, normed);
        graph().read({graph().make(rows(uint64_t{a.kvLoraRank} + a.ropeDim), {keyRotated, compressed})});
        const auto [query, rotated] = latentQuery(block, normed);
        const bool rebuilt = m_options.latentForm == LatentForm::Rebuilt || m_options.latentForm == LatentForm::RebuiltFlash;
        out = rebuilt && m_options.flashAttention && m_tokens >= 128 ? rebuiltLatent(block, query, rotated)
                                                                    : absorbedLatent(block, query, rotated);
    }
    return graph().make(rows(m_shape.embedding), {out});
}

/// The queries of all heads, and their rotated parts.
std::pair<ScratchGraph::Id, ScratchGraph::Id> LlamaGraphBuilder::latentQuery(const BlockSpec &block, Id normed)
{
    const AttentionSpec &a = block.attention;
    Id q = normed;
    if (a.qLoraRank > 0) {
        q = graph().make(rows(a.qLoraRank), {q});
        q = graph().make(rows(a.qLoraRank), {q}, true);
    }
    q = graph().make(rows(uint64_t{a.heads} * a.headDimK), {q});
    return {q, graph().make(rows(uint64_t{a.heads} * a.ropeDim), {graph().view(q), positions()})};
}

/// The latent of keys and values, and the rotated part of the keys.
std::pair<ScratchGraph::Id, ScratchGraph::Id> LlamaGraphBuilder::compressedKeys(const BlockSpec &block, Id normed)
{
    const AttentionSpec &a = block.attention;
    const Id joint = graph().make(rows(uint64_t{a.kvLoraRank} + a.ropeDim), {normed});
    const Id rotated = graph().make(rows(a.ropeDim), {graph().view(joint), positions()});
    return {graph().make(rows(a.kvLoraRank), {graph().view(joint)}), rotated};
}

/// Keys and values of every head are made and cached.
ScratchGraph::Id LlamaGraphBuilder::expandedLatent(const BlockSpec &block, Id normed)
{
    const AttentionSpec &a = block.attention;
    const uint64_t heads = a.heads;
    const auto [q, rotated] = latentQuery(block, normed);
    const auto [compressed, keyRotated] = compressedKeys(block, normed);
    const Id both = graph().make(rows(heads * (uint64_t{a.nopeDim} + a.headDimV)), {compressed});
    const Id values = graph().make(rows(heads * a.headDimV), {graph().view(both)});
    const Id query = graph().make(rows(heads * a.headDimK), {graph().view(q), rotated});
    const Id repeated = graph().make(rows(heads * a.ropeDim), {keyRotated});
    const Id keys = graph().make(rows(heads * a.headDimK), {graph().view(both), repeated});
    graph().read({keys});
    graph().read({values});
    return scores(block, query, heads, a.headDimV);
}

/// Keys and values are rebuilt from the latent cache for as many heads at a time as the bound allows, and attended to in the
/// ordinary way.
ScratchGraph::Id LlamaGraphBuilder::rebuiltLatent(const BlockSpec &block, Id q, Id rotated)
{
    if (m_options.rebuildsInFloat32)
        return rebuiltInFloat32(block, q, rotated);
    const AttentionSpec &a = block.attention;
    const uint64_t cells = llamaCells(block, m_options);
    const uint64_t perHead = uint64_t{a.nopeDim} + a.headDimV;
    const uint64_t allMib = perHead * a.heads * cells * 4 / mebibyte;
    uint64_t parts = 1;
    while (m_options.attentionBatchMib > 0 && allMib / parts > m_options.attentionBatchMib && parts < a.heads)
        parts *= 2;
    const uint64_t heads = std::max<uint64_t>(a.heads / parts, 1);

    const Id query = graph().make(rows(uint64_t{a.heads} * a.headDimK), {rotated, graph().view(q)});
    std::vector<Id> keys;
    std::vector<Id> values;
    Id keyRope = ScratchGraph::outside;
    Id out = ScratchGraph::outside;
    const auto attend = [&](size_t part) {
        const Id attended = graph().make(rows(heads * a.headDimV), {graph().view(query), keys[part], values[part], mask(block)});
        out = part == 0 ? attended : graph().make(rows(heads * a.headDimV * (part + 1)), {out, attended});
    };
    for (uint64_t part = 0; part < parts; ++part) {
        const Id both = graph().make(cells * perHead * heads * 4, {});
        const Id key = graph().make(cells * a.nopeDim * heads * 2, {graph().view(both)});
        values.push_back(graph().make(cells * a.headDimV * heads * 2, {graph().view(both)}));
        if (part == 0) {
            const bool cast = m_options.kvTypeK != GgmlType::F16;
            const Id half = cast ? graph().make(cells * a.ropeDim * 2, {}) : ScratchGraph::outside;
            keyRope = graph().make(cells * a.ropeDim * heads * 2, {half});
        }
        keys.push_back(graph().make(cells * a.headDimK * heads * 2, {keyRope, key}));
        if (!m_options.olderFork)
            attend(part);
    }
    for (uint64_t part = 0; part < parts && m_options.olderFork; ++part)
        attend(part);
    return out;
}

/// The first form of it: the latent cache is taken to float32, keys are put together in it and only then made as narrow as the cache.
ScratchGraph::Id LlamaGraphBuilder::rebuiltInFloat32(const BlockSpec &block, Id q, Id rotated)
{
    const AttentionSpec &a = block.attention;
    const uint64_t cells = llamaCells(block, m_options);
    const uint64_t heads = a.heads;
    const auto stored = [&](uint64_t elements) { return rowBytes(m_options.kvTypeK, elements).value_or(elements * 2); };
    const Id latent = graph().make(cells * (uint64_t{a.kvLoraRank} + a.ropeDim) * 4, {});
    const Id query = graph().make(rows(heads * a.headDimK), {graph().view(q), rotated});
    const Id both = graph().make(cells * heads * (uint64_t{a.nopeDim} + a.headDimV) * 4, {graph().view(latent)});
    const Id keyRope = graph().make(cells * heads * a.ropeDim * 4, {graph().view(latent)});
    const Id keys = graph().make(cells * heads * a.headDimK * 4, {graph().view(both), keyRope});
    const Id narrowKeys = graph().make(stored(cells * heads * a.headDimK), {keys});
    const Id narrowValues = graph().make(stored(cells * heads * a.headDimV), {graph().view(both)});
    return graph().make(rows(heads * a.headDimV), {graph().view(query), narrowKeys, narrowValues, mask(block)});
}

/// Queries are carried into the latent space and attend to the latent cache as it is.
ScratchGraph::Id LlamaGraphBuilder::absorbedLatent(const BlockSpec &block, Id q, Id rotated)
{
    const AttentionSpec &a = block.attention;
    const uint64_t heads = a.heads;
    const uint64_t cells = llamaCells(block, m_options);
    const uint64_t latent = a.kvLoraRank;
    const Id carried = graph().make(rows(heads * latent), {graph().view(q)});
    const Id query = graph().make(rows(heads * (latent + a.ropeDim)), {carried, rotated});
    Id attended = ScratchGraph::outside;
    if (m_options.flashAttention && m_options.latentForm != LatentForm::Rebuilt) {
        attended = graph().make(rows(heads * latent), {query, mask(block)});
    } else {
        Id transposed = ScratchGraph::outside;
        if (m_options.latentForm == LatentForm::Rebuilt || m_options.latentForm == LatentForm::RebuiltFlash
            || (m_options.latentForm == LatentForm::Absorbed))
            transposed = graph().make(cells * latent * 2, {});
        const uint64_t allMib = cells * m_tokens * heads * 4 / mebibyte;
        uint64_t atOnce = heads;
        if (fork() && m_options.attentionBatchMib > 0 && allMib > m_options.attentionBatchMib) {
            const uint64_t steps = std::min(heads, (allMib + m_options.attentionBatchMib - 1) / m_options.attentionBatchMib);
            atOnce = (heads + steps - 1) / steps;
        }
        for (uint64_t first = 0; first < heads; first += atOnce) {
            const uint64_t count = std::min(atOnce, heads - first);
            const Id product = graph().make(rows(cells * count), {graph().view(query)});
            const Id probabilities = graph().make(rows(cells * count), {product, mask(block)}, true);
            const Id part = graph().make(rows(latent * count), {transposed, probabilities});
            attended = first == 0 ? part : graph().make(rows(latent * (first + count)), {attended, part});
        }
    }
    const Id values = graph().make(rows(heads * a.headDimV), {attended});
    return graph().make(rows(heads * a.headDimV), {values});
}

/// Linear attention and state-space layers: projections, the short convolution over the state and the batch, and the recurrence
/// with its chunk-wise products.
ScratchGraph::Id LlamaGraphBuilder::recurrent(const BlockSpec &block, Id normed)
{
    const RecurrentSpec &r = block.recurrent;
    const uint64_t inner = uint64_t{std::max(r.stateHeads, 1u)} * std::max(r.headDimV, 1u);
    const Id projected = graph().make(rows(r.convChannels), {normed});
    const Id gate = graph().make(rows(inner), {normed});
    const uint64_t history = uint64_t{r.convChannels} * (r.convKernel > 0 ? r.convKernel - 1 : 0) * 4 * m_options.sequences;
    const Id padded = graph().make(rows(r.convChannels) + history, {projected});
    Id convolved = graph().make(rows(r.convChannels), {padded});
    convolved = graph().make(rows(r.convChannels), {convolved}, true);
    const uint64_t state = r.stateElements * 4 * m_options.sequences;
    const Id previous = graph().make(state, {});
    const Id mixed = graph().make(rows(inner) + state, {graph().view(convolved), previous});
    Id out = graph().make(rows(inner), {graph().view(mixed)});
    out = graph().make(rows(inner), {out, gate}, true);
    return graph().make(rows(m_shape.embedding), {out});
}

} // namespace plimsoll
