// SPDX-License-Identifier: Apache-2.0
#include "forward.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

std::vector<DeviceIndex> devicesUsed(const ModelPhases &phases)
{
    std::vector<DeviceIndex> used{phases.embedDevice, phases.outputDevice};
    for (const LayerPhases &layer : phases.layers)
        used.insert(used.end(), {layer.mixerDevice, layer.ffnDevice, layer.expertsDevice});
    if (phases.streaming)
        used.push_back(phases.streaming.device);
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    return used;
}

/// The device of all that comes behind the embedding, if it is one; otherwise the host.
DeviceIndex deviceOfWhole(const ModelPhases &phases)
{
    const DeviceIndex device = phases.outputDevice;
    for (const LayerPhases &layer : phases.layers)
        if (layer.mixerDevice != device || layer.ffnDevice != device || layer.expertsDevice != device)
            return hostDevice;
    return phases.layerInputs.table && phases.embedDevice != device ? hostDevice : device;
}

std::span<const std::byte> readable(const void *begin, uint64_t bytes)
{
    return {static_cast<const std::byte *>(begin), bytes};
}

} // namespace

Forward::Forward(const ModelShape &shape, ModelPhases phases, std::vector<Device> devices, uint32_t batch)
    : m_shape(&shape), m_phases(std::move(phases)), m_devices(std::move(devices)), m_used(devicesUsed(m_phases)), m_rows(batch),
      m_whole(deviceOfWhole(m_phases))
{
    for (DeviceIndex each : m_used)
        on(each).bind(buffers(each));
    if (m_phases.streaming)
        m_stream.emplace(m_phases.streamed, on(hostDevice), m_devices[m_phases.streaming.device]);
}

Status Forward::run(std::span<const BatchToken> batch, const std::atomic<bool> *cancel, const CandidatesWanted &wanted)
{
    setAbort(cancel);
    Status status = placeTokens(batch);
    m_layers = m_phases.streaming && m_count >= m_phases.streaming.fromTokens ? m_phases.streamedLayers : m_phases.layers;
    settleCandidates(wanted);
    if (status && m_whole != hostDevice) {
        status = runWhole();
    } else if (status) {
        runEmbedding();
        status = runLayers();
    }
    if (status)
        status = takeOutput();
    // Also after an abort: nothing may still be running when the caller touches the buffers.
    for (DeviceIndex each : m_used) {
        const Status finished = on(each).finish();
        if (status && !finished)
            status = finished;
    }
    if (status)
        status = poll();
    setAbort(nullptr);
    return status;
}

void Forward::settleCandidates(const CandidatesWanted &wanted)
{
    m_wanted = {m_outputs, m_shape->vocabulary, wanted.choices, wanted.kept};
    const DeviceIndex device = m_phases.outputDevice;
    if (m_outputs == 0 || wanted.kept == 0 || device == hostDevice || !on(device).canFindCandidates(m_wanted))
        m_wanted = {};
    m_candidates.resize(std::max<size_t>(m_candidates.size(), m_wanted.kept > 0 ? size_t{m_outputs} * (m_wanted.kept + 1) : 0));
}

void Forward::runEmbedding()
{
    m_at = m_phases.embedDevice;
    m_phases.embed.count = m_count;
    on(m_at).embed(m_phases.embed);
    m_phases.layerInputs.count = m_count;
    if (m_phases.layerInputs.table)
        on(m_at).layerInputs(m_phases.layerInputs);
}

Status Forward::runLayers()
{
    Status status = streams() ? m_stream->begin(m_cancel) : Status();
    for (size_t i = 0; status && i < m_layers.size(); ++i)
        status = runLayer(i);
    if (status)
        status = runOutput();
    return status;
}

Status Forward::runLayer(size_t index)
{
    LayerPhases &layer = m_layers[index];
    const bool streamed = streams() && m_stream->has(index);
    Status status = runMixer(layer);
    if (status && streamed)
        status = m_stream->enter();
    if (status)
        status = runFfn(layer);
    if (status && layer.end)
        status = runEnd(index);
    return status && streamed ? m_stream->leave(index) : status;
}

/// An embedding elsewhere stays outside of the pass.
Status Forward::runWhole()
{
    Backend &backend = on(m_whole);
    const bool apart = m_phases.embedDevice != m_whole;
    if (apart) {
        runEmbedding();
        if (const Status moved = moveHidden(m_whole); !moved)
            return moved;
    }
    Status status;
    if (!backend.beginPass({m_count, m_outputs, m_longest, m_wanted})) {
        do {
            if (!apart)
                runEmbedding();
            status = runLayers();
        } while (status && !backend.endPass());
    }
    m_at = m_whole;
    return status;
}

Status Forward::placeTokens(std::span<const BatchToken> batch)
{
    m_count = static_cast<uint32_t>(batch.size());
    m_outputs = 0;
    m_longest = 0;
    for (uint32_t i = 0; i < m_count; ++i) {
        const BatchToken &token = batch[i];
        const int32_t output = token.wantsLogits ? static_cast<int32_t>(m_outputs++) : -1;
        m_rows[i] = {token.token, static_cast<int32_t>(token.position), static_cast<int32_t>(token.sequence), output};
        m_longest = std::max(m_longest, token.position + 1);
    }
    for (DeviceIndex each : m_used) {
        const Status placed = on(each).upload(reinterpret_cast<std::byte *>(buffers(each).tokens),
            readable(m_rows.data(), m_count * sizeof(TokenRow)));
        if (!placed)
            return placed;
    }
    return {};
}

Status Forward::runFfn(LayerPhases &layer)
{
    Status status;
    if (layer.ffn.up && layer.ffn.block->parallel && m_at != layer.ffnDevice)
        status = moveRows(layer.ffnDevice, &Buffers::normed);
    if (status)
        status = moveHidden(layer.ffnDevice);
    if (status && layer.router.weight)
        status = runExperts(layer);
    if (!status || !layer.ffn.up)
        return status;
    layer.ffn.count = m_count;
    on(m_at).ffn(layer.ffn);
    return poll();
}

Status Forward::runEnd(size_t index)
{
    LayerPhases &layer = m_layers[index];
    Status status = moveHidden(layer.ffnDevice);
    if (status && layer.end.gate) {
        const DeviceIndex from = m_phases.embedDevice;
        const uint64_t elements = uint64_t{m_count} * m_phases.layerInputs.width;
        const float *input = buffers(from).layerInputs + index * elements;
        if (from != m_at) {
            status = copy(from, m_at, input, buffers(m_at).layerInputs, elements * sizeof(float));
            input = buffers(m_at).layerInputs;
        }
        layer.end.input = input;
    }
    if (!status)
        return status;
    layer.end.count = m_count;
    on(m_at).layerEnd(layer.end);
    return poll();
}

Status Forward::runMixer(LayerPhases &layer)
{
    if (!layer.project.weight)
        return {};
    Status status = moveHidden(layer.mixerDevice);
    if (!status)
        return status;
    if (layer.recurrent.block) {
        layer.recurrent.count = m_count;
        on(m_at).recurrent(layer.recurrent);
        status = poll();
    } else {
        status = runAttention(layer);
    }
    if (!status)
        return status;
    layer.project.count = m_count;
    on(m_at).project(layer.project);
    return poll();
}

Status Forward::runAttention(LayerPhases &layer)
{
    Backend &backend = on(m_at);
    layer.input.count = m_count;
    backend.mixerInput(layer.input);
    const Status status = poll();
    if (!status)
        return status;
    const uint32_t window = layer.input.block->attention.window;
    layer.attention.count = m_count;
    layer.attention.longestSpan = window > 0 ? std::min(window, m_longest) : m_longest;
    layer.attention.tokens = {m_rows.data(), m_count};
    backend.attention(layer.attention);
    return poll();
}

Status Forward::runExperts(LayerPhases &layer)
{
    layer.router.count = m_count;
    on(m_at).router(layer.router);
    if (layer.expertsDevice != m_at)
        return runExpertsElsewhere(layer);
    const Status status = poll();
    if (!status)
        return status;
    layer.experts.count = m_count;
    on(m_at).experts(layer.experts);
    return poll();
}

/// The residual stream stays: rows and choices go over, sums come back, and meanwhile the shared experts are computed here.
Status Forward::runExpertsElsewhere(LayerPhases &layer)
{
    const DeviceIndex other = layer.expertsDevice;
    const uint64_t choices = uint64_t{m_count} * layer.router.block->ffn.expertsUsed * sizeof(ExpertChoice);
    Status status = moveRows(other, &Buffers::normed);
    if (status)
        status = copy(m_at, other, buffers(m_at).expertChoice, buffers(other).expertChoice, choices);
    if (status)
        status = poll();
    if (!status)
        return status;
    ExpertsPhase &rest = layer.besideExperts;
    rest.count = m_count;
    if (rest.sharedUp) {
        rest.part = ExpertsPart::Shared;
        on(m_at).experts(rest);
    }
    layer.experts.count = m_count;
    on(other).experts(layer.experts);
    status = poll();
    if (status)
        status = copy(other, m_at, buffers(other).mixed, buffers(m_at).mixed, hiddenBytes());
    if (!status)
        return status;
    rest.part = ExpertsPart::Join;
    on(m_at).experts(rest);
    return poll();
}

Status Forward::runOutput()
{
    const Status status = moveHidden(m_phases.outputDevice);
    if (!status || m_outputs == 0)
        return status;
    m_phases.output.count = m_count;
    m_phases.output.outputs = m_outputs;
    on(m_at).output(m_phases.output);
    if (m_wanted.kept > 0)
        on(m_at).findCandidates(m_wanted);
    return {};
}

Status Forward::takeOutput()
{
    if (m_at == hostDevice || m_outputs == 0)
        return {};
    if (m_wanted.kept > 0)
        return copy(m_at, hostDevice, on(m_at).candidates(), m_candidates.data(),
            uint64_t{m_outputs} * (m_wanted.kept + 1) * sizeof(TokenCandidate));
    const uint64_t bytes = uint64_t{m_outputs} * m_shape->vocabulary * sizeof(float);
    return copy(m_at, hostDevice, buffers(m_at).logits, buffers(hostDevice).logits, bytes);
}

Status Forward::moveHidden(DeviceIndex to)
{
    if (to == m_at)
        return {};
    const Status status = moveRows(to, &Buffers::hidden);
    m_at = to;
    return status;
}

Status Forward::moveRows(DeviceIndex to, float *Buffers::*rows)
{
    return copy(m_at, to, buffers(m_at).*rows, buffers(to).*rows, hiddenBytes());
}

Status Forward::copyState(uint32_t sequence, uint32_t snapshot, bool keep)
{
    for (const LayerPhases &layer : m_phases.layers) {
        if (!layer.recurrent.block)
            continue;
        const uint64_t elements = layer.recurrent.block->recurrent.stateElements;
        float *const state = layer.recurrent.state.data + sequence * elements;
        float *const kept = layer.recurrent.state.snapshots + snapshot * elements;
        const Status copied = on(layer.mixerDevice).copy(reinterpret_cast<std::byte *>(keep ? kept : state),
            reinterpret_cast<const std::byte *>(keep ? state : kept), elements * sizeof(float));
        if (!copied)
            return copied;
    }
    return {};
}

Status Forward::copy(DeviceIndex from, DeviceIndex to, const void *source, void *destination, uint64_t bytes)
{
    if (from == hostDevice)
        return on(to).upload(static_cast<std::byte *>(destination), readable(source, bytes));
    if (to != hostDevice) {
        const Result<bool> copied = on(to).copyFrom(on(from), static_cast<std::byte *>(destination),
            static_cast<const std::byte *>(source), bytes);
        if (!copied)
            return copied.error();
        if (*copied)
            return {};
    }
    std::byte *const inRam = to == hostDevice ? static_cast<std::byte *>(destination) : m_devices[from].staging.data();
    if (to != hostDevice && streams() && from == m_phases.streaming.device) {
        if (const Status settled = m_stream->settle(); !settled)
            return settled;
    }
    const Status status = on(from).download({inRam, bytes}, static_cast<const std::byte *>(source));
    if (!status || to == hostDevice)
        return status;
    return on(to).upload(static_cast<std::byte *>(destination), readable(inRam, bytes));
}

Status Forward::poll() const
{
    if (m_cancel && m_cancel->load(std::memory_order_relaxed))
        return Error{ErrorCode::Cancelled, {}};
    return {};
}

void Forward::setAbort(const std::atomic<bool> *cancel)
{
    m_cancel = cancel;
    for (DeviceIndex each : m_used)
        on(each).setAbort(cancel);
}

} // namespace plimsoll::engine
