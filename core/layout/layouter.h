// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inventory.h"
#include "needs.h"

#include <optional>

namespace plimsoll {

struct DeviceTotal
{
    Bytes owned;
    Bytes mapped;   // without what stays on disk
};

/// Lays one model out many times: what depends on tensors is summed once, so that trying a placement costs only its pieces. The shape
/// must outlive it.
class Layouter
{
public:
    /// Errors as layOut().
    static Result<Layouter> make(const ModelShape &shape, const WeightTypes &types, const RunOptions &options,
        std::span<const BackendTraits> traits, std::span<const Bytes> overhead);

    const Inventory &inventory() const { return m_inventory; }
    const std::vector<Piece> &pieces() const { return m_inventory.pieces; }
    DeviceIndex devices() const { return static_cast<DeviceIndex>(m_traits.size()); }

    /// What a piece needs on a device.
    const DeviceNeeds &needs(DeviceIndex device, size_t piece) const { return m_tables[m_tableOf[device]].pieces[piece]; }
    /// What all of a layer needs there, or all but its routed experts.
    const DeviceNeeds &layerNeeds(DeviceIndex device, uint32_t layer, bool experts) const
    {
        const NeedsTable &table = m_tables[m_tableOf[device]];
        return (experts ? table.layers : table.layersWithoutExperts)[layer];
    }
    /// Beyond its pieces: a device other than the embedding's that rotates stores the divisors, one that multiplies by a tied output the
    /// embedding.
    Bytes ropeFactorBytes(DeviceIndex device) const { return m_tables[m_tableOf[device]].ropeFactors.weights; }
    Bytes tiedOutputBytes(DeviceIndex device) const { return m_tables[m_tableOf[device]].tiedOutput.weights; }

    /// Owned bytes of a GPU that holds these together, arenas and overhead included.
    Bytes ownedBytes(DeviceIndex device, const DeviceNeeds &together) const;
    /// Of these the buffers of the forward pass and the overhead, which follow from the widths alone.
    Bytes bufferBytes(DeviceIndex device, WidthSet widths) const;
    Bytes arenaBytes(DeviceIndex device, const DeviceNeeds &together) const;

    /// Owned and mapped bytes of each device as layOut() would have them, without listing buffers.
    std::vector<DeviceTotal> totals(const Placement &placement) const;

    Layout layOut(const Placement &placement) const;

private:
    /// For one kind of device.
    struct NeedsTable
    {
        std::vector<DeviceNeeds> pieces;
        std::vector<DeviceNeeds> layers;
        std::vector<DeviceNeeds> layersWithoutExperts;
        DeviceNeeds ropeFactors;
        DeviceNeeds tiedOutput;
    };

    /// What a placement brings to one device.
    struct Load
    {
        DeviceNeeds needs;
        Bytes disk;
        bool used = false;
        bool rotates = false;
    };

    /// Where the weights of streamed pieces go.
    struct Slots
    {
        struct Place
        {
            uint32_t slot = 0;
            Bytes offset;   // from its start
        };
        std::array<Bytes, 2> bytes;                 // of each, padded
        std::vector<std::optional<Place>> places;   // by piece
    };

    Layouter(const ModelShape &shape, const WeightTypes &types, const RunOptions &options)
        : m_shape(&shape), m_options(options), m_inventory(inventoryOf(shape, types))
    {
    }

    Status checkOptions() const;
    Status checkTensors() const;
    void sizePieces();
    NeedsTable tableFor(const BackendTraits &traits) const;
    bool mapsWeights(DeviceIndex device) const;
    Slots slotsOf(const Placement &placement) const;
    std::vector<Load> loads(const Placement &placement) const;
    Bytes hostLogits(const Placement &placement) const;
    Bytes stagingBytes(DeviceIndex device) const;
    Bytes streamedPhases(const Placement &placement) const;
    void addWeights(Layout &layout, const Placement &placement, const std::vector<Load> &loads) const;
    void addCaches(Layout &layout, const Placement &placement) const;
    void addCompute(Layout &layout, const Placement &placement, const std::vector<Load> &loads) const;
    void addStaging(Layout &layout, const Placement &placement, const std::vector<Load> &loads) const;
    void addSlots(Layout &layout, const Placement &placement) const;

    const ModelShape *m_shape;
    RunOptions m_options;
    std::vector<BackendTraits> m_traits;
    std::vector<Bytes> m_overhead;
    Inventory m_inventory;
    WidthKinds m_widths;
    std::vector<WidthSet> m_widthOf;         // of each piece
    std::vector<CacheBytes> m_caches;        // of each layer
    std::vector<NeedsTable> m_tables;
    std::vector<size_t> m_tableOf;           // which table a device uses
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
        if (together.widths != m_widths) {
            m_widths = together.widths;
            m_buffers = m_layouter->bufferBytes(m_device, m_widths);
        }
        return m_layouter->arenaBytes(m_device, together) + m_buffers;
    }

private:
    const Layouter *m_layouter;
    DeviceIndex m_device;
    WidthSet m_widths = 0;
    Bytes m_buffers;
};

} // namespace plimsoll
