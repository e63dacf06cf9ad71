// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "weights.h"

#include <plimsoll/layout/layout.h>

#include <array>
#include <span>
#include <type_traits>
#include <vector>

namespace plimsoll::engine {

/// One device of a running model: who computes there, and where its memory begins (null where the layout has none).
struct Device
{
    static constexpr size_t segments = 7;

    Backend *backend = nullptr;
    std::array<std::byte *, segments> arenas{};   // owned, by SegmentKind
    Buffers buffers;
    std::span<std::byte> staging;                 // in RAM: what travels through it to another device, and its weights on their way

    std::byte *arena(SegmentKind kind) const { return arenas[static_cast<size_t>(kind)]; }
};

/// Allocates every owned segment of the layout, on the backend of each device (null where nothing was placed).
/// Errors: AllocationFailed.
Result<std::vector<Device>> allocateDevices(const Layout &layout, std::span<Backend *const> backends);

/// The phases of one layer, filled in but for the batch. They lie in the host's arena (BufferId::Phases).
struct LayerPhases
{
    DeviceIndex mixerDevice = hostDevice;
    DeviceIndex ffnDevice = hostDevice;        // dense FFN, router, shared experts
    DeviceIndex expertsDevice = hostDevice;    // routed experts
    MixerInputPhase input;
    AttentionPhase attention;
    RecurrentPhase recurrent;                  // instead of the two above
    ProjectPhase project;
    FfnPhase ffn;                              // dense layers, and dense networks beside experts
    RouterPhase router;                        // layers with experts
    ExpertsPhase experts;                      // routed ones, and the shared ones where both lie on one device
    ExpertsPhase besideExperts;                // on the device of the dense FFN, where the routed ones lie on another: what else there is
    LayerEndPhase end;                         // on the device of the dense FFN
};

static_assert(sizeof(LayerPhases) <= preparedLayerBytes && std::is_trivially_destructible_v<LayerPhases>);

/// A tensor that long prompts bring to a GPU: from where it lies in RAM to its place in a slot there.
struct StreamedTensor
{
    const TensorSpec *spec = nullptr;
    std::span<const std::byte> source;
    std::byte *destination = nullptr;
};

/// The whole model as a list of phases. Refers to the shape and the host's arena, which outlive it.
struct ModelPhases
{
    DeviceIndex embedDevice = hostDevice;
    DeviceIndex outputDevice = hostDevice;
    EmbedPhase embed;
    LayerInputsPhase layerInputs;              // models that have them
    std::span<LayerPhases> layers;
    OutputPhase output;
    Streaming streaming;
    std::span<LayerPhases> streamedLayers;     // as calls long enough for it walk them
    std::vector<std::vector<StreamedTensor>> streamed;   // by layer, what is to be there before its FFN and experts; empty: nothing
};

struct BindInput
{
    const ModelShape &shape;
    const Placement &placement;
    const RunOptions &options;
    const Layout &layout;
    std::span<const Device> devices;
    std::span<const Weights> weights;   // per device
};

/// Binds weights and caches to phases. Errors: TensorMissing, TensorWrongType, TensorWrongShape.
Result<ModelPhases> bindPhases(const BindInput &input);

} // namespace plimsoll::engine
