// SPDX-License-Identifier: Apache-2.0
#include "streaming.h"

#include <algorithm>

namespace plimsoll {

namespace {

bool hasRoom(const Task &task, const Placement &placement)
{
    const std::vector<DeviceTotal> totals = task.layouter.totals(placement);
    const DeviceIndex device = placement.streaming.device;
    return totals[device].owned <= capacities(task.machine, true)[device - 1]
        && totals[hostDevice].owned + totals[hostDevice].mapped <= task.machine.ram.available;
}

bool leavesWeights(const Task &task, const Placement &placement)
{
    const std::vector<Piece> &pieces = task.layouter.pieces();
    for (size_t i = 0; i < pieces.size(); ++i) {
        if (placement.devices[i] == hostDevice && canBeStreamed(pieces[i].kind) && task.layouter.needs(hostDevice, i).mapped.value > 0)
            return true;
    }
    return false;
}

} // namespace

Streaming chooseStreaming(const Task &task, const Placement &placement)
{
    const std::optional<uint32_t> &asked = task.request.streamFrom;
    if (asked == 0u || task.machine.gpus.empty() || !leavesWeights(task, placement))
        return {};
    const SpeedModel prefill(task.shape, task.layouter.inventory(), task.machine, task.options, SpeedModel::Phase::Prefill,
        prefillCall(task.options, task.options.batch), task.request.runtime);
    for (const DeviceIndex device : asListed(task.machine)) {
        const bool used = std::find(placement.devices.begin(), placement.devices.end(), device) != placement.devices.end();
        if (!used || task.machine.gpus[device - 1].unified)
            continue;
        const std::optional<uint32_t> from = asked ? asked : prefill.streamedFrom(placement, device);
        if (!from || *from > task.options.batch)
            continue;
        Placement streamed = placement;
        streamed.streaming = {device, *from};
        if (hasRoom(task, streamed))
            return streamed.streaming;
    }
    return {};
}

/// No placement needs more than one that leaves all of it in RAM.
Machine withRoomToStream(const Task &task)
{
    Placement all = hostPlacement(task.shape);
    for (size_t i = 0; i < all.devices.size(); ++i)
        all.devices[i] = canBeStreamed(task.layouter.pieces()[i].kind) ? hostDevice : 1;
    const Bytes without = task.layouter.totals(all)[1].owned;
    all.streaming = {1, 1};
    Machine machine = task.machine;
    machine.gpus.front().reserve += task.layouter.totals(all)[1].owned - without;
    return machine;
}

} // namespace plimsoll
