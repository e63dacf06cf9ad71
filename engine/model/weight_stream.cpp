// SPDX-License-Identifier: Apache-2.0
#include "weight_stream.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

/// The same failure, telling what was being copied.
Error naming(const StreamedTensor &tensor, Error error)
{
    if (error.code == ErrorCode::DeviceLost && error.arguments.size() > 1)
        error.arguments[1] = tensorName(*tensor.spec) + ": " + error.arguments[1];
    return error;
}

} // namespace

size_t WeightStream::next(size_t layer) const
{
    while (layer < m_layers.size() && !has(layer))
        ++layer;
    return layer;
}

Status WeightStream::begin(const std::atomic<bool> *cancel)
{
    m_cancel = cancel;
    return send(next(0));
}

Status WeightStream::enter()
{
    return m_gpu->phasesAfterUploads();
}

/// The next layer goes to the slot that the one before this one has left: it waits for that one alone, and the one behind it for this.
Status WeightStream::leave(size_t layer)
{
    const Status sent = send(next(layer + 1));
    return sent ? m_gpu->uploadsAfterPhases() : sent;
}

Status WeightStream::settle()
{
    const Status status = m_gpu->awaitUploads(0);
    return status ? m_gpu->awaitUploads(1) : status;
}

Status WeightStream::send(size_t layer)
{
    if (layer == m_layers.size())
        return {};
    for (const StreamedTensor &tensor : m_layers[layer]) {
        for (uint64_t at = 0; at < tensor.source.size();) {
            if (m_cancel && m_cancel->load(std::memory_order_relaxed))
                return Error{ErrorCode::Cancelled, {}};
            Status status;
            if (m_filled == m_half) {
                m_lane ^= 1;
                m_filled = 0;
                status = m_gpu->awaitUploads(m_lane);
            }
            const uint64_t bytes = std::min(tensor.source.size() - at, m_half - m_filled);
            if (status)
                status = sendPart(tensor, at, bytes);
            if (!status)
                return naming(tensor, status.error());
            m_filled = std::min(m_half, roundUp(m_filled + bytes, alignment));
            at += bytes;
        }
    }
    return {};
}

Status WeightStream::sendPart(const StreamedTensor &tensor, uint64_t from, uint64_t bytes)
{
    const std::span<std::byte> there = m_staging.subspan(m_lane * m_half + m_filled, bytes);
    const Status copied = m_host->copy(there.data(), tensor.source.data() + from, bytes);
    return copied ? m_gpu->uploadLater(tensor.destination + from, there, m_lane) : copied;
}

} // namespace plimsoll::engine
