// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/shape.h>

#include <string>

/// Dimensions of a model as tables print them, and the shape that follows: for tests against logs of models whose files are not
/// here. 0 where a model has no such part.
struct ModelDims
{
    std::string architecture;
    uint32_t layers = 0;
    uint32_t embedding = 0;
    uint32_t vocabulary = 0;
    uint32_t heads = 0;
    uint32_t kvHeads = 0;
    uint32_t headDim = 0;
    uint32_t width = 0;
    bool tied = false;
    uint32_t experts = 0;
    uint32_t expertsUsed = 0;
    uint32_t expertWidth = 0;
    uint32_t sharedWidth = 0;
    uint32_t denseLayers = 0;
    uint32_t queryRank = 0;        // latent attention
    uint32_t latentRank = 0;
    uint32_t ropeDim = 0;
    uint32_t nopeDim = 0;
    uint32_t valueDim = 0;
    bool keepsJointMatrix = false; // files that hold attn_kv_b beside its two parts
    uint32_t window = 0;           // of all layers but every period-th
    uint32_t period = 0;           // every period-th layer attends to everything; the rest has a window or is recurrent
    uint32_t wideHeadDim = 0;      // of those layers where it differs
    uint32_t wideKvHeads = 0;
    uint32_t stateHeads = 0;       // recurrent layers: gated delta net
    uint32_t stateKeyHeads = 0;
    uint32_t stateDim = 0;
    uint32_t convKernel = 0;
    bool gatedAttention = false;
    uint32_t predictionBlocks = 0;
};

namespace dims_detail {

inline void add(plimsoll::ModelShape &shape, plimsoll::TensorRole role, int32_t layer, std::initializer_list<uint64_t> dims)
{
    plimsoll::TensorSpec spec;
    spec.role = role;
    spec.layer = layer;
    spec.dimensions = static_cast<uint32_t>(dims.size());
    std::copy(dims.begin(), dims.end(), spec.dims.begin());
    const bool small = dims.size() < 2 || role == plimsoll::TensorRole::Router || role == plimsoll::TensorRole::SsmConv;
    spec.type = small ? plimsoll::GgmlType::F32 : plimsoll::GgmlType::F16;
    shape.tensors.push_back(spec);
}

inline void latent(plimsoll::ModelShape &shape, plimsoll::BlockSpec &block, int32_t layer, const ModelDims &d)
{
    using enum plimsoll::TensorRole;
    block.mixer = plimsoll::MixerKind::LatentAttention;
    plimsoll::AttentionSpec &a = block.attention;
    a.heads = d.heads;
    a.kvHeads = 1;
    a.headDimK = d.nopeDim + d.ropeDim;
    a.headDimV = d.valueDim;
    a.qLoraRank = d.queryRank;
    a.kvLoraRank = d.latentRank;
    a.ropeDim = d.ropeDim;
    a.nopeDim = d.nopeDim;
    const uint64_t heads = d.heads;
    if (d.queryRank) {
        add(shape, AttnQA, layer, {d.embedding, d.queryRank});
        add(shape, AttnQANorm, layer, {d.queryRank});
        add(shape, AttnQB, layer, {d.queryRank, heads * a.headDimK});
    } else {
        add(shape, AttnQ, layer, {d.embedding, heads * a.headDimK});
    }
    add(shape, AttnKvA, layer, {d.embedding, uint64_t{d.latentRank} + d.ropeDim});
    add(shape, AttnKvANorm, layer, {d.latentRank});
    if (d.keepsJointMatrix)
        add(shape, AttnKvB, layer, {d.latentRank, heads * (d.nopeDim + d.valueDim)});
    add(shape, AttnKB, layer, {d.nopeDim, d.latentRank, heads});
    add(shape, AttnVB, layer, {d.latentRank, d.valueDim, heads});
    add(shape, AttnOutput, layer, {heads * d.valueDim, d.embedding});
}

inline void attention(plimsoll::ModelShape &shape, plimsoll::BlockSpec &block, int32_t layer, const ModelDims &d, bool wide)
{
    using enum plimsoll::TensorRole;
    plimsoll::AttentionSpec &a = block.attention;
    a.heads = d.heads;
    a.kvHeads = wide && d.wideKvHeads ? d.wideKvHeads : d.kvHeads;
    a.headDimK = a.headDimV = wide && d.wideHeadDim ? d.wideHeadDim : d.headDim;
    a.window = wide ? 0 : d.window;
    a.gated = d.gatedAttention;
    const uint64_t q = uint64_t{a.heads} * a.headDimK;
    const uint64_t kv = uint64_t{a.kvHeads} * a.headDimK;
    add(shape, AttnQ, layer, {d.embedding, q * (a.gated ? 2 : 1)});
    add(shape, AttnK, layer, {d.embedding, kv});
    if (!(wide && d.wideHeadDim))   // there, keys serve as values
        add(shape, AttnV, layer, {d.embedding, kv});
    add(shape, AttnOutput, layer, {q, d.embedding});
}

inline void recurrence(plimsoll::ModelShape &shape, plimsoll::BlockSpec &block, int32_t layer, const ModelDims &d)
{
    using enum plimsoll::TensorRole;
    block.mixer = plimsoll::MixerKind::GatedDelta;
    plimsoll::RecurrentSpec &r = block.recurrent;
    r.stateHeads = d.stateHeads;
    r.keyHeads = d.stateKeyHeads;
    r.headDimK = r.headDimV = d.stateDim;
    r.convKernel = d.convKernel;
    r.convChannels = (2 * d.stateKeyHeads + d.stateHeads) * d.stateDim;
    r.stateElements = uint64_t{d.stateHeads} * d.stateDim * d.stateDim + uint64_t{d.convKernel - 1} * r.convChannels;
    const uint64_t inner = uint64_t{d.stateHeads} * d.stateDim;
    add(shape, AttnQkv, layer, {d.embedding, r.convChannels});
    add(shape, AttnGate, layer, {d.embedding, inner});
    add(shape, SsmConv, layer, {d.convKernel, r.convChannels});
    add(shape, SsmBetaAlpha, layer, {d.embedding, 2 * uint64_t{d.stateHeads}});
    add(shape, SsmOut, layer, {inner, d.embedding});
}

inline void ffn(plimsoll::ModelShape &shape, plimsoll::BlockSpec &block, int32_t layer, const ModelDims &d)
{
    using enum plimsoll::TensorRole;
    if (d.experts == 0 || static_cast<uint32_t>(layer) < d.denseLayers) {
        block.ffn.width = d.width;
        add(shape, FfnGate, layer, {d.embedding, d.width});
        add(shape, FfnUp, layer, {d.embedding, d.width});
        add(shape, FfnDown, layer, {d.width, d.embedding});
        return;
    }
    block.ffn.kind = plimsoll::FfnKind::Experts;
    block.ffn.experts = d.experts;
    block.ffn.expertsUsed = d.expertsUsed;
    block.ffn.expertWidth = d.expertWidth;
    block.ffn.sharedWidth = d.sharedWidth;
    add(shape, Router, layer, {d.embedding, d.experts});
    add(shape, ExpertGate, layer, {d.embedding, d.expertWidth, d.experts});
    add(shape, ExpertUp, layer, {d.embedding, d.expertWidth, d.experts});
    add(shape, ExpertDown, layer, {d.expertWidth, d.embedding, d.experts});
    if (d.sharedWidth) {
        add(shape, SharedGate, layer, {d.embedding, d.sharedWidth});
        add(shape, SharedUp, layer, {d.embedding, d.sharedWidth});
        add(shape, SharedDown, layer, {d.sharedWidth, d.embedding});
    }
}

} // namespace dims_detail

inline plimsoll::ModelShape shapeOfDims(const ModelDims &d)
{
    using enum plimsoll::TensorRole;
    using namespace dims_detail;
    plimsoll::ModelShape shape;
    shape.architecture = d.architecture;
    shape.embedding = d.embedding;
    shape.vocabulary = d.vocabulary;
    shape.tiedOutput = d.tied;
    shape.predictionBlocks = d.predictionBlocks;
    add(shape, TokenEmbedding, -1, {d.embedding, d.vocabulary});
    add(shape, OutputNorm, -1, {d.embedding});
    if (!d.tied)
        add(shape, Output, -1, {d.embedding, d.vocabulary});
    for (uint32_t i = 0; i < d.layers; ++i) {
        const auto layer = static_cast<int32_t>(i);
        const bool wide = d.period == 0 || (i + 1) % d.period == 0;
        plimsoll::BlockSpec block;
        add(shape, AttnNorm, layer, {d.embedding});
        if (d.latentRank)
            latent(shape, block, layer, d);
        else if (!wide && d.stateHeads)
            recurrence(shape, block, layer, d);
        else
            attention(shape, block, layer, d, wide);
        add(shape, FfnNorm, layer, {d.embedding});
        ffn(shape, block, layer, d);
        shape.blocks.push_back(block);
    }
    return shape;
}
