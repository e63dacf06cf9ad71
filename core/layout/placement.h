// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/shape.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace plimsoll {

/// 0 is the host (RAM); 1, 2, … are Machine::gpus[0], [1], …
using DeviceIndex = uint32_t;
inline constexpr DeviceIndex hostDevice = 0;

/// The parts of a model that can be placed one by one.
enum class PieceKind : uint8_t {
    Embedding,   // token embedding, read by row
    Mixer,       // attention or recurrence with its norms
    Kv,          // its cache or state
    Ffn,         // dense FFN, router and shared experts, with norms
    Experts,     // routed experts
    Output,      // output norm and matrix; a tied matrix off the embedding's device is stored there too
};

struct Piece
{
    PieceKind kind = PieceKind::Embedding;
    int32_t layer = -1;
};

std::string_view name(PieceKind kind);   // "experts"

/// All pieces of the shape in the order of the forward pass: Embedding, per layer Mixer, Kv, Ffn, Experts (where there), Output.
std::vector<Piece> piecesOf(const ModelShape &shape);

/// Where a piece stands in piecesOf(). What belongs to no layer of the shape counts with the embedding.
class PieceIndex
{
public:
    explicit PieceIndex(const ModelShape &shape);
    size_t of(const Piece &piece) const;
    /// By layer; Kv, Ffn and Experts (where there) follow.
    const std::vector<size_t> &mixers() const { return m_mixers; }

private:
    std::vector<size_t> m_mixers;
    size_t m_output = 0;
};

/// Which piece a tensor belongs to.
Piece pieceOf(const TensorSpec &tensor);

/// Divisors of RoPE's frequencies, which every mixer that rotates reads.
inline bool isRopeFactors(TensorRole role)
{
    return role == TensorRole::RopeFactors || role == TensorRole::RopeFactorsLong || role == TensorRole::RopeFactorsShort;
}

/// Prompts long enough have a GPU compute also the FFNs and routed experts that lie in RAM: their weights are copied there layer by layer,
/// into one of two buffers while it computes with the other. Mixers stay where their caches are.
struct Streaming
{
    DeviceIndex device = hostDevice;   // hostDevice: none
    uint32_t fromTokens = 0;           // of one forward call

    explicit operator bool() const { return device != hostDevice; }
};

inline bool canBeStreamed(PieceKind kind)
{
    return kind == PieceKind::Ffn || kind == PieceKind::Experts;
}

/// One device per piece, in the order of piecesOf.
struct Placement
{
    std::vector<DeviceIndex> devices;
    std::vector<bool> disk;   // by piece: weights that RAM need not hold, read from the file at every use; only on the host. Empty: none
    Streaming streaming = {};   // to a GPU that holds a piece

    bool onDisk(size_t piece) const { return !disk.empty() && disk[piece] && devices[piece] == hostDevice; }
    bool streams(size_t piece, PieceKind kind) const { return streaming && devices[piece] == hostDevice && canBeStreamed(kind); }
};

/// Which tensors one device needs under a placement: those of its pieces; away from the embedding also the divisors where it rotates,
/// and the embedding where it multiplies by a tied output.
class DeviceTensors
{
public:
    DeviceTensors(const ModelShape &shape, const PieceIndex &index, const Placement &placement, DeviceIndex device);
    bool contain(size_t piece, TensorRole role) const
    {
        return m_placement->devices[piece] == m_device || (m_rotates && isRopeFactors(role))
            || (m_tiedOutput && role == TensorRole::TokenEmbedding);
    }

private:
    const Placement *m_placement;
    DeviceIndex m_device;
    bool m_rotates = false;
    bool m_tiedOutput = false;
};

/// Everything in RAM.
Placement hostPlacement(const ModelShape &shape);

/// A layer that reads another's cache computes its mixer where that cache lies.
void keepSharedCaches(const ModelShape &shape, Placement &placement);

/// A matrix that is embedding and output in one lies on disk for both, where both are on the host.
void keepTiedOnDisk(const ModelShape &shape, Placement &placement);

/// As long prompts see it: what is streamed lies on the GPU.
Placement withStreamed(const std::vector<Piece> &pieces, Placement placement);

/// With all weights of the host left on disk: RAM holds as many of them as it happens to have room for.
Placement withHostOnDisk(const ModelShape &shape, Placement placement);

/// The last `gpuLayers` blocks (and, when there are more than the model has, the output too) on the GPUs, contiguous, first GPU
/// first, in the proportion of `shares` (one weight per GPU; empty: one GPU); the rest in RAM. `expertsInRam`: routed experts of all
/// layers stay in RAM.
Placement layerPlacement(const ModelShape &shape, uint32_t gpuLayers, const std::vector<double> &shares, bool expertsInRam = false);

} // namespace plimsoll
