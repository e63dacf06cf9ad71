// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "phases.h"

#include <atomic>

namespace plimsoll::engine {

/// Brings the weights of one layer after the other from RAM to a GPU, each into one of two slots, while the GPU computes with what came
/// before. They pass through the staging buffer of that GPU: one half of it is filled by the processor while the other travels.
/// One thread calls, in the order of the layers.
class WeightStream
{
public:
    /// All of them outlive it. `layers` as ModelPhases::streamed.
    WeightStream(std::span<const std::vector<StreamedTensor>> layers, Backend &host, const Device &gpu)
        : m_layers(layers), m_host(&host), m_gpu(gpu.backend), m_half(gpu.staging.size() / 2 / alignment * alignment), m_staging(gpu.staging)
    {
    }

    /// Whether anything of the layer is streamed.
    bool has(size_t layer) const { return !m_layers[layer].empty(); }

    /// A call begins, and nothing of the one before is running any more: sends the first layer. The others return Cancelled once `cancel`
    /// is set. Errors: what a backend reports, naming the tensor.
    Status begin(const std::atomic<bool> *cancel);
    /// What the GPU is told from now on may read the weights of the layer, until leave().
    Status enter();
    /// Nothing that it is told from now on does: sends the next layer, while the GPU still computes.
    Status leave(size_t layer);
    /// Waits until nothing is read from the staging buffer any more.
    Status settle();

private:
    static constexpr uint64_t alignment = 256;   // of what is copied, so that it travels in whole bursts

    size_t next(size_t layer) const;
    Status send(size_t layer);
    Status sendPart(const StreamedTensor &tensor, uint64_t from, uint64_t bytes);

    std::span<const std::vector<StreamedTensor>> m_layers;
    Backend *m_host;
    Backend *m_gpu;
    uint64_t m_half;
    std::span<std::byte> m_staging;
    uint32_t m_lane = 0;    // the half that is being filled
    uint64_t m_filled = 0;  // of it
    const std::atomic<bool> *m_cancel = nullptr;
};

} // namespace plimsoll::engine
