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
    uint32_t threads = 1;
    GgmlType kvTypeK = GgmlType::F16;
    GgmlType kvTypeV = GgmlType::F16;
    bool mapWeights = true;              // false: weights are read into owned memory
};

enum class SegmentKind : uint8_t { Weights, Kv, State, Compute, Output, Staging, Overhead };

/// Mapped: file-backed, the system may drop and reread it. Owned: allocated or pinned.
enum class Backing : uint8_t { Mapped, Owned };

struct Segment
{
    SegmentKind kind = SegmentKind::Weights;
    Backing backing = Backing::Owned;
    Bytes bytes;
    bool estimated = false;   // not computed from what is allocated: driver overhead
};

/// Buffers of the forward pass. The comment gives [rows, columns] of float32 unless said otherwise; T is RunOptions::batch.
enum class BufferId : uint8_t {
    Weights,        // owned weights of a device, all tensors one after another
    KvK,            // per layer [sequences × cells, kvRow.k] of kvTypeK
    KvV,            // per layer [sequences × cells, kvRow.v] of kvTypeV
    State,          // per layer [sequences, stateElements]
    Hidden,         // [T, embedding]: the residual stream
    Normed,         // [T, embedding]
    Query,          // [T, widest heads × headDimK]
    Key,            // [T, widest kvHeads × headDimK]: before it enters the cache
    Value,          // [T, widest kvHeads × headDimV]
    AttentionOut,   // [T, widest heads × headDimV]
    FfnGate,        // [T, widest FFN width]
    FfnUp,          // [T, widest FFN width]
    Mixed,          // [T, embedding]: what is about to be added to the residual stream
    RouterLogits,   // [T, experts]
    ExpertChoice,   // [T, expertsUsed] of (int32 index, float32 weight)
    ExpertRows,     // [T × expertsUsed, embedding]: per-expert inputs or outputs
    Quantized,      // [T, widest matrix input] in the backend's activation blocks
    Tokens,         // [T] of 4 × int32: token, position, sequence, wants logits
    OutputRows,     // [outputs, embedding]
    Logits,         // [outputs, vocabulary]
    Workspace,      // the backend's scratch
};

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
    Bytes of(SegmentKind kind) const;
    Bytes of(SegmentKind kind, Backing backing) const;
};

struct Layout
{
    std::vector<DeviceLayout> devices;   // by DeviceIndex; [0] is the host
    std::vector<BufferPlan> buffers;

    /// Null where the layout has none.
    const BufferPlan *find(BufferId id, DeviceIndex device, int32_t layer = -1) const;
};

/// Cells one sequence needs in this layer: the context, or for a window the ring of window + batch, at most the context.
/// Position p lives in cell p mod cells.
uint64_t cellsPerSequence(const BlockSpec &block, const RunOptions &options);

/// Lays the model out. `traits` is per device, as is `overhead` ([0], the host's, is normally 0).
/// Errors: InvalidArgument (context 0, batch 0, a K or V type whose block does not divide the row), UnsupportedByEngine.
Result<Layout> layOut(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const RunOptions &options,
    std::span<const BackendTraits> traits, std::span<const Bytes> overhead);

} // namespace plimsoll
