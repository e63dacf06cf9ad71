// SPDX-License-Identifier: Apache-2.0
#include "llama_memory.h"

#include "llama_graph.h"

#include <plimsoll/model/hyperparameters.h>

#include <algorithm>
#include <tuple>

namespace plimsoll {

namespace {

Error invalid(std::string what, uint64_t value, std::string accepted)
{
    return {ErrorCode::InvalidArgument, {std::move(what), std::to_string(value), std::move(accepted)}};
}

Status check(const ModelShape &shape, const WeightTypes &types, const Placement &placement, size_t deviceCount, const LlamaOptions &o)
{
    // Small enough that no size of the graph overflows.
    const std::tuple<const char *, uint32_t, uint64_t> counts[] = {{"context", o.context, Limits::context}, {"batch", o.batch, 1u << 30},
        {"ubatch", o.microBatch, 1u << 16}, {"sequences", o.sequences, 1u << 16}};
    for (const auto &[option, value, most] : counts)
        if (value == 0 || value > most)
            return invalid(option, value, "1 to " + std::to_string(most));
    if (types.size() != shape.tensors.size())
        return invalid("types", types.size(), std::to_string(shape.tensors.size()));
    if (placement.devices.size() != piecesOf(shape).size())
        return invalid("placement", placement.devices.size(), std::to_string(piecesOf(shape).size()));
    for (const DeviceIndex device : placement.devices)
        if (device >= deviceCount)
            return invalid("device", device, "less than " + std::to_string(deviceCount));
    const bool latent = std::any_of(shape.blocks.begin(), shape.blocks.end(),
        [](const BlockSpec &block) { return block.mixer == MixerKind::LatentAttention; });
    if (info(o.kvTypeV).blockElements > 1 && !o.flashAttention && !latent)
        return Error{ErrorCode::InvalidArgument,
            {"kv-type-v", std::string(info(o.kvTypeV).name), "F32, F16 or BF16 without flash attention"}};
    return {};
}

/// Elements of one cell of this layer; keys and values apart.
KvRow cellOf(const BlockSpec &block, const LlamaOptions &o)
{
    const AttentionSpec &a = block.attention;
    if (block.mixer != MixerKind::LatentAttention)
        return kvRow(block);
    switch (o.latentForm) {
    case LatentForm::Expanded: return {uint64_t{a.heads} * a.headDimK, uint64_t{a.heads} * a.headDimV};
    case LatentForm::Transposed: return {uint64_t{a.kvLoraRank} + a.ropeDim, o.flashAttention ? 0u : a.kvLoraRank};
    default: return {uint64_t{a.kvLoraRank} + a.ropeDim, 0};
    }
}

/// Rows in one format; overflow() where its block does not divide them.
Bytes cells(GgmlType type, uint64_t columns, uint64_t count)
{
    if (columns == 0)
        return {};
    const auto row = rowBytes(type, columns);
    return row ? Bytes{*row} * count : Bytes::overflow();
}

void addCaches(std::vector<LlamaDeviceMemory> &devices, const ModelShape &shape, const Placement &placement, const LlamaOptions &o)
{
    const std::vector<Piece> pieces = piecesOf(shape);
    for (size_t i = 0; i < pieces.size(); ++i) {
        if (pieces[i].kind != PieceKind::Kv)
            continue;
        const BlockSpec &block = shape.blocks[static_cast<size_t>(pieces[i].layer)];
        LlamaDeviceMemory &device = devices[placement.devices[i]];
        const KvRow row = cellOf(block, o);
        const uint64_t count = llamaCells(block, o) * llamaStreams(o);
        device.kv += cells(o.kvTypeK, row.k, count) + cells(o.kvTypeV, row.v, count);
        // Drafted tokens that are refused are taken back, to a state that was kept.
        const uint64_t states = uint64_t{o.sequences} * (o.predictionContext ? 1 + uint64_t{o.drafted} : 1);
        device.state += Bytes{block.recurrent.stateElements} * 4 * states;
        // Prediction blocks are like the last layer.
        if (o.predictionCache && static_cast<size_t>(pieces[i].layer) + 1 == shape.blocks.size())
            device.kv += (cells(o.kvTypeK, row.k, count) + cells(o.kvTypeV, row.v, count)) * shape.predictionBlocks;
    }
}

void addWeights(std::vector<LlamaDeviceMemory> &devices, const ModelShape &shape, const WeightTypes &types, const Placement &placement)
{
    const std::vector<Piece> pieces = piecesOf(shape);
    const auto deviceOf = [&](const Piece &piece) {
        for (size_t i = 0; i < pieces.size(); ++i)
            if (pieces[i].kind == piece.kind && pieces[i].layer == piece.layer)
                return placement.devices[i];
        return hostDevice;
    };
    std::vector<std::vector<DeviceIndex>> places(shape.blocks.size(), std::vector<DeviceIndex>(6, hostDevice));
    for (size_t i = 0; i < pieces.size(); ++i)
        if (pieces[i].layer >= 0)
            places[static_cast<size_t>(pieces[i].layer)][static_cast<size_t>(pieces[i].kind)] = placement.devices[i];
    const DeviceIndex output = deviceOf({PieceKind::Output, -1});
    const DeviceIndex first = deviceOf({PieceKind::Mixer, 0});
    for (size_t i = 0; i < shape.tensors.size(); ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        const Bytes bytes = tensor.bytes(types[i]);
        const Piece piece = pieceOf(tensor);
        if (piece.layer >= 0 && static_cast<size_t>(piece.layer) < places.size())
            devices[places[static_cast<size_t>(piece.layer)][static_cast<size_t>(piece.kind)]].weights += bytes;
        else if (tensor.role == TensorRole::LayerEmbeddingProj || tensor.role == TensorRole::LayerEmbeddingNorm)
            devices[first].weights += bytes;   // the tables of rows stay in RAM, what the embedding is projected by does not
        else
            devices[piece.kind == PieceKind::Output ? output : hostDevice].weights += bytes;
        // One matrix that is looked up in RAM and multiplied by on a GPU is stored on both.
        if (tensor.role == TensorRole::TokenEmbedding && shape.tiedOutput && output != hostDevice)
            devices[output].weights += bytes;
    }
}

/// The prediction blocks as a model: like the last block with attention, between the same embedding and output.
ModelShape predictionModel(const ModelShape &shape)
{
    ModelShape model;
    model.architecture = shape.architecture;
    model.embedding = shape.embedding;
    model.vocabulary = shape.vocabulary;
    const auto like = std::find_if(shape.blocks.rbegin(), shape.blocks.rend(), [](const BlockSpec &block) { return !isRecurrent(block); });
    if (like != shape.blocks.rend())
        model.blocks.assign(shape.predictionBlocks, *like);
    return model;
}

/// Their weights, a matrix that joins two residual streams included; the cache and the buffers of the context they run in, whose cache is
/// float16 whatever the model's is.
void addPrediction(std::vector<LlamaDeviceMemory> &devices, const ModelShape &shape, const WeightTypes &types,
    const Placement &placement, LlamaOptions o)
{
    o.kvTypeK = o.kvTypeV = GgmlType::F16;
    const ModelShape model = predictionModel(shape);
    if (model.blocks.empty())
        return;
    const DeviceIndex device = placement.devices.back();
    Placement there = hostPlacement(model);
    std::fill(there.devices.begin() + 1, there.devices.end(), device);
    addCaches(devices, model, there, o);
    const std::vector<Bytes> compute = llamaComputeBytes(model, {}, there, devices.size(), o);
    for (size_t i = 0; i < devices.size(); ++i)
        devices[i].compute += compute[i];
    const auto last = static_cast<int32_t>(shape.layers()) - 1;
    for (size_t i = 0; i < shape.tensors.size(); ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        const Bytes joint = tensor.role == TensorRole::AttnOutput && !tensor.bias && tensor.layer == last
            ? Bytes{rowBytes(types[i], 2 * uint64_t{shape.embedding}).value_or(0)} * shape.embedding : Bytes{};
        if (tensor.layer == last)
            devices[device].weights += (tensor.bytes(types[i]) + joint) * shape.predictionBlocks;
    }
}

} // namespace

LlamaOptions llamaOptions(const ModelShape &shape, const RunOptions &run)
{
    LlamaOptions options;
    options.sequences = std::max(run.sequences, 1u);
    const uint64_t context = uint64_t{run.context} * options.sequences;
    options.context = static_cast<uint32_t>(std::min<uint64_t>(context, UINT32_MAX));
    options.microBatch = run.batch;
    options.batch = std::max(options.batch, run.batch);
    options.kvTypeK = run.kvTypeK;
    options.kvTypeV = run.kvTypeV;
    options.outputs = std::max(run.outputs, options.sequences);
    options.mapWeights = run.mapWeights;
    if (!shape.find(TensorRole::AttnKB, static_cast<int32_t>(shape.layers()) - 1)
        && shape.find(TensorRole::AttnKvB, static_cast<int32_t>(shape.layers()) - 1))
        options.latentForm = LatentForm::Expanded;
    return options;
}

Result<std::vector<LlamaDeviceMemory>> llamaMemory(const ModelShape &shape, const WeightTypes &types, const Placement &placement,
    size_t deviceCount, const LlamaOptions &options)
{
    if (const Status valid = check(shape, types, placement, deviceCount, options); !valid.ok())
        return valid.error();
    std::vector<LlamaDeviceMemory> devices(deviceCount);
    addWeights(devices, shape, types, placement);
    addCaches(devices, shape, placement, options);
    const std::vector<Bytes> compute = llamaComputeBytes(shape, types, placement, deviceCount, options);
    for (size_t i = 0; i < deviceCount; ++i)
        devices[i].compute = compute[i];
    if (options.predictionContext)
        addPrediction(devices, shape, types, placement, options);
    devices[hostDevice].output = Bytes{shape.vocabulary} * 4 * options.sequences;
    for (const LlamaDeviceMemory &device : devices)
        if (device.total().overflowed())
            return invalid("bytes", UINT64_MAX, "64 bits");
    return devices;
}

} // namespace plimsoll
