// SPDX-License-Identifier: Apache-2.0
#include "work.h"

#include "efficiency.h"

#include <algorithm>
#include <cmath>

namespace plimsoll {

namespace {

bool lookedUp(GgmlType type)
{
    switch (type) {
    case GgmlType::IQ1_S:
    case GgmlType::IQ1_M:
    case GgmlType::IQ2_XXS:
    case GgmlType::IQ2_XS:
    case GgmlType::IQ2_S:
    case GgmlType::IQ3_XXS:
    case GgmlType::IQ3_S: return true;
    default: return false;
    }
}

/// Share of a tensor's elements that takes part per token, and share that is read in the call.
struct Share
{
    double computed = 1;
    double read = 1;
};

/// Of routed experts. Tokens choose apart from each other: an expert stays untouched with (1 - used)^tokens.
Share shareOfExperts(const FfnSpec &ffn, double tokens)
{
    const double used = ffn.experts > 0 ? static_cast<double>(ffn.expertsUsed) / ffn.experts : 1.0;
    return {used, tokens > 1 ? 1 - std::pow(1 - used, tokens) : used};
}

/// Of every piece. Tables that rows are looked up in have their own.
std::vector<Share> sharesOf(const ModelShape &shape, const Inventory &inventory, double tokens)
{
    std::vector<Share> shares(inventory.pieces.size());
    for (size_t i = 0; i < shares.size(); ++i) {
        if (inventory.pieces[i].kind == PieceKind::Experts)
            shares[i] = shareOfExperts(shape.blocks[static_cast<size_t>(inventory.pieces[i].layer)].ffn, tokens);
    }
    return shares;
}

bool isTable(TensorRole role)
{
    return role == TensorRole::TokenEmbedding || role == TensorRole::LayerEmbedding;
}

void addCache(PieceWork &work, const BlockSpec &block, const RunOptions &options, const CallShape &call)
{
    const AttentionSpec &a = block.attention;
    const KvRow row = kvRow(block);
    const double seen = a.window > 0 ? std::min(call.span, static_cast<double>(a.window)) : call.span;
    const auto side = [](GgmlType type, uint64_t elements) { return static_cast<double>(rowBytes(type, elements).value_or(0)); };
    work.cacheBytes = (side(options.kvTypeK, row.k) + side(options.kvTypeV, row.v)) * seen * call.sequences;
    work.stateBytes = 4.0 * static_cast<double>(block.recurrent.stateElements) * call.sequences;
    const double widths = block.mixer == MixerKind::LatentAttention ? 2.0 * a.kvLoraRank + a.ropeDim : a.headDimK + a.headDimV;
    // A state element is multiplied by the decay, by the key, takes up the outer product, and is multiplied by the query.
    work.operations = (2.0 * a.heads * widths * seen + 7.0 * static_cast<double>(block.recurrent.matrixElements())) * call.tokens;
}

double launchesOf(const ModelShape &shape, const Piece &piece)
{
    using namespace efficiency;
    switch (piece.kind) {
    case PieceKind::Embedding:
    case PieceKind::Kv: return 0;
    case PieceKind::Experts: return expertsExtra;
    case PieceKind::Mixer: break;
    default: return half;
    }
    switch (shape.blocks[static_cast<size_t>(piece.layer)].mixer) {
    case MixerKind::LatentAttention: return half + latentExtra;
    case MixerKind::GatedDelta: return half + gatedDeltaExtra;
    case MixerKind::Mamba2: return half + mambaExtra;
    case MixerKind::None: return 0;
    default: return half;
    }
}

} // namespace

std::vector<PieceWork> workOf(const ModelShape &shape, const Inventory &inventory, const RunOptions &options, const CallShape &call)
{
    std::vector<PieceWork> work(inventory.pieces.size());
    for (size_t i = 0; i < work.size(); ++i) {
        const Piece &piece = inventory.pieces[i];
        work[i].launches = launchesOf(shape, piece);
        if (piece.kind == PieceKind::Kv)
            addCache(work[i], shape.blocks[static_cast<size_t>(piece.layer)], options, call);
    }
    const auto add = [](PieceWork &to, const StoredTensor &stored, Share share, double tokens) {
        const double bytes = static_cast<double>(stored.bytes.value) * share.read;
        to.bytes += bytes;
        to.codebookBytes += lookedUp(stored.type) ? bytes : 0;
        to.operations += 2.0 * static_cast<double>(stored.elements) * share.computed * tokens;
    };
    const std::vector<Share> shares = sharesOf(shape, inventory, call.tokens);
    const Share rows{0, shape.vocabulary > 0 ? std::min(1.0, call.tokens / shape.vocabulary) : 1.0};
    for (const StoredTensor &stored : inventory.tensors) {
        const bool lookUp = shape.vocabulary > 0 && isTable(stored.role);
        work[stored.piece].stored += static_cast<double>(stored.bytes.value);
        add(work[stored.piece], stored, lookUp ? rows : shares[stored.piece], call.tokens);
        if (shape.tiedOutput && stored.role == TensorRole::TokenEmbedding)
            add(work.back(), stored, {}, call.sequences);
    }
    return work;
}

} // namespace plimsoll
