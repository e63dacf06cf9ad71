// SPDX-License-Identifier: Apache-2.0
#include "recurrent_parts.h"

namespace plimsoll {

namespace {

uint32_t perHead(ShapeBuilder &b, uint32_t width, uint32_t heads)
{
    if (b.ok() && (heads == 0 || width % heads != 0))
        b.keys.invalid("ssm.time_step_rank", heads);
    return b.ok() ? width / heads : 0;
}

/// Sizes that follow from the others; refuses what does not divide or becomes too large.
void finish(ShapeBuilder &b, RecurrentSpec &spec)
{
    if (b.ok() && (spec.keyHeads == 0 || spec.stateHeads % spec.keyHeads != 0))
        b.keys.invalid("ssm.group_count", spec.keyHeads);
    if (b.ok() && spec.convKernel < 2)
        b.keys.invalid("ssm.conv_kernel", spec.convKernel);
    const uint64_t channels = 2 * uint64_t{spec.keyHeads} * spec.headDimK + uint64_t{spec.stateHeads} * spec.headDimV;
    if (b.ok() && channels > Limits::width)
        b.keys.invalid("ssm.inner_size", channels);
    if (!b.ok())
        return;
    spec.convChannels = static_cast<uint32_t>(channels);
    spec.stateElements = spec.matrixElements() + uint64_t{spec.convKernel - 1} * channels;
}

} // namespace

RecurrentSpec readStateSpace(ShapeBuilder &b)
{
    RecurrentSpec spec;
    spec.convKernel = b.keys.count("ssm.conv_kernel", Limits::headDim);
    spec.headDimK = b.keys.count("ssm.state_size", Limits::headDim);
    spec.stateHeads = b.keys.count("ssm.time_step_rank", Limits::heads);
    spec.keyHeads = b.keys.count("ssm.group_count", Limits::heads);
    const uint32_t inner = b.keys.count("ssm.inner_size", Limits::width);
    spec.headDimV = perHead(b, inner, spec.stateHeads);
    finish(b, spec);
    return spec;
}

void addMamba2(ShapeBuilder &b, int32_t layer, const RecurrentSpec &spec)
{
    if (!b.ok())
        return;
    const uint64_t embedding = b.shape.embedding;
    const uint64_t inner = spec.valueWidth();
    b.require(TensorRole::AttnNorm, layer, {embedding});
    b.require(TensorRole::SsmIn, layer, {embedding, inner + spec.convChannels + spec.stateHeads});
    b.require(TensorRole::SsmConv, layer, {spec.convKernel, spec.convChannels});
    b.accept(TensorRole::SsmConv, layer, {spec.convChannels}, true);
    b.require(TensorRole::SsmDt, layer, {spec.stateHeads});
    b.require(TensorRole::SsmA, layer, {1, spec.stateHeads});
    b.require(TensorRole::SsmD, layer, {1, spec.stateHeads});
    b.accept(TensorRole::SsmNorm, layer, {inner / spec.keyHeads, spec.keyHeads});
    b.require(TensorRole::SsmOut, layer, {inner, embedding});
}

} // namespace plimsoll
