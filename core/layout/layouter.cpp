// SPDX-License-Identifier: Apache-2.0
#include "layouter.h"

#include <algorithm>

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

Status Layouter::listTensors()
{
    const PieceIndex index(*m_shape);
    m_tensors.reserve(m_shape->tensors.size());
    for (size_t i = 0; i < m_shape->tensors.size(); ++i) {
        const TensorSpec &tensor = m_shape->tensors[i];
        m_tensors.push_back({index.of(pieceOf(tensor)), tensor.bytes(m_types[i])});
        if (m_tensors.back().bytes.overflowed())
            return Error{ErrorCode::ModelInvalid, {tensorName(tensor), std::to_string(tensor.dims[0])}};
    }
    return {};
}

void Layouter::sumTensors(const BackendTraits &traits, std::vector<DeviceNeeds> &needs, Extras &extras) const
{
    needs.resize(m_pieces.size());
    for (size_t i = 0; i < m_pieces.size(); ++i) {
        needs[i].widths = widthsOf(*m_shape, m_pieces[i], m_options);
        if (m_pieces[i].kind != PieceKind::Kv)
            continue;
        const CacheBytes cache = cacheBytes(m_shape->blocks[static_cast<size_t>(m_pieces[i].layer)], m_options);
        const auto padded = [&](Bytes bytes) { return Bytes{roundUp(bytes.value, traits.bufferAlignment)}; };
        needs[i].kv = padded(cache.k) + padded(cache.v);
        needs[i].state = padded(cache.state) + padded(cache.snapshots);
    }
    for (size_t i = 0; i < m_shape->tensors.size(); ++i) {
        const TensorSpec &tensor = m_shape->tensors[i];
        const Bytes owned = ownedBytesOf(m_tensors[i].bytes, traits);
        DeviceNeeds &piece = needs[m_tensors[i].piece];
        piece.mapped += m_tensors[i].bytes;
        piece.weights += owned;
        if (isRopeFactors(tensor.role))
            extras.ropeFactors += owned;
        if (m_shape->tiedOutput && tensor.role == TensorRole::TokenEmbedding)
            extras.tiedOutput += owned;
    }
}

Result<Layouter> Layouter::make(const ModelShape &shape, const WeightTypes &types, const RunOptions &options,
    std::span<const BackendTraits> traits, std::span<const Bytes> overhead)
{
    Layouter layouter(shape, types, options);
    if (types.size() != shape.tensors.size() || traits.empty() || overhead.size() != traits.size())
        return invalid("types", std::to_string(types.size()), "one per tensor; traits and overhead one per device");
    layouter.m_traits.assign(traits.begin(), traits.end());
    layouter.m_overhead.assign(overhead.begin(), overhead.end());
    layouter.m_pieces = piecesOf(shape);
    if (const Status checked = layouter.checkOptions(); !checked)
        return checked.error();
    if (const Status listed = layouter.listTensors(); !listed)
        return listed.error();
    for (size_t device = 0; device < traits.size(); ++device) {
        const auto same = std::find(traits.begin(), traits.begin() + static_cast<std::ptrdiff_t>(device), traits[device]);
        if (same != traits.begin() + static_cast<std::ptrdiff_t>(device)) {
            layouter.m_needsOf.push_back(layouter.m_needsOf[static_cast<size_t>(same - traits.begin())]);
            continue;
        }
        layouter.m_needsOf.push_back(layouter.m_needs.size());
        layouter.m_needs.emplace_back();
        layouter.m_extras.emplace_back();
        layouter.sumTensors(traits[device], layouter.m_needs.back(), layouter.m_extras.back());
    }
    DeviceNeeds all;
    for (const DeviceNeeds &piece : layouter.m_needs.front())
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
    return arena(together.weights) + arena(together.kv) + arena(together.state);
}

Bytes Layouter::bufferBytes(DeviceIndex device, const Widths &widths) const
{
    const BackendTraits &traits = m_traits[device];
    Bytes compute;
    Bytes output;
    for (const BufferSize &size : computeBuffers(widths, m_options, traits, device == hostDevice)) {
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

void Layouter::addWeights(Layout &layout, const Placement &placement) const
{
    for (DeviceIndex device = 0; device < devices(); ++device) {
        Bytes mapped;
        ArenaWriter arena(layout, device, SegmentKind::Weights, m_traits[device]);
        const std::vector<bool> needed = neededTensors(*m_shape, placement, device);
        for (size_t i = 0; i < m_tensors.size(); ++i) {
            if (!needed[i])
                continue;
            const Bytes bytes = m_tensors[i].bytes;
            if (mapsWeights(device))
                mapped += bytes;
            else
                arena.add(BufferId::Weights, static_cast<int32_t>(i), bytes + Bytes{m_traits[device].weightRowPadding});
        }
        if (mapped.value > 0)
            layout.devices[device].segments.push_back({SegmentKind::Weights, Backing::Mapped, mapped, false});
        arena.finish();
    }
}

void Layouter::addCaches(Layout &layout, const Placement &placement) const
{
    for (DeviceIndex device = 0; device < devices(); ++device) {
        ArenaWriter kv(layout, device, SegmentKind::Kv, m_traits[device]);
        ArenaWriter state(layout, device, SegmentKind::State, m_traits[device]);
        for (size_t i = 0; i < m_pieces.size(); ++i) {
            if (m_pieces[i].kind != PieceKind::Kv || placement.devices[i] != device)
                continue;
            const int32_t layer = m_pieces[i].layer;
            const CacheBytes cache = cacheBytes(m_shape->blocks[static_cast<size_t>(layer)], m_options);
            kv.add(BufferId::KvK, layer, cache.k);
            kv.add(BufferId::KvV, layer, cache.v);
            state.add(BufferId::State, layer, cache.state);
            state.add(BufferId::Snapshots, layer, cache.snapshots);
        }
        kv.finish();
        state.finish();
    }
}

void Layouter::addCompute(Layout &layout, const Placement &placement) const
{
    for (DeviceIndex device = 0; device < devices(); ++device) {
        Widths widths;
        bool used = false;
        for (size_t i = 0; i < m_pieces.size(); ++i) {
            if (placement.devices[i] != device)
                continue;
            used = true;
            widths.widen(needs(device, i).widths);
        }
        if (!used && device != hostDevice)
            continue;
        ArenaWriter compute(layout, device, SegmentKind::Compute, m_traits[device]);
        ArenaWriter output(layout, device, SegmentKind::Output, m_traits[device]);
        for (const BufferSize &size : computeBuffers(widths, m_options, m_traits[device], device == hostDevice))
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

void Layouter::addStaging(Layout &layout, const Placement &placement) const
{
    ArenaWriter staging(layout, hostDevice, SegmentKind::Staging, m_traits[hostDevice]);
    for (DeviceIndex device = 1; device < devices(); ++device) {
        if (std::find(placement.devices.begin(), placement.devices.end(), device) != placement.devices.end())
            staging.add(BufferId::Staging, static_cast<int32_t>(device), stagingBytes(device));
    }
    staging.finish();
}

DeviceNeeds Layouter::together(DeviceIndex device, const Placement &placement) const
{
    DeviceNeeds sum;
    bool rotates = false;
    for (size_t i = 0; i < m_pieces.size(); ++i) {
        if (placement.devices[i] != device)
            continue;
        sum.add(needs(device, i));
        rotates = rotates || m_pieces[i].kind == PieceKind::Mixer;
    }
    if (device != placement.devices.front()) {
        sum.weights += rotates ? ropeFactorBytes(device) : Bytes{};
        sum.weights += device == placement.devices.back() ? tiedOutputBytes(device) : Bytes{};
    }
    return sum;
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
    Bytes staging;
    for (DeviceIndex device = 1; device < devices(); ++device) {
        if (std::find(placement.devices.begin(), placement.devices.end(), device) == placement.devices.end())
            continue;
        totals[device].owned = ownedBytes(device, together(device, placement));
        staging += padded(stagingBytes(device));
    }
    DeviceNeeds onHost = together(hostDevice, placement);
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
    addWeights(layout, placement);
    addCaches(layout, placement);
    addCompute(layout, placement);
    addStaging(layout, placement);
    return layout;
}

} // namespace plimsoll
