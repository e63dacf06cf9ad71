// SPDX-License-Identifier: Apache-2.0
#include "needs.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace plimsoll {

void Widths::widen(const Widths &o)
{
    hidden = std::max(hidden, o.hidden);
    normed = std::max(normed, o.normed);
    query = std::max(query, o.query);
    key = std::max(key, o.key);
    value = std::max(value, o.value);
    attentionOut = std::max(attentionOut, o.attentionOut);
    ffn = std::max(ffn, o.ffn);
    mixed = std::max(mixed, o.mixed);
    routerLogits = std::max(routerLogits, o.routerLogits);
    choices = std::max(choices, o.choices);
    expertRows = std::max(expertRows, o.expertRows);
    layerInputs = std::max(layerInputs, o.layerInputs);
    quantizedInput = std::max(quantizedInput, o.quantizedInput);
    quantizedExperts = std::max(quantizedExperts, o.quantizedExperts);
    vocabulary = std::max(vocabulary, o.vocabulary);
    cells = std::max(cells, o.cells);
    works = works || o.works;
}

WidthSet WidthKinds::add(const Widths &widths)
{
    if (widths.hidden == 0)
        return 0;   // caches have no buffers
    constexpr size_t last = std::numeric_limits<WidthSet>::digits - 1;
    size_t kind = static_cast<size_t>(std::find(m_kinds.begin(), m_kinds.end(), widths) - m_kinds.begin());
    if (kind == m_kinds.size() && kind <= last)
        m_kinds.push_back(widths);
    else if (kind >= last)
        m_kinds[kind = last].widen(widths);
    return WidthSet{1} << kind;
}

Widths WidthKinds::widest(WidthSet set) const
{
    Widths all;
    for (; set != 0; set &= set - 1)
        all.widen(m_kinds[static_cast<size_t>(std::countr_zero(set))]);
    return all;
}

uint64_t cellsPerSequence(const BlockSpec &block, const RunOptions &options)
{
    const uint64_t context = options.context;
    if (block.attention.window == 0)
        return context;
    return std::min(context, uint64_t{block.attention.window} + options.batch);
}

CacheBytes cacheBytes(const BlockSpec &block, const RunOptions &options)
{
    const KvRow row = kvRow(block);
    const uint64_t cells = cellsPerSequence(block, options);
    const auto side = [&](GgmlType type, uint64_t elements) {
        return Bytes{rowBytes(type, elements).value_or(UINT64_MAX)} * cells * options.sequences;
    };
    CacheBytes bytes;
    bytes.k = side(options.kvTypeK, row.k);
    bytes.v = side(options.kvTypeV, row.v);
    bytes.state = Bytes{4} * block.recurrent.stateElements * options.sequences;
    bytes.snapshots = bytes.state * options.stateSnapshots;
    return bytes;
}

namespace {

void widenForAttention(Widths &w, const ModelShape &shape, const BlockSpec &block, const RunOptions &options)
{
    const AttentionSpec &a = block.attention;
    const uint64_t heads = a.heads;
    if (block.mixer == MixerKind::LatentAttention) {
        w.query = heads * (uint64_t{a.kvLoraRank} + a.ropeDim);
        w.key = uint64_t{a.kvLoraRank} + a.ropeDim + a.qLoraRank;
        w.value = heads * std::max(a.headDimK, a.headDimV);
        w.attentionOut = heads * std::max(a.kvLoraRank, a.headDimV);
        w.quantizedInput = std::max<uint64_t>({shape.embedding, heads * std::max({a.headDimV, a.kvLoraRank, a.nopeDim}), a.qLoraRank});
    } else {
        w.query = heads * a.headDimK * (a.gated ? 2 : 1);
        w.key = uint64_t{a.kvHeads} * a.headDimK;
        w.value = uint64_t{a.kvHeads} * a.headDimV;
        w.attentionOut = heads * a.headDimV;
        w.quantizedInput = std::max<uint64_t>(shape.embedding, heads * a.headDimV);
    }
    w.cells = cellsPerSequence(block, options);
}

void widenForRecurrence(Widths &w, const ModelShape &shape, const BlockSpec &block)
{
    const RecurrentSpec &r = block.recurrent;
    const bool convolutionOnly = block.mixer == MixerKind::ShortConv;
    w.query = r.convChannels;
    w.key = convolutionOnly ? r.convChannels : r.valueWidth();
    w.value = convolutionOnly ? r.convChannels : (block.mixer == MixerKind::GatedDelta ? 2 : 1) * uint64_t{r.stateHeads};
    w.attentionOut = w.key;
    w.quantizedInput = std::max<uint64_t>(shape.embedding, w.key);
}

void widenForFfn(Widths &w, const ModelShape &shape, const FfnSpec &ffn)
{
    const uint64_t width = std::max({ffn.kind == FfnKind::Experts ? ffn.sharedWidth : 0, ffn.width, shape.layerInput});
    w.ffn = width;
    w.layerInputs = shape.layerInput;
    w.quantizedInput = std::max<uint64_t>(shape.embedding, width);
    if (ffn.kind == FfnKind::Experts) {
        w.routerLogits = ffn.experts;
        w.choices = ffn.expertsUsed;
    }
}

} // namespace

Widths widthsOf(const ModelShape &shape, const Piece &piece, const RunOptions &options)
{
    Widths w;
    if (piece.kind == PieceKind::Kv)
        return w;
    const BlockSpec *block = piece.layer < 0 ? nullptr : &shape.blocks[static_cast<size_t>(piece.layer)];
    w.hidden = shape.embedding;
    if (piece.kind == PieceKind::Embedding) {
        w.works = shape.layerInput > 0;
        w.layerInputs = uint64_t{shape.layerInput} * shape.layers();
        w.quantizedInput = w.works ? shape.embedding : 0;
        return w;
    }
    w.works = true;
    w.normed = shape.embedding;
    switch (piece.kind) {
    case PieceKind::Mixer:
        w.mixed = shape.embedding;
        if (block->mixer == MixerKind::Attention || block->mixer == MixerKind::LatentAttention)
            widenForAttention(w, shape, *block, options);
        else if (isRecurrent(*block))
            widenForRecurrence(w, shape, *block);
        break;
    case PieceKind::Ffn:
        w.mixed = shape.embedding;
        widenForFfn(w, shape, block->ffn);
        break;
    case PieceKind::Experts:
        w.mixed = shape.embedding;
        w.ffn = uint64_t{block->ffn.expertsUsed} * block->ffn.expertWidth;
        w.choices = block->ffn.expertsUsed;
        w.expertRows = uint64_t{block->ffn.expertsUsed} * shape.embedding;
        w.quantizedInput = shape.embedding;
        w.quantizedExperts = w.ffn;
        break;
    case PieceKind::Output:
        w.quantizedInput = shape.embedding;
        w.vocabulary = shape.vocabulary;
        break;
    default:
        break;
    }
    return w;
}

BufferSizes computeBuffers(const Widths &w, const RunOptions &options, const BackendTraits &traits, bool host, uint32_t layers)
{
    const uint64_t tokens = options.batch;
    const uint64_t outputs = std::max(options.outputs, 1u);
    const auto floats = [](uint64_t rows, uint64_t columns) { return Bytes{4} * rows * columns; };
    const auto blocks = [&](uint64_t columns) {
        const uint64_t each = std::max(traits.activationBlockElements, 1u);
        return Bytes{traits.activationBlockBytes} * ((columns + each - 1) / each);
    };
    const uint64_t threads = host ? std::max(options.threads, 1u) : 1;
    const Bytes workspace = w.works
        ? Bytes{traits.workspacePerThread} * threads + Bytes{traits.workspacePerThreadPerCell} * threads * w.cells
            + Bytes{traits.workspaceFixed}
        : Bytes{};
    using enum BufferId;
    const SegmentKind compute = SegmentKind::Compute;
    return {
        {Hidden, compute, floats(tokens, w.hidden)},
        {Normed, compute, floats(tokens, w.normed)},
        {Query, compute, floats(tokens, w.query)},
        {Key, compute, floats(tokens, w.key)},
        {Value, compute, floats(tokens, w.value)},
        {AttentionOut, compute, floats(tokens, w.attentionOut)},
        {FfnGate, compute, floats(tokens, w.ffn)},
        {FfnUp, compute, floats(tokens, w.ffn)},
        {Mixed, compute, floats(tokens, w.mixed)},
        {RouterLogits, compute, floats(tokens, w.routerLogits)},
        {ExpertChoice, compute, Bytes{8} * tokens * w.choices},
        {ExpertRows, compute, floats(tokens, w.expertRows)},
        {Quantized, compute, std::max(blocks(w.quantizedInput), blocks(w.quantizedExperts)) * tokens},
        {LayerInputs, compute, floats(tokens, w.layerInputs)},
        {Tokens, compute, Bytes{w.hidden > 0 ? 16u : 0u} * tokens},
        {History, compute, host ? Bytes{4} * options.context * options.sequences : Bytes{}},
        {OutputRows, SegmentKind::Output, w.vocabulary > 0 ? floats(outputs, w.hidden) : Bytes{}},
        {Logits, SegmentKind::Output, floats(outputs, w.vocabulary)},
        {Workspace, compute, workspace},
        {Phases, compute, host ? Bytes{preparedLayerBytes} * layers : Bytes{}},
    };
}

} // namespace plimsoll
