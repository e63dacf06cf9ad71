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
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    return used;
}

std::span<const std::byte> readable(const void *begin, uint64_t bytes)
{
    return {static_cast<const std::byte *>(begin), bytes};
}

} // namespace

Result<Forward> Forward::make(const ModelShape &shape, ModelPhases phases, std::vector<Device> devices, std::vector<Buffers> buffers,
    const RunOptions &options)
{
    Forward forward(shape, std::move(phases), std::move(devices), std::move(buffers), options.batch);
    // Two devices other than the host exchange through the host's buffers.
    const auto others = std::count_if(forward.m_used.begin(), forward.m_used.end(), [](DeviceIndex each) { return each != hostDevice; });
    if (others > 1 && !forward.m_buffers[hostDevice].hidden)
        return Error{ErrorCode::UnsupportedByEngine, {"several GPUs without a buffer in RAM", "one GPU"}};
    return forward;
}

Forward::Forward(const ModelShape &shape, ModelPhases phases, std::vector<Device> devices, std::vector<Buffers> buffers, uint32_t batch)
    : m_shape(&shape), m_phases(std::move(phases)), m_devices(std::move(devices)), m_buffers(std::move(buffers)),
      m_used(devicesUsed(m_phases)), m_rows(batch)
{
    for (DeviceIndex each : m_used)
        on(each).bind(m_buffers[each]);
}

Status Forward::run(std::span<const BatchToken> batch, const std::atomic<bool> *cancel)
{
    setAbort(cancel);
    Status status = placeTokens(batch);
    if (status) {
        m_at = m_phases.embedDevice;
        m_phases.embed.count = m_count;
        on(m_at).embed(m_phases.embed);
    }
    for (size_t i = 0; status && i < m_phases.layers.size(); ++i)
        status = runLayer(m_phases.layers[i]);
    if (status)
        status = moveHidden(m_phases.outputDevice);
    if (status && m_outputs > 0) {
        m_phases.output.count = m_count;
        m_phases.output.outputs = m_outputs;
        on(m_at).output(m_phases.output);
    }
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
        const Status placed = on(each).upload(reinterpret_cast<std::byte *>(m_buffers[each].tokens),
            readable(m_rows.data(), m_count * sizeof(TokenRow)));
        if (!placed)
            return placed;
    }
    return {};
}

Status Forward::runLayer(LayerPhases &layer)
{
    Status status = runMixer(layer);
    if (status)
        status = moveHidden(layer.ffnDevice);
    if (!status)
        return status;
    if (layer.router.weight)
        return runExperts(layer);
    layer.ffn.count = m_count;
    on(m_at).ffn(layer.ffn);
    return poll();
}

Status Forward::runMixer(LayerPhases &layer)
{
    Status status = moveHidden(layer.mixerDevice);
    if (!status)
        return status;
    Backend &backend = on(m_at);
    layer.input.count = m_count;
    backend.mixerInput(layer.input);
    status = poll();
    if (!status)
        return status;
    const uint32_t window = layer.input.block->attention.window;
    layer.attention.count = m_count;
    layer.attention.longestSpan = window > 0 ? std::min(window, m_longest) : m_longest;
    backend.attention(layer.attention);
    status = poll();
    if (!status)
        return status;
    layer.project.count = m_count;
    backend.project(layer.project);
    return poll();
}

Status Forward::runExperts(LayerPhases &layer)
{
    layer.router.count = m_count;
    on(m_at).router(layer.router);
    const DeviceIndex from = m_at;
    const DeviceIndex to = layer.expertsDevice;
    if (from != to) {
        if (layer.sharedExperts.sharedUp) {
            layer.sharedExperts.count = m_count;
            on(from).experts(layer.sharedExperts);
        }
        const uint64_t rows = uint64_t{m_count} * m_shape->embedding * sizeof(float);
        const uint64_t choices = uint64_t{m_count} * layer.router.block->ffn.expertsUsed * 8;
        const Buffers &a = m_buffers[from];
        const Buffers &b = m_buffers[to];
        const Buffers &host = m_buffers[hostDevice];
        Status status = copy(from, to, a.normed, b.normed, host.normed, rows);
        if (status)
            status = copy(from, to, a.expertChoice, b.expertChoice, host.expertChoice, choices);
        if (status)
            status = moveHidden(to);
        if (!status)
            return status;
    }
    const Status status = poll();
    if (!status)
        return status;
    layer.experts.count = m_count;
    on(m_at).experts(layer.experts);
    return poll();
}

Status Forward::moveHidden(DeviceIndex to)
{
    if (to == m_at)
        return {};
    const uint64_t bytes = uint64_t{m_count} * m_shape->embedding * sizeof(float);
    const Status status = copy(m_at, to, m_buffers[m_at].hidden, m_buffers[to].hidden, m_buffers[hostDevice].hidden, bytes);
    m_at = to;
    return status;
}

Status Forward::copy(DeviceIndex from, DeviceIndex to, const void *source, void *destination, void *onHost, uint64_t bytes)
{
    if (from == hostDevice)
        return on(to).upload(static_cast<std::byte *>(destination), readable(source, bytes));
    std::byte *const middle = static_cast<std::byte *>(to == hostDevice ? destination : onHost);
    if (!middle)
        return Error{ErrorCode::Internal, {"no buffer in RAM between two devices"}};
    const Status status = on(from).download({middle, bytes}, static_cast<const std::byte *>(source));
    if (!status || to == hostDevice)
        return status;
    return on(to).upload(static_cast<std::byte *>(destination), readable(middle, bytes));
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
