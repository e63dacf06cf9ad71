// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "llama_graph.h"
#include "scratch_graph.h"

#include <array>
#include <map>
#include <set>
#include <utility>

namespace plimsoll {

/// Writes down, device by device, the operations of llama.cpp's graph for one prompt batch.
class LlamaGraphBuilder
{
public:
    LlamaGraphBuilder(const ModelShape &shape, const WeightTypes &types, const Placement &placement, size_t deviceCount,
        const LlamaOptions &options);

    std::vector<Bytes> run();

private:
    using Id = ScratchGraph::Id;

    /// Where the pieces of one layer lie.
    struct LayerPlaces
    {
        DeviceIndex mixer = hostDevice;
        DeviceIndex ffn = hostDevice;
        DeviceIndex experts = hostDevice;
    };

    /// Attention masks of one device by their number of cells: those of windows are their own.
    struct Inputs
    {
        bool received = false;
        std::map<uint64_t, Id> masks;
        Id positions = ScratchGraph::outside;
    };

    ScratchGraph &graph() { return m_graphs[m_device]; }
    uint64_t rows(uint64_t columns) const { return columns * m_tokens * 4; }   // float32, one row per token
    uint64_t rowsOf(uint64_t columns, uint64_t count) const { return columns * count * 4; }

    void placeLayers(const Placement &placement);
    void embed();
    /// Inputs of each layer (Gemma 4, 3n): their rows are looked up in RAM and go where the first layer is, which adds its projection of
    /// the embedding; another device gets its layers' share of the sum as it begins.
    void embedLayerInputs();
    void bringLayerRows(DeviceIndex device);
    void projectLayerInputs();
    void bringLayerInputs(size_t index);
    Id inputOf(size_t index);
    void addLayerInput(size_t index);
    /// What follows runs on `device`; the residual stream, and what else is given, travels there.
    Id travel(Id value, uint64_t bytes, DeviceIndex device);
    Id inputCopy(uint64_t bytes);
    void receiveInputs();
    Id mask(const BlockSpec &block);
    Id positions();

    void layer(size_t index);
    Id mixer(size_t index, Id normed);
    Id attention(const BlockSpec &block, Id normed);
    uint64_t halfCopies(const BlockSpec &block, uint64_t cells) const;
    Id scores(const BlockSpec &block, Id q, uint64_t heads, uint64_t valueDim);
    Id latentAttention(const BlockSpec &block, Id normed);
    std::pair<Id, Id> latentQuery(const BlockSpec &block, Id normed);
    std::pair<Id, Id> compressedKeys(const BlockSpec &block, Id normed);
    Id expandedLatent(const BlockSpec &block, Id normed);
    Id rebuiltLatent(const BlockSpec &block, Id q, Id rotated);
    Id rebuiltInFloat32(const BlockSpec &block, Id q, Id rotated);
    Id absorbedLatent(const BlockSpec &block, Id q, Id rotated);
    Id recurrent(const BlockSpec &block, Id normed);
    /// `matrices`: gate, up, down.
    Id denseFfn(size_t index, Id normed, uint64_t width, const std::array<TensorRole, 3> &matrices);
    Id sharedExperts(size_t index, Id normed);
    Id experts(size_t index, Id normed);
    Id expertMatrices(size_t index, Id normed, Id chosen, DeviceIndex &where);
    bool bringsExperts(const FfnSpec &ffn) const;
    void output();

    uint64_t bytesOf(size_t layer, TensorRole role) const;
    bool fork() const { return m_options.variant == LlamaVariant::IkLlamaCpp; }

    const ModelShape &m_shape;
    LlamaOptions m_options;
    std::vector<LayerPlaces> m_places;
    std::vector<std::map<TensorRole, uint64_t>> m_matrixBytes;   // by layer
    DeviceIndex m_outputDevice = hostDevice;
    uint32_t m_copies = 1;
    uint64_t m_tokens = 0;    // of the micro-batch; fewer behind the last attention, where only wanted rows go on
    uint64_t m_outputs = 0;

    std::vector<ScratchGraph> m_graphs;
    std::vector<Inputs> m_inputs;
    std::set<uint64_t> m_castBy;   // cells of masks that a device has cast already
    DeviceIndex m_device = hostDevice;
    bool m_bringsFfn = false;
    Id m_residual = ScratchGraph::outside;
    Id m_layerRows = ScratchGraph::outside;     // [layers × layerInput] per token, where the first layer is once it has begun
    Id m_embedded = ScratchGraph::outside;      // what the first layer begins with
    Id m_layerInputs = ScratchGraph::outside;   // the sum, where the first layer is
    std::map<std::pair<DeviceIndex, size_t>, Id> m_inputCopies;   // of a layer's share, elsewhere
};

} // namespace plimsoll
