// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "block_spec.h"
#include "hyperparameter_map.h"

#include <plimsoll/quant/ggml_type.h>
#include <plimsoll/result/result.h>
#include <plimsoll/units/bytes.h>

#include <array>
#include <string>
#include <vector>

namespace plimsoll {

/// What a tensor is for. The GGUF name follows from role, layer and suffix (see tensor_names.h), `Other` keeps its own.
enum class TensorRole : uint8_t {
    TokenEmbedding, Output, OutputNorm,
    OutputNormNamedEmbedding,    // the output's norm under a name that speaks of the embedding
    RopeFactors, RopeFactorsLong, RopeFactorsShort,
    AttnNorm, AttnQ, AttnK, AttnV, AttnQkv, AttnOutput, AttnQNorm, AttnKNorm, AttnPostNorm, AttnSinks, AttnGate,
    AttnQA, AttnQANorm, AttnQB, AttnKvA, AttnKvANorm, AttnKvB, AttnKB, AttnVB,
    FfnNorm, FfnNormNamedPost,   // the latter: norm of the FFN's input under the name of attention's post norm
    FfnNormNamedAttn,            // or of attention's own
    FfnGate, FfnUp, FfnDown, FfnPostNorm,
    Router, RouterBias, ExpertGate, ExpertUp, ExpertGateUp, ExpertDown, SharedGate, SharedUp, SharedDown, SharedRouter,
    SsmIn, SsmConv, SsmA, SsmD, SsmDt, SsmNorm, SsmOut, SsmBetaAlpha, SsmBeta, SsmAlpha,
    ShortConv, ShortConvIn, ShortConvOut,
    // Embeddings that each layer takes of its own (Gemma 4), and what stands around dense FFN and experts side by side.
    LayerEmbedding, LayerEmbeddingProj, LayerEmbeddingNorm, LayerInputGate, LayerInputProj, LayerInputNorm, LayerScale,
    RouterScale, ExpertNorm, DensePostNorm, ExpertPostNorm, ExpertDownScale,
    Other,
};

struct TensorSpec
{
    TensorRole role = TensorRole::Other;
    bool bias = false;                          // the additive vector of the role's matrix
    int32_t layer = -1;                         // -1 outside the blocks
    std::array<uint64_t, 4> dims{1, 1, 1, 1};   // dims[0] is the contiguous row length
    uint32_t dimensions = 1;
    GgmlType type = GgmlType::F32;              // as the file has it; from a catalogue: what is never quantized F32, the rest F16
    std::string otherName;                      // only with TensorRole::Other

    uint64_t elements() const { return dims[0] * dims[1] * dims[2] * dims[3]; }
    /// Bytes at `asType`; overflow() where the block does not divide the row.
    Bytes bytes(GgmlType asType) const
    {
        const auto row = rowBytes(asType, dims[0]);
        return row ? Bytes{*row} * dims[1] * dims[2] * dims[3] : Bytes::overflow();
    }
};

/// A model as the planner and the engine see it: no weights, only what they are. Immutable once built.
struct ModelShape
{
    std::string architecture;         // general.architecture: "llama"
    std::string name;                 // for people: "Llama 3.2 1B"
    HyperparameterMap hyperparameters;   // what the blocks were read from, to be written again; empty for an architecture not listed
    uint32_t embedding = 0;           // width of the residual stream
    uint32_t vocabulary = 0;
    uint32_t contextTrained = 0;
    float embeddingScale = 1.0f;
    uint32_t layerInput = 0;          // width of the embedding that each layer takes of its own
    float logitScale = 1.0f;
    float logitSoftcap = 0.0f;
    NormKind outputNorm = NormKind::Rms;
    float outputNormEpsilon = 1e-5f;
    bool tiedOutput = false;          // output multiplies by the token embedding; no Output tensor exists
    bool kvKnown = true;              // false for an architecture not listed: weights are exact, the cache is not known
    std::vector<BlockSpec> blocks;    // one per layer that is run (prediction blocks excluded)
    uint32_t predictionBlocks = 0;    // multi-token-prediction blocks behind them, neither loaded nor run
    std::vector<TensorSpec> tensors;  // all that is loaded, in file order or inventory order

    uint32_t layers() const { return static_cast<uint32_t>(blocks.size()); }
    uint64_t parameters() const;
    /// Parameters read for one token: all but the experts that are not chosen.
    uint64_t activeParameters() const;
    /// Null where the shape has none.
    const TensorSpec *find(TensorRole role, int32_t layer = -1, bool bias = false) const;
};

/// "blk.3.attn_q.weight".
std::string tensorName(const TensorSpec &tensor);

/// One type per tensor of the shape, in its order: as the shape has them, or as a mix would give them.
using WeightTypes = std::vector<GgmlType>;
WeightTypes typesOf(const ModelShape &shape);

/// Sum of all tensors at these types, without padding.
Bytes weightBytes(const ModelShape &shape, const WeightTypes &types);

} // namespace plimsoll
