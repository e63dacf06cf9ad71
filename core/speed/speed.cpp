// SPDX-License-Identifier: Apache-2.0
#include "speed.h"

#include "efficiency.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace plimsoll {

namespace {

/// What one token, or one batch, asks of one device.
struct Work
{
    double bytes = 0;        // weights and cache that are read
    double operations = 0;   // of matrix products, a multiply-add counting two
    double launches = 0;     // layers, or halves of one
};

struct Flow
{
    std::vector<Work> devices;
    std::vector<double> transferred;   // by GPU: bytes that cross its link, per token
    std::vector<double> crossings;     // and how often
};

/// Index of each layer's Mixer among the pieces; the others follow it.
std::vector<size_t> layerStarts(const std::vector<Piece> &pieces)
{
    std::vector<size_t> starts;
    for (size_t i = 0; i < pieces.size(); ++i) {
        if (pieces[i].kind == PieceKind::Mixer)
            starts.push_back(i);
    }
    return starts;
}

DeviceIndex deviceOf(const Piece &piece, const Placement &placement, const std::vector<size_t> &starts)
{
    switch (piece.kind) {
    case PieceKind::Embedding: return placement.devices.front();
    case PieceKind::Output: return placement.devices.back();
    case PieceKind::Mixer: return placement.devices[starts[static_cast<size_t>(piece.layer)]];
    case PieceKind::Kv: return placement.devices[starts[static_cast<size_t>(piece.layer)] + 1];
    case PieceKind::Ffn: return placement.devices[starts[static_cast<size_t>(piece.layer)] + 2];
    case PieceKind::Experts: return placement.devices[starts[static_cast<size_t>(piece.layer)] + 3];
    }
    return hostDevice;
}

/// Share of a tensor's elements that takes part per token, and share that is read for a batch of `tokens`.
struct Share
{
    double computed = 1;
    double read = 1;
};

Share shareOf(const ModelShape &shape, const TensorSpec &tensor, double tokens)
{
    const Piece piece = pieceOf(tensor);
    if (tensor.role == TensorRole::TokenEmbedding && shape.vocabulary > 0)
        return {0, std::min(1.0, tokens / shape.vocabulary)};
    if (piece.kind != PieceKind::Experts)
        return {};
    const FfnSpec &ffn = shape.blocks[static_cast<size_t>(tensor.layer)].ffn;
    const double used = static_cast<double>(ffn.expertsUsed) / ffn.experts;
    // Tokens choose apart from each other: an expert stays untouched with (1 - used)^tokens.
    const double touched = tokens > 1 ? 1 - std::pow(1 - used, tokens) : used;
    return {used, touched};
}

/// The way of `tokens` tokens of one call through the devices; each sees `span` cells of the context.
Flow flowOf(const ModelShape &shape, const WeightTypes &types, const Placement &placement, size_t devices, const RunOptions &options,
    double tokens, double span)
{
    Flow flow;
    flow.devices.resize(devices);
    flow.transferred.assign(devices, 0);
    flow.crossings.assign(devices, 0);
    const std::vector<Piece> pieces = piecesOf(shape);
    const std::vector<size_t> starts = layerStarts(pieces);
    for (size_t i = 0; i < shape.tensors.size(); ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        const Share share = shareOf(shape, tensor, tokens);
        const auto bytes = static_cast<double>(tensor.bytes(types[i]).value);
        const auto elements = static_cast<double>(tensor.elements());
        Work &work = flow.devices[deviceOf(pieceOf(tensor), placement, starts)];
        work.bytes += bytes * share.read;
        work.operations += 2 * elements * share.computed * tokens;
        if (shape.tiedOutput && tensor.role == TensorRole::TokenEmbedding) {
            flow.devices[placement.devices.back()].bytes += bytes;
            flow.devices[placement.devices.back()].operations += 2 * elements;
        }
    }
    DeviceIndex at = placement.devices.front();
    for (size_t i = 0; i < pieces.size(); ++i) {
        const DeviceIndex here = placement.devices[i];
        Work &work = flow.devices[here];
        if (pieces[i].kind == PieceKind::Kv) {
            const BlockSpec &block = shape.blocks[static_cast<size_t>(pieces[i].layer)];
            const KvRow row = kvRow(block);
            const double seen = block.attention.window > 0 ? std::min(span, double(block.attention.window)) : span;
            const double cell = double(rowBytes(options.kvTypeK, row.k).value_or(0)) + double(rowBytes(options.kvTypeV, row.v).value_or(0));
            work.bytes += cell * seen + 4.0 * static_cast<double>(block.recurrent.stateElements);
            work.operations += 4.0 * block.attention.heads * std::max(block.attention.headDimK, block.attention.kvLoraRank) * seen * tokens;
            continue;
        }
        work.launches += pieces[i].kind == PieceKind::Embedding ? 0 : 0.5;
        if (here == at)
            continue;
        for (const DeviceIndex end : {at, here}) {
            flow.transferred[end] += 4.0 * shape.embedding * tokens;
            flow.crossings[end] += 1;
        }
        at = here;
    }
    return flow;
}

/// Seconds of one call; nothing where a device in use has no bandwidth or, for prefill, no throughput to calculate with.
std::optional<double> secondsOf(const Flow &flow, const Machine &machine, bool compute)
{
    double seconds = 0;
    for (size_t i = 0; i < flow.devices.size(); ++i) {
        const Work &work = flow.devices[i];
        const bool host = i == hostDevice;
        if (work.launches == 0 && (host || work.bytes == 0))
            continue;
        const Bandwidth bandwidth = host ? machine.cpu.readBandwidth : machine.gpus[i - 1].bandwidth;
        if (!bandwidth.known())
            return std::nullopt;
        const double reading = work.bytes / (bandwidth.bytesPerSecond * (host ? efficiency::cpuRead : efficiency::gpuRead));
        double computing = 0;
        if (compute) {
            const Throughput peak = host ? machine.cpu.int8 : machine.gpus[i - 1].fp16;
            if (!peak.known())
                return std::nullopt;
            computing = work.operations / (peak.operationsPerSecond * (host ? efficiency::cpuCompute : efficiency::gpuCompute));
        }
        seconds += std::max(reading, computing) + work.launches * (host ? efficiency::cpuLayerSeconds : efficiency::gpuLayerSeconds);
        if (!host) {
            const Bandwidth link = machine.gpus[i - 1].link;
            const double rate = link.known() ? link.bytesPerSecond : efficiency::assumedLink;
            seconds += flow.transferred[i] / (rate * efficiency::link) + flow.crossings[i] * efficiency::crossingSeconds;
        }
    }
    return seconds;
}

RateEstimate rate(double perSecond, double low, double high)
{
    return {perSecond * low, perSecond, perSecond * high};
}

} // namespace

RateEstimate predictDecode(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const Machine &machine,
    const RunOptions &options, uint32_t position, Bytes fromDisk)
{
    const Flow flow = flowOf(shape, types, placement, machine.gpus.size() + 1, options, 1, position + 1.0);
    auto seconds = secondsOf(flow, machine, false);
    if (!shape.kvKnown || !seconds || *seconds <= 0)
        return {};
    double low = efficiency::decodeLow;
    double high = efficiency::decodeHigh;
    if (fromDisk.value > 0) {
        Bandwidth disk;
        for (const Disk &each : machine.disks)
            disk = std::max(disk, each.read);
        if (!disk.known())
            return {};
        // Of what does not stay in RAM, as much is read per token as of the rest.
        double stored = 0;
        for (size_t i = 0; i < shape.tensors.size(); ++i)
            stored += static_cast<double>(shape.tensors[i].bytes(types[i]).value);
        const double active = stored > 0 ? std::min(1.0, flow.devices[hostDevice].bytes / stored) : 1.0;
        *seconds += static_cast<double>(fromDisk.value) * active / disk.bytesPerSecond;
        low = efficiency::diskLow;
        high = efficiency::diskHigh;
    }
    return rate(1.0 / *seconds, low, high);
}

RateEstimate predictPrefill(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const Machine &machine,
    const RunOptions &options, uint32_t tokens)
{
    const double batch = std::min(std::max(tokens, 1u), std::max(options.batch, 1u));
    const Flow flow = flowOf(shape, types, placement, machine.gpus.size() + 1, options, batch, tokens / 2.0);
    const auto seconds = secondsOf(flow, machine, true);
    if (!shape.kvKnown || !seconds || *seconds <= 0)
        return {};
    return rate(batch / *seconds, efficiency::prefillLow, efficiency::prefillHigh);
}

} // namespace plimsoll
