// SPDX-License-Identifier: Apache-2.0
#include "placement.h"

#include <algorithm>
#include <numeric>

namespace plimsoll {

std::string_view name(PieceKind kind)
{
    switch (kind) {
    case PieceKind::Embedding: return "embedding";
    case PieceKind::Mixer: return "mixer";
    case PieceKind::Kv: return "kv";
    case PieceKind::Ffn: return "ffn";
    case PieceKind::Experts: return "experts";
    case PieceKind::Output: return "output";
    }
    return "";
}

std::vector<Piece> piecesOf(const ModelShape &shape)
{
    std::vector<Piece> pieces;
    pieces.reserve(2 + 4 * shape.blocks.size());
    pieces.push_back({PieceKind::Embedding, -1});
    for (size_t i = 0; i < shape.blocks.size(); ++i) {
        const auto layer = static_cast<int32_t>(i);
        pieces.push_back({PieceKind::Mixer, layer});
        pieces.push_back({PieceKind::Kv, layer});
        pieces.push_back({PieceKind::Ffn, layer});
        if (shape.blocks[i].ffn.kind == FfnKind::Experts)
            pieces.push_back({PieceKind::Experts, layer});
    }
    pieces.push_back({PieceKind::Output, -1});
    return pieces;
}

PieceIndex::PieceIndex(const ModelShape &shape)
{
    m_mixers.reserve(shape.blocks.size());
    size_t next = 1;
    for (const BlockSpec &block : shape.blocks) {
        m_mixers.push_back(next);
        next += block.ffn.kind == FfnKind::Experts ? 4 : 3;
    }
    m_output = next;
}

size_t PieceIndex::of(const Piece &piece) const
{
    if (piece.layer < 0 || static_cast<size_t>(piece.layer) >= m_mixers.size())
        return piece.kind == PieceKind::Output ? m_output : 0;
    const size_t first = m_mixers[static_cast<size_t>(piece.layer)];
    switch (piece.kind) {
    case PieceKind::Kv: return first + 1;
    case PieceKind::Ffn: return first + 2;
    case PieceKind::Experts: return first + 3;
    default: return first;
    }
}

Piece pieceOf(const TensorSpec &tensor)
{
    switch (tensor.role) {
    case TensorRole::TokenEmbedding:
    case TensorRole::LayerEmbedding:
    case TensorRole::LayerEmbeddingProj:
    case TensorRole::LayerEmbeddingNorm:
    case TensorRole::RopeFactors:
    case TensorRole::RopeFactorsLong:
    case TensorRole::RopeFactorsShort:
        return {PieceKind::Embedding, -1};
    case TensorRole::Output:
    case TensorRole::OutputNorm:
    case TensorRole::OutputNormNamedEmbedding:
        return {PieceKind::Output, -1};
    case TensorRole::FfnNorm:
    case TensorRole::FfnNormNamedPost:
    case TensorRole::FfnNormNamedAttn:
    case TensorRole::FfnGate:
    case TensorRole::FfnUp:
    case TensorRole::FfnDown:
    case TensorRole::FfnPostNorm:
    case TensorRole::Router:
    case TensorRole::RouterBias:
    case TensorRole::SharedGate:
    case TensorRole::SharedUp:
    case TensorRole::SharedDown:
    case TensorRole::SharedRouter:
    case TensorRole::LayerInputGate:
    case TensorRole::LayerInputProj:
    case TensorRole::LayerInputNorm:
    case TensorRole::LayerScale:
    case TensorRole::RouterScale:
    case TensorRole::ExpertNorm:
    case TensorRole::ExpertPostNorm:
    case TensorRole::DensePostNorm:
    case TensorRole::ExpertDownScale:
        return {PieceKind::Ffn, tensor.layer};
    case TensorRole::ExpertGate:
    case TensorRole::ExpertUp:
    case TensorRole::ExpertGateUp:
    case TensorRole::ExpertDown:
        return {PieceKind::Experts, tensor.layer};
    case TensorRole::Other:
        return {tensor.layer < 0 ? PieceKind::Embedding : PieceKind::Ffn, tensor.layer};
    default:
        return {PieceKind::Mixer, tensor.layer};
    }
}

DeviceTensors::DeviceTensors(const ModelShape &shape, const PieceIndex &index, const Placement &placement, DeviceIndex device)
    : m_placement(&placement), m_device(device)
{
    if (placement.devices.front() == device)
        return;
    m_rotates = std::ranges::any_of(index.mixers(), [&](size_t mixer) { return placement.devices[mixer] == device; });
    m_tiedOutput = shape.tiedOutput && placement.devices.back() == device;
}

Placement hostPlacement(const ModelShape &shape)
{
    return {std::vector<DeviceIndex>(piecesOf(shape).size(), hostDevice)};
}

void keepSharedCaches(const ModelShape &shape, Placement &placement)
{
    if (std::none_of(shape.blocks.begin(), shape.blocks.end(), [](const BlockSpec &b) { return b.attention.kvFromLayer >= 0; }))
        return;
    const std::vector<Piece> pieces = piecesOf(shape);
    std::vector<DeviceIndex> mixers;
    for (size_t i = 0; i < pieces.size() && i < placement.devices.size(); ++i) {
        if (pieces[i].kind != PieceKind::Mixer && pieces[i].kind != PieceKind::Kv)
            continue;
        const int32_t owner = shape.blocks[static_cast<size_t>(pieces[i].layer)].attention.kvFromLayer;
        if (owner >= 0)
            placement.devices[i] = mixers[static_cast<size_t>(owner)];
        if (pieces[i].kind == PieceKind::Mixer)
            mixers.push_back(placement.devices[i]);
    }
}

void keepTiedOnDisk(const ModelShape &shape, Placement &placement)
{
    if (!shape.tiedOutput || placement.disk.empty() || placement.devices.front() != placement.devices.back())
        return;
    placement.disk.front() = placement.disk.back() = placement.disk.front() || placement.disk.back();
}

Placement withStreamed(const std::vector<Piece> &pieces, Placement placement)
{
    for (size_t i = 0; i < pieces.size(); ++i) {
        if (placement.streams(i, pieces[i].kind))
            placement.devices[i] = placement.streaming.device;
    }
    return placement;
}

Placement withHostOnDisk(const ModelShape &shape, Placement placement)
{
    const std::vector<Piece> pieces = piecesOf(shape);
    placement.disk.assign(pieces.size(), false);
    for (size_t i = 0; i < pieces.size(); ++i)
        placement.disk[i] = placement.devices[i] == hostDevice && pieces[i].kind != PieceKind::Kv;
    return placement;
}

namespace {

/// Blocks of each GPU, in proportion to its share; the largest remainders get what rounding leaves.
std::vector<uint32_t> splitByShares(uint32_t blocks, const std::vector<double> &shares)
{
    std::vector<double> weights;
    for (const double share : shares)
        weights.push_back(share > 0 ? share : 0);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (!(sum > 0))
        return {blocks};
    std::vector<uint32_t> counts;
    std::vector<double> rests;
    uint32_t given = 0;
    for (const double weight : weights) {
        const double exact = blocks * weight / sum;
        counts.push_back(std::min(static_cast<uint32_t>(exact), blocks - given));
        rests.push_back(weight > 0 ? exact - counts.back() : -1);
        given += counts.back();
    }
    for (; given < blocks; ++given) {
        const auto most = static_cast<size_t>(std::max_element(rests.begin(), rests.end()) - rests.begin());
        ++counts[most];
        rests[most] -= 1;
    }
    return counts;
}

} // namespace

Placement layerPlacement(const ModelShape &shape, uint32_t gpuLayers, const std::vector<double> &shares, bool expertsInRam)
{
    const uint32_t layers = shape.layers();
    const uint32_t onGpu = std::min(gpuLayers, layers);
    std::vector<DeviceIndex> ofLayer(layers, hostDevice);
    const std::vector<uint32_t> counts = splitByShares(onGpu, shares);
    uint32_t next = layers - onGpu;
    DeviceIndex last = 1;
    for (size_t gpu = 0; gpu < counts.size(); ++gpu) {
        for (uint32_t i = 0; i < counts[gpu]; ++i)
            ofLayer[next++] = static_cast<DeviceIndex>(gpu + 1);
        if (counts[gpu] > 0)
            last = static_cast<DeviceIndex>(gpu + 1);
    }

    Placement placement;
    for (const Piece &piece : piecesOf(shape)) {
        DeviceIndex device = hostDevice;
        if (piece.layer >= 0)
            device = ofLayer[static_cast<size_t>(piece.layer)];
        else if (piece.kind == PieceKind::Output && gpuLayers > layers)
            device = last;
        if (piece.kind == PieceKind::Experts && expertsInRam)
            device = hostDevice;
        placement.devices.push_back(device);
    }
    keepSharedCaches(shape, placement);
    return placement;
}

} // namespace plimsoll
