// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/shape.h>

#include <algorithm>
#include <string>
#include <tuple>

inline auto fieldsOf(const plimsoll::RopeSpec &r)
{
    return std::tie(r.layout, r.scaling, r.dims, r.base, r.factor, r.originalContext, r.yarnBetaFast, r.yarnBetaSlow, r.yarnExtFactor,
        r.attentionFactor, r.factored, r.sections[0], r.sections[1], r.sections[2], r.sections[3], r.interleaved);
}

inline auto fieldsOf(const plimsoll::AttentionSpec &a)
{
    return std::tie(a.heads, a.kvHeads, a.headDimK, a.headDimV, a.scale, a.softcap, a.window, a.chunked, a.kvFromLayer, a.normAfterRope,
        a.plainHeadNorm, a.temperatureScale, a.temperatureLength, a.temperatureOffset, a.valueNorm, a.gated, a.qLoraRank, a.kvLoraRank,
        a.nopeDim, a.ropeDim);
}

inline auto fieldsOf(const plimsoll::RecurrentSpec &r)
{
    return std::tie(r.stateHeads, r.keyHeads, r.headDimK, r.headDimV, r.convKernel, r.convChannels, r.keysTakeTurns, r.stateElements);
}

inline auto fieldsOf(const plimsoll::FfnSpec &f)
{
    return std::tie(f.kind, f.activation, f.gated, f.width, f.experts, f.expertsUsed, f.expertWidth, f.sharedWidth, f.gate,
        f.normalizeWeights, f.weightScale, f.weightedInput, f.routerScale, f.groups, f.groupsUsed);
}

inline auto fieldsOf(const plimsoll::BlockSpec &b)
{
    return std::tie(b.mixer, b.norm, b.normEpsilon, b.residualScale, b.parallel);
}

inline auto fieldsOf(const plimsoll::ModelShape &s)
{
    return std::tie(s.architecture, s.embedding, s.vocabulary, s.contextTrained, s.embeddingScale, s.layerInput, s.logitScale,
        s.logitSoftcap, s.outputNorm, s.outputNormEpsilon, s.tiedOutput, s.kvKnown);
}

inline auto fieldsOf(const plimsoll::TensorSpec &t)
{
    return std::tie(t.role, t.bias, t.layer, t.dims, t.dimensions, t.otherName);
}

/// The first part in which two shapes differ, types of tensors aside; empty where they are the same.
inline std::string shapeDifference(const plimsoll::ModelShape &a, const plimsoll::ModelShape &b)
{
    if (fieldsOf(a) != fieldsOf(b))
        return "the model";
    if (a.blocks.size() != b.blocks.size())
        return "the number of blocks";
    for (size_t i = 0; i < a.blocks.size(); ++i) {
        const plimsoll::BlockSpec &one = a.blocks[i];
        const plimsoll::BlockSpec &other = b.blocks[i];
        const std::string where = " of block " + std::to_string(i);
        if (fieldsOf(one) != fieldsOf(other))
            return "the kind" + where;
        if (fieldsOf(one.attention) != fieldsOf(other.attention))
            return "attention" + where;
        if (fieldsOf(one.attention.rope) != fieldsOf(other.attention.rope))
            return "rotation" + where;
        if (fieldsOf(one.recurrent) != fieldsOf(other.recurrent))
            return "recurrence" + where;
        if (fieldsOf(one.ffn) != fieldsOf(other.ffn))
            return "feed-forward network" + where;
    }
    const auto same = [](const plimsoll::TensorSpec &x, const plimsoll::TensorSpec &y) { return fieldsOf(x) == fieldsOf(y); };
    const auto [one, other] = std::mismatch(a.tensors.begin(), a.tensors.end(), b.tensors.begin(), b.tensors.end(), same);
    if (one != a.tensors.end())
        return plimsoll::tensorName(*one);
    return other != b.tensors.end() ? plimsoll::tensorName(*other) : "";
}
