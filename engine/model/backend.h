// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "batch.h"

#include <plimsoll/layout/layout.h>
#include <plimsoll/model/block_spec.h>
#include <plimsoll/quant/ggml_type.h>
#include <plimsoll/result/result.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

/// What the forward pass asks of a device: phases, each a plain struct of spec, tensors and buffers, so that a backend may fuse
/// what it likes inside one and capture all of them. Pointers in a phase are in the backend's own memory. Nothing here allocates.
/// One thread calls; a backend spreads the work itself.
namespace plimsoll::engine {

/// A weight where the backend can multiply by it. [experts, rows, columns], rows contiguous, absent when data is null.
struct Tensor
{
    const std::byte *data = nullptr;
    GgmlType type = GgmlType::F32;
    uint32_t columns = 0;
    uint32_t rows = 1;
    uint32_t experts = 1;
    uint64_t rowBytes = 0;

    explicit operator bool() const { return data != nullptr; }
    const std::byte *expert(uint32_t e) const { return data + uint64_t{e} * rows * rowBytes; }
};

/// A vector of float32 parameters (norms, biases, factors), absent when null.
using Vector = const float *;

/// The tokens of one forward call, in the backend's memory, and how many. A ragged batch: any mix of sequences, positions ascending
/// within each sequence.
struct TokenRow
{
    int32_t token;
    int32_t position;
    int32_t sequence;
    int32_t output;   // row among the outputs, -1 where no logits are wanted
};

struct Norm
{
    Vector weight = nullptr;   // absent: the input goes on unchanged, unless `plain`
    Vector bias = nullptr;
    NormKind kind = NormKind::Rms;
    float epsilon = 1e-5f;
    bool plain = false;        // normed without weights
};

/// One entry of Buffers::expertChoice.
struct ExpertChoice
{
    int32_t expert;
    float weight;
};

/// The cache of one layer. Cell of (sequence, position): sequence × cells + position mod cells.
struct KvCache
{
    std::byte *k = nullptr;
    std::byte *v = nullptr;
    GgmlType typeK = GgmlType::F16;
    GgmlType typeV = GgmlType::F16;
    uint64_t cells = 0;        // per sequence
    uint64_t rowBytesK = 0;
    uint64_t rowBytesV = 0;
};

/// Buffers of one device, from the layout; see BufferId for shapes. Those a model does not need are null.
struct Buffers
{
    float *hidden = nullptr;
    float *normed = nullptr;
    float *query = nullptr;
    float *key = nullptr;
    float *value = nullptr;
    float *attentionOut = nullptr;
    float *ffnGate = nullptr;
    float *ffnUp = nullptr;
    float *mixed = nullptr;
    float *routerLogits = nullptr;
    std::byte *expertChoice = nullptr;
    float *expertRows = nullptr;
    std::byte *quantized = nullptr;
    float *layerInputs = nullptr;
    TokenRow *tokens = nullptr;
    int32_t *history = nullptr;   // on the host only
    float *outputRows = nullptr;
    float *logits = nullptr;
    std::byte *workspace = nullptr;
    uint64_t workspaceBytes = 0;
};

/// hidden[t] = scale × row(tokens[t].token)
struct EmbedPhase
{
    Tensor table;
    float scale = 1.0f;
    uint32_t count = 0;
};

/// Latent attention's matrices (DeepSeek-V2, arXiv 2405.04434). The keys' projection is absorbed by the queries, the values' one follows
/// attention.
struct LatentTensors
{
    Tensor qA, qB;                // queries through qLoraRank; absent: MixerInputPhase::q
    Norm qANorm;
    Tensor kvA;                   // [kvLoraRank + ropeDim, embedding]
    Norm kvANorm;
    Tensor kB;                    // per head [kvLoraRank, nopeDim]
    Tensor vB;                    // per head [headDimV, kvLoraRank]
    Tensor kvB;                   // both in one, instead: per head [nopeDim + headDimV, kvLoraRank], keys not transposed
};

/// What each layer takes of its own, [layers, count, width]: layerInputs[l][t] = (norm(l-th part of projection · hidden[t]
/// / sqrt(embedding)) + l-th part of row(tokens[t].token) · sqrt(width)) / sqrt(2), with hidden as embed() left it
struct LayerInputsPhase
{
    Tensor table;                 // [vocabulary, layers × width]
    Tensor projection;            // [layers × width, embedding]
    Norm norm;                    // of one layer's part
    uint32_t width = 0;
    uint32_t count = 0;
};

/// hidden = scale · (hidden + norm(projection · (act(gate · hidden) · input))), without the sum where there is no gate
struct LayerEndPhase
{
    Tensor gate;                  // [width, embedding]
    Tensor projection;            // [embedding, width]
    Norm norm;
    Vector scale = nullptr;       // [1]
    Activation activation = Activation::Gelu;
    const float *input = nullptr; // [count, width]
    uint32_t columns = 0;         // embedding
    uint32_t count = 0;

    explicit operator bool() const { return gate || scale; }
};

/// normed = norm(hidden); query, key, value = projections (+ biases); QK norms; RoPE; key and value enter the cache. Latent attention:
/// the normed latent and the rotated key enter it, query = absorbed queries. A layer that reads another's cache has no k and no v.
struct MixerInputPhase
{
    const BlockSpec *block = nullptr;
    Norm norm;
    /// qkv: the three in one matrix; k without v: values are the keys as projected; gated attention: q holds a query and its gate for
    /// each head.
    Tensor q, k, v, qkv;
    LatentTensors latent;
    Vector qBias = nullptr, kBias = nullptr, vBias = nullptr, qkvBias = nullptr;
    Norm qNorm, kNorm, vNorm;     // per head; or over the whole row where the vector is that long
    uint32_t qNormLength = 0, kNormLength = 0;
    bool normsOfEachHead = false; // qNorm and kNorm have weights for every head, one after another
    Vector ropeFactors = nullptr; // [dims/2] divisors of the frequencies
    KvCache cache;
    uint32_t count = 0;
};

/// attentionOut[t] = softmax(scale · query[t] · K over the cells visible to t) · V, [heads × headDimV], times the sigmoid of its gate
/// where there is one
struct AttentionPhase
{
    const BlockSpec *block = nullptr;
    LatentTensors latent;
    Vector sinks = nullptr;       // [heads]
    KvCache cache;
    uint32_t count = 0;
    uint32_t longestSpan = 0;     // most cells any token of the batch sees
    std::span<const TokenRow> tokens;   // what buffers.tokens holds, in RAM, [count]; empty: not known
};

/// The state of one recurrent layer. That of a sequence begins at data + sequence × spec.stateElements; a token at position 0 finds zeros
/// whatever is there.
struct RecurrentState
{
    float *data = nullptr;
    float *snapshots = nullptr;   // snapshot n begins at snapshots + n × spec.stateElements
};

/// attentionOut[t] = what the block's recurrence makes of norm(hidden[t]) and all tokens before it; the state moves on. Which matrices
/// there are depends on the mixer:
/// - GatedDelta: `mixed` (queries, keys, values) and `gate`, or both in `all` (per key head: query, key, values, gates); `writeRate` and
///   `decayRate`, or both in `rates` (per key head: write rates, decay rates).
/// - Mamba2: `all` (gates; values, keys, queries; decay rates).
/// - ShortConv: `all` (gate before, gate behind, values).
struct RecurrentPhase
{
    const BlockSpec *block = nullptr;
    Norm norm;
    Tensor all, mixed, gate, rates, writeRate, decayRate;
    Vector convolution = nullptr;       // [convChannels, convKernel], the oldest input first
    Vector convolutionBias = nullptr;
    Vector decay = nullptr;             // [stateHeads], negative
    Vector decayBias = nullptr;         // [stateHeads]: added to the decay rate
    Vector skip = nullptr;              // [stateHeads]: share of the value that goes past the state
    Norm outNorm;                       // per head, before the gate (GatedDelta); over the values of a key head, behind it (Mamba2)
    RecurrentState state;
    uint32_t count = 0;
};

/// hidden += residualScale × postNorm(weight · attentionOut + bias)
struct ProjectPhase
{
    Tensor weight;
    Vector bias = nullptr;
    Norm postNorm;
    float residualScale = 1.0f;
    uint32_t count = 0;
};

/// hidden += residualScale × postNorm(down(act(gate(n)) · up(n))), n = norm(hidden); in a parallel block n = normed as attention read it.
/// Beside experts: hidden += residualScale × postNorm(mixed + ownNorm(down(…))), where `mixed` is what the experts left.
struct FfnPhase
{
    const BlockSpec *block = nullptr;
    Norm norm;
    Tensor gate, up, down;        // gate absent and the activation gated: gate and up are one matrix, gate first
    Vector gateBias = nullptr, upBias = nullptr, downBias = nullptr;
    Norm postNorm;
    Norm ownNorm;
    bool besideExperts = false;
    uint32_t count = 0;
};

/// normed = norm(hidden); expertChoice[t] = the experts chosen by the logits routerScale × weight · normed, and their weights.
struct RouterPhase
{
    const BlockSpec *block = nullptr;
    Norm norm;
    Norm ownNorm;                 // where there is one, the router reads the hidden row under this norm instead
    Vector expertScale = nullptr; // [experts]: weights are multiplied by it in the end
    Tensor weight;
    Vector bias = nullptr;
    Vector selectionBias = nullptr;
    uint32_t count = 0;
};

/// Which part of an ExpertsPhase is computed. Where the routed experts lie on another device than the rest of their layer, that one has
/// `Routed` alone; the layer's own device has `Shared`, at the same time, and then, with the other's `mixed` in its own, `Join`.
enum class ExpertsPart : uint8_t {
    Whole,
    Routed,   // mixed = Σ weight_e × expert_e(normed)
    Shared,   // shared(normed) and its gate, kept in buffers that Join reads; nothing comes between but the arrival of `mixed`
    Join,     // hidden += postNorm(mixed + what Shared kept)
};

/// hidden += postNorm(Σ weight_e × expert_e(normed) + shared(normed)), summed in this order; either part may be absent. Beside a dense
/// network the result stays in `mixed` instead. What `normed` holds is then of no use to anybody.
struct ExpertsPhase
{
    const BlockSpec *block = nullptr;
    ExpertsPart part = ExpertsPart::Whole;
    uint32_t columns = 0;                      // embedding
    Tensor gate, up, down;                     // [experts, …]; gate absent: joined with up as in FfnPhase
    Vector gateBias = nullptr, upBias = nullptr, downBias = nullptr;
    Tensor sharedGate, sharedUp, sharedDown;
    Tensor sharedRouter;                       // [1, embedding]: the shared expert's own sigmoid gate
    Norm postNorm;
    bool besideDense = false;
    uint32_t count = 0;
};

/// logits[o] = cap(scale × weight · norm(hidden of that token) + bias) for the tokens that want them
struct OutputPhase
{
    Norm norm;
    Tensor weight;
    Vector bias = nullptr;
    float scale = 1.0f;
    float softcap = 0.0f;
    uint32_t count = 0;      // tokens of the batch
    uint32_t outputs = 0;    // of these, how many want logits
};

/// The `kept` largest of the first `choices` logits of each row, in order, of equal ones the lower token first. What is no number counts as
/// −∞, and +∞ as the largest number.
struct CandidatesPhase
{
    uint32_t outputs = 0;
    uint32_t columns = 0;    // of a row: the vocabulary
    uint32_t choices = 0;
    uint32_t kept = 0;       // at most choices

    bool operator==(const CandidatesPhase &) const = default;
};

/// What makes two passes of a model alike but for what stands in Buffers::tokens.
struct PassKind
{
    uint32_t count = 0;         // tokens
    uint32_t outputs = 0;       // of these, how many want logits
    uint32_t longestSpan = 0;   // most cells any token of the batch may see, before windows
    CandidatesPhase candidates; // kept 0: none

    bool operator==(const PassKind &) const = default;
};

/// Memory of a device, as it is now. All 0 for the host, whose system is asked instead.
struct DeviceMemory
{
    Bytes total;
    Bytes free;
    Bytes overhead;   // taken before the first arena: context, modules, libraries; measured when the backend was made
    Bytes taken;      // by this backend: overhead, arenas, recorded passes
    bool overheadIsWhole = false;   // false: without the context, which was there before, or was not to be measured
};

/// What computes on one device. Its memory, and what it pinned, is free again when it is destroyed.
class Backend
{
public:
    virtual ~Backend() = default;

    virtual const BackendTraits &traits() const = 0;
    virtual DeviceMemory memory() const { return {}; }

    /// One owned arena, zeroed, every page present. Errors: AllocationFailed. Lives as long as the backend.
    virtual Result<std::byte *> allocate(SegmentKind segment, Bytes bytes) = 0;
    /// Gets memory in RAM, which outlives the backend, ready to be copied from and to fast, where the system lets it.
    virtual void pin(std::span<std::byte> inRam) { (void)inRam; }
    /// Copies weights or tokens in, logits out; returns when done. On the host a plain copy.
    virtual Status upload(std::byte *destination, std::span<const std::byte> source) = 0;
    virtual Status download(std::span<std::byte> destination, const std::byte *source) = 0;
    /// As upload(), but may return before it is done: until awaitUploads() of the same lane, 0 or 1, or finish(), the source has to stay as
    /// it is. No phase may read the destination before finish(), or phasesAfterUploads().
    virtual Status uploadLater(std::byte *destination, std::span<const std::byte> source, uint32_t lane)
    {
        (void)lane;
        return upload(destination, source);
    }
    virtual Status awaitUploads(uint32_t lane)
    {
        (void)lane;
        return {};
    }
    /// What is uploaded later from now on, of either lane, comes after the phases so far; and phases from now on come after what was
    /// uploaded so far. Neither waits.
    virtual Status uploadsAfterPhases() { return {}; }
    virtual Status phasesAfterUploads() { return {}; }
    /// From one place of its memory to another; the two do not overlap.
    virtual Status copy(std::byte *destination, const std::byte *source, uint64_t bytes) = 0;

    /// From the memory of another backend to its own, after what that was told to do so far, and before what it is told from now on. It may
    /// return before it is done. False where these two cannot, and nothing was done: then through RAM.
    virtual Result<bool> copyFrom(Backend &other, std::byte *destination, const std::byte *source, uint64_t bytes)
    {
        (void)other, (void)destination, (void)source, (void)bytes;
        return false;
    }

    virtual void bind(const Buffers &buffers) = 0;

    /// Once `*abort` is set, the phases of this call may return early and leave anything in the buffers: a long phase of a large batch is
    /// to look at it at least every 50 ms; one that beginPass() repeats is done whole. Null: none.
    virtual void setAbort(const std::atomic<bool> *abort) { (void)abort; }

    /// Phases between beginPass() and endPass() are those of one model, in its order, with nothing else between: since bind() always the
    /// same for a kind of pass. So a backend may record them and repeat them. True: that is what it did; they are not to be called.
    virtual bool beginPass(const PassKind &kind) { return (void)kind, false; }
    /// False: nothing that was called since beginPass() has been done; it is to be called once more, and then endPass().
    virtual bool endPass() { return true; }

    virtual void embed(const EmbedPhase &phase) = 0;
    virtual void layerInputs(const LayerInputsPhase &phase) = 0;
    virtual void mixerInput(const MixerInputPhase &phase) = 0;
    virtual void attention(const AttentionPhase &phase) = 0;
    virtual void recurrent(const RecurrentPhase &phase) = 0;
    virtual void project(const ProjectPhase &phase) = 0;
    virtual void ffn(const FfnPhase &phase) = 0;
    virtual void router(const RouterPhase &phase) = 0;
    virtual void experts(const ExpertsPhase &phase) = 0;
    virtual void layerEnd(const LayerEndPhase &phase) = 0;
    virtual void output(const OutputPhase &phase) = 0;

    /// Whether findCandidates() can; the host reads all logits otherwise.
    virtual bool canFindCandidates(const CandidatesPhase &phase) const { return (void)phase, false; }
    /// Of the logits as output() left them. At candidates(), until the next pass: [outputs, kept + 1]; the last of each row says by its
    /// token, 1 or 0, whether there is any number in the row, of all its columns.
    virtual void findCandidates(const CandidatesPhase &phase) { (void)phase; }
    virtual const TokenCandidate *candidates() const { return nullptr; }

    /// All phases called so far are done; an error of an earlier one comes out here.
    virtual Status finish() = 0;
};

} // namespace plimsoll::engine
