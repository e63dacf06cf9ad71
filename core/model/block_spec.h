// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// What one transformer block computes, as data. The planner sums over it, the engine executes it. A value of 0 means "not there"
/// unless said otherwise. Optional tensors (biases, QK norms, post norms) are not repeated here: they exist where the inventory
/// of the shape lists them.
namespace plimsoll {

enum class NormKind : uint8_t { Rms, Layer };

enum class Activation : uint8_t { Silu, Gelu, SquaredRelu, ClampedSwiglu };

/// Which two elements of a head one rotation turns: neighbours (2i, 2i+1), or the halves (i, i + dims/2). MultiSection: halves, whose
/// pairs are dealt to time, height, width and extra by `sections`; the first three are the position of a text token, the fourth is 0.
enum class RopeLayout : uint8_t { None, Norm, Neox, MultiSection };

enum class RopeScaling : uint8_t { None, Linear, Yarn, LongRope };

struct RopeSpec
{
    RopeLayout layout = RopeLayout::None;
    RopeScaling scaling = RopeScaling::None;
    uint32_t dims = 0;              // rotated elements per head, from its start unless the mixer says otherwise
    float base = 10000.0f;
    float factor = 1.0f;            // context is stretched by this
    uint32_t originalContext = 0;   // of the training before stretching
    float yarnBetaFast = 32.0f;
    float yarnBetaSlow = 1.0f;
    float yarnExtFactor = 0.0f;     // 0 off, 1 on
    float attentionFactor = 1.0f;   // multiplies sine and cosine
    bool factored = true;           // frequencies are divided by the factors of the model, where it has any
    uint32_t sections[4] = {0, 0, 0, 0};
    bool interleaved = false;       // pairs of the first three sections take turns instead of following each other

    bool operator==(const RopeSpec &) const = default;
};

enum class MixerKind : uint8_t {
    Attention,         // multi-head or grouped-query attention
    LatentAttention,   // MLA, absorbed form: the cache holds the compressed latent and the shared rotated key
    GatedDelta,        // gated delta-net linear attention with a short convolution
    Mamba2,            // state-space layer
    ShortConv,         // gated short convolution
    None,
};

struct AttentionSpec
{
    uint32_t heads = 0;
    uint32_t kvHeads = 0;
    uint32_t headDimK = 0;       // queries and keys
    uint32_t headDimV = 0;
    float scale = 0.0f;          // multiplies q·k
    float softcap = 0.0f;        // scores become cap·tanh(score/cap)
    uint32_t window = 0;         // a token sees itself and window-1 before it; 0 sees all
    bool chunked = false;        // instead: a token sees itself and those before it back to the last multiple of the window
    int32_t kvFromLayer = -1;    // reads the cache of that earlier layer and writes none
    bool normAfterRope = false;  // queries and keys are normed after the rotation, not before
    bool plainHeadNorm = false;  // queries and keys are RMS-normed per head, without weights
    /// Queries are multiplied by 1 + temperatureScale · ln(1 + ⌊(position + temperatureOffset) / temperatureLength⌋); scale 0: not.
    float temperatureScale = 0.0f;
    uint32_t temperatureLength = 1;
    uint32_t temperatureOffset = 0;
    bool valueNorm = false;      // values are RMS-normed per head, without weights
    bool gated = false;          // output times sigmoid of a gate that the query projection also yields
    RopeSpec rope;
    // latent attention
    uint32_t qLoraRank = 0;      // 0: queries are projected directly
    uint32_t kvLoraRank = 0;
    uint32_t nopeDim = 0;        // unrotated part of a head
    uint32_t ropeDim = 0;        // rotated part of a head

    bool operator==(const AttentionSpec &) const = default;
};

/// One state matrix per head, written by keys and values and read by queries (Mamba2's B, x and C). Heads share keys and queries in
/// groups, as those of grouped-query attention do.
struct RecurrentSpec
{
    uint32_t stateHeads = 0;
    uint32_t keyHeads = 0;
    uint32_t headDimK = 0;
    uint32_t headDimV = 0;
    uint32_t convKernel = 0;
    uint32_t convChannels = 0;
    bool keysTakeTurns = false;   // head h uses key head h mod keyHeads; otherwise h / (stateHeads / keyHeads)
    /// Elements of the fixed state of one sequence, float32: [stateHeads, headDimK, headDimV] of the recurrence, then the last inputs of
    /// the convolution, [convKernel-1, convChannels].
    uint64_t stateElements = 0;

    uint64_t matrixElements() const { return uint64_t{stateHeads} * headDimK * headDimV; }
    uint32_t keyWidth() const { return keyHeads * headDimK; }
    uint32_t valueWidth() const { return stateHeads * headDimV; }
    uint32_t keyHeadOf(uint32_t head) const { return keysTakeTurns ? head % keyHeads : head / (stateHeads / keyHeads); }

    bool operator==(const RecurrentSpec &) const = default;
};

enum class FfnKind : uint8_t { None, Dense, Experts };

enum class RouterGate : uint8_t { Softmax, Sigmoid, SoftmaxOfSelected };

struct FfnSpec
{
    FfnKind kind = FfnKind::Dense;
    Activation activation = Activation::Silu;
    bool gated = true;                 // down(act(gate(x)) · up(x)); otherwise down(act(up(x)))
    uint32_t width = 0;                // dense; with experts: of a dense network beside them, each with norms of its own
    uint32_t experts = 0;
    uint32_t expertsUsed = 0;
    uint32_t expertWidth = 0;
    uint32_t sharedWidth = 0;          // all shared experts of the layer together
    RouterGate gate = RouterGate::Softmax;
    bool normalizeWeights = false;     // chosen weights are divided by their sum
    float weightScale = 1.0f;          // then multiplied by this
    bool weightedInput = false;        // weights multiply what goes into an expert, not what comes out
    float routerScale = 1.0f;          // logits of the router are multiplied by this
    uint32_t groups = 1;               // experts are chosen from the best groups only
    uint32_t groupsUsed = 1;

    bool operator==(const FfnSpec &) const = default;
};

struct BlockSpec
{
    MixerKind mixer = MixerKind::Attention;
    AttentionSpec attention;
    RecurrentSpec recurrent;
    FfnSpec ffn;
    NormKind norm = NormKind::Rms;
    float normEpsilon = 1e-5f;
    float residualScale = 1.0f;
    bool parallel = false;             // the FFN reads the normed input of attention and has no norm of its own

    bool operator==(const BlockSpec &) const = default;
};

/// Elements of one token's entry in the cache of this block; keys and values apart.
struct KvRow
{
    uint64_t k = 0;
    uint64_t v = 0;
};

/// Attention: kvHeads × head dimension each. Latent attention: kvLoraRank + ropeDim, keys only. Layers that share another's cache,
/// and those without attention: nothing.
KvRow kvRow(const BlockSpec &block);

/// Whether the block keeps a state of fixed size, and so cannot go back to an earlier token.
inline bool isRecurrent(const BlockSpec &block)
{
    return block.mixer == MixerKind::GatedDelta || block.mixer == MixerKind::Mamba2 || block.mixer == MixerKind::ShortConv;
}

} // namespace plimsoll
