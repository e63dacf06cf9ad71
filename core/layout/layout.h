// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backend_traits.h"
#include "placement.h"

#include <plimsoll/result/result.h>

#include <span>
#include <vector>

/// The memory layout: where every byte of a running model lies. The planner shows it, the engine allocates from it.
namespace plimsoll {

struct RunOptions
{
    uint32_t context = 4096;             // tokens per sequence
    uint32_t batch = 512;                // most tokens in one forward call
    uint32_t sequences = 1;
    uint32_t outputs = 1;                // most tokens per call whose logits are wanted (>= sequences)
    uint32_t stateSnapshots = 1;         // recurrent models: states per sequence that can be gone back to
    uint32_t threads = 1;
    GgmlType kvTypeK = GgmlType::F16;
    GgmlType kvTypeV = GgmlType::F16;
    bool mapWeights = true;              // false: weights are read into owned memory
};

enum class SegmentKind : uint8_t { Weights, Kv, State, Compute, Output, Staging, Overhead };

/// Mapped: file-backed, the system may drop and reread it. Owned: allocated or pinned. Disk: mapped too, but RAM need not hold it: it is
/// read from the file at every use.
enum class Backing : uint8_t { Mapped, Owned, Disk };

struct Segment
{
    SegmentKind kind = SegmentKind::Weights;
    Backing backing = Backing::Owned;
    Bytes bytes;
    bool estimated = false;   // not computed from what is allocated: driver overhead
};

/// Buffers of the forward pass. The comment gives [rows, columns] of float32 unless said otherwise; T is RunOptions::batch. "Widest" is
/// over the layers the device holds. Latent attention: Query holds the absorbed queries [heads × (kvLoraRank + ropeDim)], Key the
/// compressed rows [kvLoraRank + ropeDim + qLoraRank], Value what is projected up [heads × max(headDimK, headDimV)], AttentionOut
/// [heads × max(kvLoraRank, headDimV)]. Recurrent layers: Query holds what goes through the convolution [convChannels], Key the gate
/// [stateHeads × headDimV] (a short convolution: [convChannels]), Value one or two rates per head (a short convolution: its other gate
/// [convChannels]), AttentionOut the result [as Key].
enum class BufferId : uint8_t {
    Weights,        // owned weights, one buffer per tensor; BufferPlan::layer is the tensor's index in the shape
    KvK,            // per layer [sequences × cells, kvRow.k] of kvTypeK
    KvV,            // per layer [sequences × cells, kvRow.v] of kvTypeV
    State,          // per layer [sequences, stateElements]
    Snapshots,      // per layer [sequences × stateSnapshots, stateElements]
    Hidden,         // [T, embedding]: the residual stream
    Normed,         // [T, embedding]
    Query,          // [T, widest heads × headDimK]
    Key,            // [T, widest kvHeads × headDimK]: before it enters the cache
    Value,          // [T, widest kvHeads × headDimV]
    AttentionOut,   // [T, widest heads × headDimV]
    FfnGate,        // [T, widest FFN width]; routed experts count expertsUsed × expertWidth
    FfnUp,          // the same
    Mixed,          // [T, embedding]: what is about to be added to the residual stream
    RouterLogits,   // [T, experts]
    ExpertChoice,   // [T, expertsUsed] of (int32 index, float32 weight)
    ExpertRows,     // [T × expertsUsed, embedding]: per-expert inputs or outputs
    Quantized,      // [T, widest matrix input] in the backend's activation blocks
    LayerInputs,    // [T, layerInput]; on the device of the embedding [layers, T, layerInput]
    Tokens,         // [T] of 4 × int32: token, position, sequence, wants logits
    History,        // on the host, [sequences, context] of int32: the tokens that the caches hold
    OutputRows,     // [outputs, embedding]
    Logits,         // [outputs, vocabulary]; on the host too where the output is on another device
    Workspace,      // the backend's scratch
    Streamed,       // on the GPU that weights are streamed to, one buffer per tensor; BufferPlan::layer is the tensor's index in the shape.
                    // Layers take one of two places in turns, so that those of every other layer overlap
    StreamedPhases, // on the host where weights are streamed, as Phases: of the layers as long prompts see them
    Staging,        // on the host, for each other device in use (BufferPlan::layer is the device): what travels, weights included. [T,
                    // embedding], or more where choices of experts, layer inputs or BackendTraits::stagingBytes ask for it
    Phases,         // on the host, [layers] of preparedLayerBytes: what the engine prepares of each layer, to be walked at every token
};

/// What a layer prepared takes: addresses and sizes of all that its phases read and write. The engine asserts that it takes no more.
inline constexpr uint64_t preparedLayerBytes = 2560;

/// One buffer inside the owned arena of (device, segment).
struct BufferPlan
{
    BufferId id = BufferId::Weights;
    int32_t layer = -1;
    DeviceIndex device = hostDevice;
    SegmentKind segment = SegmentKind::Compute;
    uint64_t offset = 0;   // from the start of that segment's arena
    uint64_t bytes = 0;
};

struct DeviceLayout
{
    std::vector<Segment> segments;   // at most one per (kind, backing); none of 0 bytes

    Bytes owned() const;
    Bytes mapped() const;
    Bytes disk() const;
    Bytes of(SegmentKind kind) const;
    Bytes of(SegmentKind kind, Backing backing) const;
    /// To the segment of that kind, which need not be there yet.
    void add(SegmentKind kind, Backing backing, Bytes bytes);
};

struct Layout
{
    std::vector<DeviceLayout> devices;   // by DeviceIndex; [0] is the host
    std::vector<BufferPlan> buffers;

    /// Null where the layout has none.
    const BufferPlan *find(BufferId id, DeviceIndex device, int32_t layer = -1) const;
};

/// By tensor of the shape, whether a device needs it.
std::vector<bool> neededTensors(const ModelShape &shape, const Placement &placement, DeviceIndex device);
/// By tensor of the shape, whether the host reads it from disk at every use.
std::vector<bool> tensorsOnDisk(const ModelShape &shape, const Placement &placement);

/// Cells one sequence needs in this layer: the context, or for a window the ring of window + batch, at most the context.
/// Position p lives in cell p mod cells.
uint64_t cellsPerSequence(const BlockSpec &block, const RunOptions &options);

/// `options` as they will run: a batch never exceeds all contexts together, and every sequence may want logits in one call.
RunOptions settled(RunOptions options);

/// Lays the model out. `traits` is per device, as is `overhead` ([0], the host's, is normally 0; a device that holds nothing has
/// none). Formats a backend can't multiply by are laid out all the same: whether it can run is the engine's question.
/// Errors: InvalidArgument (context 0, batch 0, a K or V type whose block does not divide the heads, more than 64 bits of bytes).
Result<Layout> layOut(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const RunOptions &options,
    std::span<const BackendTraits> traits, std::span<const Bytes> overhead);

} // namespace plimsoll
