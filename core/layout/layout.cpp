// SPDX-License-Identifier: Apache-2.0
#include "layouter.h"

#include <algorithm>

namespace plimsoll {

namespace {

template <typename Accept>
Bytes sum(const std::vector<Segment> &segments, Accept accept)
{
    Bytes total;
    for (const Segment &segment : segments) {
        if (accept(segment))
            total += segment.bytes;
    }
    return total;
}

} // namespace

Bytes DeviceLayout::owned() const
{
    return sum(segments, [](const Segment &s) { return s.backing == Backing::Owned; });
}

Bytes DeviceLayout::mapped() const
{
    return sum(segments, [](const Segment &s) { return s.backing == Backing::Mapped; });
}

Bytes DeviceLayout::disk() const
{
    return sum(segments, [](const Segment &s) { return s.backing == Backing::Disk; });
}

Bytes DeviceLayout::of(SegmentKind kind) const
{
    return sum(segments, [&](const Segment &s) { return s.kind == kind; });
}

Bytes DeviceLayout::of(SegmentKind kind, Backing backing) const
{
    return sum(segments, [&](const Segment &s) { return s.kind == kind && s.backing == backing; });
}

void DeviceLayout::add(SegmentKind kind, Backing backing, Bytes bytes)
{
    if (bytes.value == 0)
        return;
    for (Segment &segment : segments) {
        if (segment.kind == kind && segment.backing == backing) {
            segment.bytes += bytes;
            return;
        }
    }
    segments.push_back({kind, backing, bytes, false});
}

const BufferPlan *Layout::find(BufferId id, DeviceIndex device, int32_t layer) const
{
    for (const BufferPlan &buffer : buffers) {
        if (buffer.id == id && buffer.device == device && buffer.layer == layer)
            return &buffer;
    }
    return nullptr;
}

std::vector<bool> neededTensors(const ModelShape &shape, const Placement &placement, DeviceIndex device)
{
    const PieceIndex index(shape);
    const DeviceTensors here(shape, index, placement, device);
    std::vector<bool> needed;
    needed.reserve(shape.tensors.size());
    for (const TensorSpec &tensor : shape.tensors)
        needed.push_back(here.contain(index.of(pieceOf(tensor)), tensor.role));
    return needed;
}

std::vector<bool> tensorsOnDisk(const ModelShape &shape, const Placement &placement)
{
    const PieceIndex index(shape);
    std::vector<bool> onDisk;
    onDisk.reserve(shape.tensors.size());
    for (const TensorSpec &tensor : shape.tensors)
        onDisk.push_back(placement.onDisk(index.of(pieceOf(tensor))));
    return onDisk;
}

RunOptions settled(RunOptions options)
{
    const uint64_t cells = uint64_t{options.context} * options.sequences;
    options.batch = static_cast<uint32_t>(std::min<uint64_t>(options.batch, cells));
    options.outputs = std::clamp(options.outputs, std::min(options.sequences, options.batch), options.batch);
    return options;
}

Result<Layout> layOut(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const RunOptions &options,
    std::span<const BackendTraits> traits, std::span<const Bytes> overhead)
{
    const auto layouter = Layouter::make(shape, types, options, traits, overhead);
    if (!layouter.ok())
        return layouter.error();
    const bool complete = placement.devices.size() == layouter->pieces().size()
        && (placement.disk.empty() || placement.disk.size() == placement.devices.size())
        && std::all_of(placement.devices.begin(), placement.devices.end(), [&](DeviceIndex d) { return d < traits.size(); });
    const DeviceIndex streamedTo = placement.streaming.device;
    if (complete && placement.streaming && std::find(placement.devices.begin(), placement.devices.end(), streamedTo) == placement.devices.end())
        return Error{ErrorCode::InvalidArgument, {"placement", std::to_string(streamedTo), "weights streamed to a device that holds a piece"}};
    if (!complete)
        return Error{ErrorCode::InvalidArgument, {"placement", std::to_string(placement.devices.size()), "one device per piece"}};
    return layouter->layOut(placement);
}

} // namespace plimsoll
