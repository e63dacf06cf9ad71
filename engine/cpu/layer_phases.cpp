// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"

#include <plimsoll/engine/quant/reference.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace plimsoll::engine::cpu {

/// Each layer's part of the projection is a product of its own, so that its results lie together.
void CpuBackend::layerInputs(const LayerInputsPhase &phase)
{
    const uint32_t columns = phase.projection.columns;
    const uint32_t layers = phase.projection.rows / phase.width;
    const Rows hidden{m_buffers.hidden, columns, phase.count};
    if (multipliesQuantized(phase.projection.type))
        quantize(hidden);
    m_products.clear();
    for (uint32_t layer = 0; layer < layers; ++layer)
        m_products.push_back(productOf(phase.projection, hidden,
            m_buffers.layerInputs + uint64_t{layer} * phase.count * phase.width, layer * phase.width, phase.width));
    multiply(m_products);
    forTokens(phase.count, [&](uint32_t token) { addLookedUp(phase, token); });
}

/// Scales and norms the projected parts of one token and adds its row of the table, piece by piece: a layer's part may end within a block.
void CpuBackend::addLookedUp(const LayerInputsPhase &phase, uint32_t token)
{
    constexpr uint32_t piece = 256;   // whole blocks of every format
    const uint32_t width = phase.width;
    const auto part = [&](uint32_t layer) { return m_buffers.layerInputs + (uint64_t{layer} * phase.count + token) * width; };
    const float projected = 1.0f / std::sqrt(static_cast<float>(phase.projection.columns));
    for (uint32_t layer = 0; layer < phase.projection.rows / width; ++layer) {
        float *const row = part(layer);
        std::transform(row, row + width, row, [projected](float x) { return projected * x; });
        normalize(phase.norm, row, width, row);
    }
    const Tensor &table = phase.table;
    const std::byte *const row = table.data + static_cast<uint64_t>(m_buffers.tokens[token].token) * table.rowBytes;
    const GgmlTypeInfo &format = info(table.type);
    const float lookedUp = std::sqrt(static_cast<float>(width));
    const float half = 1.0f / std::sqrt(2.0f);
    std::array<float, piece> values;
    for (uint32_t at = 0; at < table.columns; at += piece) {
        const uint32_t count = std::min(piece, table.columns - at);
        dequantize(table.type, row + uint64_t{at / format.blockElements} * format.blockBytes, {values.data(), count});
        for (uint32_t i = 0; i < count; ++i) {
            float &sum = part((at + i) / width)[(at + i) % width];
            sum = (sum + lookedUp * values[i]) * half;
        }
    }
}

void CpuBackend::layerEnd(const LayerEndPhase &phase)
{
    if (phase.gate) {
        const uint32_t columns = phase.gate.columns;
        const uint32_t width = phase.gate.rows;
        const Rows hidden{m_buffers.hidden, columns, phase.count};
        if (multipliesQuantized(phase.gate.type))
            quantize(hidden);
        const Product gate = productOf(phase.gate, hidden, m_buffers.ffnGate);
        multiply({&gate, 1});
        forTokens(phase.count, [&](uint32_t token) {
            float *const row = m_buffers.ffnGate + uint64_t{token} * width;
            m_kernels.activate(phase.activation, row, phase.input + uint64_t{token} * width, width, row);
        });
        const Rows inner{m_buffers.ffnGate, width, phase.count};
        if (multipliesQuantized(phase.projection.type))
            quantize(inner);
        const Product product = productOf(phase.projection, inner, m_buffers.mixed);
        multiply({&product, 1});
        addToHidden(nullptr, phase.norm, 1.0f, columns, phase.count);
    }
    if (!phase.scale)
        return;
    forTokens(phase.count, [&](uint32_t token) {
        float *const row = m_buffers.hidden + uint64_t{token} * phase.columns;
        std::transform(row, row + phase.columns, row, [&](float x) { return *phase.scale * x; });
    });
}

} // namespace plimsoll::engine::cpu
