// SPDX-License-Identifier: Apache-2.0
#include "llama_placement.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace plimsoll {

namespace {

/// GPU of the i-th of n offloaded layers: the first whose cumulated share lies beyond i/n.
DeviceIndex gpuOf(uint32_t i, uint32_t n, const std::vector<double> &shares)
{
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    if (!(sum > 0))
        return 1;
    double below = 0;
    for (size_t gpu = 0; gpu < shares.size(); ++gpu) {
        below += std::max(shares[gpu], 0.0);
        if (static_cast<double>(i) / n < below / sum)
            return static_cast<DeviceIndex>(gpu + 1);
    }
    return static_cast<DeviceIndex>(shares.size());
}

/// Devices by piece: one column for each kind, one row for each layer.
struct Table
{
    DeviceIndex output = hostDevice;
    std::vector<std::map<PieceKind, DeviceIndex>> layers;
};

Table tableOf(const ModelShape &shape, const Placement &placement)
{
    Table table;
    table.layers.resize(shape.blocks.size());
    const std::vector<Piece> pieces = piecesOf(shape);
    for (size_t i = 0; i < pieces.size() && i < placement.devices.size(); ++i) {
        if (pieces[i].kind == PieceKind::Output)
            table.output = placement.devices[i];
        else if (pieces[i].layer >= 0)
            table.layers[static_cast<size_t>(pieces[i].layer)][pieces[i].kind] = placement.devices[i];
    }
    return table;
}

/// "blk\.(3|4)\.ffn_(up|gate|down)\.weight": tensors of one kind of piece in these layers.
std::string patternOf(PieceKind kind, const std::vector<size_t> &layers)
{
    std::string numbers;
    for (const size_t layer : layers)
        numbers += (numbers.empty() ? "" : "|") + std::to_string(layer);
    const std::string block = "blk\\.(" + numbers + ")\\.";
    switch (kind) {
    case PieceKind::Experts: return block + "ffn_(up|gate|down|gate_up)_exps";
    case PieceKind::Ffn: return block + "(ffn_(up|gate|down)(\\.|_shexp)|ffn_norm|ffn_gate_inp|inp_gate|proj|post_norm)";
    default: return block + "(attn|ssm)";
    }
}

} // namespace

Placement llamaPlacement(const ModelShape &shape, uint32_t gpuLayers, const std::vector<double> &shares, uint32_t expertLayersInRam)
{
    const uint32_t all = shape.layers() + shape.predictionBlocks + 1;
    const uint32_t offloaded = std::min(gpuLayers, all);
    const uint32_t first = all - offloaded;
    const auto deviceOf = [&](uint32_t layer) { return layer < first ? hostDevice : gpuOf(layer - first, offloaded, shares); };
    Placement placement;
    for (const Piece &piece : piecesOf(shape)) {
        DeviceIndex device = hostDevice;
        if (piece.kind == PieceKind::Output)
            device = deviceOf(all - 1);
        else if (piece.layer >= 0)
            device = deviceOf(static_cast<uint32_t>(piece.layer));
        if (piece.kind == PieceKind::Experts && static_cast<uint32_t>(piece.layer) < expertLayersInRam)
            device = hostDevice;
        placement.devices.push_back(device);
    }
    return placement;
}

LlamaPlacementOptions llamaPlacementOptions(const ModelShape &shape, const Placement &placement, const std::string &gpuBuffer)
{
    const Table table = tableOf(shape, placement);
    LlamaPlacementOptions options;
    // Whole layers as the mixers lie; the offloaded ones are the last.
    const auto mixerOf = [&](size_t layer) {
        const auto found = table.layers[layer].find(PieceKind::Mixer);
        return found == table.layers[layer].end() ? hostDevice : found->second;
    };
    size_t first = table.layers.size();
    while (first > 0 && mixerOf(first - 1) != hostDevice)
        --first;
    const bool outputToo = table.output != hostDevice;
    options.gpuLayers = outputToo ? static_cast<uint32_t>(table.layers.size() - first) + shape.predictionBlocks + 1 : 0;
    const DeviceIndex last = *std::max_element(placement.devices.begin(), placement.devices.end());
    std::vector<uint32_t> split(last, 0);
    for (size_t layer = first; layer < table.layers.size() && outputToo; ++layer)
        ++split[mixerOf(layer) - 1];
    if (outputToo)
        split[table.output - 1] += shape.predictionBlocks + 1;
    if (std::count_if(split.begin(), split.end(), [](uint32_t count) { return count > 0; }) > 1 || (last > 1 && outputToo))
        options.split = split;

    // Experts of the first layers have an option of their own.
    while (options.expertLayersInRam < table.layers.size()) {
        const auto &row = table.layers[options.expertLayersInRam];
        const auto found = row.find(PieceKind::Experts);
        const bool inRam = found != row.end() && found->second == hostDevice;
        if (!inRam && found != row.end())
            break;
        ++options.expertLayersInRam;
    }
    bool anyInRam = false;
    for (size_t layer = 0; layer < options.expertLayersInRam; ++layer)
        anyInRam = anyInRam || (table.layers[layer].contains(PieceKind::Experts) && mixerOf(layer) != hostDevice);
    if (!anyInRam)
        options.expertLayersInRam = 0;

    std::map<std::pair<PieceKind, DeviceIndex>, std::vector<size_t>> others;
    for (size_t layer = 0; layer < table.layers.size(); ++layer) {
        const DeviceIndex home = outputToo && layer >= first ? mixerOf(layer) : hostDevice;
        for (const auto &[kind, device] : table.layers[layer]) {
            const bool told = kind == PieceKind::Experts && layer < options.expertLayersInRam;
            if (kind != PieceKind::Kv && device != (told ? hostDevice : home))
                others[{kind, device}].push_back(layer);
        }
    }
    for (const auto &[what, layers] : others) {
        const std::string buffer = what.second == hostDevice ? "CPU" : gpuBuffer + std::to_string(what.second - 1);
        options.overrides.push_back(patternOf(what.first, layers) + "=" + buffer);
    }
    return options;
}

} // namespace plimsoll
