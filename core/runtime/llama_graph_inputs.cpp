// SPDX-License-Identifier: Apache-2.0
// Inputs that each layer of llama.cpp's graph gets of its own, beside the residual stream.
#include "llama_graph_builder.h"

#include <utility>

namespace plimsoll {

void LlamaGraphBuilder::embedLayerInputs()
{
    if (m_shape.layerInput == 0)
        return;
    const Id tokens = graph().input(m_tokens * 4, true);
    m_layerRows = graph().make(rows(uint64_t{m_shape.layerInput} * m_shape.layers()), {tokens});
}

void LlamaGraphBuilder::bringLayerRows(DeviceIndex device)
{
    if (m_shape.layerInput == 0)
        return;
    const uint64_t bytes = rows(uint64_t{m_shape.layerInput} * m_shape.layers());
    const DeviceIndex from = m_device;
    if (device != from) {
        graph().read({m_layerRows});
        m_device = device;
        m_layerRows = inputCopy(bytes);
    }
    m_layerRows = graph().make(bytes, {m_layerRows}, true);
    m_device = from;
}

/// The projection is scaled and normed, takes up the rows that were looked up, and is turned so that each layer's part lies together.
void LlamaGraphBuilder::projectLayerInputs()
{
    const DeviceIndex here = std::exchange(m_device, m_places.front().mixer);
    const uint64_t bytes = rows(uint64_t{m_shape.layerInput} * m_shape.layers());
    Id projected = graph().make(bytes, {m_embedded});
    projected = graph().make(bytes, {projected, m_layerRows}, true);
    m_layerInputs = graph().make(bytes, {projected});
    m_device = here;
}

/// A device receives what all its layers will want before it begins with the first.
void LlamaGraphBuilder::bringLayerInputs(size_t index)
{
    const DeviceIndex home = m_places.front().mixer;
    if (m_shape.layerInput == 0 || m_device == home)
        return;
    for (size_t i = index; i < m_places.size() && m_places[i].mixer == m_device; ++i) {
        m_graphs[home].read({m_graphs[home].view(m_layerInputs)});
        m_inputCopies[{m_device, i}] = inputCopy(rows(m_shape.layerInput));
    }
}

ScratchGraph::Id LlamaGraphBuilder::inputOf(size_t index)
{
    const DeviceIndex home = m_places.front().mixer;
    if (m_device == home)
        return graph().view(m_layerInputs);
    const auto copy = m_inputCopies.find({m_device, index});
    if (copy != m_inputCopies.end())
        return copy->second;
    m_graphs[home].read({m_graphs[home].view(m_layerInputs)});
    return inputCopy(rows(m_shape.layerInput));
}

/// Behind the FFN a narrow gate of the residual stream is multiplied by the layer's input and projected back.
void LlamaGraphBuilder::addLayerInput(size_t index)
{
    if (m_shape.layerInput == 0)
        return;
    Id gate = graph().make(rows(m_shape.layerInput), {m_residual});
    gate = graph().make(rows(m_shape.layerInput), {gate}, true);
    if (index == 0)
        projectLayerInputs();
    gate = graph().make(rows(m_shape.layerInput), {gate, inputOf(index)}, true);
    Id out = graph().make(rows(m_shape.embedding), {gate});
    out = graph().make(rows(m_shape.embedding), {out}, true);
    m_residual = graph().make(rows(m_shape.embedding), {m_residual, out}, true);
}

} // namespace plimsoll
