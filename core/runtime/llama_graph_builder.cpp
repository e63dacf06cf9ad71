// SPDX-License-Identifier: Apache-2.0
#include "llama_graph_builder.h"

#include <algorithm>

namespace plimsoll {

namespace {

constexpr uint64_t fewestBrought = 32;   // tokens from which matrices of the host are sent to a GPU

} // namespace

LlamaGraphBuilder::LlamaGraphBuilder(const ModelShape &shape, const WeightTypes &types, const Placement &placement, size_t deviceCount,
    const LlamaOptions &options)
    : m_shape(shape), m_options(options), m_matrixBytes(shape.blocks.size()), m_graphs(deviceCount), m_inputs(deviceCount)
{
    m_tokens = std::max<uint64_t>(std::min(options.context, std::min(options.microBatch, options.batch)), 1);
    m_outputs = options.outputs == 0 ? m_tokens : std::min<uint64_t>(m_tokens, options.outputs);
    placeLayers(placement);
    m_copies = llamaPipelineCopies(placement);
    for (size_t i = 0; i < shape.tensors.size(); ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        if (!tensor.bias && tensor.layer >= 0 && static_cast<size_t>(tensor.layer) < m_matrixBytes.size())
            m_matrixBytes[static_cast<size_t>(tensor.layer)][tensor.role] = tensor.bytes(types[i]).value;
    }
}

void LlamaGraphBuilder::placeLayers(const Placement &placement)
{
    m_places.resize(m_shape.blocks.size());
    const std::vector<Piece> pieces = piecesOf(m_shape);
    for (size_t i = 0; i < pieces.size(); ++i) {
        const DeviceIndex device = placement.devices[i];
        if (pieces[i].kind == PieceKind::Output)
            m_outputDevice = device;
        if (pieces[i].layer < 0)
            continue;
        LayerPlaces &places = m_places[static_cast<size_t>(pieces[i].layer)];
        if (pieces[i].kind == PieceKind::Mixer)
            places.mixer = device;
        else if (pieces[i].kind == PieceKind::Ffn)
            places.ffn = device;
        else if (pieces[i].kind == PieceKind::Experts)
            places.experts = device;
    }
}

std::vector<Bytes> LlamaGraphBuilder::run()
{
    embed();
    for (size_t i = 0; i < m_shape.blocks.size(); ++i)
        layer(i);
    output();
    std::vector<Bytes> bytes;
    for (const ScratchGraph &each : m_graphs)
        bytes.push_back({each.peak()});
    return bytes;
}

uint64_t LlamaGraphBuilder::bytesOf(size_t layer, TensorRole role) const
{
    const auto found = m_matrixBytes[layer].find(role);
    return found == m_matrixBytes[layer].end() ? 0 : found->second;
}

ScratchGraph::Id LlamaGraphBuilder::inputCopy(uint64_t bytes)
{
    if (m_copies == 1)
        return graph().make(bytes, {});
    const Id first = graph().input(bytes, true);
    for (uint32_t i = 1; i < m_copies; ++i)
        graph().input(bytes, true);
    return first;
}

ScratchGraph::Id LlamaGraphBuilder::travel(Id value, uint64_t bytes, DeviceIndex device)
{
    if (device == m_device)
        return value;
    graph().read({value});
    m_device = device;
    const Id arrived = inputCopy(bytes);
    receiveInputs();
    return arrived;
}

/// What every layer of a device reads comes to it once, before its first operation: positions and masks. Flash attention reads masks
/// as float16: given so, or cast where they are first read, from where the other devices then have them.
void LlamaGraphBuilder::receiveInputs()
{
    Inputs &inputs = m_inputs[m_device];
    if (inputs.received)
        return;
    inputs.received = true;
    inputs.positions = m_device == hostDevice ? graph().input(m_tokens * 4, true) : inputCopy(m_tokens * 4);
    for (size_t i = 0; i < m_shape.blocks.size(); ++i) {
        const BlockSpec &block = m_shape.blocks[i];
        const bool attends = block.mixer == MixerKind::Attention || block.mixer == MixerKind::LatentAttention;
        const uint64_t cells = llamaCells(block, m_options);
        if (!attends || (m_device != hostDevice && m_places[i].mixer != m_device) || inputs.masks.contains(cells))
            continue;
        const bool half = m_options.flashAttention && (!m_options.maskInFloat32 || m_castBy.contains(cells));
        const uint64_t bytes = cells * m_tokens * (half ? 2 : 4);
        if (m_device != hostDevice) {
            inputs.masks[cells] = inputCopy(bytes);
            continue;
        }
        for (uint32_t copy = 0; copy < m_copies; ++copy)
            inputs.masks[cells] = graph().input(bytes, true);
    }
}

ScratchGraph::Id LlamaGraphBuilder::positions()
{
    return m_inputs[m_device].positions;
}

ScratchGraph::Id LlamaGraphBuilder::mask(const BlockSpec &block)
{
    const uint64_t cells = llamaCells(block, m_options);
    Id &known = m_inputs[m_device].masks[cells];
    if (m_options.flashAttention && m_options.maskInFloat32 && !m_castBy.contains(cells)) {
        m_castBy.insert(cells);
        known = graph().make(cells * m_tokens * 2, {known});
    }
    return known;
}

void LlamaGraphBuilder::embed()
{
    // Looked up in RAM, where the table stays.
    m_device = hostDevice;
    const Id tokens = graph().input(m_tokens * 4, true);
    if (!fork() && m_options.embeddingInput)
        graph().input(rows(m_shape.embedding), true);
    receiveInputs();
    m_residual = graph().make(rows(m_shape.embedding), {tokens});
    embedLayerInputs();
}

void LlamaGraphBuilder::layer(size_t index)
{
    const BlockSpec &block = m_shape.blocks[index];
    const uint64_t width = m_shape.embedding;
    const bool last = index + 1 == m_shape.blocks.size();
    if (index == 0)
        bringLayerRows(m_places[index].mixer);
    const DeviceIndex before = m_device;
    m_residual = travel(m_residual, rows(width), m_places[index].mixer);
    if (index == 0)
        m_embedded = m_residual;
    else if (m_device != before)
        bringLayerInputs(index);
    Id mixed = ScratchGraph::outside;
    if (block.mixer != MixerKind::None) {
        const Id normed = graph().make(rows(width), {m_residual}, true);
        mixed = mixer(index, normed);
        if (last) {
            mixed = graph().make(rowsOf(width, m_outputs), {mixed});
            m_residual = graph().make(rowsOf(width, m_outputs), {m_residual});
            m_tokens = m_outputs;
        }
        m_residual = graph().make(rows(width), {mixed, m_residual}, true);
    }
    if (block.ffn.kind == FfnKind::None)
        return;
    // Large batches bring matrices from the host to the GPU instead of going there.
    m_bringsFfn = m_places[index].ffn == hostDevice && m_device != hostDevice && m_tokens >= fewestBrought;
    if (!m_bringsFfn)
        m_residual = travel(m_residual, rows(width), m_places[index].ffn);
    const Id normed = graph().make(rows(width), {m_residual}, true);
    const Id out = block.ffn.kind == FfnKind::Experts ? experts(index, normed)
        : denseFfn(index, normed, block.ffn.width, {TensorRole::FfnGate, TensorRole::FfnUp, TensorRole::FfnDown});
    m_residual = graph().make(rows(width), {out, m_residual}, true);
    addLayerInput(index);
}

ScratchGraph::Id LlamaGraphBuilder::denseFfn(size_t index, Id normed, uint64_t width, const std::array<TensorRole, 3> &matrices)
{
    const auto [gateRole, upRole, downRole] = matrices;
    const auto matrix = [&](TensorRole role) { return m_bringsFfn ? graph().make(bytesOf(index, role), {}) : ScratchGraph::outside; };
    Id product = ScratchGraph::outside;
    if (!m_shape.blocks[index].ffn.gated) {
        product = graph().make(rows(width), {normed, matrix(upRole)});
        product = graph().make(rows(width), {product}, true);
    } else if (fork() && !m_bringsFfn) {   // one operation
        product = graph().make(rows(width), {normed});
    } else {
        const Id up = graph().make(rows(width), {normed, matrix(upRole)});
        const Id gate = graph().make(rows(width), {normed, matrix(gateRole)});
        product = graph().make(rows(width), {gate, up});
    }
    return graph().make(rows(m_shape.embedding), {product, matrix(downRole)});
}

ScratchGraph::Id LlamaGraphBuilder::experts(size_t index, Id normed)
{
    const FfnSpec &ffn = m_shape.blocks[index].ffn;
    ScratchGraph *home = &graph();
    const DeviceIndex homeDevice = m_device;
    const Id logits = home->make(rows(ffn.experts), {normed});
    const Id probabilities = home->make(rows(ffn.experts), {logits}, true);
    const Id sorted = home->make(rows(ffn.experts), {probabilities});
    const Id chosen = home->view(sorted);
    const Id weights = home->make(rows(ffn.expertsUsed), {probabilities, chosen});

    const bool sharedFirst = fork() && !m_options.olderFork;
    Id shared = ffn.sharedWidth > 0 && sharedFirst ? sharedExperts(index, normed) : ScratchGraph::outside;
    DeviceIndex where = m_places[index].experts;
    Id out = expertMatrices(index, normed, chosen, where);
    if (where != homeDevice) {
        m_graphs[where].read({out});
        out = home->make(rows(uint64_t{m_shape.embedding} * ffn.expertsUsed), {});
    }
    m_device = homeDevice;
    Id weighted = home->make(rows(uint64_t{m_shape.embedding} * ffn.expertsUsed), {out, weights}, true);
    Id sum = ScratchGraph::outside;
    if (fork()) {
        sum = home->make(rows(m_shape.embedding), {weighted});
    } else if (ffn.expertsUsed > 1) {
        sum = home->make(rows(m_shape.embedding), {home->view(weighted)});
        for (uint32_t i = 1; i < ffn.expertsUsed; ++i)
            sum = home->make(rows(m_shape.embedding), {sum, home->view(weighted)}, true);
    } else {
        sum = weighted;
    }
    if (ffn.sharedWidth == 0)
        return sum;
    if (!sharedFirst)
        shared = sharedExperts(index, normed);
    return home->make(rows(m_shape.embedding), {sum, shared}, true);
}

ScratchGraph::Id LlamaGraphBuilder::sharedExperts(size_t index, Id normed)
{
    return denseFfn(index, normed, m_shape.blocks[index].ffn.sharedWidth,
        {TensorRole::SharedGate, TensorRole::SharedUp, TensorRole::SharedDown});
}

/// Whether a batch is large enough that experts of the host are worth sending to the GPU.
bool LlamaGraphBuilder::bringsExperts(const FfnSpec &ffn) const
{
    if (!fork())
        return m_tokens >= fewestBrought;
    return !m_options.repacked && m_tokens * ffn.expertsUsed >= fewestBrought * ffn.experts;
}

/// Routed experts where their weights lie; or, for batches large enough, on the layer's GPU, which then receives one matrix after the
/// other. `where` becomes the device that computed.
ScratchGraph::Id LlamaGraphBuilder::expertMatrices(size_t index, Id normed, Id chosen, DeviceIndex &where)
{
    const FfnSpec &ffn = m_shape.blocks[index].ffn;
    const DeviceIndex home = m_device;
    const bool brought = where == hostDevice && home != hostDevice && bringsExperts(ffn);
    if (brought)
        where = home;
    if (where != home) {
        graph().read({normed});
        graph().read({chosen});
        m_device = where;
        normed = inputCopy(rows(m_shape.embedding));
        chosen = inputCopy(rows(ffn.expertsUsed));
    }
    const uint64_t inner = rows(uint64_t{ffn.expertWidth} * ffn.expertsUsed);
    const auto matrix = [&](TensorRole role) { return brought ? graph().make(bytesOf(index, role), {}) : ScratchGraph::outside; };
    const bool joined = bytesOf(index, TensorRole::ExpertGateUp) > 0;
    Id product = ScratchGraph::outside;
    if (joined) {
        const Id both = graph().make(2 * inner, {normed, chosen, matrix(TensorRole::ExpertGateUp)});
        product = graph().make(inner, {graph().view(both), graph().view(both)});
    } else if (m_options.fusedExperts) {
        const Id upMatrix = matrix(TensorRole::ExpertUp);
        product = graph().make(inner, {normed, chosen, upMatrix, matrix(TensorRole::ExpertGate)});
    } else {
        const Id up = graph().make(inner, {normed, chosen, matrix(TensorRole::ExpertUp)});
        const Id gate = graph().make(inner, {normed, chosen, matrix(TensorRole::ExpertGate)});
        product = graph().make(inner, {gate, up}, fork());
    }
    return graph().make(rows(uint64_t{m_shape.embedding} * ffn.expertsUsed), {product, chosen, matrix(TensorRole::ExpertDown)});
}

void LlamaGraphBuilder::output()
{
    const uint64_t width = m_shape.embedding;
    if (m_tokens != m_outputs) {
        m_residual = graph().make(rowsOf(width, m_outputs), {m_residual});
        m_tokens = m_outputs;
    }
    m_residual = travel(m_residual, rows(width), m_outputDevice);
    const Id normed = graph().make(rows(width), {m_residual}, true);
    graph().make(rows(m_shape.vocabulary), {normed});
}

} // namespace plimsoll
