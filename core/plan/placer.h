// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan.h"

#include <plimsoll/layout/layouter.h>

#include <optional>

namespace plimsoll {

/// Finds placements that keep every GPU within what it may take, by the layout's own arithmetic. Blocks go to GPUs contiguously, the last
/// of the model first chosen; one GPU is filled before the next is begun, so that as few as possible take part. Routed experts may stay
/// in RAM for the first of these blocks.
class Placer
{
public:
    /// `capacity[g]`: owned bytes that GPU g (DeviceIndex g + 1) may take, overhead included. `order`: GPUs in the order they are filled.
    Placer(const ModelShape &shape, const Layouter &layouter, std::vector<Bytes> capacity, std::vector<DeviceIndex> order);

    /// The last `layers` blocks on GPUs (one more: the output too), of these the last `withExperts` with their routed experts. Nothing
    /// where they do not fit.
    std::optional<Placement> place(uint32_t layers, uint32_t withExperts) const;

    /// The most blocks (counting the output as one) that fit with all their experts.
    std::optional<Placement> mostLayers() const;
    /// The most blocks without routed experts, then with experts for as many as fit.
    std::optional<Placement> mostLayersExpertsLast() const;

    /// Owned bytes of a GPU that holds nothing but the last block.
    Bytes oneLayer(DeviceIndex device) const;

private:
    const ModelShape *m_shape;
    const Layouter *m_layouter;
    std::vector<Bytes> m_capacity;
    std::vector<DeviceIndex> m_order;
};

} // namespace plimsoll
