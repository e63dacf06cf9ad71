// SPDX-License-Identifier: Apache-2.0
#include "layouter.h"

#include <algorithm>
#include <utility>

namespace plimsoll {

namespace {

/// Bytes an owned tensor takes in its arena.
Bytes ownedBytesOf(Bytes tensor, const BackendTraits &traits)
{
    return {roundUp((tensor + Bytes{traits.weightRowPadding}).value, traits.bufferAlignment)};
}

Error invalid(const char *option, std::string value, const char *accepted)
{
    return {ErrorCode::InvalidArgument, {option, std::move(value), accepted}};
}

/// Each head is read alone, and of a latent row its first part as values: no block may reach over their ends.
Status checkCacheTypes(const BlockSpec &block, const RunOptions &options)
{
    const AttentionSpec &attention = block.attention;
    const bool latent = block.mixer == MixerKind::LatentAttention;
    const auto divides = [](const char *option, GgmlType type, uint32_t elements) -> Status {
        if (rowBytes(type, elements))
            return {};
        const std::string accepted = "a type whose block divides " + std::to_string(elements) + " elements";
        return Error{ErrorCode::InvalidArgument, {option, std::string(name(type)), accepted}};
    };
    const KvRow row = kvRow(block);
    if (row.k == 0)
        return {};
    Status status = divides("kv-type-k", options.kvTypeK, latent ? static_cast<uint32_t>(row.k) : attention.headDimK);
    if (status && latent)
        return divides("kv-type-k", options.kvTypeK, attention.kvLoraRank);
    return status ? divides("kv-type-v", options.kvTypeV, attention.headDimV) : status;
}

/// Appends buffers to the arena of one (device, segment) and at last the segment itself.
class ArenaWriter
{
public:
    ArenaWriter(Layout &layout, DeviceIndex device, SegmentKind kind, const BackendTraits &traits)
        : m_layout(layout), m_device(device), m_kind(kind), m_traits(traits)
    {
    }

    void add(BufferId id, int32_t layer, Bytes bytes)
    {
        if (bytes.value == 0)
            return;
        m_layout.buffers.push_back({id, layer, m_device, m_kind, m_end.value, bytes.value});
        m_end += Bytes{roundUp(bytes.value, m_traits.bufferAlignment)};
    }

    void finish()
    {
        if (m_end.value > 0)
            m_layout.devices[m_device].segments.push_back(
                {m_kind, Backing::Owned, Bytes{roundUp(m_end.value, m_traits.arenaAlignment)}, false});
    }

private:
    Layout &m_layout;
    DeviceIndex m_device;
    SegmentKind m_kind;
    const BackendTraits &m_traits;
    Bytes m_end;
};

} // namespace

Status Layouter::checkOptions() const
{
    const RunOptions &o = m_options;
    if (o.context == 0)
        return invalid("context", "0", "1 or more");
    if (o.batch == 0)
        return invalid("batch", "0", "1 or more");
    if (o.sequences == 0)
        return invalid("sequences", "0", "1 or more");
    for (const BlockSpec &block : m_shape->blocks) {
        if (const Status checked = checkCacheTypes(block, o); !checked)
            return checked;
    }
    return {};
}

Status Layouter::checkTensors() const
{
    const auto &tensors = m_inventory.tensors;
    const auto tooLong = std::find_if(tensors.begin(), tensors.end(), [](const StoredTensor &t) { return t.bytes.overflowed(); });
    if (tooLong == tensors.end())
        return {};
    const TensorSpec &tensor = m_shape->tensors[static_cast<size_t>(tooLong - tensors.begin())];
    return Error{ErrorCode::ModelInvalid, {tensorName(tensor), std::to_string(tensor.dims[0])}};
}

void Layouter::sizePieces()
{
    const std::vector<BlockSpec> &blocks = m_shape->blocks;
    m_widthOf.reserve(pieces().size());
    m_caches.reserve(blocks.size());
    bool repeats = false;   // the layer is as the one before, like most
    for (const Piece &piece : pieces()) {
        const auto layer = static_cast<size_t>(std::max(piece.layer, 0));
        if (piece.kind == PieceKind::Mixer || piece.kind == PieceKind::Output)
            repeats = piece.kind == PieceKind::Mixer && layer > 0 && blocks[layer] == blocks[layer - 1];
        if (repeats)
            m_widthOf.push_back(m_widthOf[m_widthOf.size() - (m_inventory.index.mixers()[layer] - m_inventory.index.mixers()[layer - 1])]);
        else
            m_widthOf.push_back(m_widths.add(widthsOf(*m_shape, piece, m_options)));
        if (piece.kind == PieceKind::Kv)
            m_caches.push_back(repeats ? m_caches.back() : cacheBytes(blocks[layer], m_options));
    }
}

Layouter::NeedsTable Layouter::tableFor(const BackendTraits &traits) const
{
    NeedsTable table;
    table.pieces.resize(pieces().size());
    for (size_t i = 0; i < pieces().size(); ++i)
        table.pieces[i].widths = m_widthOf[i];
    const auto padded = [&](Bytes bytes) { return Bytes{roundUp(bytes.value, traits.bufferAlignment)}; };
    for (size_t layer = 0; layer < m_caches.size(); ++layer) {
        const CacheBytes &cache = m_caches[layer];
        DeviceNeeds &kv = table.pieces[m_inventory.index.mixers()[layer] + 1];
        kv.kv = padded(cache.k) + padded(cache.v);
        kv.state = padded(cache.state) + padded(cache.snapshots);
    }
    for (const StoredTensor &stored : m_inventory.tensors) {
        const Bytes owned = ownedBytesOf(stored.bytes, traits);
        const auto addTo = [&](DeviceNeeds &needs) {
            needs.mapped += stored.bytes;
            needs.weights += owned;
        };
        addTo(table.pieces[stored.piece]);
        if (isRopeFactors(stored.role))
            addTo(table.ropeFactors);
        if (m_shape->tiedOutput && stored.role == TensorRole::TokenEmbedding)
            addTo(table.tiedOutput);
    }
    table.layersWithoutExperts.reserve(m_caches.size());
    for (const size_t first : m_inventory.index.mixers()) {
        DeviceNeeds layer = table.pieces[first];
        layer.add(table.pieces[first + 1]);
        layer.add(table.pieces[first + 2]);
        table.layersWithoutExperts.push_back(layer);
    }
    table.layers = table.layersWithoutExperts;
    for (size_t i = 0; i < pieces().size(); ++i) {
        if (pieces()[i].kind == PieceKind::Experts)
            table.layers[static_cast<size_t>(pieces()[i].layer)].add(table.pieces[i]);
    }
    return table;
}

Result<Layouter> Layouter::make(const ModelShape &shape, const WeightTypes &types, const RunOptions &options,
    std::span<const BackendTraits> traits, std::span<const Bytes> overhead)
{
    Layouter layouter(shape, types, options);
    if (types.size() != shape.tensors.size() || traits.empty() || overhead.size() != traits.size())
        return invalid("types", std::to_string(types.size()), "one per tensor; traits and overhead one per device");
    layouter.m_traits.assign(traits.begin(), traits.end());
    layouter.m_overhead.assign(overhead.begin(), overhead.end());
    if (const Status checked = layouter.checkOptions(); !checked)
        return checked.error();
    if (const Status checked = layouter.checkTensors(); !checked)
        return checked.error();
    layouter.sizePieces();
    for (size_t device = 0; device < traits.size(); ++device) {
        const auto same = std::find(traits.begin(), traits.begin() + static_cast<std::ptrdiff_t>(device), traits[device]);
        if (same != traits.begin() + static_cast<std::ptrdiff_t>(device)) {
            layouter.m_tableOf.push_back(layouter.m_tableOf[static_cast<size_t>(same - traits.begin())]);
            continue;
        }
        layouter.m_tableOf.push_back(layouter.m_tables.size());
        layouter.m_tables.push_back(layouter.tableFor(traits[device]));
    }
    DeviceNeeds all;
    for (const DeviceNeeds &piece : layouter.m_tables.front().pieces)
        all.add(piece);
    if (layouter.ownedBytes(hostDevice, all).overflowed())
        return invalid("context", std::to_string(options.context), "less memory than 64 bits can count");
    return layouter;
}

bool Layouter::mapsWeights(DeviceIndex device) const
{
    return device == hostDevice && m_options.mapWeights && m_traits[device].mapsWeights;
}

Bytes Layouter::arenaBytes(DeviceIndex device, const DeviceNeeds &together) const
{
    const auto arena = [&](Bytes bytes) { return Bytes{roundUp(bytes.value, m_traits[device].arenaAlignment)}; };
    return arena(together.weights) + arena(together.kv) + arena(together.state) + arena(together.staging);
}

Bytes Layouter::bufferBytes(DeviceIndex device, WidthSet widths) const
{
    const BackendTraits &traits = m_traits[device];
    Bytes compute;
    Bytes output;
    for (const BufferSize &size : computeBuffers(m_widths.widest(widths), m_options, traits, device == hostDevice, m_shape->layers())) {
        const Bytes padded{roundUp(size.bytes.value, traits.bufferAlignment)};
        (size.segment == SegmentKind::Output ? output : compute) += padded;
    }
    return Bytes{roundUp(compute.value, traits.arenaAlignment)} + Bytes{roundUp(output.value, traits.arenaAlignment)}
        + m_overhead[device];
}

Bytes Layouter::ownedBytes(DeviceIndex device, const DeviceNeeds &together) const
{
    return arenaBytes(device, together) + bufferBytes(device, together.widths);
}

void Layouter::addWeights(Layout &layout, const Placement &placement, const std::vector<Load> &loads) const
{
    for (DeviceIndex device = 0; device < devices(); ++device) {
        const Load &load = loads[device];
        layout.devices[device].add(SegmentKind::Weights, Backing::Disk, load.disk);
        if (mapsWeights(device)) {
            if (load.needs.mapped.value > 0)
                layout.devices[device].segments.push_back({SegmentKind::Weights, Backing::Mapped, load.needs.mapped, false});
            continue;
        }
        if (!load.used)
            continue;
        ArenaWriter arena(layout, device, SegmentKind::Weights, m_traits[device]);
        const DeviceTensors here(*m_shape, m_inventory.index, placement, device);
        for (size_t i = 0; i < m_inventory.tensors.size(); ++i) {
            const StoredTensor &stored = m_inventory.tensors[i];
            if (here.contain(stored.piece, stored.role) && !(device == hostDevice && placement.onDisk(stored.piece)))
                arena.add(BufferId::Weights, static_cast<int32_t>(i), stored.bytes + Bytes{m_traits[device].weightRowPadding});
        }
        arena.finish();
    }
}

void Layouter::addCaches(Layout &layout, const Placement &placement) const
{
    for (DeviceIndex device = 0; device < devices(); ++device) {
        ArenaWriter kv(layout, device, SegmentKind::Kv, m_traits[device]);
        ArenaWriter state(layout, device, SegmentKind::State, m_traits[device]);
        for (size_t i = 0; i < m_caches.size(); ++i) {
            if (placement.devices[m_inventory.index.mixers()[i] + 1] != device)
                continue;
            const auto layer = static_cast<int32_t>(i);
            kv.add(BufferId::KvK, layer, m_caches[i].k);
            kv.add(BufferId::KvV, layer, m_caches[i].v);
            state.add(BufferId::State, layer, m_caches[i].state);
            state.add(BufferId::Snapshots, layer, m_caches[i].snapshots);
        }
        kv.finish();
        state.finish();
    }
}

void Layouter::addCompute(Layout &layout, const Placement &placement, const std::vector<Load> &loads) const
{
    for (DeviceIndex device = 0; device < devices(); ++device) {
        if (!loads[device].used && device != hostDevice)
            continue;
        const Widths widths = m_widths.widest(loads[device].needs.widths);
        ArenaWriter compute(layout, device, SegmentKind::Compute, m_traits[device]);
        ArenaWriter output(layout, device, SegmentKind::Output, m_traits[device]);
        for (const BufferSize &size : computeBuffers(widths, m_options, m_traits[device], device == hostDevice, m_shape->layers()))
            (size.segment == SegmentKind::Output ? output : compute).add(size.id, -1, size.bytes);
        if (device == hostDevice)
            output.add(BufferId::Logits, -1, hostLogits(placement));
        compute.finish();
        output.finish();
        if (m_overhead[device].value > 0)
            layout.devices[device].segments.push_back({SegmentKind::Overhead, Backing::Owned, m_overhead[device], true});
    }
}

/// In RAM for a GPU in use.
Bytes Layouter::stagingBytes(DeviceIndex device) const
{
    uint64_t widest = std::max(m_shape->embedding, m_shape->layerInput);
    for (const BlockSpec &block : m_shape->blocks)
        widest = std::max<uint64_t>(widest, 2 * uint64_t{block.ffn.expertsUsed});
    return std::max(Bytes{4} * m_options.batch * widest, Bytes{m_traits[device].stagingBytes});
}

Bytes Layouter::streamedPhases(const Placement &placement) const
{
    return placement.streaming ? Bytes{preparedLayerBytes} * m_shape->layers() : Bytes{};
}

void Layouter::addStaging(Layout &layout, const Placement &placement, const std::vector<Load> &loads) const
{
    ArenaWriter staging(layout, hostDevice, SegmentKind::Staging, m_traits[hostDevice]);
    for (DeviceIndex device = 1; device < devices(); ++device) {
        if (loads[device].used)
            staging.add(BufferId::Staging, static_cast<int32_t>(device), stagingBytes(device));
    }
    staging.add(BufferId::StreamedPhases, -1, streamedPhases(placement));
    staging.finish();
}

/// Layers whose weights are streamed take the slots in turns; each slot is as large as the largest of them needs it.
Layouter::Slots Layouter::slotsOf(const Placement &placement) const
{
    Slots slots;
    slots.places.resize(pieces().size());
    uint32_t slot = 1;
    int32_t layer = -1;
    Bytes end;
    for (size_t i = 0; i < pieces().size(); ++i) {
        const Bytes weights = needs(placement.streaming.device, i).weights;
        if (!placement.streams(i, pieces()[i].kind) || weights.value == 0)
            continue;
        if (pieces()[i].layer != layer) {
            layer = pieces()[i].layer;
            slot ^= 1;
            end = {};
        }
        slots.places[i] = {slot, end};
        end += weights;
        slots.bytes[slot] = std::max(slots.bytes[slot], end);
    }
    return slots;
}

void Layouter::addSlots(Layout &layout, const Placement &placement) const
{
    if (!placement.streaming)
        return;
    const DeviceIndex device = placement.streaming.device;
    Slots slots = slotsOf(placement);
    for (size_t i = 0; i < m_inventory.tensors.size(); ++i) {
        const StoredTensor &stored = m_inventory.tensors[i];
        std::optional<Slots::Place> &place = slots.places[stored.piece];
        if (!place || stored.bytes.value == 0)
            continue;
        const Bytes begin = (place->slot == 1 ? slots.bytes[0] : Bytes{}) + place->offset;
        layout.buffers.push_back(
            {BufferId::Streamed, static_cast<int32_t>(i), device, SegmentKind::Staging, begin.value, stored.bytes.value});
        place->offset += ownedBytesOf(stored.bytes, m_traits[device]);
    }
    const Bytes both = slots.bytes[0] + slots.bytes[1];
    layout.devices[device].add(SegmentKind::Staging, Backing::Owned, Bytes{roundUp(both.value, m_traits[device].arenaAlignment)});
}

std::vector<Layouter::Load> Layouter::loads(const Placement &placement) const
{
    std::vector<Load> loads(devices());
    for (size_t i = 0; i < placement.devices.size(); ++i) {
        Load &load = loads[placement.devices[i]];
        if (placement.onDisk(i)) {
            DeviceNeeds beside = needs(hostDevice, i);
            load.disk += std::exchange(beside.mapped, {});
            beside.weights = {};
            load.needs.add(beside);
        } else {
            load.needs.add(needs(placement.devices[i], i));
        }
        load.used = true;
        load.rotates = load.rotates || pieces()[i].kind == PieceKind::Mixer;
    }
    if (placement.streaming) {
        DeviceNeeds &there = loads[placement.streaming.device].needs;
        const Slots slots = slotsOf(placement);
        there.staging = slots.bytes[0] + slots.bytes[1];
        for (size_t i = 0; i < slots.places.size(); ++i)
            there.widths |= slots.places[i] ? needs(placement.streaming.device, i).widths : 0;
    }
    for (DeviceIndex device = 0; device < devices(); ++device) {
        if (device == placement.devices.front())
            continue;
        Load &load = loads[device];
        const NeedsTable &table = m_tables[m_tableOf[device]];
        if (load.rotates)
            load.needs.add(table.ropeFactors);
        if (device == placement.devices.back())
            load.needs.add(table.tiedOutput);
    }
    return loads;
}

/// Logits that a GPU computes are read on the host.
Bytes Layouter::hostLogits(const Placement &placement) const
{
    return placement.devices.back() == hostDevice ? Bytes{} : Bytes{4} * std::max(m_options.outputs, 1u) * m_shape->vocabulary;
}

std::vector<DeviceTotal> Layouter::totals(const Placement &placement) const
{
    const BackendTraits &host = m_traits[hostDevice];
    const auto padded = [&](Bytes bytes) { return Bytes{roundUp(bytes.value, host.bufferAlignment)}; };
    std::vector<DeviceTotal> totals(devices());
    const std::vector<Load> all = loads(placement);
    Bytes staging;
    for (DeviceIndex device = 1; device < devices(); ++device) {
        if (!all[device].used)
            continue;
        totals[device].owned = ownedBytes(device, all[device].needs);
        staging += padded(stagingBytes(device));
    }
    staging += padded(streamedPhases(placement));
    DeviceNeeds onHost = all[hostDevice].needs;
    if (mapsWeights(hostDevice)) {
        totals[hostDevice].mapped = onHost.mapped;
        onHost.weights = Bytes{};
    }
    totals[hostDevice].owned = ownedBytes(hostDevice, onHost) + Bytes{roundUp(staging.value, host.arenaAlignment)}
        + Bytes{roundUp(padded(hostLogits(placement)).value, host.arenaAlignment)};
    return totals;
}

Layout Layouter::layOut(const Placement &placement) const
{
    Layout layout;
    layout.devices.resize(m_traits.size());
    const std::vector<Load> all = loads(placement);
    addWeights(layout, placement, all);
    addCaches(layout, placement);
    addCompute(layout, placement, all);
    addStaging(layout, placement, all);
    addSlots(layout, placement);
    return layout;
}

} // namespace plimsoll
