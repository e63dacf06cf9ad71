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

Share shareOf(const ModelShape &shape, const TensorSpec &tensor, double tokens)
{
    const bool table = tensor.role == TensorRole::TokenEmbedding || tensor.role == TensorRole::LayerEmbedding;
    if (table && shape.vocabulary > 0)
        return {0, std::min(1.0, tokens / shape.vocabulary)};
    if (pieceOf(tensor).kind != PieceKind::Experts)
        return {};
    const FfnSpec &ffn = shape.blocks[static_cast<size_t>(tensor.layer)].ffn;
    const double used = ffn.experts > 0 ? static_cast<double>(ffn.expertsUsed) / ffn.experts : 1.0;
    // Tokens choose apart from each other: an expert stays untouched with (1 - used)^tokens.
    return {used, tokens > 1 ? 1 - std::pow(1 - used, tokens) : used};
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

std::vector<PieceWork> workOf(const ModelShape &shape, const WeightTypes &types, const RunOptions &options, const CallShape &call)
{
    const std::vector<Piece> pieces = piecesOf(shape);
    std::vector<size_t> starts;
    std::vector<PieceWork> work(pieces.size());
    for (size_t i = 0; i < pieces.size(); ++i) {
        work[i].launches = launchesOf(shape, pieces[i]);
        if (pieces[i].kind == PieceKind::Mixer)
            starts.push_back(i);
        if (pieces[i].kind == PieceKind::Kv)
            addCache(work[i], shape.blocks[static_cast<size_t>(pieces[i].layer)], options, call);
    }
    const auto workFor = [&](const Piece &piece) -> PieceWork & {
        if (piece.layer < 0 || static_cast<size_t>(piece.layer) >= starts.size())
            return piece.kind == PieceKind::Output ? work.back() : work.front();
        const size_t start = starts[static_cast<size_t>(piece.layer)];
        return work[start + (piece.kind == PieceKind::Ffn ? 2 : piece.kind == PieceKind::Experts ? 3 : 0)];
    };
    const auto add = [&](PieceWork &to, const TensorSpec &tensor, GgmlType type, Share share, double tokens) {
        const double bytes = static_cast<double>(tensor.bytes(type).value) * share.read;
        to.bytes += bytes;
        to.codebookBytes += lookedUp(type) ? bytes : 0;
        to.operations += 2.0 * static_cast<double>(tensor.elements()) * share.computed * tokens;
    };
    for (size_t i = 0; i < shape.tensors.size(); ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        add(workFor(pieceOf(tensor)), tensor, types[i], shareOf(shape, tensor, call.tokens), call.tokens);
        if (shape.tiedOutput && tensor.role == TensorRole::TokenEmbedding)
            add(work.back(), tensor, types[i], {}, call.sequences);
    }
    return work;
}

} // namespace plimsoll
