// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/layout/layouter.h>
#include <plimsoll/speed/speed.h>

#include <optional>
#include <vector>

namespace plimsoll {

/// Finds placements with less predicted time. What moves together is a unit: a mixer with the cache it reads, an FFN, the routed experts
/// of a layer, the output. The embedding stays in RAM: of it one row is read per token.
class Optimizer
{
public:
    /// `capacity[d]`: bytes device d may take, owned and (in RAM) mapped together. All three must outlive it.
    Optimizer(const Layouter &layouter, const SpeedModel &speed, std::vector<Bytes> capacity);

    /// Units that move.
    size_t units() const { return m_units.size(); }

    /// Moves units from RAM to GPUs with room, those that save the most time per byte first, until none saves any.
    Placement improved(Placement placement) const;

    /// The placement with the least time of all that fit, or nothing where none does or all take no known time. Looks at every one
    /// that could be better than `start`; meant for few units.
    std::optional<Placement> best(const std::optional<Placement> &start) const;

    bool fits(const Placement &placement) const;

private:
    struct Unit
    {
        size_t first = 0;    // piece
        size_t count = 1;
    };
    struct Search;

    void assign(Placement &placement, const Unit &unit, DeviceIndex device) const;
    double unitSeconds(const Unit &unit, DeviceIndex device) const;
    /// Owned bytes of a GPU with these pieces; the host's staging buffer for it comes on top elsewhere.
    Bytes owned(DeviceSizer &sizer, DeviceIndex device, const DeviceNeeds &needs, bool rotates, bool output) const;
    std::vector<DeviceSizer> sizers() const;
    void extend(Search &search, size_t unit, double seconds, DeviceIndex at) const;

    const Layouter *m_layouter;
    const SpeedModel *m_speed;
    std::vector<Bytes> m_capacity;
    std::vector<Unit> m_units;
};

} // namespace plimsoll
