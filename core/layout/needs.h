// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout.h"

#include <array>
#include <initializer_list>
#include <vector>

/// What one piece asks of the device that holds it, and what several on one device ask together: weights and caches add up, buffers of
/// the forward pass are shared and so take the widest.
namespace plimsoll {

/// Elements per token of the forward pass' buffers, the widest that any piece on the device needs.
struct Widths
{
    uint64_t hidden = 0;
    uint64_t normed = 0;
    uint64_t query = 0;
    uint64_t key = 0;
    uint64_t value = 0;
    uint64_t attentionOut = 0;
    uint64_t ffn = 0;
    uint64_t mixed = 0;
    uint64_t routerLogits = 0;
    uint64_t choices = 0;
    uint64_t expertRows = 0;
    uint64_t layerInputs = 0;
    uint64_t quantizedInput = 0;    // columns of the widest matrix
    uint64_t quantizedExperts = 0;  // columns of an expert's down matrix, times the experts used
    uint64_t vocabulary = 0;        // of the output, per wanted token
    uint64_t cells = 0;             // longest attention span
    bool works = false;             // any phase but the look-up of embeddings runs here

    void widen(const Widths &other);
    bool operator==(const Widths &) const = default;
};

/// Which of the widths that a model's pieces have (WidthKinds) come together on a device.
using WidthSet = uint64_t;

/// The different widths of a model's pieces: few, since most layers are alike. Beyond the 63rd all others share one, the widest of them.
class WidthKinds
{
public:
    /// The set of this one alone; that of a piece without buffers is empty.
    WidthSet add(const Widths &widths);
    Widths widest(WidthSet set) const;

private:
    std::vector<Widths> m_kinds;
};

struct DeviceNeeds
{
    Bytes mapped;        // tensors where they lie in the file
    Bytes weights;       // the same tensors in an owned arena, padded
    Bytes kv;            // buffers, padded
    Bytes state;         // and its snapshots
    Bytes staging;       // buffers for weights that are streamed, padded
    WidthSet widths = 0;

    void add(const DeviceNeeds &other)
    {
        mapped += other.mapped;
        weights += other.weights;
        kv += other.kv;
        state += other.state;
        staging += other.staging;
        widths |= other.widths;
    }
};

/// Cache or state of one block, unpadded; each may be 0.
struct CacheBytes
{
    Bytes k;
    Bytes v;
    Bytes state;
    Bytes snapshots;
};

CacheBytes cacheBytes(const BlockSpec &block, const RunOptions &options);

/// Buffer sizes of a piece; nothing for its weights.
Widths widthsOf(const ModelShape &shape, const Piece &piece, const RunOptions &options);

struct BufferSize
{
    BufferId id = BufferId::Weights;
    SegmentKind segment = SegmentKind::Compute;
    Bytes bytes;
};

/// Of each kind at most one, and none of 0 bytes; without the heap, since a search for a placement asks thousands of times.
class BufferSizes
{
public:
    BufferSizes(std::initializer_list<BufferSize> sizes)
    {
        for (const BufferSize &size : sizes)
            if (size.bytes.value > 0)
                m_sizes[m_count++] = size;
    }
    const BufferSize *begin() const { return m_sizes.data(); }
    const BufferSize *end() const { return m_sizes.data() + m_count; }

private:
    std::array<BufferSize, static_cast<size_t>(BufferId::Phases) + 1> m_sizes;
    size_t m_count = 0;
};

/// Compute and output buffers of a device, unpadded, in the order of BufferId. `host`: its threads work, and it walks the model's `layers`.
BufferSizes computeBuffers(const Widths &widths, const RunOptions &options, const BackendTraits &traits, bool host, uint32_t layers);

} // namespace plimsoll
