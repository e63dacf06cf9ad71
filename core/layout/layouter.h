// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "needs.h"

namespace plimsoll {

struct DeviceTotal
{
    Bytes owned;
    Bytes mapped;
};

/// Lays one model out many times: what depends on tensors is summed once, so that trying a placement costs only its pieces. The shape
/// must outlive it.
class Layouter
{
public:
    /// Errors as layOut().
    static Result<Layouter> make(const ModelShape &shape, const WeightTypes &types, const RunOptions &options,
        std::span<const BackendTraits> traits, std::span<const Bytes> overhead);

    const std::vector<Piece> &pieces() const { return m_pieces; }
    DeviceIndex devices() const { return static_cast<DeviceIndex>(m_traits.size()); }

    /// What a piece needs on a device.
    const DeviceNeeds &needs(DeviceIndex device, size_t piece) const { return m_needs[m_needsOf[device]][piece]; }
    /// Beyond its pieces: a device other than the embedding's that rotates stores the divisors, one that multiplies by a tied output the
    /// embedding.
    Bytes ropeFactorBytes(DeviceIndex device) const { return m_extras[m_needsOf[device]].ropeFactors; }
    Bytes tiedOutputBytes(DeviceIndex device) const { return m_extras[m_needsOf[device]].tiedOutput; }

    /// Owned bytes of a GPU that holds these together, arenas and overhead included.
    Bytes ownedBytes(DeviceIndex device, const DeviceNeeds &together) const;
    /// Of these the buffers of the forward pass and the overhead, which follow from the widths alone.
    Bytes bufferBytes(DeviceIndex device, const Widths &widths) const;
    Bytes arenaBytes(DeviceIndex device, const DeviceNeeds &together) const;

    /// Owned and mapped bytes of each device as layOut() would have them, without listing buffers.
    std::vector<DeviceTotal> totals(const Placement &placement) const;

    Layout layOut(const Placement &placement) const;

private:
    struct Stored
    {
        size_t piece = 0;
        Bytes bytes;
    };

    struct Extras
    {
        Bytes ropeFactors;
        Bytes tiedOutput;
    };

    Layouter(const ModelShape &shape, const WeightTypes &types, const RunOptions &options)
        : m_shape(&shape), m_types(types), m_options(options)
    {
    }

    Status checkOptions() const;
    Status listTensors();
    void sumTensors(const BackendTraits &traits, std::vector<DeviceNeeds> &needs, Extras &extras) const;
    bool mapsWeights(DeviceIndex device) const;
    DeviceNeeds together(DeviceIndex device, const Placement &placement) const;
    Bytes hostLogits(const Placement &placement) const;
    Bytes stagingBytes(DeviceIndex device) const;
    void addWeights(Layout &layout, const Placement &placement) const;
    void addCaches(Layout &layout, const Placement &placement) const;
    void addCompute(Layout &layout, const Placement &placement) const;
    void addStaging(Layout &layout, const Placement &placement) const;

    const ModelShape *m_shape;
    WeightTypes m_types;
    RunOptions m_options;
    std::vector<BackendTraits> m_traits;
    std::vector<Bytes> m_overhead;
    std::vector<Piece> m_pieces;
    std::vector<Stored> m_tensors;                      // those of the shape, in its order
    std::vector<std::vector<DeviceNeeds>> m_needs;      // one table per kind of device
    std::vector<Extras> m_extras;
    std::vector<size_t> m_needsOf;                      // which table a device uses
};

/// Layouter::ownedBytes() of one device, asked again and again: buffers are sized anew only where the widths change.
class DeviceSizer
{
public:
    DeviceSizer(const Layouter &layouter, DeviceIndex device)
        : m_layouter(&layouter), m_device(device), m_buffers(layouter.bufferBytes(device, m_widths))
    {
    }

    Bytes owned(const DeviceNeeds &together)
    {
        if (!(together.widths == m_widths)) {
            m_widths = together.widths;
            m_buffers = m_layouter->bufferBytes(m_device, m_widths);
        }
        return m_layouter->arenaBytes(m_device, together) + m_buffers;
    }

private:
    const Layouter *m_layouter;
    DeviceIndex m_device;
    Widths m_widths;
    Bytes m_buffers;
};

} // namespace plimsoll
