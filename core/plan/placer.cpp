// SPDX-License-Identifier: Apache-2.0
#include "placer.h"

#include <algorithm>

namespace plimsoll {

Placer::Placer(const ModelShape &shape, const Layouter &layouter, std::vector<Bytes> capacity, std::vector<DeviceIndex> order)
    : m_shape(&shape), m_layouter(&layouter), m_capacity(std::move(capacity)), m_order(std::move(order))
{
}

Bytes Placer::oneLayer(DeviceIndex device) const
{
    if (m_shape->blocks.empty())
        return m_layouter->ownedBytes(device, m_layouter->needs(device, m_layouter->pieces().size() - 1));
    DeviceNeeds needs = m_layouter->layerNeeds(device, m_shape->layers() - 1, true);
    needs.weights += m_layouter->ropeFactorBytes(device);
    return m_layouter->ownedBytes(device, needs);
}

std::optional<Placement> Placer::place(uint32_t layers, uint32_t withExperts) const
{
    const uint32_t total = m_shape->layers();
    const bool output = layers > total;
    const uint32_t begin = total - std::min(layers, total);
    const size_t outputPiece = m_layouter->pieces().size() - 1;
    Placement placement;
    placement.devices.assign(outputPiece + 1, hostDevice);
    uint32_t next = begin;
    bool outputPlaced = !output;
    for (const DeviceIndex device : m_order) {
        DeviceNeeds held;
        held.weights = m_layouter->ropeFactorBytes(device);
        DeviceSizer sizer(*m_layouter, device);
        const auto fits = [&](const DeviceNeeds &needs) { return sizer.owned(needs) <= m_capacity[device - 1]; };
        for (; next < total; ++next) {
            const bool experts = next >= total - std::min(withExperts, total);
            DeviceNeeds more = held;
            more.add(m_layouter->layerNeeds(device, next, experts));
            if (!fits(more))
                break;
            held = more;
            const size_t first = m_layouter->inventory().index.mixers()[next];
            std::fill_n(placement.devices.begin() + static_cast<std::ptrdiff_t>(first), 3, device);
            if (experts && m_shape->blocks[next].ffn.kind == FfnKind::Experts)
                placement.devices[first + 3] = device;
        }
        if (next == total && !outputPlaced) {
            held.add(m_layouter->needs(device, outputPiece));
            held.weights += m_layouter->tiedOutputBytes(device);
            if (fits(held)) {
                placement.devices[outputPiece] = device;
                outputPlaced = true;
            }
        }
        if (next == total && outputPlaced)
            return placement;
    }
    return next == total && outputPlaced ? std::optional(placement) : std::nullopt;
}

namespace {

/// The largest number from 1 to `most` that `good` accepts, where it accepts all below one it accepts; 0 for none.
template <typename Good>
uint32_t largest(uint32_t most, Good good)
{
    // Most models are asked about where all of them fits.
    if (most == 0 || good(most))
        return most;
    uint32_t low = 0;
    --most;
    while (low < most) {
        const uint32_t middle = low + (most - low + 1) / 2;
        if (good(middle))
            low = middle;
        else
            most = middle - 1;
    }
    return low;
}

/// Keeps the last placement there was.
bool keep(std::optional<Placement> &best, std::optional<Placement> placement)
{
    const bool found = placement.has_value();
    if (found)
        best = std::move(placement);
    return found;
}

} // namespace

std::optional<Placement> Placer::mostLayers() const
{
    std::optional<Placement> best;
    largest(m_shape->layers() + 1, [&](uint32_t n) { return keep(best, place(n, n)); });
    return best;
}

std::optional<Placement> Placer::mostLayersExpertsLast() const
{
    const uint32_t all = m_shape->layers() + 1;
    const uint32_t layers = largest(all, [&](uint32_t n) { return place(n, 0).has_value(); });
    if (layers == 0)
        return std::nullopt;
    std::optional<Placement> best;
    const uint32_t most = std::min(layers, m_shape->layers());
    return largest(most, [&](uint32_t n) { return keep(best, place(layers, n)); }) > 0 ? best : place(layers, 0);
}

} // namespace plimsoll
